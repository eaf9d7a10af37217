"""Assay's adapter for Python's own implementations of the persistence formats.

One file, standard library only; runs unchanged on CPython 2.7 and 3.6 or later,
PyPy 3 and Jython 2.7:

    python assay_adapter.py [--lane c|py]

One JSON request a line on stdin, one JSON answer a line on stdout (README.md
beside this file shows the protocol). Nothing that the data names is imported or
called: find_class gives symbolic classes, and what a pickle does to them is
recorded and printed as value text.

Parts, in order: what Python this is; the symbolic world; value text; formats;
the protocol. A new format is a function in FORMATS, a new operation a row in
OPERATIONS.
"""
from __future__ import print_function

import binascii
import gc
import io
import json
import pickle
import re
import struct
import sys
import warnings
from collections import deque

# --- what Python this is ------------------------------------------------------

PYTHON2 = sys.version_info[0] == 2
if PYTHON2:
    import copy_reg as copyreg

    TEXT, BYTES, LONG = unicode, str, long  # noqa: F821 (names of Python 2)
    NAME_MAPPING = IMPORT_MAPPING = {}
else:
    import copyreg
    from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING

    TEXT, BYTES, LONG = str, bytes, None

if sys.platform.startswith("java"):
    IMPLEMENTATION = "jython"
elif hasattr(sys, "pypy_version_info"):
    IMPLEMENTATION = "pypy"
else:
    IMPLEMENTATION = "cpython"

try:
    if PYTHON2:
        import cPickle as native_pickle
    else:
        import _pickle as native_pickle
except ImportError:  # PyPy 3 has one lane
    native_pickle = None

if PYTHON2 and IMPLEMENTATION == "cpython":
    # cPickle reads this type through its C interface, as cPickle.loads does.
    from cStringIO import StringIO as InputFile
else:
    InputFile = io.BytesIO


def version_text(info):
    """(3, 15, 0, 'candidate', 1) as '3.15.0rc1'."""
    suffix = {"alpha": "a", "beta": "b", "candidate": "rc"}.get(info[3])
    return "%d.%d.%d" % tuple(info[:3]) + (suffix + str(info[4]) if suffix else "")


def lanes():
    """The lanes this interpreter has, the preferred one first."""
    if native_pickle is None:
        return ["py"]
    return ["java" if IMPLEMENTATION == "jython" else "c", "py"]


# --- the symbolic world -------------------------------------------------------


class Raised(Exception):
    """What Probe raises when it is hashed."""


class Instance(object):
    """What calling a global, or its __new__, gives: it records what is done to it.

    It has `append` and, in Python 3, no `extend`, so that both lanes hand over one
    item at a time, and `__setstate__`, so that every state reaches it.
    """

    __slots__ = ("form", "callee", "args", "kwargs", "operations")

    def __init__(self, form, callee, args, kwargs=None):
        self.form = form
        self.callee = callee
        self.args = args
        self.kwargs = kwargs
        self.operations = []

    def __call__(self, *args):
        return Instance("call", self, args)

    def __setstate__(self, state):
        self.operations.append(("build", (state,)))

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
            value = resolver(args)
            if value is not UNRESOLVED:
                return value
        return Instance("call", cls, args)

    def __setattr__(cls, name, value):
        raise AttributeError("a symbolic global has no attributes")

    __delattr__ = None


def record_new(*args, **kwargs):
    return Instance("new", args[0], args[1:], kwargs)


class Persid(object):
    """What persistent_load gives. It supports nothing."""

    __slots__ = ("pid",)

    def __init__(self, pid):
        Persid.pid.__set__(self, pid)

    def __setattr__(self, name, value):
        raise AttributeError("a persistent object has no attributes")


