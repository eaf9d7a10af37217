"""Objects made of the forms of value text, for a pickler to write.

One form is one object. Names become classes in modules that are put into
sys.modules while something is pickled; what calls and operations say becomes the
reduction of an object (Reduced).
"""
import sys
import types

import code_objects
from interpreter import BYTES, PYTHON2
from request import ProtocolError, Unsupported
from value_reading import CONSTANTS, atom_of

BUILTINS = "__builtin__" if PYTHON2 else "builtins"
COPYREG = "copy_reg" if PYTHON2 else "copyreg"
# Modules that picklers use themselves: their own names mean what they are.
KEPT = [BUILTINS, COPYREG] + ([] if PYTHON2 else ["_codecs", "functools"])
FROZENDICT = getattr(sys.modules[BUILTINS], "frozendict", None)  # from 3.15 on
CLASSES = (type, types.FunctionType, types.BuiltinFunctionType)


class Again(object):
    """An iterator of a reduction. An object that holds itself is taken apart while it
    is being written, and again and again by Pickler.fast: `fresh` is for the next time.

    Python 2's counts references, to which a new reduction would add; there this one
    starts again when it has ended, and is another only while it is in use.
    """

    def __init__(self, values, width):
        self.values, self.width, self.at = values, width, 0

    def __iter__(self):
        return self

    def __next__(self):
        at = self.at
        if at == len(self.values):
            if PYTHON2:
                self.at = 0
            raise StopIteration
        self.at = at + self.width
        return self.values[at] if self.width == 1 else (self.values[at], self.values[at + 1])

    next = __next__

    def fresh(self):
        return self if PYTHON2 and not self.at else Again(self.values, self.width)


class Reduced(object):
    """An object that __reduce_ex__ takes apart as the value text says.

    `reduction` is what a call gives, made once: nothing else refers to its parts.
    """

    __slots__ = ("callee", "args", "kwargs", "state", "items", "pairs", "setter", "reduction")

    @property
    def __class__(self):
        return Reduced if self.reduction is not None else self.callee

    def __call__(self, *_):
        raise TypeError("not to be called")

    def __reduce_ex__(self, protocol):
        items, pairs = [again and again.fresh() for again in (self.items, self.pairs)]
        if self.reduction is not None:
            if items is self.items and pairs is self.pairs:
                return self.reduction
            return self.reduction[:3] + (items, pairs) + self.reduction[5:]
        copyreg = sys.modules[COPYREG]
        if self.kwargs is not None:
            call = copyreg.__newobj_ex__, (self.callee, self.args, self.kwargs)
        elif protocol < 2 and not self.args:
            call = copyreg._reconstructor, (self.callee, object, None)
        else:
            call = copyreg.__newobj__, (self.callee,) + self.args
        return call + (self.state, items, pairs) + self.setter


class PersistentObject(object):
    """What persistent_id gives an id for."""

    __slots__ = ("pid",)

    def __reduce_ex__(self, protocol):
        raise TypeError("a persistent object")


def persistent_id(value):
    return value.pid if type(value) is PersistentObject else None


# --- names ------------------------------------------------------------------------

