"""Assay's adapter for the sqlite3 shell; README.md beside it says what it decides.

The shell is started anew for each query: it has no other way to say that a query
failed.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

ENDINGS = ("", "-wal", "-journal")


class Refused(Exception):
    """What the shell said of a query that failed."""


def query(path, sql):
    """The lines that a query prints, its values separated by blanks."""
    run = subprocess.run(["sqlite3", "-batch", "-bail", "-noheader", "-list", "-separator", " ", path],
                         input=sql.encode("utf-8") + b";\n", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0 or run.stderr:
        raise Refused(run.stderr.decode("utf-8", "replace").strip())
    return run.stdout.decode("ascii").split("\n")[:-1]


def utf8_of_utf16(data, order):
    """As SQLite does it: a surrogate is joined with whatever unit follows it."""
    units = list(struct.unpack("%s%dH" % (order, len(data) // 2), data[:len(data) // 2 * 2]))
    out, i = b"", 0
    while i < len(units):
        code = units[i]
        i += 1
        if 0xD800 <= code < 0xE000 and i < len(units):
            code = (units[i] & 0x3FF) + ((code & 0x3F) << 10) + (((code & 0x3C0) + 0x40) << 10)
            i += 1
        out += chr(code).encode("utf-8", "surrogatepass")
    return out


class Database:
    def __init__(self, path):
        self.path = path
        encoding = query(path, "PRAGMA encoding")[0]
        self.order = {"UTF-16le": "<", "UTF-16be": ">"}.get(encoding)

    def utf8(self, text):
        data = bytes.fromhex(text)
        return utf8_of_utf16(data, self.order) if self.order else data

    def value(self, word):
        """A value as `shown` spells it, as value text."""
        kind, rest = word[0], word[1:]
        if kind == "n":
            return "None"
        if kind == "i":
            return rest
        if kind == "r":
            return repr(struct.unpack(">d", bytes.fromhex(rest))[0])
        if kind == "b":
            return repr(bytes.fromhex(rest))
        data = self.utf8(rest)
        try:
            return ascii(data.decode("utf-8"))
        except UnicodeDecodeError:
            return "call(global('sqlite3', 'text'), %r)" % data

    def rows(self, columns, source):
        lines = query(self.path, "SELECT %s FROM %s" % (", ".join(map(shown, columns)), source))
        for line in lines:
            values = [self.value(word) for word in line.split(" ")]
            yield "(%s)" % (", ".join(values) + ("," if len(values) == 1 else ""))


def shown(name):
    """SQL for a value as one word: its class, and digits that keep all of it."""
    return ("CASE typeof(%(c)s) WHEN 'integer' THEN 'i' || %(c)s WHEN 'real' THEN 'r' || hex(ieee754_to_blob(%(c)s)) "
            "WHEN 'text' THEN 't' || hex(%(c)s) WHEN 'blob' THEN 'b' || hex(%(c)s) ELSE 'n' END" % {"c": quoted(name)})


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def read(path):
    database = Database(path)
    schema = list(database.rows(["type", "name", "tbl_name", "rootpage", "sql"], "sqlite_master"))
    names = [database.utf8(line).decode("utf-8") for line in query(
        path, "SELECT hex(name) FROM sqlite_master WHERE type = 'table' AND "
        "coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL TABLE%'")]
    tables = []
    for name in names:
        columns = [database.utf8(line).decode("utf-8") for line in query(
            path, "SELECT hex(name) FROM pragma_table_xinfo(%s) WHERE hidden <> 1" % ("'" + name.replace("'", "''") + "'"))]
        rows = database.rows(columns, quoted(name) + " NOT INDEXED")
        tables.append("%s: [%s]" % (ascii(name), ", ".join(rows)))
    return "{'schema': [%s], 'rows': {%s}}" % (", ".join(schema), ", ".join(tables))


def on_a_copy(path):
    folder = tempfile.mkdtemp(prefix="assay_sqlite_")
    try:
        copy = os.path.join(folder, "copy.db")
        for ending in ENDINGS:
            if os.path.isfile(path + ending):
                shutil.copy(path + ending, copy + ending)
        return read(copy)
    finally:
        shutil.rmtree(folder)


def answer(request):
    if request["op"] == "hello":
        version = subprocess.run(["sqlite3", "--version"], stdout=subprocess.PIPE, check=True).stdout.split()[0].decode()
        return {"implementation": "sqlite3-shell", "version": version, "language": "C", "window": 4,
                "formats": ["sqlite:read"], "identity": "none", "lossy": []}
    if request["op"] != "read" or request.get("format") != "sqlite" or request.get("options"):
        return {"unsupported": "%s %s" % (request["op"], request.get("format"))}
    try:
        return {"value": on_a_copy(request["path"])}
    except Refused as error:
        return {"error": "Error", "message": str(error)[:300]}


for line in sys.stdin:
    request = json.loads(line)
    if request["op"] == "bye":
        break
    answered = answer(request)
    if "id" in request:
        answered["id"] = request["id"]
    print(json.dumps(answered), flush=True)