class ReadOnlyBuffer(bytes):
    """An out-of-band buffer that cannot be written; compared by identity."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other

    def __ne__(self, other):
        return self is not other


class WritableBuffer(bytearray):
    pass


class Range(object):
    """Python 2's xrange, which does not show its bounds."""

    def __init__(self, start, stop, step):
        self.start, self.stop, self.step = start, stop, step


class World(object):
    """The globals of one case."""

    KEPT = 1000  # globals kept between cases: making a class is slow

    def __init__(self):
        self.symbolic = False
        self.globals = {}

    def begin(self, symbolic):
        if symbolic != self.symbolic or len(self.globals) > self.KEPT:
            self.globals = {}
        self.symbolic = symbolic

    def find(self, module, name):
        key = (module, name)
        found = self.globals.get(key)
        if found is None:
            if not module:  # as the import of '' in every Python
                raise ValueError("Empty module name")
            resolver = None if self.symbolic else RESOLVERS.get(key)
            if resolver in SINGLETONS:
                found = resolver
            else:
                found = GlobalType("Global", (object,), {
                    "__slots__": (), "__new__": record_new, "resolver": staticmethod(resolver)
                    if resolver else None, "key": key})
            self.globals[key] = found
        return found


WORLD = World()
UNRESOLVED = object()
SINGLETONS = (Ellipsis, NotImplemented)


def types_of(args):
    return tuple([type(arg) for arg in args])


def resolve_set(args):
    return set(*args) if types_of(args) in ((), (list,)) else UNRESOLVED


def resolve_frozenset(args):
    return frozenset(*args) if types_of(args) in ((), (list,)) else UNRESOLVED


def resolve_bytearray(args):
    if types_of(args) in ((), (BYTES,)):
        return bytearray(*args)
    if len(args) == 2 and is_latin1(args, ("latin-1",)):
        return bytearray(args[0].encode("latin-1"))
    return UNRESOLVED


def resolve_encode(args):
    if len(args) == 2 and is_latin1(args, ("latin1", "latin-1")):
        return args[0].encode("latin-1")
    return UNRESOLVED


def is_latin1(args, spellings):
    return type(args[0]) is TEXT and type(args[1]) in (TEXT, BYTES) and args[1] in spellings


def resolve_bytes(args):
    return b"" if not args else UNRESOLVED


def resolve_complex(args):
    return complex(*args) if types_of(args) == (float, float) else UNRESOLVED


def resolve_range(args):
    if types_of(args) != (int, int, int):
        return UNRESOLVED
    if not PYTHON2:
        return range(*args)
    xrange(*args)  # noqa: F821 (refuses what Python refuses)
    return Range(*args)


def resolve_slice(args):
    if len(args) != 3 or any(type(arg) in WITH_IDENTITY for arg in args):
        return UNRESOLVED
    return slice(*args)


def is_global(value, modules, name):
    return type(value) is GlobalType and value.key[0] in modules and value.key[1] == name


def resolve_reconstructor(args):
    if (len(args) == 3 and type(args[0]) is GlobalType and args[2] is None
            and is_global(args[1], BUILTINS, "object")):
        return Instance("new", args[0], ())
    return UNRESOLVED


def resolve_newobj(args):
    if args and type(args[0]) is GlobalType:
        return Instance("new", args[0], args[1:])
    return UNRESOLVED


def resolve_newobj_ex(args):
    if types_of(args) == (GlobalType, tuple, dict) and all(type(key) in (str, TEXT)
                                                           for key in args[2]):
        return Instance("new", args[0], args[1], dict(args[2]))
    return UNRESOLVED


BUILTINS = ("builtins", "__builtin__")
WITH_IDENTITY = frozenset([list, dict, set, bytearray, memoryview, Instance])
RESOLVERS = {("_codecs", "encode"): resolve_encode}
for builtins_module in BUILTINS:
    for resolved_name, resolver_function in [
            ("set", resolve_set), ("frozenset", resolve_frozenset),
            ("bytearray", resolve_bytearray), ("bytes", resolve_bytes),
            ("complex", resolve_complex), ("slice", resolve_slice),
            ("xrange" if PYTHON2 else "range", resolve_range),
            ("Ellipsis", Ellipsis), ("NotImplemented", NotImplemented)]:
        RESOLVERS[builtins_module, resolved_name] = resolver_function
