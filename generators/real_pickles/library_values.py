"""Values of the standard library's types, and exceptions."""
import array
import collections
import datetime
import decimal
import fractions
import io
import random
import re
import string
import sys
import time
import uuid
import weakref

import real_classes as c
from registry import PYTHON2, only, text, value, with_attributes

# --- the standard library -----------------------------------------------------


@value("dates: the first, the last, a day between")
def dates():
    return [datetime.date.min, datetime.date.max, datetime.date(2024, 2, 29)]


@value("a subclass of date")
def date_subclass():
    return c.Day(2001, 2, 3)


@value("times, with microseconds that need all three bytes")
def times():
    return [datetime.time.min, datetime.time.max, datetime.time(1, 2, 3, 65536)]


@value("datetimes without a zone")
def datetimes():
    return [datetime.datetime(1970, 1, 1), datetime.datetime(2038, 1, 19, 3, 14, 7, 999999)]


@value("a time and a datetime in the fold of daylight saving")
def datetime_fold():
    only(not PYTHON2)
    return [datetime.time(1, 30, fold=1), datetime.datetime(2024, 10, 27, 1, 30, fold=1)]


@value("timezones: UTC, an offset, an offset with a name")
def timezones():
    hour = datetime.timedelta(hours=-3, minutes=-30)
    return [datetime.timezone.utc, datetime.timezone(hour), datetime.timezone(hour, "NST")]


@value("a datetime in UTC")
def datetime_utc():
    return datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)


@value("a datetime with a tzinfo of one's own")
def datetime_tzinfo():
    return datetime.datetime(2024, 1, 2, tzinfo=c.Zone())


@value("timedeltas: zero, negative, the largest")
def timedeltas():
    return [datetime.timedelta(0), datetime.timedelta(-1, 5, 7), datetime.timedelta.max]


@value("a struct_time")
def struct_time():
    return time.gmtime(0)


@value("decimals: signed zero, an exponent, infinity, NaNs")
def decimals():
    return [decimal.Decimal(word) for word in ("-0.0", "1E+3", "3.14", "Infinity", "NaN", "-sNaN7")]


@value("fractions")
def fractions_():
    return [fractions.Fraction(1, 3), fractions.Fraction(-2 ** 70, 7)]


@value("UUIDs")
def uuids():
    return [uuid.UUID(int=1), uuid.UUID("12345678-1234-5678-1234-567812345678")]


@value("an OrderedDict in an order that is not the keys'")
def ordered_dict():
    return collections.OrderedDict([(2, 1), (1, 2)])


@value("deques, one of them bounded")
def deques():
    return [collections.deque([1, 2, 3]), collections.deque([1, 2], 5)]


@value("a defaultdict of lists")
def default_dict():
    made = collections.defaultdict(list)
    made[1].append(2)
    return made


@value("a Counter")
def counter():
    return collections.Counter([1, 1, 2])


@value("a ChainMap")
def chain_map():
    return collections.ChainMap({1: 2}, {1: 3})


@value("UserDict, UserList and UserString")
def user_containers():
    if PYTHON2:
        from UserDict import UserDict
        from UserList import UserList
        from UserString import UserString
    else:
        from collections import UserDict, UserList, UserString
    return [UserDict({1: 2}), UserList([1]), UserString("abc")]


@value("namedtuples, one of a subclass")
def named_tuples():
    return [c.Point(1, 2), c.PointWithMethods(3)]


@value("members of an Enum")
def enum_members():
    return [c.Color.RED, c.Color.GREEN, c.Color.RED]


@value("a member of an IntEnum")
def int_enum():
    return c.Number.ONE


@value("a member of a StrEnum")
def str_enum():
    return c.Word.HELLO


@value("flags: one, none, two together")
def flags():
    return [c.Access.READ, c.Access(0), c.Access.READ | c.Access.WRITE]


@value("an IntFlag with a bit that has no name")
def int_flag():
    return c.Mode.A | c.Mode(8)


@value("arrays of signed bytes, integers and doubles")
def arrays():
    return [array.array("b", [-1, 2]), array.array("i", [1, -2]), array.array("d", [1.5])]


@value("an array of characters")
def array_of_text():
    return array.array("u", text("h\\xe9"))


@value("ranges")
def ranges():
    if PYTHON2:
        return [xrange(0), xrange(3), xrange(1, 10, 3)]  # noqa: F821
    return [range(0), range(3), range(1, 10, 3), range(5, 0, -2)]


@value("ranges of large integers")
def ranges_large():
    only(not PYTHON2)
    return range(2 ** 70, 2 ** 70 + 9, 3)


