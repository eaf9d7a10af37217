"""Value text: how a value to be written arrives. Nothing here recurses.

`read` gives a tree of forms, in which a reference stands for the form that its
label names; making.py makes objects of it. The grammar is in the README of
`reference/value`.
"""
import re
import struct

from interpreter import LONG, PYTHON2
from request import ProtocolError, Unsupported

CONSTANTS = {"None": None, "True": True, "False": False, "Ellipsis": Ellipsis,
             "NotImplemented": NotImplemented}
# Forms spelled name(...), with the number of values they may hold.
NAMED = {"set": (0, 0), "frozenset": (0, 1), "bytearray": (0, 1), "range": (3, 3),
         "slice": (3, 3), "code": (0, None), "frozendict": (0, 1), "complex": (2, 2), "global": (2, 2), "persid": (1, 1),
         "buffer": (1, 1), "readonly": (1, 1), "ext": (1, 1), "call": (1, None), "new": (1, None)}
OPERATIONS = {"build": 1, "append": 1, "set": 2, "add": 1}
INSTANCES = ("call", "new")


class Form(object):
    """A value as it was read.

    `kind` is its spelling ("list", "call", ...), or "atom", whose text is kept
    until the object is made. `parts` are forms; of an instance the callee, the
    tuple of arguments, the dict of keywords or None. `operations` are (name, parts).
    """

    __slots__ = ("kind", "parts", "text", "operations", "made", "is_made", "waits")

    def __init__(self, kind, text=None):
        self.kind, self.text, self.parts, self.operations = kind, text, [], []
        self.made, self.is_made, self.waits = None, False, False


class Reference(object):
    __slots__ = ("label",)

    def __init__(self, label):
        self.label = label


class Open(object):
    """A form of which the end has not been read."""

    __slots__ = ("form", "state", "parts")

    def __init__(self, form, state):
        self.form, self.state, self.parts = form, state, form.parts


