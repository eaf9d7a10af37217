"""Databases whose schema matters: what stands in sqlite_schema, and how it is spelled."""
from recipe import recipe

SCHEMA = "SQLite file format, 2.6 (storage of the SQL database schema)"
CREATE = "SQLite documentation, CREATE TABLE"
DUMP = "Lib/sqlite3/dump.py _iterdump"
HEADER = "SQLite file format, 1.3 (the database header)"
ONE = " INSERT INTO t VALUES (1);"

recipe("schema", "empty-file", "A file without a byte is a database without tables.", HEADER, "", dump="Of a database without tables a dump has two lines.")
recipe("schema", "no-tables", "A header and an empty schema table.", HEADER, "CREATE TABLE t(a); DROP TABLE t;")
recipe("schema", "all-kinds", "Table, index, view and trigger are rows of the schema; the latter two have no root.", SCHEMA,
       "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET b = 1; END; INSERT INTO t(a) VALUES (1);",
       dump="Tables first, then indexes, triggers and views as the schema has them.")
recipe("schema", "automatic-indexes", "Indexes made for UNIQUE and PRIMARY KEY have no SQL.", SCHEMA,
       "CREATE TABLE t(a PRIMARY KEY, b UNIQUE, UNIQUE(a, b)); INSERT INTO t VALUES (1, 2);",
       dump="Indexes without SQL are not dumped.")
recipe("schema", "index-kinds", "Indexes: partial, of an expression, descending, with a collation, unique.", "SQLite documentation, CREATE INDEX",
       "CREATE TABLE t(a, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'Y'); CREATE INDEX p ON t(a) WHERE a > 1; CREATE INDEX e ON t(a + 1); CREATE INDEX d ON t(a DESC); CREATE INDEX c ON t(b COLLATE NOCASE); CREATE UNIQUE INDEX u ON t(b);")
recipe("schema", "covering-index", "An index of all columns does not change what a table holds, only in which order SQLite may give it.", "SQLite documentation, Query planner, 1.7 (covering indexes)",
       "CREATE TABLE t(a, b); INSERT INTO t VALUES (3, 'c'), (1, 'a'), (2, 'b'); CREATE INDEX i ON t(a, b);",
       dump="A dump of a table comes in the order of an index that has all columns.")
recipe("schema", "names-quoted", "Names in all four kinds of quotes, with spaces and doubled quotes.", CREATE,
       "CREATE TABLE \"a \"\"b\"\"\"(\"c d\", [e f], `g``h`, 'i''j'); INSERT INTO \"a \"\"b\"\"\" VALUES (1, 2, 3, 4);",
       dump="A double quote in a table's name is doubled in a dump.")
recipe("schema", "name-with-quote", "A single quote in the names of a table and a column.", CREATE,
       "CREATE TABLE \"it's\"(\"o'clock\"); INSERT INTO \"it's\" VALUES (1);",
       dump="A single quote in a table's name breaks the query that a dump makes, until 3.15.")
recipe("schema", "name-with-quote-in-column", "A single quote in a column's name only.", CREATE,
       "CREATE TABLE t(\"o'clock\"); INSERT INTO t VALUES (1);", dump="A single quote in a column's name is harmless: the name stands in double quotes.")
recipe("schema", "names-reserved", "Keywords as names, quoted, and those that need no quotes.", CREATE,
       "CREATE TABLE \"table\"(\"select\", key, abort, \"index\" INTEGER); INSERT INTO \"table\" VALUES (1, 2, 3, 4);")
recipe("schema", "names-unicode", "Names beyond ASCII.", CREATE, "CREATE TABLE \u00fcber(\u00e9t\u00e9 TEXT); INSERT INTO \u00fcber VALUES ('x');",
       dump="A name beyond ASCII ends a dump of Python 2.")
