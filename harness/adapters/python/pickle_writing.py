"""Format `pickle`, operation `encode`: both picklers of this Python, on objects
that are made of value text."""
import pickle
import pickletools
import sys

from interpreter import PYTHON2, native_pickle
from request import ProtocolError, Unsupported, field, from_hex
from value_making import Maker, Names, persistent_id
from value_reading import read

# The file that dumps() writes to. To others cPickle writes in pieces, which shows in
# its references and so in its memo (cPickle.c write_other, ARG_TUP).
if PYTHON2:
    from cStringIO import StringIO as OutputFile
else:
    from io import BytesIO as OutputFile

OPTIONS = frozenset(["fix_imports", "fast", "extensions", "buffer_callback", "persistent",
                     "optimize"])
HIGHEST = 2 if PYTHON2 else pickle.HIGHEST_PROTOCOL
FEATURES = ["pickle:encode:0-%d" % HIGHEST]


class PersistentId(object):
    def persistent_id(self, value):
        return persistent_id(value)


class PurePickler(getattr(pickle, "_Pickler", pickle.Pickler), object):
    """Lane py: pickle.py."""


class PurePersistentPickler(PersistentId, PurePickler):
    pass


if not PYTHON2 and native_pickle is not None:
    class NativePersistentPickler(PersistentId, native_pickle.Pickler):
        """Lane c of Python 3: _pickle."""


def make_pickler(lane, file, protocol, keywords, persistent):
    if lane == "py":
        kind = PurePersistentPickler if persistent else PurePickler
        return kind(file, protocol, **keywords)
    if not PYTHON2:
        kind = NativePersistentPickler if persistent else native_pickle.Pickler
        return kind(file, protocol, **keywords)
    pickler = native_pickle.Pickler(file, protocol)
    if persistent:
        pickler.persistent_id = persistent_id
    return pickler


def pickler_keywords(options, taken):
    """The arguments of Pickler that a request asks for; `taken` gets the buffers."""
    unknown = [name for name in options if name not in OPTIONS]
    if unknown or options.get("persistent", "ids") != "ids":
        raise Unsupported("option " + (unknown or ["persistent"])[0])
    keywords = {}
    if "fix_imports" in options:
        if PYTHON2:
            raise Unsupported("Python 2 has no option fix_imports")
        keywords["fix_imports"] = options["fix_imports"]
    if options.get("buffer_callback") == "oob":
        if sys.version_info < (3, 8):
            raise Unsupported("this Python has no buffer_callback")
        keywords["buffer_callback"] = taken.append
    elif "buffer_callback" in options:
        raise Unsupported("option buffer_callback")
    return keywords


def make_buffer(text):
    if text.startswith("w:"):
        return bytearray(from_hex(text[2:]))
    return bytes(from_hex(text))


def buffer_text(buffer):
    view = buffer.raw()
    return ("" if view.readonly else "w:") + view.tobytes().hex()


def dump(value, lane, protocol, options, keywords, persistent):
    """The pickle of a value. All that can fail here is the pickler's."""
    file = OutputFile()
    pickler = make_pickler(lane, file, protocol, keywords, persistent)
    if options.get("fast"):
        pickler.fast = True
    pickler.dump(value)
    data = file.getvalue()
    return pickletools.optimize(data) if options.get("optimize") else data


def encode(request, lane, add_extensions, clear_extensions):
    """A function that pickles the value of a request; it gives the pickle and the
    buffers that went out of band, or None where there is no callback."""
    protocol = request.get("protocol")
    if type(protocol) is not int:
        raise ProtocolError("no protocol")
    options, taken = field(request, "options", {}), []
    keywords = pickler_keywords(options, taken)
    names = Names()
    maker = Maker(names, [make_buffer(text) for text in field(request, "buffers", [])])
    root, forms = read(str(field(request, "value")))
    value = maker.make(root, forms)
    del root, forms

    def run():
        try:
            if "extensions" in options:
                add_extensions(options["extensions"])
            names.install()
            data = dump(value, lane, protocol, options, keywords, maker.has_persistent)
        finally:
            names.restore()
            clear_extensions()
        return data, [buffer_text(buffer) for buffer in taken] if "buffer_callback" in keywords else None

    return run
