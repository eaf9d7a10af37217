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
}
OPENERS = {"bsddb.hash": "hashopen", "bsddb.btree": "btopen"}
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
            for operation in (":read", ":write")] + [
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
        store = opener(name, module)(path, "r")
        try:
            entries = {} if sys.version_info >= (3, 6) else []
            for key in store.keys():
                if PYTHON2:
                    entries.append((key, store[key]))
                else:
                    entries[key] = store[key]
        finally:
            store.close()
    return [dict(entries)]


def identify(request):
    """What whichdb answers, in a box."""
    with Copy(field(request, "path")) as path:
        return [whichdb(path)]
