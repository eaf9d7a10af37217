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
    "bsddb.hash": "dbhash" if PYTHON2 else "bsddb3",
}
ENDINGS = ("", ".dir", ".dat", ".bak", ".pag", ".db")


def find_module(name):
    """The module of a format, or None where this Python lacks it."""
    if name not in MODULES or (PYTHON2 and name == "dbm.sqlite3"):
        return None
    try:
        return __import__(MODULES[name], fromlist=["open"])
    except ImportError:
        return None


FEATURES = [name + ":read" for name in sorted(MODULES) if find_module(name)] + ["dbm:identify"]


class Copy(object):
    """A copy of a database's files; `path` is what to open."""

    def __init__(self, path):
        self.folder = tempfile.mkdtemp(prefix="assay_dbm_")
        self.path = os.path.join(self.folder, os.path.basename(path))
        for ending in ENDINGS:
            if os.path.isfile(path + ending):
                shutil.copy(path + ending, self.path + ending)

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
        opened = module.hashopen if hasattr(module, "hashopen") else module.open
        store = opened(path, "r")
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
    if PYTHON2:
        from whichdb import whichdb
    else:
        from dbm import whichdb
    with Copy(field(request, "path")) as path:
        return [whichdb(path)]
