"""Generated columns that are VIRTUAL: their values are worked out when rows are read."""
from recipe import recipe

GENERATED = "SQLite documentation, Generated columns, 2"
EXPRESSION = "SQL language expressions, "
DATATYPES = "SQLite documentation, Datatypes, "
FUNCTIONS = "SQLite documentation, Built-in scalar functions, "


def virtual(name, why, columns, values, spec=GENERATED, **settings):
    """A table t of these columns, and rows of these values in those that are not generated."""
    recipe("generated", name, why, spec, "CREATE TABLE t(%s); INSERT INTO t VALUES %s;" % (columns, values), **settings)


virtual("between-others", "A virtual column in the middle: fields behind it stand one earlier in the record than in the row.", "a, v AS (a || b), b, w AS (b || a), c", "(1, 2, 3), ('x', NULL, 'y')",
        dump="Virtual columns between others are left out of a dump.")
virtual("affinity", "The declared type's affinity is applied to the value.", "a, i INTEGER AS (a), r REAL AS (a), t TEXT AS (a), n NUMERIC AS (a), b BLOB AS (a), u AS (a)", "('12'), ('1.5'), (7), (x'3132'), ('1e3'), ('x'), (NULL)")
recipe("generated", "affinity-strict", "A STRICT table does not check the types of virtual columns; an affinity they have.", "SQLite documentation, STRICT tables, 2",
       "CREATE TABLE t(a TEXT, i INT AS (a), y ANY AS (a)) STRICT; INSERT INTO t VALUES ('12'), ('x');")
virtual("names-others", "Generated columns may name others, declared before or behind them.", "a, x AS (y + 1), y AS (z * 2), z AS (a + 10)", "(1), ('5'), (NULL)")
virtual("names-stored", "A virtual column may name a stored one, and a stored one a virtual one.", "a, v AS (s + 1), s AS (w + 1) STORED, w AS (a + 1)", "(1), (2.5)")
virtual("names-real", "What the affinity REAL made a float of stays one under INTEGER and NUMERIC; the result of an addition does not.", "a, v REAL AS (a), w INT AS (v), n NUMERIC AS (coalesce(v, 0)), p INT AS (v + 0), t TEXT AS (v)", "(5), (2.5), ('7'), (140737488355328)", spec="SQLite vdbe.c OP_Affinity: MEM_IntReal")
virtual("names-affinity", "What names a virtual column sees its value with the affinity applied.", "a, t TEXT AS (a + 1), u AS (t || '!'), k AS (typeof(t))", "(1), (1.5), (NULL)")
virtual("rowid-alias", "A virtual column may name the rowid by the column that aliases it.", "id INTEGER PRIMARY KEY, v AS (id * 10)", "(7), (-1)")
virtual("generated-always", "GENERATED ALWAYS and VIRTUAL may be spelled out.", "a, v TEXT GENERATED ALWAYS AS (a || '!') VIRTUAL NOT NULL", "(1), ('x')")
virtual("real-column", "A REAL column, stored as an integer, is a float to an expression.", "r REAL, t AS (typeof(r)), s AS (r || ''), h AS (r / 2)", "(3), (-5), (2.5)")
recipe("generated", "without-rowid", "Virtual columns of a WITHOUT ROWID table have no field, wherever they stand.", GENERATED,
       "CREATE TABLE t(v AS (upper(k)), a, w AS (a + 1), k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES (1, 'b'), (2, 'a');")
recipe("generated", "indexed", "An index on a virtual column holds its values; the table is read without it.", GENERATED,
       "CREATE TABLE t(a, v AS (a % 3)); CREATE INDEX i ON t(v); INSERT INTO t VALUES (1), (2), (3), (4);", dump="The index on a virtual column does not change the order of a dump.")
recipe("generated", "added-later", "Columns added later by ALTER TABLE may be virtual: older rows have their values, too.", "SQLite documentation, ALTER TABLE, 4",
       "CREATE TABLE t(a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN d DEFAULT 5; ALTER TABLE t ADD COLUMN v AS (a + d); INSERT INTO t VALUES (2, 7);")