class Names(object):
    """The globals of one value, and the modules in which they are found."""

    def __init__(self):
        self.found, self.modules, self.added, self.shadowed = {}, {}, [], {}

    def find(self, module, name):
        key = (module, name)
        if key not in self.found:
            self.found[key] = self.make(module, name)
        return self.found[key]

    def make(self, module, name):
        if module in KEPT:
            real = self.find_real(sys.modules[module], module, name)
            if real is not None:
                return real
        if not PYTHON2 and "." in name:
            holder, last = self.find(module, name[:name.rindex(".")]), name[name.rindex(".") + 1:]
        else:
            holder, last = self.module(module), name
        made = self.make_class(module, name, last)
        if type(holder) is not type:
            self.added.append((holder, last, made))
        for attribute in [last] if PYTHON2 else [last, mangled(name)]:
            self.set(holder, attribute, made)
        return made

    def find_real(self, found, module, name):
        for part in [name] if PYTHON2 else name.split("."):
            found = getattr(found, part, None)
        if found is None or found is Ellipsis or found is NotImplemented:
            return found
        named = getattr(found, "__module__", None), getattr(found, "__qualname__", found.__name__)
        if not isinstance(found, CLASSES) or named != (module, name):
            raise Unsupported("the name %s of %s" % (name, module))
        return found

    def set(self, holder, name, made):
        if name.startswith("__") and type(holder) is type and hasattr(type, name):
            raise Unsupported("the name " + name)
        try:
            setattr(holder, name, made)
        except (TypeError, ValueError, AttributeError, UnicodeError):
            raise Unsupported("such a name")

    def make_class(self, module, name, last):
        try:
            made = type(last if last.startswith("__newobj") else "G", (object,), {"__slots__": ()})
            made.__module__ = module
            if PYTHON2:
                made.__name__ = name
            else:
                # The names of built-in types are new texts each time; see Names.text.
                made.__qualname__ = "".join(list(name)) if module == BUILTINS else name
        except (TypeError, ValueError, UnicodeError):
            raise Unsupported("such a name")
        return made

    def module(self, name):
        if name in KEPT:
            return sys.modules[name]
        if name not in self.modules:
            self.modules[name] = types.ModuleType(name)
        return self.modules[name]

    def text(self, name):
        """A name of Python: of Python 2 bytes, of Python 3 an interned text."""
        if not PYTHON2:
            return sys.intern(name)
        try:
            return intern(name.encode("latin-1"))  # noqa: F821 (Python 2)
        except UnicodeError:
            raise Unsupported("such a name in Python 2")

    def install(self):
        for name in list(self.modules):
            while "." in name:  # import looks for the packages first
                name = name[:name.rindex(".")]
                if name not in sys.modules and name not in self.modules:
                    self.modules[name] = types.ModuleType(name)
        for name, module in self.modules.items():
            self.shadowed[name] = sys.modules.get(name)
            sys.modules[name] = module

    def restore(self):
        for name, module in self.shadowed.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
        for holder, name, made in self.added:
            if holder in [sys.modules[kept] for kept in KEPT] and hasattr(holder, name):
                delattr(holder, name)


def mangled(name):
    """The last part of a nested name as Python 3.15 looks for it."""
    parts = name.split(".")
    last, before = parts[-1], parts[-2].lstrip("_") if len(parts) > 1 else ""
    if before and last.startswith("__") and not last.endswith("__"):
        return "_" + before + last
    return last


# --- objects ----------------------------------------------------------------------

def pairs_of(parts):
    return zip(parts[::2], parts[1::2])


