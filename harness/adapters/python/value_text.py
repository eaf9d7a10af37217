"""Value text: how a decoded value is printed. Nothing here recurses.

The grammar is in ../README.md; labels stand on everything that is met twice and is
mutable, composite or long.
"""
import re
import sys
from collections import deque

import code_objects
from interpreter import BYTES, LONG, PYTHON2, TEXT, float_bits
from symbolic import RANGE, WORLD, GlobalType, Instance, Persid, ReadOnlyBuffer, WritableBuffer

DEEPEST = 100  # a deeper document is printed flat
LONG_TEXT = 32  # longer text that is met twice gets a label
LONG_INTEGER = 1 << 8 * LONG_TEXT


class Raw(str):
    """A piece of finished text among the objects still to be printed."""

    __slots__ = ()


def quoted(text):
    """Python's own repr of text or bytes, in single quotes."""
    return text if text[0] == "'" else "'" + text[1:-1].replace("'", "\\'") + "'"


def integer_text(value):
    # Hexadecimal has no limit of digits and takes linear time.
    return ("%d" if -1 << 63 <= value < 1 << 63 else "%#x") % value


def float_text(value):
    if value == value:
        return repr(value)
    bits = float_bits(value)
    return "nan" if bits == 0x7FF8000000000000 else "nan(0x%016x)" % bits


def escape(match):
    text = match.group()
    simple = {u"\\": "\\\\", u"'": "\\'", u"\n": "\\n", u"\r": "\\r", u"\t": "\\t"}.get(text)
    if simple:
        return simple
    code = ord(text[0])
    if len(text) == 2:
        code = 0x10000 + ((code - 0xD800) << 10) + ord(text[1]) - 0xDC00
    return ("\\x%02x" if code < 0x100 else "\\u%04x" if code < 0x10000 else "\\U%08x") % code


ESCAPED = u"[^ -~]|[\\\\']"
if sys.maxunicode == 0xFFFF:  # a narrow build: two units are one character
    ESCAPED = u"[%c-%c][%c-%c]|" % (0xD800, 0xDBFF, 0xDC00, 0xDFFF) + ESCAPED


def text_text(value, special=re.compile(ESCAPED)):
    if PYTHON2:  # whose repr joins surrogates even where they are two characters
        return str("'" + special.sub(escape, value) + "'")
    return quoted(ascii(value))


def bytes_text(value):
    return "b" + quoted(repr(value) if PYTHON2 else repr(value)[1:])


def name_text(name):
    """A name's text. Python 2's names are bytes: printed as Latin-1."""
    return text_text(name.decode("latin-1") if type(name) is not TEXT else name)


def key_text(key):
    return "global(%s, %s)" % (name_text(key[0]), name_text(key[1]))


def global_text(value):
    return key_text(value.key)


def names_text(keys):
    """A list of globals, of (module, name) each."""
    return "[" + ", ".join([key_text(key) for key in keys]) + "]"


def buffer_text(value):
    return "buffer(%d)" % WORLD.buffer_index(value)


ATOMS = {
    type(None): str, bool: str, int: integer_text, float: float_text,
    type(Ellipsis): str, type(NotImplemented): str,
    type: lambda value: value.__name__,  # StopIteration is the one class that is a value
    TEXT: text_text, BYTES: bytes_text, GlobalType: global_text,
    ReadOnlyBuffer: buffer_text, WritableBuffer: buffer_text,
    bytearray: lambda value: "bytearray(" + bytes_text(bytes(value)) + ")",
    complex: lambda value: "complex(%s, %s)" % (float_text(value.real), float_text(value.imag)),
    RANGE: lambda value: "range(%s, %s, %s)" % (
        integer_text(value.start), integer_text(value.stop), integer_text(value.step)),
}
if PYTHON2:
    ATOMS[LONG] = lambda value: "long(" + integer_text(value) + ")"


COMMA, COLON, CLOSE = Raw(", "), Raw(": "), Raw("")


def between(opening, items, closing):
    parts = [Raw(opening)]
    for item in items:
        parts += (item, COMMA)
    if len(parts) > 1:
        parts.pop()
    parts.append(Raw(closing))
    return parts


WORD = re.compile("[A-Za-z_][A-Za-z0-9_]*$")
NO_KEYWORDS = frozenset(["None", "True", "False", "Ellipsis", "NotImplemented",
                         "StopIteration", "nan", "inf"])


def ordered(values):
    """Values by their text where that is cheap: Python's order depends on hashes."""
    if all(type(value) in ATOMS for value in values):
        return sorted(values, key=lambda value: ATOMS[type(value)](value))
    return list(values)


def dict_parts(value):
    parts = [Raw("{")]
    for key in ordered(value) if PYTHON2 else value:
        parts += (key, COLON, value[key], COMMA)
    if value:
        parts.pop()
    parts.append(Raw("}"))
    return parts


def set_parts(value):
    return between("{", ordered(value), "}") if value else [Raw("set()")]


def frozenset_parts(value):
    return between("frozenset({", ordered(value), "})") if value else [Raw("frozenset()")]