for copyreg_module in ("copyreg", "copy_reg"):
    RESOLVERS[copyreg_module, "_reconstructor"] = resolve_reconstructor
    RESOLVERS[copyreg_module, "__newobj__"] = resolve_newobj
    RESOLVERS[copyreg_module, "__newobj_ex__"] = resolve_newobj_ex


# --- value text ---------------------------------------------------------------


class Raw(str):
    """A piece of finished text among the objects still to be printed."""

    __slots__ = ()


class Reach(object):
    """Depth beyond which a document is printed flat; size from which shared
    text, bytes and integers are labelled."""

    DEPTH = 100
    LONG_TEXT = 32
    LONG_INTEGER = 1 << 256


def quoted(text):
    """Python's own repr of text or bytes, in single quotes."""
    if text[0] == "'":
        return text
    return "'" + text[1:-1].replace("'", "\\'") + "'"


def integer_text(value):
    if -1 << 63 <= value < 1 << 63:
        return "%d" % value
    return "%#x" % value


def long_text(value):
    return "long(" + integer_text(value) + ")"


def float_text(value):
    if value == value:
        return repr(value)
    bits = struct.unpack(">Q", struct.pack(">d", value))[0]
    return "nan" if bits == 0x7FF8000000000000 else "nan(0x%016x)" % bits


def complex_text(value):
    return "complex(%s, %s)" % (float_text(value.real), float_text(value.imag))


ESCAPES = {u"\\": "\\\\", u"'": "\\'", u"\n": "\\n", u"\r": "\\r", u"\t": "\\t"}
ESCAPED = u"[^ -~]|[\\\\']"
if sys.maxunicode == 0xFFFF:  # a narrow build: two units are one character
    ESCAPED = u"[%c-%c][%c-%c]|" % (0xD800, 0xDBFF, 0xDC00, 0xDFFF) + ESCAPED


def escape(match):
    text = match.group()
    if text in ESCAPES:
        return ESCAPES[text]
    code = ord(text[0])
    if len(text) == 2:
        code = 0x10000 + ((code - 0xD800) << 10) + ord(text[1]) - 0xDC00
    return ("\\x%02x" if code < 0x100 else "\\u%04x" if code < 0x10000 else "\\U%08x") % code


def unicode_text(value, special=re.compile(ESCAPED)):
    """Python 2's unicode: its repr joins surrogates even where they are two characters."""
    return str("'" + special.sub(escape, value) + "'")


def bytes_text(value):
    return "b" + quoted(repr(value) if PYTHON2 else repr(value)[1:])


def name_text(value):
    """A part of a global's name. Python 2's are bytes: printed as Latin-1."""
    if type(value) is TEXT:
        return ATOMS[TEXT](value)
    return unicode_text(value.decode("latin-1")) if PYTHON2 else ATOMS[TEXT](str(value))


def global_text(value):
    return "global(%s, %s)" % (name_text(value.key[0]), name_text(value.key[1]))


ATOMS = {
    type(None): str, bool: str, int: integer_text, float: float_text, complex: complex_text,
    BYTES: bytes_text, TEXT: unicode_text if PYTHON2 else lambda value: quoted(ascii(value)),
    type(Ellipsis): lambda value: "Ellipsis",
    type(NotImplemented): lambda value: "NotImplemented",
    bytearray: lambda value: "bytearray(" + bytes_text(bytes(value)) + ")",
    ReadOnlyBuffer: lambda value: "buffer(%d)" % value.index,
    WritableBuffer: lambda value: "buffer(%d)" % value.index,
    GlobalType: global_text,
}
if PYTHON2:
    ATOMS[LONG] = long_text