recipe("schema", "names-case", "Names compare without case, and keep theirs.", CREATE, "CREATE TABLE MiXed(CamelCase); INSERT INTO mixed VALUES (1);")
recipe("schema", "empty-name", "A table and a column with the empty name.", CREATE, "CREATE TABLE \"\"(\"\"); INSERT INTO \"\" VALUES (1);")
recipe("schema", "dump-order", "Tables are stored in the order in which they were made.", SCHEMA,
       "CREATE TABLE zebra(a); CREATE TABLE Apple(a); CREATE TABLE apple2(a); CREATE TABLE banana(a); INSERT INTO zebra VALUES (1); INSERT INTO banana VALUES (2);",
       dump="Tables are dumped by name, capitals first, whatever the order in the schema.")
recipe("schema", "comments", "Comments and line ends within CREATE TABLE stay in the schema.", SCHEMA,
       "CREATE TABLE t( -- the first\n  a, /* and, a */ b -- last, (\n);" + " INSERT INTO t VALUES (1, 2);", dump="SQL is dumped as it was written, on several lines if it has them.")
recipe("schema", "create-as", "CREATE TABLE AS: the SQL in the schema is made by SQLite.", CREATE,
       "CREATE TABLE t AS SELECT 1 AS a, 'x' AS b, 1.5 AS c, x'00' AS d, NULL AS e;")
recipe("schema", "constraints", "CHECK, NOT NULL, REFERENCES, ON CONFLICT, COLLATE: constraints are no columns.", CREATE,
       "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(a INT NOT NULL ON CONFLICT IGNORE CHECK (a > 0), b TEXT COLLATE NOCASE DEFAULT ('x' || 'y') UNIQUE, c INT CONSTRAINT f REFERENCES p(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, CONSTRAINT k CHECK (b <> ''), FOREIGN KEY(a) REFERENCES p); INSERT INTO t(a) VALUES (3);")
recipe("schema", "types-odd", "Types of several words, with sizes, or in quotes.", CREATE,
       "CREATE TABLE t(a VARCHAR(20), b DECIMAL(10, -5), c UNSIGNED BIG INT, d \"my type\", e, f LONG VARCHAR NOT NULL DEFAULT 'f'); INSERT INTO t(a) VALUES (1);")
recipe("schema", "many-columns", "A table of 150 columns.", CREATE,
       "CREATE TABLE t(%s); INSERT INTO t VALUES (%s);" % (", ".join("c%d" % i for i in range(150)), ", ".join(str(i * i) for i in range(150))), page_size=1024)
recipe("schema", "long-sql", "SQL longer than a page: the schema's rows overflow like others.", SCHEMA,
       "CREATE TABLE t(a /* %s */);" % ("long " * 300) + ONE)
recipe("schema", "many-tables", "A schema of two levels: page 1 is an interior page.", SCHEMA,
       " ".join("CREATE TABLE t%02d(column_a, column_b);" % i for i in range(30)) + " INSERT INTO t17 VALUES (1, 2);",
       dump="Thirty tables in the order of their names.")
recipe("schema", "stat1", "ANALYZE leaves sqlite_stat1, a table as others.", "SQLite documentation, ANALYZE",
       "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2), (1, 3); CREATE INDEX i ON t(a); ANALYZE;",
       dump="For sqlite_stat1 a dump has ANALYZE, and its rows.")
recipe("schema", "fts4", "A virtual table has no rows here; its shadow tables are tables.", "SQLite documentation, FTS3 and FTS4",
       "CREATE VIRTUAL TABLE f USING fts4(a); INSERT INTO f VALUES ('some words');", page_size=512)
recipe("schema", "rtree", "An R*Tree keeps its nodes as blobs in shadow tables.", "SQLite documentation, The SQLite R*Tree module",
       "CREATE VIRTUAL TABLE r USING rtree(id, low, high); INSERT INTO r VALUES (1, 0.5, 2.5);")
recipe("schema", "view-only-if", "Views that refer to nothing there are no error.", "SQLite documentation, CREATE VIEW",
       "CREATE TABLE t(a);" + ONE + " CREATE VIEW v AS SELECT x FROM nowhere;", dump="A view of a table that is not there is dumped.")