def instance_parts(value):
    parts = between(value.form + "(", (value.callee,) + value.args, "")
    kwargs = value.kwargs or {}
    others = []
    for name in ordered(kwargs) if PYTHON2 else kwargs:
        if WORD.match(name) and name not in NO_KEYWORDS:
            parts += (Raw(", " + name + "="), kwargs[name])
        else:
            others += (Raw((", " if others else ", **{") + name_text(name) + ": "), kwargs[name])
    if others:
        parts += others + [Raw("}")]
    parts.append(Raw(")"))
    for name, args in value.operations:
        parts += between("." + name + "(", args, ")")
    return parts


CODE = type(between.__code__)
FIELDS = {}  # of code objects, by id: attributes are made anew each time they are read


def code_parts(value):
    if id(value) not in FIELDS:
        FIELDS[id(value)] = value, code_objects.fields(value)
    parts = [Raw("code(")]
    for name, item in FIELDS[id(value)][1]:
        parts += (Raw(name + "="), item, COMMA)
    parts[-1] = Raw(")")
    return parts


def frozendict_parts(value):
    if not value:
        return [Raw("frozendict()")]
    return [Raw("frozendict(")] + dict_parts(value) + [Raw(")")]


# A composite value as finished text and values, in order.
PARTS = {
    list: lambda value: between("[", value, "]"),
    tuple: lambda value: between("(", value, ",)" if len(value) == 1 else ")"),
    dict: dict_parts, set: set_parts, frozenset: frozenset_parts, Instance: instance_parts,
    slice: lambda value: between("slice(", (value.start, value.stop, value.step), ")"),
    Persid: lambda value: between("persid(", (value.pid,), ")"),
    memoryview: lambda value: between("readonly(", (value.obj,), ")"),
    CODE: code_parts,
    # The mark itself, which Python 2's pickle.py leaves in values.
    object: lambda value: [Raw("call(global('__builtin__', 'object'))")],
}
if code_objects.BYTECODE is not None:
    PARTS[code_objects.BYTECODE] = code_parts
if sys.version_info >= (3, 15):
    PARTS[frozendict] = frozendict_parts  # noqa: F821


def labelled(value, kind):
    """Whether a value that is met twice gets a label."""
    if kind in PARTS:
        return (kind is not tuple and kind is not frozenset) or bool(value)
    if kind is TEXT or kind is BYTES:
        return len(value) > LONG_TEXT
    if kind is int or kind is LONG:
        return not -LONG_INTEGER < value < LONG_INTEGER
    if kind is GlobalType:
        return len(value.key[0]) + len(value.key[1]) > LONG_TEXT
    return kind is bytearray or kind is complex or kind is RANGE


def survey(root):
    """All values that may be labelled, parents first, and the ids of those met twice."""
    values, seen, shared = [], set(), set()
    stack = [root]
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind is Raw or not labelled(value, kind):
            continue
        if id(value) in seen:
            shared.add(id(value))
            continue
        seen.add(id(value))
        values.append(value)
        if kind is list or kind is tuple or kind is set or kind is frozenset:
            stack.extend(value)
        elif kind is dict:
            stack.extend(value)
            stack.extend(value.values())
        elif kind in PARTS:
            stack.extend(PARTS[kind](value))
    return values, shared


def nested_text(root, shared):
    """Value text with values inside each other; None if that is too deep."""
    labels, pieces, depth = {}, [], 0
    stack = [root]
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind is Raw:
            depth -= value is CLOSE
            pieces.append(value)
            continue
        if shared and id(value) in shared:
            label = labels.get(id(value))
            if label is not None:
                pieces.append("*%d" % label)
                continue
            labels[id(value)] = label = len(labels) + 1
            pieces.append("&%d " % label)
        atom = ATOMS.get(kind)
        if atom is not None:
            pieces.append(atom(value))
            continue
        depth += 1
        if depth > DEEPEST:
            return None
        stack.append(CLOSE)
        stack.extend(reversed(PARTS[kind](value)))
    return "".join(pieces)


def flat_text(root, shared):
    """Value text with a line for each composite value: no depth at all."""
    labels, pieces = {id(root): 1}, []
    queue = deque([root])
    while queue:
        value = queue.popleft()
        pieces.append("&%d = " % labels[id(value)])
        kind = type(value)
        for part in PARTS[kind](value) if kind in PARTS else [Raw(ATOMS[kind](value))]:
            if type(part) is Raw:
                pieces.append(part)
            elif id(part) in labels:
                pieces.append("*%d" % labels[id(part)])
            elif type(part) in PARTS or id(part) in shared:
                labels[id(part)] = len(labels) + 1
                pieces.append("*%d" % len(labels))
                queue.append(part)
            else:
                pieces.append(ATOMS[type(part)](part))
        pieces.append("\n")
    return "".join(pieces) + "*1"


def value_text(box):
    """The value text of box[0], which is taken out of the box.

    A deep value is then taken apart from the top, so that no destructor goes
    deeper than one level.
    """
    root = box.pop()
    atom = ATOMS.get(type(root))
    if atom is not None:
        return atom(root)
    FIELDS.clear()
    values, shared = survey(root)
    text = nested_text(root, shared)
    if text is None:
        text = flat_text(root, shared)
        del root
        values.reverse()
        while values:
            values.pop()
    return text
