"""What Python this is: its name, version, lanes, and Python 2's names for types."""
import io
import struct
import sys

PYTHON2 = sys.version_info[0] == 2
if PYTHON2:
    TEXT, BYTES, LONG = unicode, str, long  # noqa: F821 (names of Python 2)
else:
    TEXT, BYTES, LONG = str, bytes, None

if sys.platform.startswith("java"):
    IMPLEMENTATION = "jython"
elif hasattr(sys, "pypy_version_info"):
    IMPLEMENTATION = "pypy"
else:
    IMPLEMENTATION = "cpython"

try:
    native_pickle = __import__("cPickle" if PYTHON2 else "_pickle")
except ImportError:  # PyPy 3 has one lane
    native_pickle = None

LANES = ["py"]  # the preferred one first
if native_pickle is not None:
    LANES.insert(0, "java" if IMPLEMENTATION == "jython" else "c")

InputFile = io.BytesIO
if PYTHON2 and IMPLEMENTATION == "cpython":
    # cPickle reads this type through its C interface, as cPickle.loads does.
    from cStringIO import StringIO as InputFile

if IMPLEMENTATION == "jython":
    from java.lang import Double

    def float_bits(value):
        return Double.doubleToRawLongBits(value) & (1 << 64) - 1  # struct makes all NaNs one
else:
    def float_bits(value):
        return struct.unpack(">Q", struct.pack(">d", value))[0]


def version_text(info):
    """(3, 15, 0, 'candidate', 1) as '3.15.0rc1'."""
    suffix = {"alpha": "a", "beta": "b", "candidate": "rc"}.get(info[3])
    return "%d.%d.%d" % tuple(info[:3]) + (suffix + str(info[4]) if suffix else "")
