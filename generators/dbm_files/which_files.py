"""Names and first bytes, for whichdb: written by hand. A stem and its files, by ending."""
import struct

SPEC = "Lib/dbm/__init__.py whichdb; Lib/whichdb.py"
SQLITE = b"SQLite format 3\0"


def little(number):
    return struct.pack("<L", number)


def big(number):
    return struct.pack(">L", number)


def at_12(number):
    return b"\0" * 12 + number + b"\0" * 496


def berkeley(order, magic=0x061561, version=9, kind=8):
    """The first page of an empty database: enough to be told, not to be opened."""
    pack = struct.Struct(order + "8sLLLLBBBB").pack
    return pack(b"\0" * 8, 0, magic, version, 512, 0, kind, 0, 0).ljust(512, b"\0")


# name: files, why.
FILES = {
    "empty": ({"": b""}, "An empty file has fewer than four bytes."),
    "three-bytes": ({"": b"\xce\x9a\x57"}, "Three bytes are too few for a number."),
    "four-zeros": ({"": b"\0" * 4}, "Four bytes of nothing."),
    "text": ({"": b"just some text\n"}, "A text file."),
    "sqlite-magic-only": ({"": SQLITE}, "The 16 bytes that SQLite files begin with, alone: "
                          "a database to 3.13."),
    "sqlite-magic-cut": ({"": SQLITE[:15]}, "One byte less of them."),
    "sqlite-magic-case": ({"": SQLITE.upper()}, "In capitals they say nothing."),
    "sqlite-magic-later": ({"": b"\0" + SQLITE}, "One byte later they say nothing."),
    "gdbm-ace": ({"": little(0x13579ACE)}, "The oldest magic of GNU dbm, alone."),
    "gdbm-acd": ({"": little(0x13579ACD)}, "The magic of 32-bit offsets."),
    "gdbm-acf": ({"": little(0x13579ACF)}, "The magic of 64-bit offsets."),
    "gdbm-ad0": ({"": little(0x13579AD0)}, "The magic of 32-bit offsets with the extended header "
                 "is known to no version."),
    "gdbm-ad1": ({"": little(0x13579AD1)}, "Nor is that of 64-bit offsets with it (numsync)."),
    "gdbm-big-ace": ({"": big(0x13579ACE)}, "The oldest magic in the other byte order says "
                     "nothing."),
    "gdbm-big-acd": ({"": big(0x13579ACD)}, "32-bit offsets in the other byte order."),
    "gdbm-big-acf": ({"": big(0x13579ACF)}, "64-bit offsets in the other byte order."),
    "gdbm-later": ({"": at_12(little(0x13579ACF))}, "The magic at 12 is not GNU dbm's."),
    "hash-at-0": ({"": little(0x061561) + b"\0" * 12}, "Berkeley DB 1.85's place for its magic: "
                  "bsddb185 of 2.7."),
    "hash-at-0-big": ({"": big(0x061561) + b"\0" * 12}, "The same in big-endian order, in which "
                      "1.85 writes its header."),
    "hash-at-12": ({"": at_12(little(0x061561))}, "The place of the magic from 2 on: dbhash of "
                   "2.7, nothing to 3.x."),
    "hash-at-12-big": ({"": at_12(big(0x061561))}, "The same in the other byte order."),
    "hash-at-end": ({"": b"\1\2" + little(0x061561)}, "Of a shorter file the last four bytes "
                    "are looked at."),
    "hash-at-both": ({"": little(0x061561) + b"\0" * 8 + little(0x061561)},
                     "With both magics the first one counts."),
    "hash-at-11": ({"": b"\0" * 11 + little(0x061561)}, "One byte early."),
    "btree-at-12": ({"": at_12(little(0x053162))}, "A btree's magic is known to nobody."),
    "queue-at-12": ({"": at_12(little(0x042253))}, "Nor is a queue's."),
    "dumb": ({".dat": b"v", ".dir": b"'a', (0, 1)\n"}, "An index that begins with a quote."),
    "dumb-double-quote": ({".dat": b"v", ".dir": b'"it\'s", (0, 1)\n'},
                          "An index that begins with a double quote."),
    "dumb-empty": ({".dat": b"", ".dir": b""}, "An empty index beside a .dat is dbm.dumb's."),
    "dumb-empty-index": ({".dat": b"something", ".dir": b""}, "Whatever the .dat holds."),
    "dumb-blank": ({".dat": b"v", ".dir": b" 'a', (0, 1)\n"}, "A blank before the quote."),
    "dumb-newline": ({".dat": b"v", ".dir": b"\n'a', (0, 1)\n"}, "A blank line first."),
    "dumb-unicode": ({".dat": b"v", ".dir": b"u'a', (0, 1)\n"}, "An index of unicode keys."),
    "dumb-bytes": ({".dat": b"v", ".dir": b"b'a', (0, 1)\n"}, "An index of bytes keys."),
    "dumb-parenthesis": ({".dat": b"v", ".dir": b"('a', (0, 1))\n"},
                         "An index that Python would evaluate alike."),
    "dumb-only-quote": ({".dat": b"", ".dir": b"'"}, "One quote is enough."),
    "dat-only": ({".dat": b"v"}, "A .dat without an index."),
    "dir-only": ({".dir": b"'a', (0, 1)\n"}, "An index without a .dat."),
    "bak-only": ({".bak": b"'a', (0, 1)\n"}, "Only the older index."),
    "bak-and-dat": ({".bak": b"'a', (0, 1)\n", ".dat": b"v"}, "A commit that was interrupted: "
                    "nobody finds it."),
    "dumb-and-file": ({".dat": b"v", ".dir": b"'a', (0, 1)\n", "": little(0x13579ACF)},
                      "dbm.dumb's files are asked for before the file itself."),
    "dir-text-and-file": ({".dat": b"v", ".dir": b"no quote", "": little(0x13579ACF)},
                          "An index that is none leaves it to the file itself."),
    "pag-and-dir": ({".pag": b"", ".dir": b""}, "Two names, whatever is in them: ndbm."),
    "pag-and-dir-gdbm": ({".pag": little(0x13579ACF), ".dir": b"GDBM"},
                         "gdbm-compat's files are ndbm by their names."),
    "pag-and-dir-quote": ({".pag": b"", ".dir": b"'a', (0, 1)\n", ".dat": b"v"},
                          "ndbm's names are asked for before dbm.dumb's."),
    "pag-only": ({".pag": b""}, "A .pag alone is nothing to 3.x; a 2.7 without the module dbm "
                 "trips over it."),
    "pag-and-file": ({".pag": b"", "": little(0x13579ACF)}, "A .pag alone beside a file."),
    "pag-dir-and-file": ({".pag": b"", ".dir": b"", "": SQLITE}, "ndbm's names before any magic."),
    "db-empty": ({".db": b""}, "An empty .db: _dbm does not open it."),
    "db-text": ({".db": b"just some text\n"}, "A .db of text."),
    "db-sqlite": ({".db": SQLITE.ljust(512, b"\0")}, "A .db of SQLite's: only asked for by its "
                  "whole name it is one."),
    "db-btree": ({".db": berkeley("<", 0x053162, 9, 9)}, "A .db that is a btree is none of "
                 "ndbm's."),
    "db-hash-version-5": ({".db": berkeley("<", version=5)}, "A .db of hash version 5, which "
                          "the library would first upgrade."),
    "db-hash-version-10": ({".db": berkeley("<", version=10)}, "A .db of a version to come."),
    "db-hash-185": ({".db": big(0x061561) + big(2) + big(4321) + b"\0" * 500},
                    "A .db of 1.85: macOS's dbm.ndbm, not opened by Berkeley DB 5.3."),
    "db-gdbm": ({".db": little(0x13579ACF) + b"\0" * 508}, "A .db of GNU dbm's."),
    "db-and-dumb": ({".db": b"", ".dat": b"v", ".dir": b"'a', (0, 1)\n"},
                    "A .db that does not open leaves it to dbm.dumb's names."),
    "db-and-file": ({".db": b"", "": little(0x13579ACF)}, "And to the file itself."),
}
# Names that are asked for with their ending.
WHOLE_NAMES = {
    "dumb.dat": "dbm.dumb's .dat by its whole name is any file.",
    "dumb.dir": "dbm.dumb's index by its whole name is any file.",
    "pag-and-dir-gdbm.pag": "gdbm-compat's .pag by its whole name is GNU dbm's.",
    "db-sqlite.db": "An SQLite file by its whole name.",
    "db-hash-version-5.db": "A Berkeley DB hash by its whole name: dbhash to 2.7 only.",
    "db-gdbm.db": "GNU dbm's magic counts under any ending.",
}