recipe("schema", "triggers", "A trigger's SQL holds semicolons and several statements.", "SQLite documentation, CREATE TRIGGER",
       "CREATE TABLE t(a); CREATE TABLE log(b); CREATE TRIGGER g AFTER INSERT ON t WHEN new.a > 1 BEGIN INSERT INTO log VALUES (new.a); DELETE FROM log WHERE b > 5; END; INSERT INTO t VALUES (2), (9);",
       dump="A trigger is dumped behind the rows, so that it does not fire for them.")
recipe("schema", "versions", "user_version and application_id are in the header, and in no row.", HEADER,
       "PRAGMA user_version = 42; PRAGMA application_id = 1000000; CREATE TABLE t(a);" + ONE, dump="user_version and application_id are lost in a dump.")
recipe("schema", "writable-schema", "SQL in the schema that was changed by hand: a comment behind the column.", "SQLite documentation, PRAGMA writable_schema",
       "CREATE TABLE t(a);" + ONE + " PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE t(a /* by hand */)' WHERE name = 't';")
recipe("schema", "foreign-keys", "Rows that violate a foreign key are rows.", "SQLite documentation, Foreign key support",
       "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(a REFERENCES p); INSERT INTO c VALUES (5);",
       dump="From 3.13 on a dump of rows that violate a foreign key begins with PRAGMA foreign_keys=OFF.")
recipe("schema", "foreign-keys-kept", "Rows that keep their foreign keys, NULLs among them.", "SQLite documentation, Foreign key support",
       "CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT COLLATE NOCASE UNIQUE); CREATE TABLE c(a REFERENCES p, b REFERENCES p(n)); INSERT INTO p VALUES (5, 'x'); INSERT INTO c VALUES (5, 'X'), ('5', NULL), (NULL, 'y'); DELETE FROM c WHERE b = 'y';",
       dump="A dump of rows that keep their foreign keys says nothing of these.")
recipe("schema", "foreign-keys-mismatch", "A foreign key to columns without a unique index.", "SQLite documentation, Foreign key support, 3 (required and suggested indexes)",
       "CREATE TABLE p(id, n); CREATE TABLE c(a REFERENCES p(n)); INSERT INTO c VALUES (5);",
       dump="From 3.13 on a dump looks at foreign keys first, and ends there with OperationalError where a parent has no index.")
recipe("schema", "memos", "The table of the DBPickler example in pickle's documentation.", "Python documentation, pickle, Persistence of External Objects",
       "CREATE TABLE memos(key INTEGER PRIMARY KEY, task TEXT); INSERT INTO memos VALUES (1, 'give food to fish'), (2, 'prepare group meeting'), (3, 'fight with a zebra');",
       dump="The documentation's memos, line for line.")


def schema_format(number):
    def edit(files):
        files[""][44:48] = number.to_bytes(4, "big")
    return edit


recipe("schema", "format-1", "Schema format 1: DESC in an index is ignored, so that its entries ascend.", "SQLite file format, 1.3.11 (schema format number)",
       "CREATE TABLE t(a); INSERT INTO t VALUES (5);", edit=schema_format(1))
recipe("schema", "format-2", "Schema format 2 came with rows of several lengths (ADD COLUMN).", "SQLite file format, 1.3.11 (schema format number)",
       "CREATE TABLE t(a); INSERT INTO t VALUES (5);" + " ALTER TABLE t ADD COLUMN b;", edit=schema_format(2))
recipe("schema", "format-3", "Schema format 3 came with defaults of added columns that are not NULL.", "SQLite file format, 1.3.11 (schema format number)",
       "CREATE TABLE t(a); INSERT INTO t VALUES (5);" + " ALTER TABLE t ADD COLUMN b DEFAULT 'd';", edit=schema_format(3))
recipe("schema", "format-4-descending", "Schema format 4: an index that descends, and integers 0 and 1 without bytes.", "SQLite file format, 1.3.11 (schema format number)",
       "CREATE TABLE t(a); INSERT INTO t VALUES (0), (1), (2); CREATE INDEX i ON t(a DESC);")