def range_text(value):
    return "range(%s, %s, %s)" % (
        integer_text(value.start), integer_text(value.stop), integer_text(value.step))


ATOMS[Range if PYTHON2 else range] = range_text

WORD = re.compile("[A-Za-z_][A-Za-z0-9_]*$")
NOT_KEYWORDS = frozenset(["None", "True", "False", "Ellipsis", "NotImplemented",
                          "StopIteration", "nan", "inf"])


def between(opening, items, closing):
    parts = [Raw(opening)]
    for item in items:
        parts.append(item)
        parts.append(COMMA)
    if len(parts) > 1:
        parts.pop()
    parts.append(Raw(closing))
    return parts


COMMA, COLON = Raw(", "), Raw(": ")


def tuple_parts(value):
    return between("(", value, ",)" if len(value) == 1 else ")")


def dict_parts(value):
    pairs = list(value.items())
    if PYTHON2 and all(type(key) in ATOMS for key in value):
        pairs.sort(key=lambda pair: ATOMS[type(pair[0])](pair[0]))
    parts = [Raw("{")]
    for key, item in pairs:
        parts += (key, COLON, item, COMMA)
    if pairs:
        parts.pop()
    parts.append(Raw("}"))
    return parts


def in_order(items):
    """The items of a set in an order that does not depend on hashes, if cheap."""
    if all(type(item) in ATOMS for item in items):
        return sorted(items, key=lambda item: ATOMS[type(item)](item))
    return items


def set_parts(value):
    return between("{", in_order(value), "}") if value else [Raw("set()")]


def frozenset_parts(value):
    return between("frozenset({", in_order(value), "})") if value else [Raw("frozenset()")]


def slice_parts(value):
    return between("slice(", (value.start, value.stop, value.step), ")")


def instance_parts(value):
    parts = between(value.form + "(", (value.callee,) + value.args, ")")
    kwargs = value.kwargs
    if kwargs:
        parts.pop()
        names = sorted(kwargs) if PYTHON2 else list(kwargs)
        other = {}
        for name in names:
            if WORD.match(name) and name not in NOT_KEYWORDS:
                parts += (Raw(", " + name + "="), kwargs[name])
            else:
                other[name] = kwargs[name]
        if other:
            parts.append(Raw(", **"))
            parts += dict_parts(other)
        parts.append(Raw(")"))
    for name, args in value.operations:
        parts += between("." + name + "(", args, ")")
    return parts


PARTS = {
    list: lambda value: between("[", value, "]"), tuple: tuple_parts, dict: dict_parts,
    set: set_parts, frozenset: frozenset_parts, slice: slice_parts, Instance: instance_parts,
    Persid: lambda value: [Raw("persid("), value.pid, Raw(")")],
    memoryview: lambda value: [Raw("readonly("), value.obj, Raw(")")],
    # The mark itself, which Python 2's pickle.py leaves in values.
    object: lambda value: [Raw("call(global('__builtin__', 'object'))")],
}


def labelled(value, kind):
    """Whether a value that is met twice gets a label."""
    if kind in PARTS:
        return (kind is not tuple and kind is not frozenset) or bool(value)
    if kind is TEXT or kind is BYTES:
        return len(value) > Reach.LONG_TEXT
    if kind is int or kind is LONG:
        return not -Reach.LONG_INTEGER < value < Reach.LONG_INTEGER
    if kind is GlobalType:
        return len(value.key[0]) + len(value.key[1]) > Reach.LONG_TEXT
    return kind is bytearray or kind is complex or kind is (Range if PYTHON2 else range)