virtual("integers-overflow", "Integer arithmetic that leaves 64 bits goes on in floats.", "a INTEGER, p AS (a + 1), m AS (a * 2), n AS (-a), d AS (a / -1)", "(9223372036854775807), (5), (-9223372036854775807)", spec=EXPRESSION + "2; vdbe.c OP_Add: fp_math")
virtual("division", "Integers are divided towards 0; a division by 0 is NULL.", "a, b, q AS (a / b), r AS (a % b), z AS (a / 0)", "(7, 2), (-7, 2), (7, -2), (7.5, 2), (7, 0), ('9x', 2), (7.9, 2.9)", spec=EXPRESSION + "2")
virtual("text-as-number", "Arithmetic takes the number that a text begins with, 0 if it does with none.", "a, s AS (a + 1), m AS (-a), n AS (+a)", "('12abc'), ('1.5x'), (' 7 '), ('x'), (''), (x'3132'), ('5e'), ('0x10')", spec=EXPRESSION + "2; vdbe.c computeNumericType")
virtual("bits", "Bits are those of 64-bit integers; a shift by less than 0 goes the other way.", "a, b, x AS (a & b), o AS (a | b), n AS (~a), l AS (a << b), r AS (a >> b)", "(6, 3), (-1, 70), (5, -1), ('12', 2.9), (NULL, 1)", spec=EXPRESSION + "2")
virtual("concatenation", "|| makes text of its operands, of blobs, too; NULL makes NULL.", "a, b, c AS (a || b), t AS (typeof(a || b))", "('x', 1), (1.5, 2), (x'41', x'42'), (NULL, 'x'), (1e3, '')", spec=EXPRESSION + "2")
virtual("three-values", "AND, OR and NOT know NULL as a third value.", "a, b, x AS (a AND b), o AS (a OR b), n AS (NOT a)", "(1, 0), (1, NULL), (0, NULL), (NULL, NULL), ('0.5', 'x'), (2, -1)", spec=EXPRESSION + "2")
virtual("precedence", "NOT binds less than =, unary minus more than ||, and = as much as IS.", "a, x AS (NOT a = 1), y AS (-a || 2), z AS (a = 1 IS 1), w AS (a < 2 = 1), v AS (1 + a * 2 << 1 & 7)", "(0), (1), (2)", spec="SQL language expressions, 2 (operators and their precedence)")
virtual("is", "IS and IS NOT compare NULL as a value; IS TRUE asks for the truth.", "a, b, x AS (a IS b), y AS (a IS NOT b), t AS (a IS TRUE), f AS (a IS NOT FALSE), n AS (a IS NULL)", "(1, 1), (NULL, NULL), (NULL, 0), (2, '2'), (0, 0.0)", spec=EXPRESSION + "2")
virtual("between", "BETWEEN takes the first AND; its ends belong to it.", "a, x AS (a BETWEEN 1 AND 3), y AS (a NOT BETWEEN 1 AND 3 AND a > 0), z AS (a BETWEEN 3 AND 1)", "(0), (1), (3), (4), (NULL), ('2')", spec=EXPRESSION + "4")
virtual("in", "IN with a list: NULL among the items makes NULL of a miss; an empty list has nothing.", "a, x AS (a IN (1, '2', NULL)), y AS (a NOT IN (1, 2)), z AS (a IN ()), w AS (a IN ('A' COLLATE nocase))", "(1), ('2'), (3), (NULL), ('a')", spec=EXPRESSION + "7")
virtual("case", "CASE with and without an operand: NULL matches no WHEN; no ELSE is NULL.", "a, x AS (CASE a WHEN 1 THEN 'one' WHEN NULL THEN 'null' WHEN '2' THEN 'two' END), y AS (CASE WHEN a > 1 THEN 'more' WHEN a THEN 'true' ELSE 'else' END)", "(1), (2), ('2'), (NULL), (0)", spec=EXPRESSION + "6")

