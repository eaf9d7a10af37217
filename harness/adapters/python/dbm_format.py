"""Formats `dbm.*`: the dbm modules this Python has, asked for what a path holds.

A request names a path: what a dbm module is given to open. Everything there that
belongs to it is copied into a new folder first, since opening may write: 2.7 and 3.x
up to 3.7 make files that are missing, dumb files are committed when they are closed.
"""
import os
import shutil
import sys
import tempfile

from interpreter import PYTHON2
from request import Unsupported, field

ONE_LANE = True
# The name on the wire, and the module of each Python.
MODULES = {
    "dbm.dumb": "dumbdbm" if PYTHON2 else "dbm.dumb",
    "dbm.gnu": "gdbm" if PYTHON2 else "dbm.gnu",
    "dbm.ndbm": "dbm" if PYTHON2 else "dbm.ndbm",
    "dbm.sqlite3": "dbm.sqlite3",
    "dbm": "anydbm" if PYTHON2 else "dbm",
    "bsddb.hash": "bsddb" if PYTHON2 else "bsddb3",
    "bsddb.btree": "bsddb" if PYTHON2 else "bsddb3",
    "bsddb.recno": "bsddb" if PYTHON2 else "bsddb3",
}
OPENERS = {"bsddb.hash": "hashopen", "bsddb.btree": "btopen", "bsddb.recno": "rnopen"}
# Where WebAssembly sees the machine's files (../pyodide/load.mjs).
HOST = os.environ.get("ASSAY_HOST", "")
ENDINGS = ("", ".dir", ".dat", ".bak", ".pag", ".db", "-wal", "-journal", "-shm")


def find_module(name):
    """The module of a format, or None where this Python lacks it."""
    if name not in MODULES or (PYTHON2 and name == "dbm.sqlite3"):
        return None
    try:
        return __import__(MODULES[name], fromlist=["open"])
    except ImportError:
        return None


def opener(name, module):
    """The function that opens a database of a format."""
    return getattr(module, OPENERS.get(name, "open"))


FEATURES = [name + operation for name in sorted(MODULES) if find_module(name)
            for operation in (":read", ":write") if name + operation != "bsddb.recno:write"] + [
                "dbm:identify", "shelve:read", "shelve:write"]


def make_default(module):
    """Lets `dbm.open` make its new databases with `module`.

    Which one Python prefers depends on what is installed.
    """
    chooser = find_module("dbm")
    if chooser is None or module is None:
        raise Unsupported("this Python has no dbm")
    for name in [] if PYTHON2 else chooser._names:
        try:
            chooser._modules[name] = __import__(name, fromlist=["open"])
        except ImportError:
            pass
    chooser._defaultmod = module


def whichdb(path):
    if find_module("dbm") is None:
        raise Unsupported("this Python has no dbm")
    if PYTHON2:
        from whichdb import whichdb as ask
    else:
        from dbm import whichdb as ask
    return ask(path)


def check_module(path):
    """Refuses to ask this Python for a file of a module that it was built without."""
    module = whichdb(path)
    if module:
        try:
            __import__(module)
        except ImportError:
            raise Unsupported("%s is not in this Python" % module)


class Copy(object):
    """A copy of a database's files; `path` is what to open."""

    def __init__(self, path):
        self.folder = tempfile.mkdtemp(prefix="assay_dbm_")
        self.path = os.path.join(self.folder, os.path.basename(path))
        source = HOST + path
        for ending in ENDINGS:
            if os.path.isfile(source + ending):
                shutil.copy(source + ending, self.path + ending)

    def __enter__(self):
        return self.path

    def __exit__(self, *exception):
        shutil.rmtree(self.folder, ignore_errors=True)


def read(request):
    """All entries in a box (see value_text), in the order of the module's keys."""
    name = field(request, "format")
    module = find_module(name)
    if module is None:
        raise Unsupported("format " + name)
    with Copy(field(request, "path")) as path:
        if name == "dbm":
            check_ndbm(request)
            check_module(path)
        store = opener(name, module)(path, "r")
        try:
            if name in OPENERS:
                return [cursor_entries(store.db.cursor())]
            entries = {} if sys.version_info >= (3, 6) else []
            for key in store.keys():
                if PYTHON2:
                    entries.append((key, store[key]))
                else:
                    entries[key] = store[key]
        finally:
            store.close()
    return [dict(entries)]


def cursor_entries(cursor):
    """What a cursor of Berkeley DB gives; a key with several values has their list."""
    order, entries = [], {}
    step = cursor_step(cursor.first)
    while step is not None:
        key, value = step
        if key not in entries:
            order.append(key)
        entries.setdefault(key, []).append(value)
        step = cursor_step(cursor.next)
    return dict([(key, entries[key][0] if len(entries[key]) == 1 else entries[key])
                 for key in order])


def cursor_step(move):
    """A key and a value, or None at the end, of which bsddb3 makes an exception."""
    try:
        return move()
    except Exception as error:
        if type(error).__name__ != "DBNotFoundError":
            raise
        return None


def ndbm_library():
    """The library behind dbm.ndbm."""
    module = find_module("dbm.ndbm")
    if module is None:
        return "none"
    return "berkeley" if module.library.startswith("Berkeley") else "gdbm"


def check_ndbm(request):
    """The option `ndbm` says which library must be behind dbm.ndbm: "none", "gdbm" or
    "berkeley". Pythons that have another one are not asked."""
    wanted = field(request, "options", {}).get("ndbm")
    if wanted is not None and wanted != ndbm_library():
        raise Unsupported("dbm.ndbm: %s here" % ndbm_library())


def identify(request):
    """What whichdb answers, in a box."""
    check_ndbm(request)
    with Copy(field(request, "path")) as path:
        return [whichdb(path)]