def survey(root):
    """All nodes that may be labelled, parents first, and the ids of those met twice."""
    nodes, seen, shared = [], set(), set()
    stack = [root]
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind is Raw or not labelled(value, kind):
            continue
        key = id(value)
        if key in seen:
            shared.add(key)
            continue
        seen.add(key)
        nodes.append(value)
        if kind in PARTS:
            if kind is list or kind is tuple or kind is set or kind is frozenset:
                stack.extend(value)
            elif kind is dict:
                stack.extend(value)
                stack.extend(value.values())
            else:
                stack.extend(PARTS[kind](value))
    return nodes, shared


CLOSE = Raw("")


def nested_text(root, shared):
    """Value text with values inside each other; None if that is too deep."""
    labels, pieces, depth = {}, [], 0
    stack = [root]
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind is Raw:
            if value is CLOSE:
                depth -= 1
            else:
                pieces.append(value)
            continue
        if shared and id(value) in shared:
            label = labels.get(id(value))
            if label is not None:
                pieces.append("*%d" % label)
                continue
            labels[id(value)] = label = len(labels) + 1
            pieces.append("&%d " % label)
        atom = ATOMS.get(kind)
        if atom is not None:
            pieces.append(atom(value))
            continue
        depth += 1
        if depth > Reach.DEPTH:
            return None
        parts = PARTS[kind](value)
        stack.append(CLOSE)
        parts.reverse()
        stack.extend(parts)
    return "".join(pieces)


def flat_text(root, shared):
    """Value text with a line for each composite value: no depth at all."""
    labels, pieces = {id(root): 1}, []
    queue = deque([root])
    while queue:
        value = queue.popleft()
        pieces.append("&%d = " % labels[id(value)])
        kind = type(value)
        for part in PARTS[kind](value) if kind in PARTS else [Raw(ATOMS[kind](value))]:
            if type(part) is Raw:
                pieces.append(part)
            elif id(part) in labels:
                pieces.append("*%d" % labels[id(part)])
            elif type(part) in PARTS or id(part) in shared:
                labels[id(part)] = len(labels) + 1
                pieces.append("*%d" % len(labels))
                queue.append(part)
            else:
                pieces.append(ATOMS[type(part)](part))
        pieces.append("\n")
    pieces.append("*1")
    return "".join(pieces)


def value_text(box):
    """The value text of box[0], which is taken out of the box.

    A deep value is then taken apart from the top, so that no destructor goes
    deeper than one level.
    """
    root = box.pop()
    atom = ATOMS.get(type(root))
    if atom is not None:
        return atom(root)
    nodes, shared = survey(root)
    text = nested_text(root, shared)
    if text is None:
        text = flat_text(root, shared)
        del root
        nodes.reverse()
        while nodes:
            nodes.pop()
    return text


# --- formats ------------------------------------------------------------------


class Unsupported(Exception):
    """The request is well formed and this adapter cannot do it."""


class ProtocolError(Exception):
    """The request is not well formed."""


class PureUnpickler(getattr(pickle, "_Unpickler", pickle.Unpickler), object):
    """Lane py: pickle.py."""

    def find_class(self, module, name):
        if getattr(self, "proto", 3) < 3 and self.fix_imports:
            module, name = python3_name(module, name)
        return WORLD.find(module, name)


class PurePersistentUnpickler(PureUnpickler):
    def persistent_load(self, pid):
        return Persid(pid)


def python3_name(module, name):
    """What fix_imports makes of a Python 2 name."""
    if (module, name) in NAME_MAPPING:
        return NAME_MAPPING[module, name]
    return IMPORT_MAPPING.get(module, module), name


if native_pickle is not None and not PYTHON2:

    class Probe(str):
        """A name that tells when it is looked up in a table."""

        def __hash__(self):
            raise Raised

    PROBE = Probe()

    class NativeUnpickler(native_pickle.Unpickler):
        """Lane c: _pickle."""

        def find_class(self, module, name):
            renamed = python3_name(module, name)
            if renamed != (module, name) and self.renames():
                module, name = renamed
            return WORLD.find(module, name)

        def renames(self):
            """Whether fix_imports applies at this point of the stream.

            The protocol seen last is hidden inside _pickle. Its own find_class
            looks names up only if it renames, and else imports '', which fails.
            """
            try:
                native_pickle.Unpickler.find_class(self, "", PROBE)
            except Raised:
                return True
            except ValueError:
                return False

    class NativePersistentUnpickler(NativeUnpickler):
        def persistent_load(self, pid):
            return Persid(pid)


