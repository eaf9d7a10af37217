"""A starter: an adapter in Python, to be copied. ../README.md says how.

The toy below reads twenty opcodes. Put your implementation in its place, in
implementation(); the rest prints Python's values and speaks the protocol.
"""
import json
import struct
import sys


class Unsupported(Exception):
    pass


class Global(object):
    """A name in the data. It is never looked up."""

    def __init__(self, module, name):
        self.module, self.name = module, name


# ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
# Raise what it raises; raise Unsupported for what it does not claim to do.

def implementation(data):
    return toy(data)


HELLO = {"implementation": "toy", "version": "1.0", "language": "Python", "window": 16,
         "formats": ["pickle:decode:0-3"], "identity": "mutable", "lossy": []}

# ------------------------------------------------------------------------------------


def toy(data):
    at, stack, marks, memo = 0, [], [], {}

    def take(count):
        nonlocal at
        if len(data) - at < count:
            raise EOFError("pickle ends early")
        at += count
        return data[at - count:at]

    def line():
        end = data.index(b"\n", at)
        return take(end + 1 - at)[:-1].decode("utf-8")

    def since_mark():
        start = marks.pop()
        items = stack[start:]
        del stack[start:]
        return items

    while True:
        code = take(1)
        if code == b".":
            return stack.pop(), at
        elif code == b"(":
            marks.append(len(stack))
        elif code == b"N":
            stack.append(None)
        elif code in b"\x88\x89":
            stack.append(code == b"\x88")
        elif code == b"K":
            stack.append(take(1)[0])
        elif code == b"J":
            stack.append(struct.unpack("<i", take(4))[0])
        elif code == b"\x8a":
            stack.append(int.from_bytes(take(take(1)[0]), "little", signed=True))
        elif code == b"G":
            stack.append(struct.unpack(">d", take(8))[0])
        elif code == b"X":
            size = struct.unpack("<I", take(4))[0]
            stack.append(take(size).decode("utf-8", "surrogatepass"))
        elif code == b"C":
            stack.append(take(take(1)[0]))
        elif code == b"]":
            stack.append([])
        elif code == b"e":
            items = since_mark()
            stack[-1].extend(items)
        elif code == b")":
            stack.append(())
        elif code == b"t":
            stack.append(tuple(since_mark()))
        elif code == b"}":
            stack.append({})
        elif code == b"u":
            items = since_mark()
            stack[-1].update(zip(items[::2], items[1::2]))
        elif code == b"q":
            memo[take(1)[0]] = stack[-1]
        elif code == b"h":
            stack.append(memo[take(1)[0]])
        elif code == b"c":
            stack.append(Global(line(), line()))
        else:
            raise Unsupported("opcode 0x%02x" % ord(code))


# ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

def atom(value):
    """The text of a value without parts; None for what has some."""
    if value is None or isinstance(value, (bool, float)):
        return repr(value)
    if isinstance(value, int):
        return hex(value)  # decimal is slow, and limited to 4300 digits
    if isinstance(value, (str, bytes)):
        return ascii(value)
    if isinstance(value, Global):
        return "global(%a, %a)" % (value.module, value.name)


def value_text(root):
    labels, nodes, lines = {}, [], []

    def part(value):
        text = atom(value)
        if text is not None:
            return text
        if id(value) not in labels:
            nodes.append(value)
            labels[id(value)] = len(nodes)
        return "*%d" % labels[id(value)]

    def form(value):
        if isinstance(value, list):
            return "[" + ", ".join(map(part, value)) + "]"
        if isinstance(value, tuple):
            comma = "," if len(value) == 1 else ""
            return "(" + ", ".join(map(part, value)) + comma + ")"
        if isinstance(value, dict):
            items = (part(key) + ": " + part(item) for key, item in value.items())
            return "{" + ", ".join(items) + "}"
        raise TypeError("no value text for %r" % type(value))

    last = part(root)
    for node in nodes:  # grows while it is read
        lines.append("&%d = %s\n" % (labels[id(node)], form(node)))
    return "".join(lines) + last


# ---- The protocol. ------------------------------------------------------------------

def answer(request):
    if request["op"] == "hello":
        return HELLO
    if request["op"] != "decode" or request.get("format") != "pickle":
        return {"unsupported": "this operation or format"}
    if request.get("options") or request.get("buffers"):
        return {"unsupported": "options and buffers"}
    data = bytes.fromhex(request["data"])
    try:
        value, consumed = implementation(data)
    except Unsupported as why:
        return {"unsupported": str(why)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"value": value_text(value), "consumed": consumed}


def main():
    for line in sys.stdin:
        fields = {}
        try:
            request = json.loads(line)
            if request["op"] == "bye":
                return
            if "id" in request:
                fields["id"] = request["id"]
            fields.update(answer(request))
        except Exception as error:  # a broken request, or a mistake of this adapter
            fields.update(error="ProtocolError", message=repr(error))
        print(json.dumps(fields), flush=True)


main()
