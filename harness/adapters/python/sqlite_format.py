"""Format `sqlite`: what this Python's sqlite3 reads of a database, and what it dumps.

`read` answers the schema and every row of every table with its storage classes, as
../README.md defines it. `iterdump` answers the lines of Connection.iterdump() as
text, in Python 2 too, which gives some of them as bytes.

The database and what stands beside it are copied first: opening a database may put
back a hot journal, or take a log in.
"""
from contextlib import closing

from dbm_format import Copy
from interpreter import BYTES, PYTHON2
from request import Unsupported, field
from symbolic import WORLD

try:
    import sqlite3
except ImportError:  # Jython
    sqlite3 = None

ONE_LANE = True
FEATURES = ["sqlite:read", "sqlite:iterdump"] if sqlite3 else []


def is_utf8(data):
    """Python 2's decoder lets surrogates through, whose first byte is ED."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(b"\x80" <= rest[:1] < b"\xa0" for rest in data.split(b"\xed")[1:])


def text_of(data):
    """A text from the bytes that SQLite gives; a call where they are no UTF-8."""
    data = BYTES(data)
    return data.decode("utf-8") if is_utf8(data) else WORLD.find("sqlite3", "text")(data)


def value_of(value):
    return BYTES(value) if PYTHON2 and isinstance(value, buffer) else value  # noqa: F821


def rows_of(connection, query):
    return [tuple([value_of(value) for value in row]) for row in connection.execute(query)]


def contents(connection):
    """The canonical answer to `read`."""
    connection.text_factory = BYTES
    names = [BYTES(row[0]) for row in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND "
        "coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL TABLE%'")]
    connection.text_factory = text_of
    schema = rows_of(connection, "SELECT * FROM sqlite_master")
    rows = []
    for name in names:
        quoted = u'"' + name.decode("utf-8").replace(u'"', u'""') + u'"'
        rows.append((text_of(name), rows_of(connection, u"SELECT * FROM %s NOT INDEXED" % quoted)))
    return {u"schema": schema, u"rows": dict(rows)}


def opened(request):
    if sqlite3 is None:
        raise Unsupported("no module sqlite3")
    if request.get("options"):
        raise Unsupported("options")
    return Copy(field(request, "path"))


def read(request):
    """The database in a box (see value_text)."""
    with opened(request) as path, closing(sqlite3.connect(path)) as connection:
        return [contents(connection)]


def iterdump(request):
    """The lines of a dump in a box."""
    with opened(request) as path, closing(sqlite3.connect(path)) as connection:
        return [[line.decode("ascii") if PYTHON2 and isinstance(line, str) else line
                 for line in connection.iterdump()]]