SPACE = re.compile(r"[ \n]*")
LABEL_LINE = re.compile(r"&([0-9]+) = ")
LABEL = re.compile(r"&([0-9]+) ")
REFERENCE = re.compile(r"\*([0-9]+)")
# A group for each escape, not for each character: Jython's engine recurses for a group.
TEXT = r"""'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'|"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*\""""
ATOM = re.compile(
    r"b?(?:" + TEXT + r")|long\(-?(?:0x[0-9a-fA-F]+|[0-9]+)\)|nan\(0x[0-9a-f]{16}\)|-?inf\b|-?nan\b|"
    r"-?0x[0-9a-fA-F]+|-?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEYWORD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
OPERATION = re.compile(r"\.([a-z]+)\(")


class Reader(object):
    def __init__(self, text):
        self.text, self.at, self.open = text, 0, []
        self.labels, self.forms, self.pending = {}, [], []

    def fail(self, expected):
        raise ProtocolError("value text, offset %d: expected %s" % (self.at, expected))

    def match(self, pattern):
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def skip(self):
        self.match(SPACE)

    def accept(self, text):
        self.skip()
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def expect(self, text):
        if not self.accept(text):
            self.fail(repr(text))

    def form(self, kind, text=None):
        made = Form(kind, text)
        self.forms.append(made)
        return made

    def define(self, label, form):
        if label in self.labels:
            self.fail("a label only once")
        self.labels[label] = form

    def document(self):
        while True:
            self.skip()
            line = self.match(LABEL_LINE)
            if not line:
                break
            self.define(line.group(1), self.value())
        root = self.value()
        self.skip()
        if self.at != len(self.text):
            self.fail("the end")
        for form in self.forms:
            form.parts = [self.resolve(part) for part in form.parts]
            form.operations = [(name, [self.resolve(part) for part in parts])
                               for name, parts in form.operations]
        return self.resolve(root)

    def resolve(self, part):
        seen = 0
        while type(part) is Reference:
            seen += 1
            part = self.labels.get(part.label)
            if part is None or seen > len(self.labels):
                raise ProtocolError("a label that is not defined")
        return part

    # --- values

    def value(self):
        """One value and all that is in it."""
        depth = len(self.open)
        while True:
            value = self.begin()
            while value is not None:
                if len(self.open) == depth:
                    return value
                value = self.deliver(value)

    def begin(self):
        """A value that is complete, or None after opening one that is not."""
        self.skip()
        reference = self.match(REFERENCE)
        if reference:
            return Reference(reference.group(1))
        label = self.match(LABEL)
        value = self.begin_form()
        if label:
            self.define(label.group(1), value if value is not None else self.open[-1].form)
        return value

    def begin_form(self):
        atom = self.match(ATOM)
        if atom:
            return self.form("atom", atom.group())
        for opening, closing, kind in (("[", "]", "list"), ("(", ")", "tuple"), ("{", "}", "dict")):
            if self.accept(opening):
                form = self.form(kind)
                if self.accept(closing):
                    return form
                self.open.append(Open(form, "first" if kind == "dict" else "items"))
                return None
        name = self.match(NAME)
        if not name:
            self.fail("a value")
        return self.begin_named(name.group())

    def begin_named(self, name):
        if name in CONSTANTS or name == "StopIteration":
            return self.form("constant", name)
        if name not in NAMED:
            self.fail("a form, not " + name)
        self.expect("(")
        form = self.form(name)
        if self.accept(")"):
            return self.close_named(form)
        if name == "code":
            return self.next_field(Open(form, "field"))
        self.open.append(Open(form, "callee" if name in INSTANCES else "named"))
        return None

    def next_field(self, top):
        """The name of a field of a code object: parts are names and values in turn."""
        self.skip()
        keyword = self.match(KEYWORD)
        if not keyword:
            self.fail("a field")
        top.parts.append(self.form("atom", "'%s'" % keyword.group(1)))
        self.open.append(top)
        return None

    def in_field(self, top, value):
        top.parts.append(value)
        if self.accept(","):
            return self.next_field(self.open.pop())
        self.expect(")")
        return self.open.pop().form

    def deliver(self, value):
        """Puts a value where it belongs; what that completes, or None."""
        return getattr(self, "in_" + self.open[-1].state)(self.open[-1], value)

    def in_items(self, top, value):
        top.parts.append(value)
        closing = "]" if top.form.kind == "list" else ")"
        comma = self.accept(",")
        if comma and not (closing == ")" and self.accept(")")):
            return None
        if not comma:
            self.expect(closing)
            if closing == ")" and len(top.parts) == 1:
                self.fail("a comma in a tuple of one")
        return self.open.pop().form

    def in_first(self, top, value):
        if self.accept(":"):
            top.parts.append(value)
            top.state = "value_of_pair"
            return None
        top.form.kind, top.state = "set", "set_items"
        return self.in_set_items(top, value)

    def in_set_items(self, top, value):
        top.parts.append(value)
        if self.accept(","):
            return None
        self.expect("}")
        return self.open.pop().form

    def in_key(self, top, value):
        top.parts.append(value)
        self.expect(":")
        top.state = "value_of_pair"

    def in_value_of_pair(self, top, value):
        top.parts.append(value)
        top.state = "key"
        if self.accept(","):
            return None
        self.expect("}")
        self.open.pop()
        if self.open and self.open[-1].state == "pairs":  # **{...}
            self.expect(")")
            return self.close_instance()
        return top.form

    def in_named(self, top, value):
        top.parts.append(value)
        if self.accept(","):
            return None
        self.expect(")")
        return self.close_named(self.open.pop().form)

    def close_named(self, form):
        least, most = NAMED[form.kind]
        if len(form.parts) < least or (most is not None and len(form.parts) > most):
            self.fail("another number of values in " + form.kind)
        if form.kind == "frozenset" and form.parts:  # frozenset({1, 2})
            if type(form.parts[0]) is not Form or form.parts[0].kind != "set":
                self.fail("a set in frozenset")
            form.parts = form.parts[0].parts
        if form.kind == "frozendict" and form.parts:  # frozendict({'k': 1})
            if type(form.parts[0]) is not Form or form.parts[0].kind != "dict":
                self.fail("a dict in frozendict")
            form.parts = form.parts[0].parts
        return form

    # --- instances: parts are the callee, a tuple, and a dict or nothing

    def in_callee(self, top, value):
        top.parts.append(value)
        top.parts.append(self.form("tuple"))
        return self.next_argument(top)

    def in_argument(self, top, value):
        top.parts[1].parts.append(value)
        return self.next_argument(top)

    def in_star(self, top, value):
        top.parts[1] = value
        return self.next_argument(top)

    def in_keyword(self, top, value):
        top.parts[2].parts.append(value)
        return self.next_argument(top)

    def in_shared_keywords(self, top, value):
        top.parts.append(value)
        self.expect(")")
        return self.close_instance()

    def next_argument(self, top):
        if not self.accept(","):
            self.expect(")")
            return self.close_instance()
        self.skip()
        ahead = self.text[self.at:self.at + 3]
        if ahead[:2] == "**" and not ahead[2:].isdigit():
            self.at += 2
            return self.begin_keywords(top)
        if ahead[:1] == "*" and ahead[1:2] in "(&*":
            self.at += 1
            top.state = "star"
            return None
        keyword = self.match(KEYWORD)
        if keyword:
            if len(top.parts) == 2:
                top.parts.append(self.form("dict"))
            top.parts[2].parts.append(self.form("atom", "'%s'" % keyword.group(1)))
        top.state = "keyword" if keyword else "argument"
        return None

    def begin_keywords(self, top):
        if not self.accept("{"):
            top.state = "shared_keywords"
            return None
        if len(top.parts) == 2:
            top.parts.append(self.form("dict"))
        top.state = "pairs"
        self.open.append(Open(top.parts[2], "key"))
        return None

    def close_instance(self):
        return self.next_operation(self.open.pop().form)

    def next_operation(self, form):
        operation = self.match(OPERATION)
        if not operation:
            return form
        if operation.group(1) not in OPERATIONS:
            self.fail("an operation")
        top = Open(form, "operation")
        top.parts = []
        form.operations.append((operation.group(1), top.parts))
        self.open.append(top)
        return None

    def in_operation(self, top, value):
        top.parts.append(value)
        name = top.form.operations[-1][0]
        if len(top.parts) < OPERATIONS[name]:
            self.expect(",")
            return None
        if name == "build" and len(top.parts) == 1 and self.accept(","):
            return None  # a state and its setter
        self.expect(")")
        return self.next_operation(self.open.pop().form)


def read(text):
    """The root form of a document, and all forms."""
    reader = Reader(text)
    root = reader.document()
    return root, reader.forms


# --- literals ---------------------------------------------------------------------

SIMPLE = {"\\": 92, "'": 39, '"': 34, "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)")


def code_of(escape):
    if escape[0] in "xuU" and len(escape) > 1:
        return int(escape[1:], 16)
    if escape[0] in "01234567":
        return int(escape, 8)
    if escape not in SIMPLE:
        raise ProtocolError("escape \\" + escape)
    return SIMPLE[escape]


def character(code):
    if not PYTHON2:
        return chr(code)
    if code > 0xFFFF:
        return ("\\U%08x" % code).decode("unicode-escape")
    try:
        return unichr(code)  # noqa: F821 (Python 2)
    except ValueError:  # Jython
        raise Unsupported("this Python has no lone surrogates")


def text_of(literal):
    body = literal[1:-1]
    if "\\" not in body:
        return body.decode("ascii") if PYTHON2 else body
    if PYTHON2:
        body = body.decode("ascii")
    return ESCAPE.sub(lambda match: character(code_of(str(match.group(1)))), body)


def bytes_of(literal):
    body = literal[2:-1]
    if "\\" in body:
        body = ESCAPE.sub(lambda match: chr(code_of(match.group(1))), body)
    return body if PYTHON2 else body.encode("latin-1")


def integer_of(text):
    value = int(text, 16) if "x" in text else int(text)
    return value


def atom_of(text):
    """A new object of a literal, where Python can make new ones."""
    if text[0] in "'\"":
        return text_of(text)
    if text[0] == "b":
        return bytes_of(text)
    if text.startswith("long("):
        if not PYTHON2:
            raise Unsupported("Python 3 has no long")
        return LONG(integer_of(text[5:-1]))
    if text.startswith("nan("):
        return struct.unpack(">d", struct.pack(">Q", int(text[4:-1], 16)))[0]
    if text == "nan":
        return struct.unpack(">d", b"\x7f\xf8\0\0\0\0\0\0")[0]
    if "x" in text or not any(c in text for c in ".einf"):
        return integer_of(text)
    return float(text)
