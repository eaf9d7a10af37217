"""The fields of a code object, as marshal of this Python writes them.

They are read or made, and never run.
"""
import marshal
import struct
import sys

from request import Unsupported

VERSION = sys.version_info[:2]

BYTECODE = None  # the type of Jython's code objects that were read
if sys.platform.startswith("java"):
    from org.python.core import PyBytecode as BYTECODE

NUMBERS = ["argcount", "posonlyargcount", "kwonlyargcount", "nlocals", "stacksize", "flags"]
OBJECTS = ["code", "consts", "names", "varnames", "freevars", "cellvars", "filename", "name",
           "firstlineno", "lnotab"]
if VERSION < (3, 8):
    NUMBERS.remove("posonlyargcount")
if VERSION < (3, 0):
    NUMBERS.remove("kwonlyargcount")
if VERSION >= (3, 10):
    OBJECTS[-1] = "linetable"
if VERSION >= (3, 11):
    NUMBERS.remove("nlocals")
    OBJECTS = ["code", "consts", "names", "localsplusnames", "localspluskinds", "filename",
               "name", "qualname", "firstlineno", "linetable", "exceptiontable"]
NAMES = NUMBERS + OBJECTS


def int4(data, at):
    return struct.unpack_from("<i", data, at)[0]


def skip(data, at, count, numbered):
    """The place behind `count` objects; those with FLAG_REF are noted."""
    todo = [count]  # objects; None: pairs up to a NULL; negative: bytes
    while todo:
        now = todo.pop()
        if now is None:
            if data[at] == 0x30:
                at += 1
            else:
                todo += (None, 2)
            continue
        if now <= 0:
            at -= now
            continue
        todo.append(now - 1)
        if data[at] & 0x80:
            numbered.append(at)
        kind = chr(data[at] & 0x7F)
        at += 1
        if kind in "ir":
            at += 4
        elif kind == "g":
            at += 8
        elif kind == "y":
            at += 16
        elif kind == "l":
            at += 4 + 2 * abs(int4(data, at))
        elif kind in "sutaA":
            at += 4 + int4(data, at)
        elif kind in "zZ":
            at += 1 + data[at]
        elif kind in "([<>":
            todo.append(int4(data, at))
            at += 4
        elif kind == ")":
            todo.append(data[at])
            at += 1
        elif kind in "{}":
            todo.append(None)
        elif kind == ":":
            todo.append(3)
        elif kind == "c":
            todo += (2, -4, 8)
            at += 4 * len(NUMBERS)
        elif kind not in "NFTS.":
            raise ValueError("type " + kind)
    return at


def kinds_of_locals(code):
    """co_localspluskinds, which is no attribute: from what marshal writes."""
    data = marshal.dumps(code)
    numbered = []
    if data[0] & 0x80:
        numbered.append(0)
    at = skip(data, 1 + 4 * len(NUMBERS), 4, numbered)
    if data[at] == 0x72:  # a reference
        at = numbered[int4(data, at + 1)]
    return data[at + 5:at + 5 + int4(data, at + 1)]


def python_value(value):
    """What Jython gives for an attribute, with Python's types."""
    if isinstance(value, (int, str, tuple)):
        return value
    if isinstance(value, type(u"")):
        return str(value)
    return tuple([python_value(item) for item in value])


def fields(code):
    """Pairs of a name and a value, in the order of marshal."""
    if BYTECODE is not None:  # its names are an array of Java's
        return [(name, python_value(getattr(code, "co_" + name))) for name in NAMES]
    if VERSION < (3, 11):
        return [(name, getattr(code, "co_" + name)) for name in NAMES]
    kinds = kinds_of_locals(code)
    hidden = {"localspluskinds": kinds,
              "localsplusnames": tuple([code._varname_from_oparg(place)
                                        for place in range(len(kinds))])}
    return [(name, hidden[name] if name in hidden else getattr(code, "co_" + name))
            for name in NAMES]


# --- making -----------------------------------------------------------------------

def make(pairs):
    """The code object of these fields (pairs of a name and a value), by marshal: the
    type's own arguments do not tell all that some versions have. What is one object in
    several fields stays one."""
    if BYTECODE is not None or [name for name, _ in pairs] != NAMES:
        raise Unsupported("a code object of another Python")
    numbers = dict([(name, struct.pack("<i", value)) for name, value in pairs
                    if name in NUMBERS or name == "firstlineno"])
    objects = [value for name, value in pairs if name not in numbers]
    # Their tuple holds them in the same bytes; its flag is then the code object's.
    version = getattr(marshal, "version", 2)
    data = bytearray(marshal.dumps(tuple(objects), version))
    head = 2 if data[0] & 0x7F == ord(")") else 5
    line = OBJECTS.index("firstlineno")
    at = len(marshal.dumps(tuple(objects[:line]), version))
    made = marshal.loads(bytes(
        bytearray([ord("c") | (data[0] & 0x80)]) + b"".join([numbers[name] for name in NUMBERS]) +
        data[head:at] + numbers["firstlineno"] + data[at:]))
    if fields(made) != pairs:
        raise Unsupported("a code object that this Python changes")
    return made