virtual("compare-affinity", "A column's affinity is applied to what it is compared with.", "i INTEGER, t TEXT, a, x AS (i = '7'), y AS (t = 7), z AS (a = '7'), w AS (i = t), v AS (+i = '7'), u AS (CAST(a AS TEXT) = 7)", "(7, '7', 7), (8, '7.0', '7')", spec=DATATYPES + "4.2")
virtual("compare-classes", "NULL, numbers, text, blobs: the order of classes when comparing.", "a, b, l AS (a < b), e AS (a = b)", "(1, 'a'), ('a', x'00'), (1, 1.0), (9007199254740993, 9007199254740992.0), ('1', 1), (NULL, 1)", spec=DATATYPES + "4.1")
virtual("collation", "The left column's collation counts, COLLATE more; through || it is lost.", "a COLLATE nocase, b COLLATE rtrim, x AS (a = 'ABC'), y AS ('ABC' = a), z AS (b = 'abc'), w AS (a = b), v AS (b = a COLLATE binary), u AS (a || '' = 'ABC')", "('abc', 'abc  '), ('Abc', 'ABC')", spec=DATATYPES + "7.1")
virtual("collation-of-column", "A virtual column has a collation of its own.", "a, v TEXT COLLATE nocase AS (a), x AS (v = 'ABC'), y AS (a = 'ABC')", "('abc'), ('ABC')", spec=DATATYPES + "7.1")
virtual("cast", "CAST takes what text begins with; to NUMERIC only small integral floats become integers.", "a, i AS (CAST(a AS INTEGER)), r AS (CAST(a AS REAL)), n AS (CAST(a AS NUMERIC)), t AS (CAST(a AS TEXT)), b AS (CAST(a AS BLOB))", "('12abc'), ('1.0'), ('1e17'), (2.5), (-7), (x'31'), ('9223372036854775808'), ('x'), (NULL)", spec=EXPRESSION + "13")
virtual("literals", "Integers beyond 64 bits are floats, hexadecimal ones two's complement; a sign belongs to the number.", "a, x AS (9223372036854775808), y AS (-9223372036854775808), z AS (0xffffffffffffffff), w AS (-0.0), v AS (TRUE), u AS (x'4142'), s AS ('it''s'), q AS (\"word\")", "(1)", spec="SQL language expressions, 3 (literal values)")
virtual("lazy", "What CASE, coalesce() and iif() do not choose is not worked out: abs() of the smallest integer would be an error.", "a INTEGER, x AS (CASE WHEN a < 0 THEN 0 ELSE abs(a) END), y AS (iif(a > 0, abs(a), 'none')), z AS (coalesce(a, abs(a)))", "(-9223372036854775807 - 1), (5)", spec="SQL language expressions, 6; SQLite documentation, Built-in scalar functions: abs, coalesce, iif")

