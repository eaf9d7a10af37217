"""One thing wrong, or odd, in the 100 bytes of a database's header."""
import struct

from recipe import recipe

HEADER = "SQLite file format, 1.3 (the database header)"
SQL = "CREATE TABLE t(a); INSERT INTO t VALUES (1), ('two');"


def fault(name, why, change, spec=HEADER, sql=SQL, **settings):
    recipe("header", name, why, spec, sql, edit=lambda files: change(files[""]), **settings)


def poke(at, data):
    def change(file):
        file[at:at + len(data)] = data
    return change


def number(at, value):
    return poke(at, struct.pack(">I", value))


def cut(size):
    def change(file):
        del file[size:]
    return change


fault("magic-changed", "Another letter in the first 16 bytes: no database.", poke(0, b"s"), dump="What is no database cannot be dumped.")
fault("magic-no-nul", "The NUL behind the magic is part of it.", poke(15, b" "))
fault("text-file", "A text file longer than a header.", lambda file: file.__setitem__(slice(None), b"not a database, but a text\n" * 40))
fault("one-byte", "A file of one byte is a database without tables.", cut(1))
fault("cut-99", "A file that ends one byte before its header does.", cut(99))
fault("header-only", "A file that ends with its header: page 1 is all missing.", cut(100))
fault("cut-page-1", "A file that ends inside of page 1.", cut(300))
fault("cut-page-2", "A file that ends inside of page 2: the rest counts as zero.", cut(700))
fault("cut-before-page-2", "A file that ends where the table's page begins.", cut(512))
fault("extra-bytes", "Bytes behind the last page that are no whole page.", lambda file: file.extend(b"extra"))
fault("extra-page", "A whole page more than the header counts: it is not part of the database.", lambda file: file.extend(bytes(512)))
for size, why in ((0, "Page size 0."), (256, "Page size 256 is below the smallest."), (1000, "Page size 1000 is no power of two."), (1024, "The page size says twice what it is: page 1 has no cells where they should be.")):
    fault("page-size-%d" % size, why, poke(16, struct.pack(">H", size)))
fault("write-version-3", "A write version above 2 makes a database read-only, no more.", poke(18, b"\x03"))
fault("read-version-3", "A read version above 2 is refused.", poke(19, b"\x03"))
fault("reserved-too-many", "More reserved bytes than leave 480 of a page.", poke(20, b"\x21"))
fault("fraction-max", "The maximum embedded payload fraction is 64, and nothing else.", poke(21, b"\x41"))
fault("fraction-min", "The minimum embedded payload fraction is 32, and nothing else.", poke(22, b"\x1f"))
fault("fraction-leaf", "The leaf payload fraction is 32, and nothing else.", poke(23, b"\x00"))
fault("count-stale", "The page count is of another change: the file's size counts.", number(92, 99))
fault("count-zero", "A page count of 0, as SQLite before 3.7.0 left it: the file's size counts.", number(28, 0))
fault("count-too-large", "A page count beyond the file.", number(28, 50))
fault("count-too-small", "A page count of 1 hides the table's page.", number(28, 1))
fault("freelist-count", "A number of free pages that is wrong does not matter to who reads.", number(36, 3))
fault("freelist-trunk", "A freelist that begins with a table's page: it is not looked at to read.", number(32, 2))
fault("schema-format-0", "Schema format 0 with a table there.", number(44, 0))
fault("schema-format-5", "Schema format 5 is not known.", number(44, 5), dump="An unknown schema format is an OperationalError, not a DatabaseError.")
fault("encoding-0", "Encoding 0 with a table there is UTF-8.", number(56, 0))
fault("encoding-4", "Of an encoding above 3 the last two bits count: 4 is UTF-8.", number(56, 4))
fault("encoding-wrong", "UTF-8 text in a database that says UTF-16: letters are joined in pairs, and no SQL is found.", number(56, 2))
fault("largest-root", "A largest root page without pointer maps: pages are taken for pointer maps by who writes only.", number(52, 2))
fault("incremental-without", "The incremental-vacuum flag without a largest root page.", number(64, 1))
fault("reserved-for-expansion", "Bytes reserved for expansion need not be zero.", poke(72, b"\x01" * 20))
fault("library-version", "The version of SQLite that wrote the file does not matter.", number(96, 1000000))
fault("user-version-negative", "user_version is a signed number and read by nobody here.", number(60, 0xFFFFFFFF))
