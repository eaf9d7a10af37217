"""Format `marshal`: this Python's marshal.loads."""
import io
import marshal
import sys
import tempfile

from interpreter import IMPLEMENTATION, PYTHON2
from request import ProtocolError, Unsupported, field, from_hex
from value_making import Maker, Names
from value_reading import read

# Jython does not say; it writes what 2.7 does. A writer takes any version: beyond its
# own it writes that.
FEATURES = ["marshal:decode:0-%d" % getattr(marshal, "version", 2), "marshal:encode:0-6"]
ONE_LANE = True
ALLOW_CODE = sys.version_info >= (3, 13)

# CPython 2.7 reads files of the operating system only.
FILE = tempfile.TemporaryFile() if PYTHON2 and IMPLEMENTATION == "cpython" else None


def bytes_read(data, keywords):
    """How much of the data one object takes. loads() does not say."""
    if FILE is None:
        source = io.BytesIO(data)
    else:
        source = FILE
        source.seek(0)
        source.truncate()
        source.write(data)
        source.seek(0)
    marshal.load(source, **keywords)
    return source.tell()


def keywords_of(request):
    options = dict(field(request, "options", {}))
    # Whose code objects the data hold: instructions of another Python may make this
    # one read, and write, what is not there.
    pythons = str(options.pop("python", "")).split()
    if pythons and "%d.%d" % sys.version_info[:2] not in pythons:
        raise Unsupported("code of Python " + " and ".join(pythons))
    for name in options:
        if name != "allow_code" or not ALLOW_CODE:
            raise Unsupported("option " + name)
    return dict([(str(name), options[name]) for name in options])


def decode(request, lane):
    """The decoded value in a box (see value_text), and the bytes read.

    Nothing of it is called: a code object is only looked at.
    """
    del lane
    data = from_hex(field(request, "data"))
    keywords = keywords_of(request)
    value = marshal.loads(data, **keywords)
    return [value], bytes_read(data, keywords)


def encode(request, lane):
    """A function that gives the marshalled value of a request (see pickle_writing)."""
    del lane
    version = request.get("protocol")
    if type(version) is not int:
        raise ProtocolError("no version")
    keywords = keywords_of(request)
    root, forms = read(str(field(request, "value")))
    value = Maker(Names(), []).make(root, forms)
    return lambda: (marshal.dumps(value, version, **keywords), None)
