"""Format `marshal`: this Python's marshal.loads."""
import io
import marshal
import sys
import tempfile

from interpreter import IMPLEMENTATION, PYTHON2
from request import Unsupported, field, from_hex

# Jython does not say; it writes what 2.7 does.
FEATURES = ["marshal:decode:0-%d" % getattr(marshal, "version", 2)]
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


def decode(request, lane):
    """The decoded value in a box (see value_text), and the bytes read.

    Nothing of it is called: a code object is only looked at.
    """
    del lane
    data = from_hex(field(request, "data"))
    options = field(request, "options", {})
    for name in options:
        if name != "allow_code" or not ALLOW_CODE:
            raise Unsupported("option " + name)
    keywords = dict([(str(name), options[name]) for name in options])
    value = marshal.loads(data, **keywords)
    return [value], bytes_read(data, keywords)
