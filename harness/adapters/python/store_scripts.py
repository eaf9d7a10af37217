"""Operation `write`: scripts of operations on dbm databases and shelves.

The files are a copy in a folder of their own. What each operation gave is copied at
once, since a shelf with writeback hands out objects that later operations change.
"""
import copy
import gc
import glob
import os
import shutil
import sys

import dbm_format
import shelves
from interpreter import IMPLEMENTATION, TEXT
from request import ProtocolError, Unsupported, field
from script_values import lines_of
from shelves import open_shelf, raised, symbolic_shelves
from symbolic import WORLD
from value_text import ATOMS, PARTS

# Methods of databases and shelves, called as they are: least and greatest number of
# values.
METHODS = {
    "get": (1, 2), "setdefault": (1, 2), "pop": (1, 2), "popitem": (0, 0), "update": (1, 1),
    "clear": (0, 0), "keys": (0, 0), "values": (0, 0), "items": (0, 0), "has_key": (1, 1),
    "firstkey": (0, 0), "nextkey": (1, 1), "reorganize": (0, 0), "sync": (0, 0), "close": (0, 0),
    "first": (0, 0), "next": (0, 0), "previous": (0, 0), "last": (0, 0), "set_location": (1, 1),
}
LISTED = frozenset(["keys", "values", "items"])  # iterators and views are made lists
NOT_OPEN = Ellipsis


class Session(object):
    """A database while a script runs."""

    def __init__(self, format, path):
        self.format, self.path = format, path
        self.shelved = format == "shelve"
        self.module = None if self.shelved else dbm_format.find_module(format)
        if self.module is None and not self.shelved:
            raise Unsupported("format " + format)
        self.store, self.settings, self.memory = None, {}, None
        self.default = dbm_format.find_module("dbm.dumb")

    def open_with(self, flag, settings):
        """A database, or a shelf over one."""
        if self.shelved:
            return open_shelf(self, flag, settings)
        if settings:
            raise ProtocolError("only a shelf is opened with settings")
        if self.format == "dbm":
            dbm_format.make_default(self.default)
        opened = dbm_format.opener(self.format, self.module)
        return opened(self.path, *flag)

    def end(self):
        """Closes what is open, whatever comes of it."""
        if self.store is not None:
            try:
                self.store.close()
            except Exception:
                pass
            self.drop()

    def drop(self):
        """Forgets what is open. CPython calls its __del__, which closes most of them."""
        self.store = None
        if IMPLEMENTATION != "cpython":
            gc.collect()

    def name_of(self, kind):
        """An exception's class; the `error` of a module is named for the format."""
        if kind.__module__ in ("builtins", "exceptions", "__builtin__"):
            return kind.__name__
        for format in sorted(dbm_format.MODULES):
            module = dbm_format.find_module(format)
            errors = getattr(module, "error", ())
            if module and kind in (errors if type(errors) is tuple else (errors,)):
                return format.replace(".hash", "").replace(".btree", "") + ".error"
        return kind.__name__

    def attempt(self, operation, values):
        """What an operation gave, or the class of the exception it raised."""
        try:
            return plain(operation(self, *values))
        except (Unsupported, ProtocolError, KeyboardInterrupt, SystemExit):
            raise
        except:  # noqa: E722 (Jython's Java exceptions are not BaseException's)
            return raised(self.name_of(sys.exc_info()[0]))


def plain(value):
    """A copy of a value that has value text; of another type, its name."""
    if type(value) in ATOMS:
        return value
    if type(value) in PARTS:
        return copy.deepcopy(value)
    return WORLD.find("object", type(value).__name__)


# --- operations -------------------------------------------------------------------

def open_store(session, *values):
    """open [FLAG [, SETTINGS]]: closes what is open, opens anew."""
    session.end()
    settings = values[1] if len(values) > 1 else {}
    session.settings = settings
    session.store = session.open_with(values[:1], settings)
    return None


def second(session, *values):
    """second [FLAG]: opens the database while it is open, and closes that again."""
    session.open_with(values[:1], {}).close()


def drop(session):
    session.drop()


def crash(session):
    """What is on the disk now is all that is left, as if the process had been killed."""
    kept = {}
    for ending in dbm_format.ENDINGS:
        if os.path.isfile(session.path + ending):
            with open(session.path + ending, "rb") as file:
                kept[ending] = file.read()
    session.end()
    for name in glob.glob(session.path + "*"):
        os.remove(name)
    for ending in kept:
        write_file(session.path + ending, kept[ending])


def write_file(path, content):
    with open(path, "wb") as file:
        file.write(content)


def set_default(session, name):
    session.default = dbm_format.find_module(name)
    if session.default is None:
        raise Unsupported("format %s" % name)


def ending_of(text):
    if text not in dbm_format.ENDINGS:
        raise ProtocolError("no file of a database ends in %r" % text)
    return text


