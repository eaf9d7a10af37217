"""One fault in a page: each file is named for it. What SQLite makes of it is recorded."""
import struct

from recipe import recipe

TREE = "SQLite file format, 1.6 (b-tree pages)"
RECORD = "SQLite file format, 2.1 (record format)"
OVERFLOW = "SQLite file format, 1.7 (cell payload overflow pages)"
SCHEMA = "SQLite file format, 2.6 (storage of the SQL database schema)"
SIZE = 512
FEW = "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');"
NULLS = "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'one'), (NULL, 'two');"
MANY = """CREATE TABLE t(id INTEGER PRIMARY KEY, a);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO t SELECT i, 'row ' || i FROM n;"""
LONG = "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(2000)), ('after');"
INDEXED = "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'one'), (2, 'two'); CREATE INDEX i ON t(b);"
KEYED = "CREATE TABLE t(k PRIMARY KEY, a) WITHOUT ROWID; INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3);"


def start_of(page):
    return (page - 1) * SIZE


def cell(file, page, index):
    """Where a cell stands in the file."""
    header = start_of(page) + (100 if page == 1 else 0)
    pointers = header + (8 if file[header] in (10, 13) else 12)
    return start_of(page) + struct.unpack_from(">H", file, pointers + 2 * index)[0]


def fault(name, why, change, sql=FEW, spec=TREE, **settings):
    recipe("faults", name, why, spec, sql, edit=lambda files: change(files[""]), **settings)


def poke(page, at, data):
    def change(file):
        file[start_of(page) + at:start_of(page) + at + len(data)] = data
    return change


def poke_cell(page, index, at, data):
    def change(file):
        where = cell(file, page, index) + at
        file[where:where + len(data)] = data
    return change


def big(value):
    return struct.pack(">H", value)


fault("page-type-0", "A root page of type 0.", poke(2, 0, b"\x00"), dump="A broken page ends a dump with DatabaseError.")
fault("page-type-10", "A table's leaf that calls itself an index's.", poke(2, 0, b"\x0a"))
fault("page-type-5", "A table's leaf that calls itself an interior page.", poke(2, 0, b"\x05"))
fault("page-type-255", "A page of a type that is none.", poke(2, 0, b"\xff"))
fault("page-zeroed", "A root page of zeros.", poke(2, 0, bytes(SIZE)))
fault("cells-none", "A page that counts no cells: rows are gone, and nothing is wrong.", poke(2, 3, big(0)))
fault("cells-one-less", "A page that counts one cell less.", poke(2, 3, big(2)))
fault("cells-too-many", "More cells than a page can have.", poke(2, 3, big(500)))
fault("freeblock-beyond", "A first freeblock outside of the page: rows do not need it.", poke(2, 1, big(600)))
fault("content-start-beyond", "A cell content area that starts behind the page.", poke(2, 5, big(600)))
fault("fragments-many", "More fragmented bytes than may be.", poke(2, 7, b"\xff"))
fault("pointer-to-header", "A cell's pointer into the page's header.", poke(2, 8, big(2)))
fault("pointers-equal", "Two pointers to one cell: the row comes twice.", lambda file: file.__setitem__(slice(start_of(2) + 10, start_of(2) + 12), file[start_of(2) + 8:start_of(2) + 10]))
fault("pointers-swapped", "Cells in the wrong order: rows come in that order.", lambda file: file.__setitem__(slice(start_of(2) + 8, start_of(2) + 12), file[start_of(2) + 10:start_of(2) + 12] + file[start_of(2) + 8:start_of(2) + 10]))

fault("payload-size-0", "A payload of no bytes, before a record's header that has some.", poke_cell(2, 2, 0, b"\x00"))
fault("payload-size-beyond", "A payload that reaches behind the page.", poke_cell(2, 0, 0, b"\x7f"))
fault("payload-size-huge", "A payload of 4 GiB.", poke_cell(2, 0, 0, b"\x90\x80\x80\x80\x00"))
fault("rowid-equal", "Two rows of one rowid.", poke_cell(2, 1, 1, b"\x01"))
fault("header-size-0", "A record whose header says it has no bytes: all columns are NULL.", poke_cell(2, 1, 2, b"\x00"), spec=RECORD)
fault("header-size-1", "A record whose header is its size alone, and whose body is left over: refused.", poke_cell(2, 1, 2, b"\x01"), spec=RECORD)
fault("header-beyond-payload", "A record whose header is longer than its payload.", poke_cell(2, 1, 2, b"\x70"), spec=RECORD)
fault("serial-type-10", "Serial type 10 is reserved, and read as NULL.", poke_cell(2, 1, 3, b"\x0a"), sql=NULLS, spec=RECORD)
fault("serial-type-11", "Serial type 11 is reserved, and read as NULL.", poke_cell(2, 1, 3, b"\x0b"), sql=NULLS, spec=RECORD)
fault("field-beyond-payload", "A field that reaches behind its record.", poke_cell(2, 1, 4, b"\x7f"), spec=RECORD)
fault("field-shorter", "A text one byte shorter than the record: the byte left over is refused.", poke_cell(2, 1, 4, b"\x11"), spec=RECORD)
fault("fewer-fields", "A record whose header leaves out the last field, with the field's bytes still there.", poke_cell(2, 1, 2, b"\x02"), spec=RECORD)

