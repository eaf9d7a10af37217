"""Files of real engines with one fault each, made by hand: the fault is the name."""
import struct

U32, U64, U16 = "<L", "<Q", "<H"


def put(data, at, value, form=U32):
    packed = struct.pack(form, value & (1 << 8 * struct.calcsize(form)) - 1)
    return data[:at] + packed + data[at + len(packed):]


def get(data, at, form=U32):
    return struct.unpack_from(form, data, at)[0]


# --- GNU dbm: libgdbm's file `many`, blocks of 512 bytes, 64-bit offsets ----------------

def bucket(data, place=0):
    """Where the bucket of a place of the directory lies."""
    return get(data, get(data, 8, U64) + 8 * place, U64)


def element(data, which=0):
    """Where the `which`th used element of the first bucket lies."""
    start = bucket(data) + 112
    used = [at for at in range(start, start + 24 * get(data, 28), 24)
            if get(data, at) != 0xFFFFFFFF]
    return used[which]


GDBM_SPEC = "libgdbm src/gdbmopen.c validate_header; src/bucket.c; Modules/_gdbmmodule.c"
GDBM = {
    "cut-to-nothing": (lambda d: b"", "Nothing is left."),
    "cut-in-magic": (lambda d: d[:3], "Three bytes are left."),
    "cut-in-header": (lambda d: d[:30], "The header is cut in its fields."),
    "cut-after-header": (lambda d: d[:512], "Only the header's block is left."),
    "cut-after-directory": (lambda d: d[:1024], "Header and directory are left."),
    "cut-in-half": (lambda d: d[:len(d) // 2], "The second half is lost."),
    "cut-by-one-byte": (lambda d: d[:-1], "The last byte is lost."),
    "longer": (lambda d: d + b"\0" * 512, "A block more than the header knows of."),
    "magic-unknown": (lambda d: put(d, 0, 0x13579AD2), "The magic is the next number after all "
                      "that are known."),
    "magic-numsync": (lambda d: put(d, 0, 0x13579AD1), "The magic promises an extended header."),
    "magic-32-bit": (lambda d: put(d, 0, 0x13579ACD), "The magic promises 32-bit offsets."),
    "block-size-zero": (lambda d: put(d, 4, 0), "Blocks of no bytes."),
    "block-size-negative": (lambda d: put(d, 4, -512), "Blocks of -512 bytes."),
    "block-size-double": (lambda d: put(d, 4, 1024), "Blocks of twice their size."),
    "directory-at-zero": (lambda d: put(d, 8, 0, U64), "The directory is where the header is."),
    "directory-past-end": (lambda d: put(d, 8, len(d), U64), "The directory begins at the end."),
    "directory-far": (lambda d: put(d, 8, 1 << 62, U64), "The directory lies beyond any file."),
    "directory-size-half": (lambda d: put(d, 16, 256), "The directory has half of its places."),
    "directory-size-zero": (lambda d: put(d, 16, 0), "The directory has no places."),
    "directory-bits-less": (lambda d: put(d, 20, get(d, 20) - 1), "One bit of the hash less."),
    "directory-bits-32": (lambda d: put(d, 20, 32), "More bits than a hash has."),
    "bucket-size-half": (lambda d: put(d, 24, 256), "Buckets of half their size."),
    "bucket-size-zero": (lambda d: put(d, 24, 0), "Buckets of no bytes."),
    "bucket-elements-more": (lambda d: put(d, 28, get(d, 28) + 1), "One element more than fits."),
    "bucket-elements-zero": (lambda d: put(d, 28, 0), "Buckets without elements."),
    "next-block-past-end": (lambda d: put(d, 32, len(d) + 512, U64), "The header thinks the file "
                            "is longer."),
    "next-block-early": (lambda d: put(d, 32, 1024, U64), "The header thinks the file is shorter "
                         "than its buckets."),
    "avail-count-more": (lambda d: put(d, 44, 1000), "More free blocks than the table holds."),
    "avail-next-far": (lambda d: put(d, 48, 1 << 40, U64), "The table of free blocks goes on "
                       "beyond the file."),
    "directory-entry-zero": (lambda d: put(d, get(d, 8, U64), 0, U64), "The first bucket is "
                             "where the header is."),
    "directory-entry-past-end": (lambda d: put(d, get(d, 8, U64), len(d) + 512, U64),
                                 "The first bucket lies past the end."),
    "directory-entry-odd": (lambda d: put(d, get(d, 8, U64), bucket(d) + 1, U64),
                            "The first bucket begins a byte late."),
    "directory-entries-same": (lambda d: d[:512] + struct.pack(U64, bucket(d)) * 64 + d[1024:],
                               "Every place names the first bucket."),
    "bucket-bits-more": (lambda d: put(d, bucket(d) + 104, 31), "A bucket of more bits than the "
                         "directory."),
    "bucket-count-more": (lambda d: put(d, bucket(d) + 108, get(d, bucket(d) + 108) + 1),
                          "A bucket counts one element more than it has."),
    "bucket-count-huge": (lambda d: put(d, bucket(d) + 108, 1000), "A bucket counts more than "
                          "its size holds."),
    "bucket-count-zero": (lambda d: put(d, bucket(d) + 108, 0), "A bucket counts none of its "
                          "elements."),
    "bucket-av-count-huge": (lambda d: put(d, bucket(d), 1000), "A bucket lists a thousand free "
                             "pieces."),
    "element-hash-other": (lambda d: put(d, element(d), get(d, element(d)) ^ 1),
                           "An element's hash is not its key's."),
    "element-start-other": (lambda d: put(d, element(d) + 4, get(d, element(d) + 4) ^ 1),
                            "An element's first bytes are not its key's."),
    "element-pointer-past-end": (lambda d: put(d, element(d) + 8, len(d), U64),
                                 "An element's key lies past the end."),
    "element-pointer-negative": (lambda d: put(d, element(d) + 8, -512, U64),
                                 "An element's key lies before the file."),
    "element-key-size-huge": (lambda d: put(d, element(d) + 16, 0x7FFFFFFF),
                              "An element's key has 2 GB."),
    "element-key-size-negative": (lambda d: put(d, element(d) + 16, -1),
                                  "An element's key has -1 byte."),
    "element-value-size-huge": (lambda d: put(d, element(d) + 20, 0x7FFFFFFF),
                                "An element's value has 2 GB."),
    "element-value-size-negative": (lambda d: put(d, element(d) + 20, -1),
                                    "An element's value has -1 byte."),
    "key-changed": (lambda d: put(d, get(d, element(d) + 8, U64) + 3,
                                  get(d, get(d, element(d) + 8, U64) + 3) ^ 1),
                    "A key's fourth byte is another: its hash no longer leads to it."),
    "last-element-pointer-past-end": (lambda d: put(d, element(d, -1) + 8, len(d), U64),
                                      "The key of a bucket's last element lies past the end."),
}

# --- Berkeley DB: `many` in pages of 512 bytes, little-endian ---------------------------

# Nothing on which Berkeley DB runs for ever, divides by zero or reads memory that it does
# not own: pages that follow themselves, pages of no bytes, items past their page. Those are
# tests of reference/dbm.
BERKELEY_SPEC = "Berkeley DB 5.3, dbinc/db_page.h; db/db_meta.c; hash/, btree/"


def page_of_type(data, kind):
    """Where the first page of a type lies."""
    return next(at for at in range(512, len(data), 512) if data[at + 25] == kind)


BERKELEY = {
    "cut-in-metadata": (lambda d: d[:100], "The first page is cut."),
    "cut-after-metadata": (lambda d: d[:512], "Only the first page is left."),
    "cut-in-half": (lambda d: d[:len(d) // 1024 * 512], "The second half is lost."),
    "cut-in-page": (lambda d: d[:-100], "The last page is cut."),
    "magic-other": (lambda d: put(d, 12, 0x12345678), "The magic is unknown."),
    "version-4": (lambda d: put(d, 16, 4), "A version that is too old."),
    "version-99": (lambda d: put(d, 16, 99), "A version to come."),
    "page-size-odd": (lambda d: put(d, 20, 513), "Pages of 513 bytes."),
    "page-size-double": (lambda d: put(d, 20, 1024), "Pages of twice their size."),
    "page-size-huge": (lambda d: put(d, 20, 1 << 20), "Pages of a megabyte."),
    "encrypted-flag": (lambda d: d[:24] + b"\1" + d[25:], "Only the flag says that it is "
                       "encrypted."),
    "last-page-more": (lambda d: put(d, 32, get(d, 32) + 10), "The metadata name pages past the "
                       "end."),
}
HASH = dict(BERKELEY, **{
    "masks-zero": (lambda d: put(put(d, 76, 0), 80, 0), "Both masks are zero."),
    "spares-far": (lambda d: put(d, 96 + 8, 1000000), "The buckets of a power lie past the end."),
    "charkey-other": (lambda d: put(d, 92, 0), "The hash function is another's."),
    "page-next-past-end": (lambda d: put(d, page_of_type(d, 13) + 16, 1000000),
                           "A page's successor lies past the end."),
    "page-zeroed": (lambda d: d[:page_of_type(d, 13)] + b"\0" * 512
                    + d[page_of_type(d, 13) + 512:], "A bucket's page is all zeros."),
})
BTREE = dict(BERKELEY, **{
    "root-past-end": (lambda d: put(d, 88, 1000000), "The root lies past the end."),
    "root-zero": (lambda d: put(d, 88, 0), "The root is the first page."),
    "leaf-next-zero": (lambda d: put(d, page_of_type(d, 5) + 16, 0), "A leaf has lost its "
                       "successor."),
    "leaf-type-overflow": (lambda d: d[:page_of_type(d, 5) + 25] + b"\7"
                           + d[page_of_type(d, 5) + 26:], "A leaf says that it is an overflow "
                           "page."),
    "child-past-end": (lambda d: put(d, page_of_type(d, 3)
                                     + get(d, page_of_type(d, 3) + 26, U16) + 4, 1000000),
                       "The first child lies past the end."),
})

# (family and content that is damaged, topic, module, faults, spec)
DAMAGED = [
    ("gdbm/many", "damaged-gdbm", "dbm.gnu", GDBM, GDBM_SPEC),
    ("hash-little-512/many", "damaged-hash", "bsddb.hash", HASH, BERKELEY_SPEC),
    ("btree-little-512/many", "damaged-btree", "bsddb.btree", BTREE, BERKELEY_SPEC),
]
NAMES = {"damaged-gdbm": "GNU dbm", "damaged-hash": "Berkeley DB hash",
         "damaged-btree": "Berkeley DB btree"}
