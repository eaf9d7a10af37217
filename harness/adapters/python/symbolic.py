"""The symbolic world: nothing that data names is imported or called.

A name becomes a class (`WORLD.find`); calling it, or its __new__, gives an
Instance, which records in order what is done to it. A few calls by which picklers
spell built-in values give those values (RESOLVERS).
"""
from interpreter import BYTES, PYTHON2, TEXT


class Instance(object):
    """What calling a global, or its __new__, gives: it records what is done to it.

    It has `append` and, in Python 3, no `extend`, so that both lanes hand over one
    item at a time, and `__setstate__`, so that every state reaches it.
    """

    __slots__ = ("form", "callee", "args", "kwargs", "operations")

    def __init__(self, form, callee, args, kwargs=None):
        self.form = form  # "call" or "new"
        self.callee = callee
        self.args = args
        self.kwargs = kwargs
        self.operations = []

    def __call__(self, *args):
        return Instance("call", self, args)

    def __setstate__(self, state):
        self.operations.append(("build", (state,)))

    def __deepcopy__(self, memo):  # of a value that holds it (store_scripts.py)
        return self

    def append(self, item):
        self.operations.append(("append", (item,)))

    if PYTHON2:  # its pickle.py knows nothing else for APPENDS

        def extend(self, items):
            for item in items:
                self.append(item)

    def add(self, item):
        self.operations.append(("add", (item,)))

    def __setitem__(self, key, value):
        self.operations.append(("set", (key, value)))


class GlobalType(type):
    """The class of symbolic globals, which are classes so that NEWOBJ works."""

    def __call__(cls, *args):
        resolver = cls.resolver
        if resolver is not None:
            if type(resolver) is dict:
                resolver = resolver.get(tuple([type(arg) for arg in args]), unresolved)
            value = resolver(*args)
            if value is not UNRESOLVED:
                return value
        return Instance("call", cls, args)

    def __setattr__(cls, name, value):
        raise AttributeError("a symbolic global has no attributes")


class Persid(object):
    """What persistent_load gives. It supports nothing."""

    __slots__ = ("pid",)

    def __init__(self, pid):
        Persid.pid.__set__(self, pid)

    def __setattr__(self, name, value):
        raise AttributeError("a persistent object has no attributes")


class ReadOnlyBuffer(bytes):
    """An out-of-band buffer that cannot be written; compared by identity."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other

    def __ne__(self, other):
        return self is not other

    def __setattr__(self, name, value):
        raise AttributeError("a buffer has no attributes")


def no_such_method(self):
    raise AttributeError("a buffer supports nothing")


class WritableBuffer(bytearray):
    """An out-of-band buffer that could be written, which no pickle may do."""

    __slots__ = ()
    append = extend = property(no_such_method)

    def __setitem__(self, key, value):
        raise TypeError("a buffer does not support item assignment")

    def __setattr__(self, name, value):
        raise AttributeError("a buffer has no attributes")


class Xrange(object):
    """Python 2's xrange, which does not show its bounds."""

    def __init__(self, *bounds):
        xrange(*bounds)  # noqa: F821 (refuses what Python refuses)
        self.start, self.stop, self.step = bounds


RANGE = Xrange if PYTHON2 else range
BUILTINS = ("builtins", "__builtin__")
WITH_IDENTITY = frozenset([list, dict, set, bytearray, memoryview, Instance])
UNRESOLVED = object()


def unresolved(*_):
    return UNRESOLVED


def record_new(*args, **kwargs):
    """__new__ of every symbolic global; any keyword, even `cls`, is allowed."""
    return Instance("new", args[0], args[1:], kwargs)


def make_slice(*args):
    if len(args) != 3 or any(type(arg) in WITH_IDENTITY for arg in args):
        return UNRESOLVED
    return slice(*args)


def make_bytearray(text, encoding):
    return bytearray(text.encode(encoding)) if encoding == "latin-1" else UNRESOLVED