class Maker(object):
    """Makes the objects of a document. `buffers` are those of the request."""

    def __init__(self, names, buffers):
        self.names, self.buffers, self.unfilled = names, buffers, []
        self.has_persistent, self.empty_frozenset = False, frozenset()

    def make(self, root, forms):
        self.make_one(root)
        self.fill_all()
        made = root.made
        for form in forms:  # nothing else shall refer to the objects
            form.made = None
        return made

    def fill_all(self):
        while self.unfilled:
            form = self.unfilled.pop()
            for part in form.parts:
                self.make_one(part)
            for _, parts in form.operations:
                for part in parts:
                    self.make_one(part)
            FILL[form.kind](self, form)

    def make_one(self, form):
        stack = [form]
        while stack:
            form = stack[-1]
            if form.is_made:
                stack.pop()
                continue
            if form.kind in EMPTY:
                form.made = EMPTY[form.kind]()
                self.unfilled.append(form)
            else:
                missing = [part for part in form.parts if not part.is_made]
                if missing:
                    form.waits = True
                    if any(part.waits for part in missing):
                        raise Unsupported("values that cannot hold each other")
                    stack.extend(missing)
                    continue
                form.made = self.make_immutable(form)
            form.is_made, form.waits = True, False
            stack.pop()

    def make_immutable(self, form):
        if form.kind == "atom":
            return atom_of(form.text)
        if form.kind == "constant":
            return CONSTANTS[form.text] if form.text in CONSTANTS else StopIteration
        values = [part.made for part in form.parts]
        try:
            return MAKE[form.kind](self, *values)
        except (TypeError, ValueError, OverflowError) as error:
            raise Unsupported("%s: %s" % (form.kind, error))

    # --- immutable values

    def make_frozenset(self, *values):
        made = frozenset(values) if values else self.empty_frozenset
        if len(made) != len(values):
            raise Unsupported("equal items")
        return made

    def make_frozendict(self, *values):
        if FROZENDICT is None:
            raise Unsupported("this Python has no frozendict")
        made = FROZENDICT(pairs_of(values))
        if len(made) != len(values) // 2:
            raise Unsupported("equal keys")
        return made

    def make_code(self, *values):
        self.fill_all()  # it is made of copies of its parts
        return code_objects.make(list(pairs_of(values)))

    def make_bytearray(self, data=b""):
        if type(data) is not BYTES:
            raise ProtocolError("bytearray of what is no bytes")
        return bytearray(data)

    def make_range(self, start, stop, step):
        return (xrange if PYTHON2 else range)(start, stop, step)  # noqa: F821 (Python 2)

    def make_global(self, module, name):
        return self.names.find(self.names.text(module), self.names.text(name))

    def make_buffer(self, index):
        return pickle_buffer(self.buffer(index))

    def buffer(self, index):
        if index >= len(self.buffers):
            raise Unsupported("there is no buffer %d" % index)
        return self.buffers[index]

    def make_readonly(self, of):
        if not hasattr(memoryview, "toreadonly"):
            raise Unsupported("this Python has no PickleBuffer")
        if type(of) is not bytearray:
            of = of.raw()
        return pickle_buffer(memoryview(of).toreadonly())

    # --- values that can hold themselves

    def fill_list(self, form):
        form.made.extend([part.made for part in form.parts])

    def fill_dict(self, form):
        self.fill_hashed(form, dict.__setitem__, pairs_of(form.parts), len(form.parts) // 2)

    def fill_set(self, form):
        self.fill_hashed(form, set.add, ((part,) for part in form.parts), len(form.parts))

    def fill_hashed(self, form, method, items, count):
        for item in items:
            try:
                method(form.made, *[part.made for part in item])
            except TypeError as error:
                raise Unsupported(str(error))
        if len(form.made) != count:
            raise Unsupported("equal keys")

    def fill_persid(self, form):
        form.made.pid = form.parts[0].made
        if form.made.pid is None or type(form.made.pid) is PersistentObject:
            raise Unsupported("such a persistent id")
        self.has_persistent = True

    def fill_instance(self, form):
        made = form.made
        made.callee, made.args = form.parts[0].made, form.parts[1].made
        made.kwargs = form.parts[2].made if len(form.parts) > 2 else None
        made.state = made.items = made.pairs = made.reduction = None
        made.setter = ()
        items, pairs, last = [], [], "append"
        for name, parts in form.operations:
            if name == "append" and last == "append":
                items.append(parts[0].made)
            elif name == "set" and last != "build":
                pairs += [part.made for part in parts]
            elif name == "build" and last != "build" and parts[0].made is not None:
                made.state, made.setter = parts[0].made, tuple([part.made for part in parts[1:]])
            else:
                raise Unsupported("no reduction has these operations")
            last = name
        made.items = Again(items, 1) if items else None
        made.pairs = Again(pairs, 2) if pairs else None
        if form.kind == "call":
            if made.kwargs is not None:
                raise Unsupported("no reduction calls with keywords")
            made.reduction = (made.callee, made.args, made.state, made.items, made.pairs)
            made.reduction += made.setter
            made.args = made.state = made.setter = None
            return
        if PYTHON2 and made.kwargs is not None:
            raise Unsupported("Python 2 has no __newobj_ex__")
        if isinstance(made.callee, CLASSES[1:]):
            raise Unsupported("a new object of a function")
        if made.kwargs is not None and made.callee.__new__ is not object.__new__:
            raise Unsupported("a __new__ of its own")


def pickle_buffer(of):
    try:
        from pickle import PickleBuffer
    except ImportError:
        raise Unsupported("this Python has no PickleBuffer")
    return PickleBuffer(of)


def unwritable(maker, *_):
    raise Unsupported("no object is written so")


EMPTY = {"list": list, "dict": dict, "set": set, "persid": PersistentObject,
         "call": Reduced, "new": Reduced}
FILL = {"list": Maker.fill_list, "dict": Maker.fill_dict, "set": Maker.fill_set,
        "persid": Maker.fill_persid, "call": Maker.fill_instance, "new": Maker.fill_instance}
MAKE = {"tuple": lambda maker, *values: values, "frozenset": Maker.make_frozenset,
        "bytearray": Maker.make_bytearray, "range": Maker.make_range,
        "slice": lambda maker, *values: slice(*values),
        "code": Maker.make_code,
        "frozendict": Maker.make_frozendict,
        "complex": lambda maker, real, imaginary: complex(real, imaginary),
        "global": Maker.make_global, "buffer": Maker.make_buffer,
        "readonly": Maker.make_readonly, "ext": unwritable}