virtual("length", "length() counts characters of text up to a NUL, bytes of a blob, digits of a number.", "a, l AS (length(a)), n AS (length(char(97, 0, 98)))", "('\u00e9\u20ac\U0001f600'), (x'c3a9'), (123), (1.5), (''), (NULL)", spec=FUNCTIONS + "length")
virtual("substr", "substr() counts from 1, from the end below 0; position 0 stands before the first.", "a, b, c, s AS (substr(a, b, c)), e AS (substr(a, b))", "('hello', 2, 3), ('hello', -2, 5), ('hello', 0, 2), ('hello', 4, -2), ('h\u00e9llo', 2, 1), ('hello', 9, 1), (x'010203', 2, 1)", spec=FUNCTIONS + "substr")
virtual("case-of-letters", "upper() and lower() change ASCII letters only.", "a, u AS (upper(a)), l AS (lower(a))", "('aZ\u00e9\u00c9'), (12), (NULL)", spec=FUNCTIONS + "lower, upper")
virtual("trim", "trim() takes characters off, not words: spaces if none are named.", "a, t AS (trim(a)), l AS (ltrim(a, 'xy')), r AS (rtrim(a, '\u00e9 '))", "('  x  '), ('xyxabc\u00e9 \u00e9'), (NULL), ('')", spec=FUNCTIONS + "ltrim, rtrim, trim")
virtual("replace", "replace() goes from left to right and does not look at what it put in.", "a, r AS (replace(a, 'aa', 'aab')), e AS (replace(a, '', 'x'))", "('aaaaa'), ('b'), (NULL)", spec=FUNCTIONS + "replace")
virtual("instr", "instr() counts characters of text and bytes of blobs; nothing is found at 1.", "a, b, p AS (instr(a, b))", "('h\u00e9llo', 'l'), (x'010203', x'03'), ('abc', 'x'), ('abc', ''), (12345, 34), (NULL, 1)", spec=FUNCTIONS + "instr")
virtual("hex-and-quote", "hex() shows bytes, quote() an SQL literal.", "a, h AS (hex(a)), q AS (quote(a))", "('it''s'), (x'00ff'), (12), (2.5), (NULL)", spec=FUNCTIONS + "hex, quote")
virtual("hex-utf-16", "hex() of text shows it as it is stored: UTF-16 here.", "a, h AS (hex(a)), l AS (length(a)), c AS (CAST(a AS BLOB))", "('h\u00e9'), (12)", spec=FUNCTIONS + "hex", encoding="UTF-16le")
virtual("characters", "unicode() and char(): code points; what is none is U+FFFD.", "a, u AS (unicode(a)), c AS (char(8364, 65)), m AS (char(-1, 128512, 1114112))", "('\u20ac'), (65), (''), (NULL), ('ab')", spec=FUNCTIONS + "char, unicode")
virtual("printf", "printf() and format(): integers, text and floats with flags, width and precision; what is not given is 0 or nothing.", "a, i AS (printf('%d|%5d|%-5d|%05d|%+d|%x', a, a, a, a, a, a)), s AS (format('%s|%5s|%-5s|%.2s%%', a, a, a, a)), f AS (printf('%.2f|%8.1f', a, a)), n AS (printf('%d %s'))", "(42), (-7), (2.5), ('abc'), (NULL)", spec="SQLite documentation, Built-in printf()")
virtual("typeof", "typeof() names the storage class, after a column's affinity.", "a, i INTEGER, t AS (typeof(a)), u AS (typeof(i))", "(1, '7'), (1.5, 2.0), ('x', 'x'), (x'', NULL), (NULL, 1.5)", spec=FUNCTIONS + "typeof")
virtual("least-and-greatest", "min() and max() of several: NULL makes NULL; of equals min() takes the last, max() the first.", "a, b, x AS (min(a, b, 5)), y AS (max(a, b)), z AS (min(1, 1.0)), w AS (max(1, 1.0)), v AS (max(a COLLATE nocase, 'B'))", "(1, 9), ('a', 7), (NULL, 1), (x'00', 'z')", spec=FUNCTIONS + "max, min")
virtual("null-functions", "coalesce(), ifnull() and nullif().", "a, b, c AS (coalesce(a, b, 'none')), i AS (ifnull(a, 0)), n AS (nullif(a, b))", "(NULL, 1), (NULL, NULL), (1, 1.0), ('a', 'A')", spec=FUNCTIONS + "coalesce, ifnull, nullif")
virtual("round", "round() goes away from 0 at a half, and gives floats; abs() keeps integers.", "a, r AS (round(a)), d AS (round(a, 1)), b AS (abs(a))", "(2.5), (-2.5), (1.25), (7), (-7), ('1.75'), ('x'), (NULL)", spec=FUNCTIONS + "abs, round")
virtual("sign", "sign() of what is no number is NULL.", "a, s AS (sign(a))", "(2.5), (-2), (0), ('-1.75'), ('x'), (x'31'), (NULL)", spec=FUNCTIONS + "sign")
virtual("like", "LIKE: % and _, ASCII letters without case, an escape character.", "a, x AS (a LIKE 'A_C%'), y AS (a NOT LIKE '%c'), z AS (a LIKE '%!%%' ESCAPE '!'), w AS (a LIKE '\u00c9%')", "('abc'), ('aXcd%'), ('\u00e9a'), ('\u00c9a'), (NULL), (12)", spec=EXPRESSION + "5")
virtual("glob", "GLOB: * and ?, sets with ranges and ^, case counts.", "a, x AS (a GLOB 'a*c'), y AS (a GLOB '[^a-c]?*'), z AS (a GLOB '*[]x]'), w AS (a GLOB '[a')", "('abc'), ('Abc'), ('xyz'), ('z]'), ('[a')", spec=EXPRESSION + "5")
