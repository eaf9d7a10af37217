"""Classes whose instances the real pickles hold; runs on Python 2.7 and 3.6 or later.

The names of this module and its classes are inside the pickles: they never change.
"""
import collections
import copy
import sys

PYTHON2 = sys.version_info[0] == 2


class OldStyle:
    """In Python 2 an instance of this is pickled with INST or OBJ."""

    def __init__(self, x):
        self.x = x


class OldStyleArgs:
    def __init__(self, *args):
        self.args = args

    def __getinitargs__(self):
        return self.args


class OldStyleState:
    def __getstate__(self):
        return 0

    def __setstate__(self, state):
        self.state = state


class Plain(object):
    pass


class Slots(object):
    __slots__ = ("a", "b")


class SlotsAndDict(Slots):
    pass


class Private(object):
    """An attribute whose name is mangled."""

    def __init__(self):
        self.__secret = 1


class State(object):
    """Its state is what it was made with, and not always true."""

    def __init__(self, state=None):
        self.state = state

    def __getstate__(self):
        return self.state

    def __setstate__(self, state):
        self.state = state


class NewArgs(object):
    def __new__(cls, *args):
        made = object.__new__(cls)
        made.args = args
        return made

    def __getnewargs__(self):
        return self.args

    def __getstate__(self):
        return None


class NewArgsEx(object):
    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        made.args, made.kwargs = args, kwargs
        return made

    def __getnewargs_ex__(self):
        return self.args, self.kwargs

    def __getstate__(self):
        return None


class Reduced(object):
    """What its __reduce__ gives is what it was made with."""

    def __init__(self, reduction=None):
        self.reduction = reduction

    def __reduce__(self):
        return self.reduction


class ReducedEx(object):
    def __reduce_ex__(self, protocol):
        return make, (protocol, "ex")


def make(*args):
    """A function that a reduction calls; it gives what takes every operation."""
    return Everything(args)


class Everything(object):
    """Can be appended to, set and added to."""

    def __init__(self, args=()):
        self.made = [args]

    def append(self, item):
        self.made.append(item)

    def extend(self, items):
        self.made.extend(items)

    def __setitem__(self, key, value):
        self.made.append((key, value))

    def __setstate__(self, state):
        self.made.append(state)


def set_state(made, state):
    made.made.append(("set", state))


class Singleton(object):
    def __reduce__(self):
        return "THE_ONE"


THE_ONE = Singleton()


class Listed(list):
    pass


class ListedSlots(list):
    __slots__ = ("note",)


class Dicted(dict):
    pass


class Tupled(tuple):
    pass


class Setted(set):
    pass


class Frozen(frozenset):
    pass


class Texted(type(u"")):
    pass


class Byted(bytes):
    pass


class Arrayed(bytearray):
    pass


class Inted(int):
    pass


class Floated(float):
    pass


class Complexed(complex):
    pass


class Dequed(collections.deque):
    pass


class Ordered(collections.OrderedDict):
    pass


class Fault(Exception):
    """Takes one argument and remembers more."""

    def __init__(self, message, code=0):
        Exception.__init__(self, message)
        self.code = code


class FaultOfTwo(Exception):
    """Cannot be loaded again: its arguments are not what its __init__ wants."""

    def __init__(self, first, second):
        Exception.__init__(self, "%s %s" % (first, second))


class Meta(type):
    pass


Made = Meta("Made", (object,), {"__module__": __name__})


class Registered(object):
    """Pickled by a function that copyreg knows."""

    def __init__(self, x):
        self.x = x


def rebuild_registered(x):
    return Registered(x)


def reduce_registered(value):
    return rebuild_registered, (value.x,)


class Extended(object):
    """Has an extension code while it is pickled."""


class Node(object):
    """Part of graphs."""

    def __init__(self, *links):
        self.links = list(links)


class Hashed(object):
    """Compares by a key that is part of its state: fragile in sets and dicts."""

    def __init__(self, key):
        self.key = key

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return self.key == other.key


class Outer(object):
    value = 1

    class Inner(object):
        class Innermost(object):
            pass

    def method(self):
        return self.value

    @staticmethod
    def static():
        return 1

    @classmethod
    def build(cls):
        return cls()


class Referred(object):
    """Pickled as a persistent id."""

    def __init__(self, pid):
        self.pid = pid


Point = collections.namedtuple("Point", "x y")
Point.__new__.__defaults__ = (0,)


class PointWithMethods(Point):
    __slots__ = ()


class Copied(object):
    """Counts how often it was copied, to show that pickling is no copying."""

    def __deepcopy__(self, memo):
        return copy.copy(self)


try:
    import enum
except ImportError:
    pass
else:

    class Color(enum.Enum):
        RED = 1
        GREEN = "green"

    class Number(enum.IntEnum):
        ONE = 1

    class Access(enum.Flag):
        READ = 1
        WRITE = 2

    class Mode(enum.IntFlag):
        A = 1
        B = 2

    if hasattr(enum, "StrEnum"):

        class Word(enum.StrEnum):
            HELLO = "hello"


try:
    import dataclasses
except ImportError:
    pass
else:

    def data_class(name, **options):
        made = dataclasses.make_dataclass(name, ["x", ("y", int, dataclasses.field(default=2))],
                                          **options)
        made.__module__ = __name__
        made.__qualname__ = name
        return made

    Data = data_class("Data")
    FrozenData = data_class("FrozenData", frozen=True)
    if sys.version_info >= (3, 10):
        SlottedData = data_class("SlottedData", slots=True)
        FrozenSlottedData = data_class("FrozenSlottedData", slots=True, frozen=True)


try:
    import datetime
except ImportError:
    pass
else:

    class Zone(datetime.tzinfo):
        def utcoffset(self, when):
            return datetime.timedelta(hours=1)

        def dst(self, when):
            return datetime.timedelta(0)

        def tzname(self, when):
            return "zone"

    class Day(datetime.date):
        pass