def encode(text, encoding):
    return text.encode(encoding) if encoding in ("latin1", "latin-1") else UNRESOLVED


def dotted(*args):
    """getattr(cls, name): the name that protocol 4 would have written."""
    if len(args) != 2 or type(args[0]) is not GlobalType or type(args[1]) not in (str, TEXT):
        return UNRESOLVED
    name = args[1]
    if PYTHON2 and type(name) is TEXT:
        try:
            name = name.encode("ascii")
        except UnicodeEncodeError:
            return UNRESOLVED
    module, outer = args[0].key
    return WORLD.find(module, outer + "." + name)


def reconstruct(*args):
    """copyreg._reconstructor(cls, object, None)."""
    if (len(args) == 3 and type(args[0]) is type(args[1]) is GlobalType and args[2] is None
            and args[1].key[0] in BUILTINS and args[1].key[1] == "object"):
        return Instance("new", args[0], ())
    return UNRESOLVED


def make_new(*args):
    """copyreg.__newobj__(cls, *args)."""
    if args and type(args[0]) is GlobalType:
        return Instance("new", args[0], args[1:])
    return UNRESOLVED


def make_new_ex(cls, args, kwargs):
    """copyreg.__newobj_ex__(cls, args, kwargs)."""
    if all(type(key) in (str, TEXT) for key in kwargs):
        return Instance("new", cls, args, dict(kwargs))
    return UNRESOLVED


# Calls that give real values: by argument types, or a function that looks itself.
RESOLVERS = {("_codecs", "encode"): {(TEXT, TEXT): encode, (TEXT, str): encode}}
for module in BUILTINS:
    RESOLVERS.update({
        (module, "set"): {(): set, (list,): set},
        (module, "frozenset"): {(): frozenset, (list,): frozenset},
        (module, "bytearray"): {(): bytearray, (BYTES,): bytearray,
                                (TEXT, TEXT): make_bytearray, (TEXT, str): make_bytearray},
        (module, "bytes"): {(): bytes},
        (module, "complex"): {(float, float): complex},
        (module, "range"): {} if PYTHON2 else {(int, int, int): range},
        (module, "slice"): make_slice,
        (module, "getattr"): dotted})
for module in ("copyreg", "copy_reg"):
    RESOLVERS.update({
        (module, "_reconstructor"): reconstruct,
        (module, "__newobj__"): make_new,
        (module, "__newobj_ex__"): {(GlobalType, tuple, dict): make_new_ex}})
if PYTHON2:
    RESOLVERS["__builtin__", "xrange"] = {(int, int, int): Xrange}
SINGLETONS = dict([((module, str(value)), value) for module in BUILTINS
                   for value in (Ellipsis, NotImplemented)])


class World(object):
    """The globals and the buffers of one case."""

    KEPT = 30000  # characters of names kept between cases: making a class is slow

    def __init__(self):
        self.symbolic, self.globals, self.volume = False, {}, 0
        self.buffers = []

    def begin(self, symbolic, buffers=()):
        if symbolic != self.symbolic or self.volume > self.KEPT:
            self.__init__()
        self.symbolic = symbolic
        self.buffers = buffers

    def buffer_index(self, buffer):
        return [id(known) for known in self.buffers].index(id(buffer))

    def find(self, module, name):
        key = (module, name)
        found = self.globals.get(key)
        if found is None:
            if not module:  # as the import of '' in every Python
                raise ValueError("Empty module name")
            if key in SINGLETONS and not self.symbolic:
                return SINGLETONS[key]
            resolver = None if self.symbolic else RESOLVERS.get(key)
            if callable(resolver):
                resolver = staticmethod(resolver)
            found = GlobalType("Global", (object,), {
                "__slots__": (), "__new__": record_new, "resolver": resolver, "key": key})
            self.globals[key] = found
            self.volume += len(module) + len(name) + 30
        return found


WORLD = World()