def native_unpickler(file, persistent, keywords):
    if not PYTHON2:
        return (NativePersistentUnpickler if persistent else NativeUnpickler)(file, **keywords)
    unpickler = native_pickle.Unpickler(file)
    unpickler.find_global = WORLD.find
    if persistent:
        unpickler.persistent_load = Persid
    return unpickler


def pure_unpickler(file, persistent, keywords):
    return (PurePersistentUnpickler if persistent else PureUnpickler)(file, **keywords)


PICKLE_OPTIONS = frozenset(["encoding", "errors", "fix_imports", "persistent", "extensions",
                            "symbolic", "loads", "fresh"])


def pickle_keywords(options, buffers):
    """The arguments of Unpickler that a request asks for."""
    unknown = [name for name in options if name not in PICKLE_OPTIONS]
    if unknown:
        raise Unsupported("option " + unknown[0])
    keywords = dict([(str(name), options[name]) for name in ("encoding", "errors", "fix_imports")
                     if name in options])
    if PYTHON2 and keywords:
        raise Unsupported("Python 2 has no option " + sorted(keywords)[0])
    if buffers and sys.version_info >= (3, 8):
        keywords["buffers"] = [make_buffer(index, text) for index, text in enumerate(buffers)]
    return keywords


def make_buffer(index, text):
    kind = ReadOnlyBuffer
    if text.startswith("w:"):
        kind, text = WritableBuffer, text[2:]
    made = kind(from_hex(text))
    made.index = index
    return made


def from_hex(text):
    try:
        return binascii.unhexlify(text)
    except (TypeError, ValueError) as error:
        raise ProtocolError("hex: %s" % error)


def add_extensions(text):
    """Registers '1=module:name,240=module:name' in copyreg."""
    for entry in text.split(","):
        code, _, name = entry.partition("=")
        key = tuple(str(name).split(":", 1))
        if not code.isdigit() or len(key) != 2:
            raise ProtocolError("extension: " + entry)
        copyreg._extension_registry[key] = int(code)
        copyreg._inverted_registry[int(code)] = key


def clear_extensions():
    copyreg._extension_registry.clear()
    copyreg._inverted_registry.clear()
    copyreg._extension_cache.clear()


def decode_pickle(request, lane):
    data = from_hex(request["data"])
    options = request.get("options") or {}
    loads = options.get("loads", 1)
    fresh = options.get("fresh", False)
    persistent = options.get("persistent") != "none"
    make = pure_unpickler if lane == "py" else native_unpickler
    keywords = pickle_keywords(options, request.get("buffers"))
    WORLD.begin(options.get("symbolic", False))
    if "extensions" in options:
        add_extensions(options["extensions"])
    try:
        file = InputFile(data)
        unpickler = make(file, persistent, keywords)
        results = [unpickler.load()]
        for _ in range(loads - 1):
            if fresh:
                unpickler = make(file, persistent, keywords)
            results.append(unpickler.load())
        del unpickler
    finally:
        if "extensions" in options:
            clear_extensions()
    if "loads" in options:
        results = [tuple(results)]
    return results, file.tell()


# --- the protocol -------------------------------------------------------------

FORMATS = {"pickle": decode_pickle}
MESSAGE_LIMIT = 300


def error_name(error):
    """The class of an exception: its name, and its module where that alone says nothing."""
    return "struct.error" if error is struct.error else error.__name__


