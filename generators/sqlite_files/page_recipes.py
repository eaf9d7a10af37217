"""Databases whose pages and trees matter: sizes, reserved bytes, depth, overflow, free pages."""
from recipe import recipe

FEW = "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (NULL, x'00ff');"
MANY = """
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
INSERT INTO t SELECT i, %s FROM n;
"""
FILE = "SQLite file format, 1.3 (the database header)"
FREE = "SQLite file format, 1.5 (the freelist)"
TREE = "SQLite file format, 1.6 (b-tree pages)"
OVERFLOW = "SQLite file format, 1.7 (cell payload overflow pages)"
POINTERS = "SQLite file format, 1.8 (pointer map pages)"

for size in (512, 1024, 2048, 4096, 8192):
    recipe("pages", "size-%d" % size, "Pages of %d bytes: offsets and limits follow the header's size." % size,
           FILE, FEW, page_size=size)
recipe("pages", "size-16384", "Pages of 16384 bytes, two of them.", FILE, FEW, page_size=16384)
recipe("pages", "size-32768", "Pages of 32768 bytes: a signed 16-bit size would be negative.", FILE,
       "CREATE VIEW v AS SELECT 1 AS x;", page_size=32768,
       dump="A database of views only has no rows to insert.")
recipe("pages", "size-65536", "Pages of 65536 bytes are written as 1 in two bytes; a cell content area that starts at 65536 as 0.",
       FILE, "CREATE VIEW v AS SELECT 1 AS x;", page_size=65536)
for count, why in ((1, "One byte reserved at the end of each page: the usable size is odd."),
                   (32, "512-byte pages with 32 bytes reserved: 480 usable bytes, the smallest there are.")):
    recipe("pages", "reserved-%d" % count, why, FILE, FEW + "INSERT INTO t VALUES ('long', zeroblob(2000));",
           reserved=count)
recipe("pages", "reserved-255", "255 reserved bytes, as extensions that encrypt pages use: no payload may reach into them.",
       FILE, FEW + "INSERT INTO t VALUES ('long', zeroblob(5000));", page_size=1024, reserved=255)

recipe("trees", "one-leaf", "A table of one page: the root is a leaf.", TREE, MANY % (5, "i * i"))
recipe("trees", "two-levels", "Enough rows for an interior page: rows stand in the leaves only, in order.", TREE, MANY % (60, "'row ' || i"),
       dump="Rows of a tree with two levels, in the order of rowids.")
recipe("trees", "three-levels", "Three levels: an interior page below the root.", TREE,
       MANY % (700, "printf('%.*c', 20, 'x')"))
recipe("trees", "interior-last-child", "The rows behind the last key of an interior page hang on its right child.", TREE,
       MANY % (40, "printf('%.*c', 60, 'r')"))
recipe("trees", "empty-table", "A table without rows is a leaf without cells.", TREE, "CREATE TABLE t(a, b);",
       dump="A table without rows gives its CREATE statement only.")
recipe("trees", "emptied-table", "All rows deleted: the pages but the root are on the freelist.", FREE,
       MANY % (60, "'row'") + "DELETE FROM t;")
recipe("trees", "deleted-between", "Rows deleted between others leave freeblocks, which are no cells.", TREE,
       MANY % (12, "'row ' || i") + "DELETE FROM t WHERE id % 3 = 0;",
       dump="Deleted rows leave no trace in a dump.")
recipe("trees", "reused-space", "A row that moved into a freeblock stands before older cells: the order is the pointers'.", TREE,
       MANY % (8, "'row ' || i") + "DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (2, 'new');")
recipe("trees", "shrunk-row", "An UPDATE to a shorter value leaves fragments of one to three bytes.", TREE,
       MANY % (8, "'row ' || i") + "UPDATE t SET a = 'ro' WHERE id % 2;")
recipe("trees", "freelist-trunk", "More free pages than one trunk lists: trunks are chained.", FREE,
       "CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE TABLE big(b); INSERT INTO big VALUES (zeroblob(70000)); DROP TABLE big;")
