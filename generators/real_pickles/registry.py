"""The list that the value files fill; runs on Python 2.7 and 3.6 or later."""
import collections
import sys

PYTHON2 = sys.version_info[0] == 2
Value = collections.namedtuple("Value", "name about make how")
VALUES = []


def value(about, **how):
    """Registers a function that makes a value; its name is the value's.

    Values stand in the order in which the corpus lists them. Each is made anew for
    each pickle. A value that a Python cannot make, or cannot pickle at some protocol,
    is absent there. `how` asks for more than a dump (make_real.py, dump_as).
    """

    def register(make):
        VALUES.append(Value(make.__name__.replace("_", "-").strip("-"), about, make, how))
        return make

    return register


def text(data):
    """Text of ASCII with \\u escapes, in both Pythons."""
    return data.encode("ascii").decode("unicode_escape")


def with_attributes(made, **attributes):
    for name in sorted(attributes):
        setattr(made, name, attributes[name])
    return made


def only(condition):
    """Leaves a value out where a Python could make it but it says nothing new."""
    if not condition:
        raise NotImplementedError