def error_message(error):
    try:
        text = str(error)
        text.encode("ascii")
    except Exception:
        text = ""
        try:
            text = ATOMS[TEXT](TEXT(error))
        except Exception:
            pass
    return text[:MESSAGE_LIMIT]


def decode(request, lane):
    name = request["format"]
    if name not in FORMATS:
        raise Unsupported("format " + name)
    try:
        box, consumed = FORMATS[name](request, lane)
    except (Unsupported, ProtocolError, KeyboardInterrupt, SystemExit):
        raise
    except:  # noqa: E722 (Jython's Java exceptions are not BaseException's)
        kind, error = sys.exc_info()[:2]
        return {"error": error_name(kind), "message": error_message(error)}
    return {"value": value_text(box), "consumed": consumed}


def hello(request, lane):
    if request.get("protocol") != 1:
        raise Unsupported("protocol %s" % request.get("protocol"))
    highest = 2 if PYTHON2 else pickle.HIGHEST_PROTOCOL
    answer = {
        "implementation": IMPLEMENTATION,
        "version": version_text(getattr(sys, "pypy_version_info", sys.version_info)),
        "lane": lane, "language": "Python", "window": 64,
        "formats": ["pickle:decode:0-%d" % highest],
        "identity": "all", "lossy": ["dict=unordered"] if PYTHON2 else [], "errors": "python"}
    if IMPLEMENTATION == "cpython":
        word = 64 if sys.maxsize > 1 << 32 else 32
        answer["word"] = word
        answer["profile"] = "cpython-%d.%d-%s%s" % (
            sys.version_info[0], sys.version_info[1], lane, "-32" if word == 32 else "")
    return answer


OPERATIONS = {"hello": hello, "decode": decode}


class Adapter(object):
    """Answers requests, one line of JSON each."""

    GARBAGE = 50000  # objects that may await the cycle collector between two cases

    def __init__(self, lane):
        self.lane = lane
        self.done = False
        self.collects = hasattr(gc, "get_count") and IMPLEMENTATION == "cpython"
        if self.collects:
            gc.disable()

    def answer(self, line):
        """The answer to a request, without a newline; None when there is none."""
        request = None
        try:
            request = json.loads(line)
            operation = request["op"]
            if operation == "bye":
                self.done = True
                return None
            if operation not in OPERATIONS:
                raise Unsupported("operation %s" % operation)
            answer = OPERATIONS[operation](request, self.lane)
        except Unsupported as error:
            answer = {"unsupported": error_message(error)}
        except ProtocolError as error:
            answer = {"error": "ProtocolError", "message": error_message(error)}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            answer = {"error": "ProtocolError",
                      "message": "%s: %s" % (type(error).__name__, error_message(error))}
        except Exception as error:
            answer = {"error": "AdapterError",
                      "message": "%s: %s" % (type(error).__name__, error_message(error))}
        if isinstance(request, dict) and "id" in request:
            answer["id"] = request["id"]
        if self.collects and gc.get_count()[0] > self.GARBAGE:
            gc.collect()
        return json.dumps(answer)

    def serve(self, requests, answers):
        """Answers until `bye` or the end of input."""
        while not self.done:
            line = requests.readline()
            if not line:
                break
            answer = self.answer(line)
            if answer is not None:
                answers.write((answer + "\n").encode("ascii"))
                answers.flush()


def main(arguments):
    lane = lanes()[0]
    if len(arguments) == 2 and arguments[0] == "--lane":
        lane = arguments[1]
    elif arguments:
        sys.exit("usage: assay_adapter.py [--lane c|py]")
    if lane not in lanes():
        print("%s has no lane %s" % (IMPLEMENTATION, lane), file=sys.stderr)
        sys.exit(3)
    warnings.simplefilter("ignore")
    Adapter(lane).serve(getattr(sys.stdin, "buffer", sys.stdin),
                        getattr(sys.stdout, "buffer", sys.stdout))


if __name__ == "__main__":
    main(sys.argv[1:])
