"""SQLite files that are no database of dbm.sqlite3's own making, or only nearly."""
import os
import sqlite3
import tempfile

SPEC = "Lib/dbm/sqlite3.py; Library/dbm: dbm.sqlite3"
TABLE = "CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)"
ROWS = ["INSERT INTO Dict (key, value) VALUES (x'%s', x'%s')" % row
        for row in [("62", "31"), ("61", "33"), ("63", "32"), ("", "34")]]

# name: statements, why.
MADE = {
    "other-tables": (["CREATE TABLE memos (id INTEGER PRIMARY KEY, task TEXT)",
                      "INSERT INTO memos VALUES (1, 'wash')"],
                     "Any SQLite file is dbm.sqlite3's to 3.13; without the table Dict it fails "
                     "when it is used."),
    "no-rows": ([TABLE], "The table without rows."),
    "other-case": (["CREATE TABLE dict (KEY BLOB, VALUE BLOB)",
                    "INSERT INTO dict VALUES (x'61', x'62')"],
                   "SQL's names have no case."),
    "same-key-twice": (["CREATE TABLE Dict (key, value)",
                        "INSERT INTO Dict VALUES (x'61', x'31'), (x'61', x'32')"],
                       "Without UNIQUE a key may stand there twice."),
    "column-missing": (["CREATE TABLE Dict (key BLOB)", "INSERT INTO Dict VALUES (x'61')"],
                       "The table has no column value."),
    "columns-more": (["CREATE TABLE Dict (note TEXT, value BLOB, key BLOB)",
                      "INSERT INTO Dict VALUES ('n', x'31', x'61')"],
                     "More columns, in another order."),
    "utf16": (["PRAGMA encoding = 'UTF-16le'", TABLE, "INSERT INTO Dict VALUES (x'61', x'31')"],
              "The encoding of the file does not touch BLOBs."),
    "page-512": (["PRAGMA page_size = 512", TABLE] + [
        "INSERT INTO Dict VALUES (x'%02x', zeroblob(%d))" % (i, i * 40) for i in range(40)],
        "Small pages, overflow pages, an index of several levels."),
    "index-descending": ([TABLE, "CREATE INDEX newest ON Dict (key DESC)"] + ROWS,
                         "keys() comes in the order of the index that SQLite likes best."),
    "key-descending": (["CREATE TABLE Dict (key BLOB PRIMARY KEY DESC, value BLOB)"] + ROWS,
                       "The constraint's own index is descending."),
    "index-partial": (["CREATE TABLE Dict (key BLOB, value BLOB)",
                       "CREATE INDEX some ON Dict (key DESC) WHERE key > x'61'"] + ROWS,
                      "An index of some rows does not give the order."),
    "index-both": (["CREATE TABLE Dict (value BLOB, key BLOB, UNIQUE (value, key))"] + ROWS,
                   "A UNIQUE over both columns has no index on the key."),
    "without-rowid": (["CREATE TABLE Dict (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"] +
                      ROWS, "The table is its own index."),
    "key-text": (["CREATE TABLE Dict (key, value)", "INSERT INTO Dict VALUES ('text', x'31')"],
                 "A key that is text is listed and not found: it is sought as a BLOB."),
    "hot-journal": ([TABLE] + ROWS, "A transaction was not ended; who only reads cannot roll "
                    "it back."),
}
# Left open, so that its rollback journal stays.
UNFINISHED = {
    "hot-journal": ["PRAGMA cache_size = 1", "BEGIN"] + [
        "INSERT INTO Dict VALUES (x'7a%02x', zeroblob(900))" % i for i in range(40)],
}


def build(name):
    """The files of a database, by their endings."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in MADE[name][0]:
            connection.execute(statement)
        connection.close()
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in UNFINISHED.get(name, []):
            connection.execute(statement)
        files = {}
        for ending in "", "-journal":
            if os.path.exists(path + ending):
                with open(path + ending, "rb") as file:
                    files[ending] = file.read()
        connection.close()
        return files


def damaged(many):
    """Faults in dbm.sqlite3's own file."""
    size = int.from_bytes(many[16:18], "big")
    return {
        "cut-in-header": (many[:50], "The header is cut."),
        "cut-after-page": (many[:size], "Only the first page is left."),
        "page-size-wrong": (many[:16] + b"\x03\x00" + many[18:], "A page size that is no power "
                            "of two."),
        "magic-other": (b"SQLite format 2\0" + many[16:], "The magic of another version."),
        "no-bytes": (b"", "dbm.sqlite3.open() takes an empty file for a new database."),
        "second-page-zero": (many[:size] + b"\0" * size + many[2 * size:], "The table's root "
                             "page is all zeros."),
    }
