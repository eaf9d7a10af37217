"""Format `pickle`: both lanes of this Python, reading from a file object."""
import pickle
import re
import sys

import pickle_writing
from interpreter import PYTHON2, InputFile, native_pickle
from request import ProtocolError, Unsupported, field, from_hex
from symbolic import WORLD, Persid, ReadOnlyBuffer, WritableBuffer

if PYTHON2:
    import copy_reg as copyreg

    NAME_MAPPING = IMPORT_MAPPING = {}
else:
    import copyreg
    from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING


def python3_name(module, name):
    """What fix_imports makes of a Python 2 name."""
    if (module, name) in NAME_MAPPING:
        return NAME_MAPPING[module, name]
    return IMPORT_MAPPING.get(module, module), name


class PureUnpickler(getattr(pickle, "_Unpickler", pickle.Unpickler), object):
    """Lane py: pickle.py."""

    def find_class(self, module, name):
        if not PYTHON2 and self.proto < 3 and self.fix_imports:
            module, name = python3_name(module, name)
        return WORLD.find(module, name)


def make_python2_native(file):
    unpickler = native_pickle.Unpickler(file)
    unpickler.find_global = WORLD.find
    return unpickler


def make_python2_native_persistent(file):
    unpickler = make_python2_native(file)
    unpickler.persistent_load = Persid
    return unpickler


class Renames(Exception):
    """What Probe raises when it is looked up."""


class Probe(str):
    def __hash__(self):
        raise Renames


class NativeUnpickler(getattr(native_pickle, "Unpickler", object) if not PYTHON2 else object):
    """Lane c of Python 3: _pickle."""

    PROBE = Probe()

    def find_class(self, module, name):
        renamed = python3_name(module, name)
        if renamed != (module, name) and self.renames():
            module, name = renamed
        return WORLD.find(module, name)

    def renames(self):
        """Whether fix_imports applies at this point of the stream.

        The protocol seen last is hidden inside _pickle. Its own find_class looks
        names up in its tables only if it renames, and else imports '', which fails.
        """
        try:
            native_pickle.Unpickler.find_class(self, "", self.PROBE)
        except Renames:
            return True
        except ValueError:
            return False


class PersistentLoad(object):
    def persistent_load(self, pid):
        return Persid(pid)


class PurePersistentUnpickler(PersistentLoad, PureUnpickler):
    pass


class NativePersistentUnpickler(PersistentLoad, NativeUnpickler):
    pass


def inspecting(kind, seen):
    """An unpickler that adds to `seen` what find_class is called with, and loads on."""
    class Inspecting(kind):
        def find_class(self, module, name):
            seen.append((module, name))
            return kind.find_class(self, module, name)
    return Inspecting


def inspecting_python2_native(make, seen):
    """The same of cPickle, whose find_global is an attribute."""
    def find_global(module, name):
        seen.append((module, name))
        return WORLD.find(module, name)

    def make_inspecting(file):
        unpickler = make(file)
        unpickler.find_global = find_global
        return unpickler
    return make_inspecting


def unpickler_maker(lane, persistent):
    if lane == "py":
        return PurePersistentUnpickler if persistent else PureUnpickler
    if PYTHON2:
        return make_python2_native_persistent if persistent else make_python2_native
    return NativePersistentUnpickler if persistent else NativeUnpickler


ONE_LANE = False
FEATURES = ["pickle:decode:0-%d" % (2 if PYTHON2 else pickle.HIGHEST_PROTOCOL)]
FEATURES += pickle_writing.FEATURES + ["pickle:inspect"]
OPTIONS = frozenset(["encoding", "errors", "fix_imports", "persistent", "extensions",
                     "symbolic", "loads", "fresh"])


def unpickler_keywords(options, buffers):
    """The arguments of Unpickler that a request asks for."""
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise Unsupported("option " + unknown[0])
    keywords = dict([(str(name), options[name]) for name in ("encoding", "errors", "fix_imports")
                     if name in options])
    if PYTHON2 and keywords:
        raise Unsupported("Python 2 has no option " + sorted(keywords)[0])
    if buffers and sys.version_info >= (3, 8):
        keywords["buffers"] = [make_buffer(text) for text in buffers]
    return keywords


def make_buffer(text):
    return WritableBuffer(from_hex(text[2:])) if text.startswith("w:") else ReadOnlyBuffer(
        from_hex(text))


def add_extensions(text):
    """Registers '1=module:name,240=module:name' in copyreg."""
    for entry in text.split(","):
        match = re.match("([0-9]+)=([^:]*):(.*)$", entry)
        if not match:
            raise ProtocolError("extension: " + entry)
        code, key = int(match.group(1)), (str(match.group(2)), str(match.group(3)))
        copyreg._extension_registry[key] = code
        copyreg._inverted_registry[code] = key


def clear_extensions():
    copyreg._extension_registry.clear()
    copyreg._inverted_registry.clear()
    copyreg._extension_cache.clear()


def load(request, make):
    """The decoded value in a box (see value_text), and the bytes read."""
    data = from_hex(field(request, "data"))
    options = field(request, "options", {})
    loads = options.get("loads", 1)
    keywords = unpickler_keywords(options, field(request, "buffers", []))
    WORLD.begin(options.get("symbolic", False), keywords.get("buffers", ()))
    try:
        if "extensions" in options:
            add_extensions(options["extensions"])
        file = InputFile(data)
        unpickler = make(file, **keywords)
        results = [unpickler.load()]
        for _ in range(loads - 1):
            if options.get("fresh"):
                unpickler = make(file, **keywords)
            results.append(unpickler.load())
    finally:
        clear_extensions()
    return [tuple(results)] if "loads" in options else results, file.tell()


def persistent(request):
    return field(request, "options", {}).get("persistent") != "none"


def decode(request, lane):
    return load(request, unpickler_maker(lane, persistent(request)))


def inspect(request, lane):
    """What find_class was called with, in order: (module, name) as the stream has
    them, before any renaming. What was seen before loading failed counts, too."""
    seen = []
    make = unpickler_maker(lane, persistent(request))
    if PYTHON2 and lane != "py":
        make = inspecting_python2_native(make, seen)
    else:
        make = inspecting(make, seen)
    try:
        load(request, make)
    except (Unsupported, ProtocolError, KeyboardInterrupt, SystemExit):
        raise
    except:  # noqa: E722 (whatever the data raise, in Jython Java's, too)
        pass
    return seen


def encode(request, lane):
    """A function that gives the pickle of a request's value (see pickle_writing)."""
    return pickle_writing.encode(request, lane, add_extensions, clear_extensions)