fault("child-0", "An interior page whose child is page 0.", poke_cell(2, 0, 0, bytes(4)), sql=MANY)
fault("child-beyond", "An interior page whose child is behind the file.", poke_cell(2, 0, 0, b"\x00\x00\x03\xe8"), sql=MANY)
fault("child-itself", "An interior page that is its own child.", poke_cell(2, 0, 0, b"\x00\x00\x00\x02"), sql=MANY)
fault("child-of-schema", "A child that is page 1.", poke_cell(2, 0, 0, b"\x00\x00\x00\x01"), sql=MANY)
fault("right-child-0", "A right child of 0, found when all other rows have been read.", poke(2, 8, bytes(4)), sql=MANY)
fault("right-child-itself", "A right child that is the page itself.", poke(2, 8, b"\x00\x00\x00\x02"), sql=MANY)
fault("children-equal", "Two children that are one page: its rows come twice.", lambda file: file.__setitem__(slice(start_of(2) + 8, start_of(2) + 12), file[cell(file, 2, 0):cell(file, 2, 0) + 4]), sql=MANY)
fault("key-too-small", "An interior key smaller than its left child's rows: a scan does not look at it.", poke_cell(2, 0, 4, b"\x01"), sql=MANY)
fault("interior-empty", "An interior root without cells is refused, though it has its right child.", poke(2, 3, big(0)), sql=MANY)
fault("leaf-empty", "A leaf without cells below an interior page is refused.", lambda file: file.__setitem__(slice(start_of(3) + 3, start_of(3) + 5), big(0)), sql=MANY)

fault("overflow-0", "An overflow chain that ends before the payload does.", lambda file: file.__setitem__(slice(start_of(3), start_of(3) + 4), bytes(4)), sql=LONG, spec=OVERFLOW)
fault("overflow-beyond", "An overflow page behind the file.", lambda file: file.__setitem__(slice(start_of(3), start_of(3) + 4), b"\x00\x01\x00\x00"), sql=LONG, spec=OVERFLOW)
fault("overflow-itself", "An overflow page that follows itself: the payload is full of it.", lambda file: file.__setitem__(slice(start_of(3), start_of(3) + 4), b"\x00\x00\x00\x03"), sql=LONG, spec=OVERFLOW)
fault("overflow-table-page", "An overflow chain through the table's own page.", lambda file: file.__setitem__(slice(start_of(3), start_of(3) + 4), b"\x00\x00\x00\x02"), sql=LONG, spec=OVERFLOW)
fault("overflow-longer", "An overflow chain that goes on behind its payload: nobody follows it.", lambda file: file.__setitem__(slice(start_of(6), start_of(6) + 4), b"\x00\x00\x00\x02"), sql=LONG, spec=OVERFLOW)

fault("index-page-type", "An index whose page is broken; the table is whole.", poke(3, 0, b"\x00"), sql=INDEXED, dump="A broken index that nobody reads does not end a dump.")
fault("index-entry-missing", "An index with an entry less than its table has rows.", poke(3, 3, big(1)), sql=INDEXED)
fault("keyed-order", "Rows of a WITHOUT ROWID table in the wrong order are read as they stand.", lambda file: file.__setitem__(slice(start_of(2) + 8, start_of(2) + 12), file[start_of(2) + 10:start_of(2) + 12] + file[start_of(2) + 8:start_of(2) + 10]), sql=KEYED)
fault("keyed-page-type", "A WITHOUT ROWID table whose page is a table's leaf.", poke(2, 0, b"\x0d"), sql=KEYED)


def schema_text(old, new):
    def change(file):
        at = file.index(old)
        file[at:at + len(old)] = new
    return change


fault("root-0", "A table whose root page is 0.", lambda file: file.__setitem__(file.index(b"tt\x02CREATE") + 2, 0), spec=SCHEMA)
fault("root-1", "A table whose root page is the schema's.", lambda file: file.__setitem__(file.index(b"tt\x02CREATE") + 2, 1), spec=SCHEMA)
fault("root-beyond", "A table whose root page is behind the file.", lambda file: file.__setitem__(file.index(b"tt\x02CREATE") + 2, 99), spec=SCHEMA)
fault("root-shared", "Two tables of one root have the same rows.", lambda file: file.__setitem__(file.index(b"uu\x03CREATE") + 2, 2), sql=FEW + " CREATE TABLE u(c, d);", spec=SCHEMA)
fault("sql-no-sql", "SQL in the schema that is none: the whole database is refused.", schema_text(b"CREATE TABLE t", b"CREATE TIBLE t"), spec=SCHEMA)
fault("sql-other-name", "The SQL names another table than the row of the schema.", schema_text(b"CREATE TABLE t", b"CREATE TABLE x"), spec=SCHEMA)
fault("sql-column-less", "The SQL names one column of two: the other field is not seen.", schema_text(b"t(a, b)", b"t(a   )"), spec=SCHEMA)
fault("sql-column-more", "The SQL names a column that no record has: NULL.", schema_text(b"t(aa, b)", b"t(a,x,b)"), spec=SCHEMA, sql=FEW.replace("t(a, b)", "t(aa, b)"))
fault("type-unknown", "A row of the schema of an unknown type is parsed as any other.", schema_text(b"tablett", b"tibleuu"), spec=SCHEMA)
