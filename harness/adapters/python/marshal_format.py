"""Format `marshal`: this Python's marshal.loads."""
import io
import marshal
import sys
import tempfile

from interpreter import IMPLEMENTATION, PYTHON2
from request import Unsupported, field, from_hex

# Versions that dumps() writes differently. Other Pythons' code objects have
# layouts of their own.
FEATURES = ["marshal:decode:0-%d" % marshal.version] if IMPLEMENTATION == "cpython" else []
ALLOW_CODE = sys.version_info >= (3, 13)

FILE = tempfile.TemporaryFile() if PYTHON2 and FEATURES else None


def bytes_read(data, keywords):
    """How much of the data one object takes. loads() does not say."""
    if FILE is None:
        source = io.BytesIO(data)
    else:  # 2.7 wants a file of the operating system
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
