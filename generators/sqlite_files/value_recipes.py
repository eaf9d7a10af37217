"""Databases whose values matter: storage classes, affinity, text, rowids, defaults."""
import struct

from recipe import recipe

RECORD = "SQLite file format, 2.1 (record format)"
TYPES = "SQLite documentation, Datatypes, 3 (type affinity)"
ROWID = "SQLite file format, 2.3 (representation of SQL tables); CREATE TABLE, 5 (rowids and the INTEGER PRIMARY KEY)"
KEYED = "SQLite file format, 2.4 (representation of WITHOUT ROWID tables)"
TEXT = "SQLite file format, 1.3.13 (text encoding)"
DUMP = "Lib/sqlite3/dump.py _iterdump; SQLite quote()"
ADDED = "SQLite documentation, ALTER TABLE, 4 (ADD COLUMN)"


def rows(declared, *values):
    return "CREATE TABLE t(%s); " % declared + " ".join("INSERT INTO t VALUES (%s);" % one for one in values)


for bits, serial in ((8, 1), (16, 2), (24, 3), (32, 4), (48, 5), (64, 6)):
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    recipe("integers", "bytes-%d" % (bits // 8), "The least and the greatest integers of serial type %d, two's complement in %d bytes." % (serial, bits // 8),
           RECORD, rows("a", low if bits < 64 else "-9223372036854775807 - 1", high, -(1 << bits - 2)))
recipe("integers", "zero-and-one", "Serial types 8 and 9: the integers 0 and 1 without a byte of their own.", RECORD, rows("a, b", "0, 1", "1, 0"))
recipe("integers", "one-column", "A row of one column is a tuple of one.", RECORD, rows("a", "7"))
recipe("integers", "quoted", "Integers are dumped as they are, the least 64-bit one too.", DUMP, rows("a", "-9223372036854775807 - 1", "9223372036854775807"), read=False,
       dump="The least 64-bit integer is dumped as a literal that SQL reads back as a float.")

recipe("floats", "plain", "Doubles in eight bytes, big-endian.", RECORD, rows("a", "1.5", "-2.25", "0.1", "1e300", "12345678901234.5"),
       dump="Floats are dumped in 15 digits where these read back as the same double.")
recipe("floats", "extremes", "The least and the greatest double, and one that needs 17 digits.", RECORD, rows("a", "5e-324", "1.7976931348623157e308", "0.1 + 0.2"))
recipe("floats", "infinite", "Infinity is a value, spelled 9e999 or -9e999 in SQL.", RECORD, rows("a", "9e999", "-9e999"),
       dump="Infinity is dumped as Inf, which SQL takes for the name of a column.")
recipe("floats", "negative-zero", "In a column without affinity -0.0 keeps its sign bit.", RECORD, rows("a", "-0.0", "0.0"))
recipe("floats", "integral-in-real", "Integral floats of a REAL column are stored as integers and read as floats.", "SQLite documentation, Datatypes, 2; file format, 2.1", rows("a REAL", "3", "0", "1", "-1.0", "70000.0", "3.5"),
       dump="A REAL column's 3 is dumped as 3.0.")
recipe("floats", "integral-without-affinity", "Without REAL affinity 3.0 stays a float of eight bytes.", RECORD, rows("a, b BLOB", "3.0, 3.0"))
recipe("floats", "large-integral-in-real", "Integral floats beyond 48 bits are stored as floats even in a REAL column.", RECORD, rows("a REAL", "140737488355328", "281474976710656", "1e15", "9007199254740993"))


def nan(files):
    data = files[""]
    at = data.index(struct.pack(">d", 1.5))
    data[at:at + 8] = bytes.fromhex("7ff8000000000000")


recipe("floats", "nan-is-null", "A NaN in the file is read as NULL (SQLite stores none).", "SQLite vdbeaux.c serialGet: sqlite3IsNaN", rows("a, b", "1.5, 'beside'"), edit=nan,
       dump="A NaN in the file is dumped as NULL.")

recipe("texts", "empty", "The empty text, the empty blob and NULL are three values.", RECORD, rows("a, b, c", "'', x'', NULL"),
       dump="'' and X'' and NULL are told apart.")
recipe("texts", "unicode", "Letters of two, three and four bytes.", TEXT, rows("a", "char(0xfc)", "char(0x20ac)", "char(0x1f600)", "char(0xfeff, 0x61)"),
       dump="Text beyond ASCII is dumped as it is.")
recipe("texts", "controls", "A NUL, line ends and quotes within text.", TEXT, rows("a", "'a' || char(0) || 'b'", "'line' || char(10) || char(13)", "'it''s \"quoted\"'"),
       dump="Text is dumped up to its first NUL; line ends stay inside of the line.")
for encoding, name in (("UTF-16le", "utf-16le"), ("UTF-16be", "utf-16be")):
    recipe("texts", name, "Text in %s, the schema's too: units of two bytes, surrogate pairs for what is beyond." % encoding, TEXT,
           "CREATE TABLE t(a, b TEXT); INSERT INTO t VALUES ('abc', char(0xfc)), (char(0x1f600), char(0x20ac)), ('', x'6100'), (char(0), NULL);", encoding=encoding,
           dump="A dump of a database in %s; its encoding is lost." % encoding)
recipe("texts", "utf-16-names", "Names of tables and columns beyond ASCII in a UTF-16 schema.", TEXT,
       "CREATE TABLE \"t\u00e4ble \U0001f600\"(\"c\u00f6l\"); INSERT INTO \"t\u00e4ble \U0001f600\" VALUES (1);", encoding="UTF-16le")
recipe("texts", "utf-16-order", "BINARY compares bytes as they are stored: in UTF-16BE the surrogates of U+1F600 come before U+FF5E.", "SQLite documentation, Datatypes, 7 (collating sequences)",
       "CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES (char(0x1f600)), (char(0xff5e)), ('a'), (char(0xe9));", encoding="UTF-16be")
recipe("texts", "utf-16-lone-high", "A high surrogate alone: SQLite joins it with whatever unit follows.", "SQLite utf.c READ_UTF16LE",
       rows("a", "CAST(x'3dd86100' AS TEXT)"), encoding="UTF-16le")
recipe("texts", "utf-16-lone-last", "A surrogate as the last unit of UTF-16 text.", "SQLite utf.c READ_UTF16LE", rows("a", "CAST(x'610000d8' AS TEXT)"), encoding="UTF-16le")
recipe("texts", "utf-16-odd", "UTF-16 text of an odd number of bytes: the last one is dropped.", "SQLite vdbemem.c sqlite3VdbeMemTranslate: n &= ~1", rows("a", "CAST(x'610062' AS TEXT)"), encoding="UTF-16le")
BAD = (("latin-1", "e9", "A Latin-1 byte is no UTF-8: what is stored as text need not be text."),
       ("cut", "61e282", "Text that ends inside of a character."),
       ("overlong", "c0af", "An overlong spelling of '/'."),
       ("surrogate", "eda080", "A surrogate in UTF-8: SQLite stores it, Python refuses it."),
       ("above-last", "f4908080", "A code point above U+10FFFF."),
       ("continuation", "8061", "A continuation byte that continues nothing."))
for name, data, why in BAD:
    recipe("texts", "bad-" + name, why, TEXT + "; Modules/_sqlite/cursor.c: PyUnicode_FromStringAndSize",
           rows("a, b", "1, CAST(x'%s' AS TEXT)" % data),
           dump="" if name not in ("latin-1", "surrogate") else
           "A row whose text is no UTF-8 ends a dump with OperationalError." if name == "latin-1" else
           "A row with a surrogate in UTF-8: Python 2 decodes it, Python 3 does not.")
recipe("texts", "bad-after-nul", "Bytes behind a NUL are part of the text, and need not be UTF-8.", TEXT, rows("a", "CAST(x'6100ff' AS TEXT)"),
       dump="What stands behind a NUL is cut before it is decoded.")
recipe("texts", "bad-in-blob", "A blob may hold anything.", RECORD, rows("a", "x'e9eda080ff00'"), dump="Blobs are dumped in upper-case hex digits.")

VALUES = "1, 1, 1, 1, 1", "'1', '1', '1', '1', '1'", "1.0, 1.0, 1.0, 1.0, 1.0", "'1.5', '1.5', '1.5', '1.5', '1.5'", "'x', 'x', 'x', 'x', 'x'", "x'31', x'31', x'31', x'31', x'31'", "'1e2', '1e2', '1e2', '1e2', '1e2'", "NULL, NULL, NULL, NULL, NULL"
recipe("affinity", "five", "What each of the five affinities makes of the same values when they are stored.", TYPES,
       rows("i INTEGER, t TEXT, b BLOB, r REAL, n NUMERIC", *VALUES), dump="Values are dumped with the class that affinity gave them.")
recipe("affinity", "names", "Affinity by declared name: the first rule that fits (INT before CHAR before BLOB before REAL).", TYPES,
       rows("a FLOATING POINT, b CHARINT, c BLOBREAL, d STRING, e DOUBLE PRECISION", "'7', '7', '7', '7', '7'", "7, 7, 7, 7, 7"))
recipe("affinity", "strict", "A STRICT table's columns have the classes of their types; ANY keeps what it is given.", "SQLite documentation, STRICT tables",
       "CREATE TABLE t(i INT, r REAL, t TEXT, b BLOB, x ANY) STRICT; INSERT INTO t VALUES (1, 2, 'three', x'04', '5'), ('6', '7.5', 8, x'', 9.0);",
       dump="STRICT stays in the CREATE statement.")
recipe("affinity", "real-key", "An integer key in a REAL column of a WITHOUT ROWID table is read as a float.", KEYED,
       "CREATE TABLE t(r REAL PRIMARY KEY, a) WITHOUT ROWID; INSERT INTO t VALUES (2, 'two'), (1, 'one'), (1.5, 'between');")

recipe("rowids", "alias", "INTEGER PRIMARY KEY is the rowid: its field in the record is NULL.", ROWID, "CREATE TABLE t(a, id INTEGER PRIMARY KEY, b); INSERT INTO t VALUES ('x', 5, 'y'), ('z', NULL, 'w');",
       dump="The rowid's column is dumped with its number.")
recipe("rowids", "alias-by-constraint", "PRIMARY KEY(id) behind the columns makes an INTEGER column the rowid, DESC or not.", ROWID, "CREATE TABLE t(id INTEGER, a, PRIMARY KEY(id DESC)); INSERT INTO t VALUES (2, 'b'), (1, 'a');")
recipe("rowids", "alias-not-desc", "INTEGER PRIMARY KEY DESC behind the column is no alias, for ever kept for compatibility.", ROWID, "CREATE TABLE t(id INTEGER PRIMARY KEY DESC, a); INSERT INTO t VALUES (2, 'b'), (1, 'a');")
recipe("rowids", "alias-not-int", "INT PRIMARY KEY is a column like others, with an index.", ROWID, "CREATE TABLE t(id INT PRIMARY KEY, a); INSERT INTO t VALUES (9, 'b'), (NULL, 'a');")
recipe("rowids", "alias-case", "The type may be written iNtEgEr, or in quotes.", ROWID, "CREATE TABLE t(id \"iNtEgEr\" PRIMARY KEY, a); INSERT INTO t VALUES (8, 'b');")
recipe("rowids", "alias-not-two", "A primary key of two columns is no alias.", ROWID, "CREATE TABLE t(id INTEGER, a, PRIMARY KEY(id, a)); INSERT INTO t VALUES (2, 'b'), (1, 'a');")
recipe("rowids", "extremes", "Rowids are signed 64-bit numbers, varints of up to nine bytes, in signed order.", ROWID,
       "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (9223372036854775807, 'last'), (-1, 'minus one'), (0, 'zero'), (-9223372036854775807 - 1, 'first'), (127, 'one byte'), (128, 'two');",
       dump="Negative rowids come first.")
recipe("rowids", "hidden", "Rows without an alias come in the order of rowids that are not shown.", ROWID, "CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES (30, 'c'), (10, 'a'), (20, 'b');",
       dump="Rowids that no column names are lost in a dump.")
recipe("rowids", "autoincrement", "AUTOINCREMENT keeps the largest rowid in sqlite_sequence, a table as any other.", "SQLite documentation, AUTOINCREMENT",
       "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t(a) VALUES ('x'), ('y'); DELETE FROM t WHERE id = 2;",
       dump="sqlite_sequence is emptied and filled: in its place among the tables, later at the end.")
recipe("rowids", "autoincrement-two", "sqlite_sequence with two tables, one of which was dropped.", "SQLite documentation, AUTOINCREMENT",
       "CREATE TABLE zz(id INTEGER PRIMARY KEY AUTOINCREMENT, a); CREATE TABLE aa(id INTEGER PRIMARY KEY AUTOINCREMENT, a); CREATE TABLE gone(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO zz VALUES (7, 'x'); INSERT INTO aa VALUES (3, 'y'); DROP TABLE gone;",
       dump="sqlite_sequence stands between tables named before and behind it.")
recipe("rowids", "autoincrement-quote", "A table whose name has a quote, in sqlite_sequence.", "SQLite documentation, AUTOINCREMENT",
       "CREATE TABLE \"o'clock\"(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO \"o'clock\"(a) VALUES (1);",
       dump="A quote in a table's name ends the string that a dump builds with it, and with that the dump.")

recipe("without-rowid", "one-column-key", "A WITHOUT ROWID table is an index's tree in the order of its key.", KEYED, "CREATE TABLE t(a, k TEXT PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO t VALUES (1, 'z', 2), (3, 'a', 4);",
       dump="Rows of a WITHOUT ROWID table, in the order of the key.")
recipe("without-rowid", "key-order", "The record has the key's columns first, in the key's order; the row has the table's order.", KEYED, "CREATE TABLE t(a, b, c, d, PRIMARY KEY(d, b)) WITHOUT ROWID; INSERT INTO t VALUES ('a1', 'b1', 'c1', 2), ('a2', 'b2', 'c2', 1), ('a3', 'b0', 'c3', 2);")
recipe("without-rowid", "descending", "A key column DESC: larger values first.", KEYED, "CREATE TABLE t(k INTEGER, a, PRIMARY KEY(k DESC)) WITHOUT ROWID; INSERT INTO t VALUES (1, 'a'), (3, 'c'), (2, 'b');")
recipe("without-rowid", "repeated-column", "A column named twice in the key is stored once.", KEYED, "CREATE TABLE t(a, b, c, PRIMARY KEY(b, a, b)) WITHOUT ROWID; INSERT INTO t VALUES (1, 2, 3), (4, 1, 6);")
recipe("without-rowid", "two-collations", "A column twice in the key with two collations is stored twice.", KEYED, "CREATE TABLE t(a, b, PRIMARY KEY(a COLLATE nocase, a)) WITHOUT ROWID; INSERT INTO t VALUES ('B', 1), ('a', 2), ('A', 3);")
recipe("without-rowid", "integer-key", "INTEGER PRIMARY KEY of a WITHOUT ROWID table is a column in the record, no alias.", KEYED, "CREATE TABLE t(id INTEGER PRIMARY KEY, a) WITHOUT ROWID; INSERT INTO t VALUES (2, 'b'), (-1, 'a');")
recipe("without-rowid", "two-levels", "Rows of a WITHOUT ROWID table stand in interior pages, too.", KEYED,
       "CREATE TABLE t(k INTEGER PRIMARY KEY, a) WITHOUT ROWID; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) INSERT INTO t SELECT i, 'row ' || i FROM n;")
recipe("without-rowid", "classes-in-order", "NULL, numbers, text, blobs: the order of classes in a key.", "SQLite documentation, Datatypes, 4.1 (sort order)",
       "CREATE TABLE t(a, b, PRIMARY KEY(b)) WITHOUT ROWID; INSERT INTO t VALUES (1, x'00'), (2, 'a'), (3, 2), (4, 1.5), (5, ''), (6, -9e999);")
recipe("without-rowid", "second-index", "Another index of a WITHOUT ROWID table refers to rows by key.", KEYED, "CREATE TABLE t(k PRIMARY KEY, a, b) WITHOUT ROWID; INSERT INTO t VALUES ('x', 1, 2), ('y', 0, 3); CREATE INDEX i ON t(a);")

for name, literal, why in (("null", "NULL", "A column added later is NULL in older rows, whose records end before it."),
                           ("integer", "7", "Older rows get the default of a column added later."),
                           ("negative", "-7", "A default with a sign is a constant."),
                           ("float", "1.25e-1", "A float as the default of an added column."),
                           ("text", "'it''s'", "Text with a doubled quote as the default of an added column."),
                           ("blob", "x'00ff'", "A blob as the default of an added column."),
                           ("quoted-name", "\"word\"", "A word in double quotes as a default is text."),
                           ("true", "TRUE", "TRUE as a default is the integer 1.")):
    recipe("added", "default-" + name, why, ADDED,
           "CREATE TABLE t(a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b DEFAULT %s; INSERT INTO t VALUES (2, 'given'); INSERT INTO t(a) VALUES (3);" % literal,
           dump="" if name != "text" else "Defaults of columns added later are dumped as values.")
recipe("added", "default-affinity", "The default of an added column goes through its affinity: '7' in an INTEGER column is 7.", ADDED,
       "CREATE TABLE t(a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b INTEGER DEFAULT '7'; ALTER TABLE t ADD COLUMN c TEXT DEFAULT 8; ALTER TABLE t ADD COLUMN d REAL DEFAULT 9; ALTER TABLE t ADD COLUMN e NUMERIC DEFAULT '1.0';")
recipe("added", "twice", "Rows of three ages: with one, two and three fields.", ADDED,
       "CREATE TABLE t(a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b DEFAULT 'b'; INSERT INTO t(a) VALUES (2); ALTER TABLE t ADD COLUMN c DEFAULT 'c'; INSERT INTO t(a) VALUES (3);")
recipe("added", "dropped", "DROP COLUMN writes all rows anew.", "SQLite documentation, ALTER TABLE, 5 (DROP COLUMN)",
       "CREATE TABLE t(a, b, c); INSERT INTO t VALUES (1, 2, 3), (4, 5, 6); ALTER TABLE t DROP COLUMN b;")
recipe("added", "renamed", "A renamed table and column: SQL in the schema is rewritten, with quotes where it had none.", "SQLite documentation, ALTER TABLE, 2 and 3",
       "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT a FROM t; INSERT INTO t VALUES (1, 2); ALTER TABLE t RENAME COLUMN a TO \"new a\"; ALTER TABLE t RENAME TO u;",
       dump="A renamed table is dumped with the SQL that ALTER wrote.")
recipe("added", "generated-stored", "A stored generated column has a field; it is read as it was stored.", "SQLite documentation, Generated columns",
       "CREATE TABLE t(a, b AS (a * 2) STORED, c); INSERT INTO t VALUES (1, 'x'), (5, 'y');",
       dump="Generated columns are left out of the values of a dump.")
recipe("added", "generated-virtual", "A virtual generated column has no field: it is worked out when it is read.", "SQLite documentation, Generated columns",
       "CREATE TABLE t(a, b AS (a * 2), c); INSERT INTO t VALUES (1, 'x'), (5, 'y');",
       dump="A virtual generated column is left out of the values of a dump.")