def file_content(session, ending):
    """file ENDING: its bytes, None if there is none."""
    path = session.path + ending_of(ending)
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def put(session, ending, content):
    write_file(session.path + ending_of(ending), content)


def erase(session, ending):
    os.remove(session.path + ending_of(ending))


def files(session):
    """files: the endings of the files that are there."""
    return [TEXT(ending) for ending in dbm_format.ENDINGS
            if os.path.isfile(session.path + ending)]


def opened(work):
    """An operation on what is open."""
    def operation(session, *values):
        return NOT_OPEN if session.store is None else work(session, *values)
    return operation


def method(name):
    def operation(session, *values):
        called = getattr(session.store, name)
        result = called(*values)
        return list(result) if name in LISTED else result
    return opened(operation)


def set_item(session, key, value):
    session.store[key] = value


def delete_item(session, key):
    del session.store[key]


def append(session, key, value):
    """append K, V: store[K].append(V), which the store need not notice."""
    session.store[key].append(value)


def set_inside(session, key, inner, value):
    session.store[key][inner] = value


def enter(session):
    return session.store.__enter__() is session.store


def leave(session):
    return session.store.__exit__(None, None, None)


def cache(session):
    """cache: the keys that a shelf with writeback holds, sorted."""
    return sorted(session.store.cache)


def stored(session):
    """stored: what the shelf's store holds, keys and pickles."""
    store = session.store.dict
    return dict([(key, store[key]) for key in store.keys()])


OPERATIONS = {
    "open": (open_store, (0, 2)), "second": (second, (0, 1)), "drop": (drop, (0, 0)),
    "crash": (crash, (0, 0)), "default": (set_default, (1, 1)),
    "which": (lambda session: dbm_format.whichdb(session.path), (0, 0)),
    "file": (file_content, (1, 1)), "put": (put, (2, 2)), "erase": (erase, (1, 1)),
    "files": (files, (0, 0)),
    "item": (opened(lambda session, key: session.store[key]), (1, 1)),
    "set": (opened(set_item), (2, 2)), "delete": (opened(delete_item), (1, 1)),
    "contains": (opened(lambda session, key: key in session.store), (1, 1)),
    "len": (opened(lambda session: len(session.store)), (0, 0)),
    "bool": (opened(lambda session: bool(session.store)), (0, 0)),
    "iter": (opened(lambda session: list(iter(session.store))), (0, 0)),
    "append": (opened(append), (2, 2)), "inside": (opened(set_inside), (3, 3)),
    "enter": (opened(enter), (0, 0)), "exit": (opened(leave), (0, 0)),
    "cache": (opened(cache), (0, 0)), "stored": (opened(stored), (0, 0)),
}
OPERATIONS.update((name, (method(name), METHODS[name])) for name in METHODS)


# --- the operation of the protocol ------------------------------------------------

def mapping(session):
    """Everything in the database, opened again for reading."""
    # A shelf with writeback writes back what was only read, and fails.
    settings = dict((name, session.settings[name]) for name in session.settings
                    if name != "writeback")
    store = session.open_with(("r",), settings)
    try:
        return dict([(key, session.attempt(lambda _, key: store[key], (key,)))
                     for key in list(store.keys())])
    finally:
        store.close()


def run(session, script):
    results = []
    for _, word, values in lines_of(script, dict((w, OPERATIONS[w][1]) for w in OPERATIONS)):
        results.append(session.attempt(OPERATIONS[word][0], values))
    session.end()
    return (results, session.attempt(mapping, ()))


def keep(path, folder):
    """Leaves the files as they are now in a folder, and none of an earlier try.

    Who is stopped by the time limit and asked again finds the folder made.
    """
    if not os.path.isdir(folder):
        os.makedirs(folder)
    for ending in dbm_format.ENDINGS:
        kept = os.path.join(folder, os.path.basename(path) + ending)
        if os.path.isfile(kept):
            os.remove(kept)
        if os.path.isfile(path + ending):
            shutil.copy(path + ending, kept)


def write(request):
    """The results of a script and the mapping afterwards, in a box."""
    options = field(request, "options", {})
    unknown = [name for name in options if name != "keep"]
    if unknown:
        raise Unsupported("option " + unknown[0])
    WORLD.begin(False)
    with dbm_format.Copy(request.get("path") or os.path.join("absent", "db")) as path:
        session = Session(field(request, "format"), path)
        try:
            with symbolic_shelves():
                answer = run(session, str(field(request, "script")))
            if "keep" in options:
                keep(path, options["keep"])
            return [answer]
        finally:
            session.end()


def read(request):
    """The entries of a database or of a shelf, in a box."""
    if field(request, "format") != "shelve":
        return dbm_format.read(request)
    WORLD.begin(False)
    with dbm_format.Copy(field(request, "path")) as path:
        with symbolic_shelves():
            return [shelves.read(request, path)]
