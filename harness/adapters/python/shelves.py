"""Shelves over any store, for scripts and for reading.

Their unpickler is the one of format `pickle`: what a value names is not imported.
"""
import contextlib
import shelve
import sys

import dbm_format
import pickle_format
from interpreter import LANES, PYTHON2, InputFile
from request import ProtocolError, Unsupported, field
from symbolic import WORLD


class MemoryStore(dict):
    """A dictionary with the cursor of bsddb's databases, in the order of the keys."""

    at = -1

    def visit(self, at):
        keys = sorted(self)
        if not 0 <= at < len(keys):
            raise KeyError(at)
        self.at = at
        return keys[at], self[keys[at]]

    def first(self):
        return self.visit(0)

    def last(self):
        return self.visit(len(self) - 1)

    def __next__(self):
        return self.visit(self.at + 1)

    next = __next__

    def previous(self):
        return self.visit(self.at - 1)

    def set_location(self, key):
        return self.visit(sum(other < key for other in self))


class Unpickling(object):
    """Stands for shelve's Unpickler, or in 3.15 for its loads."""

    def __init__(self, file):
        self.unpickler = pickle_format.unpickler_maker(LANES[0], True)(file)

    def load(self):
        return self.unpickler.load()


def loads(data):
    return Unpickling(InputFile(data)).load()


@contextlib.contextmanager
def symbolic_shelves():
    """The shelves opened meanwhile import nothing."""
    name, ours = ("Unpickler", Unpickling) if hasattr(shelve, "Unpickler") else ("loads", loads)
    theirs = getattr(shelve, name)
    setattr(shelve, name, ours)
    try:
        yield
    finally:
        setattr(shelve, name, theirs)


SETTINGS = frozenset(["store", "class", "protocol", "writeback", "keyencoding"])


def open_store(session, name, flag):
    """The store under a shelf: a module's database, or one in memory."""
    if name == "memory":
        if session.memory is None or "n" in flag:
            session.memory = MemoryStore()
        return session.memory
    module = dbm_format.find_module(name)
    if module is None:
        raise Unsupported("format " + name)
    return dbm_format.opener(name, module)(session.path, *flag)


def open_shelf(session, flag, settings):
    """shelve.open, or with a `store` one of the classes over that store."""
    unknown = [name for name in settings if name not in SETTINGS]
    if unknown:
        raise ProtocolError("no setting of a shelf is called %s" % unknown[0])
    keywords = dict([(str(name), settings[name]) for name in settings
                     if name in ("protocol", "writeback", "keyencoding")])
    if PYTHON2 and "keyencoding" in keywords:
        raise Unsupported("Python 2's shelves have no keyencoding")
    if "store" not in settings:
        dbm_format.make_default(session.default)
        kind = settings.get("class", "open")
        if kind not in ("open", "DbfilenameShelf"):
            raise ProtocolError("%s is opened over a store" % kind)
        return getattr(shelve, str(kind))(session.path, *flag, **keywords)
    kind = settings.get("class", "Shelf")
    if kind not in ("Shelf", "BsdDbShelf"):
        raise ProtocolError("%s is not opened over a store" % kind)
    return getattr(shelve, str(kind))(open_store(session, settings["store"], flag), **keywords)


def read(request, path):
    """A shelf's keys and values; a value that is refused is the exception's class."""
    dbm_format.make_default(dbm_format.find_module("dbm.dumb"))
    encoding = field(request, "options", {}).get("keyencoding")
    if encoding is not None and PYTHON2:
        raise Unsupported("Python 2's shelves have no keyencoding")
    dbm_format.check_ndbm(request)
    dbm_format.check_module(path)
    shelf = shelve.open(path, "r")
    try:
        if encoding is not None:  # an argument of Shelf, but not of shelve.open
            shelf.keyencoding = str(encoding)
        return dict([(key, value_of(shelf, key)) for key in list(shelf.keys())])
    finally:
        shelf.close()


def value_of(shelf, key):
    try:
        return shelf[key]
    except:  # noqa: E722 (Jython's Java exceptions are not BaseException's)
        return raised(sys.exc_info()[0].__name__)


def raised(name):
    """An exception that is told and not raised."""
    return WORLD.find("raises", name)