recipe("trees", "vacuumed", "VACUUM writes all pages anew, without free ones.", FREE,
       MANY % (60, "'row'") + "DELETE FROM t WHERE id > 10; VACUUM;")
recipe("trees", "auto-vacuum", "With auto_vacuum FULL page 2 is a pointer map, and the first table's root is page 3.", POINTERS,
       FEW + "CREATE TABLE u(c); INSERT INTO u VALUES ('after');", vacuum="FULL",
       dump="auto_vacuum is lost in a dump: pragmas are not dumped.")
recipe("trees", "auto-vacuum-moved", "auto_vacuum FULL moves the last pages into those of a dropped table.", POINTERS,
       "CREATE TABLE a(x); INSERT INTO a VALUES (zeroblob(3000)); CREATE TABLE b(y); INSERT INTO b VALUES (zeroblob(3000)); DROP TABLE a;",
       vacuum="FULL")
recipe("trees", "incremental-vacuum", "With auto_vacuum INCREMENTAL there are pointer maps and a freelist.", POINTERS,
       MANY % (60, "'row'") + "DELETE FROM t WHERE id > 10;", vacuum="INCREMENTAL")
recipe("trees", "second-pointer-map", "A pointer map serves 102 pages of 512 bytes: the second one is page 105, amid an overflow chain.", POINTERS,
       "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(60000));", vacuum="FULL")
recipe("trees", "index-levels", "An index of two levels beside its table: entries of interior pages count as well.", TREE,
       MANY % (80, "printf('%04d', 1000 - i)") + "CREATE INDEX i ON t(a);")

for size, why in ((477, "A payload of U - 35 = 477 bytes, the largest that needs no overflow page."),
                  (478, "A payload of 478 bytes: one byte more than stands in a page, so that 39 + 439 go apart."),):
    recipe("overflow", "payload-%d" % size, why, OVERFLOW, "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(%d));" % (size - 4))
recipe("overflow", "chain-exact", "The last overflow page is full to its last byte.", OVERFLOW,
       "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(39 + 2 * 508 - 4));")
recipe("overflow", "chain-one-more", "One byte more than two overflow pages hold: of a remainder, part stays in the leaf.", OVERFLOW,
       "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(39 + 2 * 508 - 3));")
recipe("overflow", "text-across-pages", "A character of four bytes lies across two overflow pages.", OVERFLOW,
       "CREATE TABLE t(a); INSERT INTO t VALUES (printf('%.*c', 470, 'x') || replace(hex(zeroblob(300)), '00', char(0x1F600)));",
       dump="Text of several pages is one line of a dump.")
recipe("overflow", "header-across-pages", "A record of 400 columns: its header itself runs into the overflow page.", "SQLite file format, 2.1 (record format)",
       "CREATE TABLE t(%s); INSERT INTO t VALUES (%s);" % (", ".join("c%d" % i for i in range(700)), ", ".join("'%d'" % i for i in range(700))))
recipe("overflow", "index-payload", "Keys of an index overflow earlier than rows: X is (U - 12) * 64 / 255 - 23.", OVERFLOW,
       "CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO t VALUES (printf('%.*c', 98, 'k'), 1), (printf('%.*c', 99, 'l'), 2), (printf('%.*c', 700, 'm'), 3);",
       dump="Rows without rowid whose keys overflow.")
recipe("overflow", "interior-index", "Cells of interior index pages may overflow, too.", OVERFLOW,
       "CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID; WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO t SELECT printf('%d%.*c', i, 300, 'k') FROM n;")
recipe("overflow", "many-in-one-leaf", "Several rows of one leaf, each with a chain of its own, interleaved in the file.", OVERFLOW,
       "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, zeroblob(900)), (2, zeroblob(1500)); UPDATE t SET a = zeroblob(2500) WHERE id = 1;")
