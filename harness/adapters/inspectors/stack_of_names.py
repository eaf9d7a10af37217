"""A careful inspector made of pickletools.genops: it keeps the stack and the memo as
far as names go, and refuses whatever it does not understand.

A value is a str, MARK, or OTHER for all that can be no name.
"""
import io
import pickletools

MARK, OTHER = object(), object()
TEXT = frozenset(["STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE",
                  "BINUNICODE", "BINUNICODE8"])
PUTS = frozenset(["PUT", "BINPUT", "LONG_BINPUT"])
GETS = frozenset(["GET", "BINGET", "LONG_BINGET"])
EXTENSIONS = frozenset(["EXT1", "EXT2", "EXT4"])


class Refused(ValueError):
    """The stream is not understood."""


def registry(options):
    """{code: (module, name)} of the option `extensions`."""
    codes = {}
    for entry in filter(None, options.get("extensions", "").split(",")):
        code, _, key = entry.partition("=")
        codes[int(code)] = tuple(key.split(":", 1))
    return codes


class Names(object):
    """The names of one stream; the memo lives on from pickle to pickle."""

    def __init__(self, data, options):
        self.data, self.registry = data, registry(options)
        self.memo, self.found = {}, []

    def pickle(self, file):
        """Follows one pickle."""
        self.stack = []
        for opcode, argument, position in pickletools.genops(file):
            self.step(opcode, argument, position)

    def step(self, opcode, argument, position):
        name = opcode.name
        if name in TEXT:
            self.stack.append(argument)
        elif name in ("GLOBAL", "INST"):
            # genops joins the two lines with a blank and decodes escapes: look again.
            module, attribute = self.data[position + 1:].split(b"\n", 2)[:2]
            self.look_up(module.decode("utf-8"), attribute.decode("utf-8"))
            if name == "INST":
                self.pop_to_mark()
            self.stack.append(OTHER)
        elif name == "STACK_GLOBAL":
            attribute, module = self.pop(), self.pop()
            self.look_up(module, attribute)
            self.stack.append(OTHER)
        elif name in EXTENSIONS:
            self.look_up(*self.registry.get(argument, (OTHER, OTHER)))
            self.stack.append(OTHER)
        elif name in PUTS:
            self.memo[argument] = self.top()
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = self.top()
        elif name in GETS:
            if argument not in self.memo:
                raise Refused("no memo entry %r" % argument)
            self.stack.append(self.memo[argument])
        elif name == "DUP":
            self.stack.append(self.top())
        elif name == "POP":  # a MARK, too
            if not self.stack:
                raise Refused("POP of an empty stack")
            self.stack.pop()
        else:
            self.others(opcode)

    def others(self, opcode):
        """What takes and gives no names: as pickletools' table says."""
        before = opcode.stack_before
        if pickletools.markobject in before:
            self.pop_to_mark()
            before = before[:before.index(pickletools.markobject)]
        for _ in before:
            self.pop()
        for kind in opcode.stack_after:
            self.stack.append(MARK if kind is pickletools.markobject else OTHER)

    def look_up(self, module, name):
        if not isinstance(module, str) or not isinstance(name, str):
            raise Refused("a name that is not known")
        self.found.append((module, name))

    def pop(self):
        value = self.top()
        self.stack.pop()
        return value

    def top(self):
        if not self.stack or self.stack[-1] is MARK:
            raise Refused("too few values on the stack")
        return self.stack[-1]

    def pop_to_mark(self):
        while self.stack:
            if self.stack.pop() is MARK:
                return
        raise Refused("no MARK")


def globals_of(data, options):
    """[(module, name), ...] of every pickle in `data`; raises on what is not understood."""
    names, file = Names(data, options), io.BytesIO(data)
    while True:
        names.pickle(file)
        if file.tell() == len(data):
            return names.found