@value("slices")
def slices():
    return [slice(None), slice(1, -1), slice(None, None, -1)]


@value("regular expressions over text and bytes")
def patterns():
    return [re.compile(text("a.c"), re.I), re.compile(b"[0-9]+")]


@value("a SimpleNamespace")
def simple_namespace():
    import types
    return types.SimpleNamespace(b=1, a=[2])


@value("an argparse namespace")
def argparse_namespace():
    import argparse
    return argparse.Namespace(verbose=True, files=[])


@value("IPv4 and IPv6 addresses, networks and interfaces")
def ip_addresses():
    import ipaddress
    return [ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("2001:db8::1"),
            ipaddress.ip_network("192.0.2.0/24"), ipaddress.ip_interface("192.0.2.5/24")]


@value("pure paths of both kinds")
def pure_paths():
    import pathlib
    return [pathlib.PurePosixPath("/usr/lib"), pathlib.PureWindowsPath("c:/x"),
            pathlib.PurePosixPath(".")]


@value("a path of this system")
def posix_path():
    import pathlib
    return pathlib.PosixPath("/etc/hosts")


@value("the parts of a URL")
def split_url():
    if PYTHON2:
        from urlparse import urlsplit
    else:
        from urllib.parse import urlsplit
    return urlsplit("http://user@host:80/path?q=1#frag")


@value("a cookie")
def cookie():
    if PYTHON2:
        from Cookie import SimpleCookie
    else:
        from http.cookies import SimpleCookie
    return SimpleCookie("a=1")


@value("files in memory, read half way")
def memory_files():
    data, words = io.BytesIO(b"abc"), io.StringIO(text("d\\u20acf"))
    data.read(1)
    words.read(1)
    return [data, words]


@value("a random number generator", protocols=(2, 4))
def random_state():
    return random.Random(1)


@value("a normal distribution")
def normal_distribution():
    import statistics
    return statistics.NormalDist(1.0, 2.0)


@value("an element of an XML tree")
def xml_element():
    import xml.etree.ElementTree as tree
    return tree.fromstring("<a b='c'>text<d/>tail</a>")


@value("C integers and structures of ctypes")
def ctypes_values():
    import ctypes
    return [ctypes.c_int(7), (ctypes.c_byte * 3)(1, 2, 3)]


@value("a weak set and a weak dict, both empty")
def weak_containers():
    return [weakref.WeakSet(), weakref.WeakValueDictionary]


@value("a template")
def template():
    return string.Template("$a is $b")


@value("a decimal context")
def decimal_context():
    only(not PYTHON2)  # a dict there, keyed by classes, in the order of their addresses
    return decimal.Context(prec=5, rounding=decimal.ROUND_HALF_UP, traps=[decimal.Overflow])


# --- exceptions ---------------------------------------------------------------


@value("exceptions with no, one and two arguments")
def exceptions():
    return [ValueError(), KeyError(1), RuntimeError("a", 2), StopIteration(3), SystemExit(4)]


@value("exceptions with attributes of their own")
def exception_attributes():
    return with_attributes(ValueError("x"), note=1, other=[2])


@value("an exception of one's own with more state than arguments")
def exception_own():
    return c.Fault("message", 5)


@value("an exception that its own Python cannot load again")
def exception_of_two():
    return c.FaultOfTwo(1, 2)


@value("operating system errors")
def os_errors():
    return [OSError(2, "No such file"), OSError(2, "No such file", "name"), IOError("plain")]


@value("Unicode errors")
def unicode_errors():
    return [UnicodeDecodeError("ascii", b"\xff", 0, 1, "why"),
            UnicodeEncodeError("ascii", text("\\xff"), 0, 1, "why")]


@value("a syntax error and an import error")
def import_error():
    if PYTHON2:
        return [SyntaxError("bad", ("f", 1, 2, "x")), ImportError("no")]
    return [SyntaxError("bad", ("f", 1, 2, "x")), ImportError("no", name="n", path="p")]


@value("an exception with a cause, which pickling drops")
def exception_cause():
    made = ValueError("outer")
    made.__cause__ = KeyError("inner")
    return made


@value("an exception with notes")
def exception_notes():
    made = ValueError("x")
    made.add_note("a note")
    return made


@value("a group of exceptions")
def exception_group():
    return ExceptionGroup("group", [ValueError(1), TypeError(2)])  # noqa: F821


@value("an attribute error and a name error that remember the name")
def name_errors():
    only(sys.version_info >= (3, 10))
    return [AttributeError("a", name="n", obj=None), NameError("b", name="m")]
