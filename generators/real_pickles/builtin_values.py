"""Values of built-in types: numbers, text, bytes, containers, shared and recursive."""
from __future__ import division

import struct

import real_classes as c
from registry import PYTHON2, only, text, value, with_attributes


# --- numbers and constants ----------------------------------------------------


@value("None, False and True")
def constants():
    return [None, False, True]


@value("Ellipsis and NotImplemented")
def singletons():
    return (Ellipsis, NotImplemented)


@value("integers at the edges of one byte")
def ints_8_bit():
    return [0, 1, 127, 128, 255, -1, -128, -129]


@value("integers at the edges of two bytes")
def ints_16_bit():
    return [256, 32767, 32768, 65535, 65536, -32768, -32769]


@value("integers at the edges of four bytes")
def ints_32_bit():
    return [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -2 ** 31, -2 ** 31 - 1]


@value("integers at the edges of eight bytes")
def ints_64_bit():
    return [2 ** 63 - 1, 2 ** 63, 2 ** 64 - 1, 2 ** 64, -2 ** 63, -2 ** 63 - 1]


@value("an integer of 255 bytes, the longest LONG1")
def int_255_bytes():
    return (1 << 2039) - 1


@value("an integer of 256 bytes, the shortest LONG4")
def int_256_bytes():
    return 1 << 2039


@value("long integers of Python 2 that would fit an int")
def longs():
    only(PYTHON2)
    return [long(0), long(1), long(-1), long(255), long(2 ** 31)]  # noqa: F821


@value("finite floats that need care: signed zero, the smallest, the largest, 17 digits")
def floats():
    return [0.0, -0.0, 1.0, 0.1, 1 / 3, 5e-324, 2.2250738585072014e-308,
            1.7976931348623157e308, 1e16, 123456789012345680.0, -1.5e-7]


@value("the infinities and the usual NaN")
def floats_special():
    return [float("inf"), float("-inf"), struct.unpack(">d", b"\x7f\xf8" + b"\0" * 6)[0]]


@value("NaNs with a sign and with a payload")
def nan_payloads():
    return list(struct.unpack(">3d", b"\xff\xf8" + b"\0" * 6 + b"\x7f\xf8\0\0\0\0\0\1"
                              + b"\x7f\xf4" + b"\0" * 6))


@value("complex numbers with signed zeros and infinities")
def complexes():
    return [1 + 2j, complex(-0.0, -0.0), complex(float("inf"), 0.5)]


# --- text and bytes -----------------------------------------------------------


@value("text: empty, ASCII, Latin-1, the rest of the BMP")
def texts():
    return [text(""), text("abc"), text("caf\\xe9"), text("\\u20ac\\u4e2d\\ufffe")]


@value("text beyond the BMP")
def text_astral():
    return text("\\U0001f600\\U0010ffff")


@value("lone surrogates")
def text_surrogates():
    return [text("\\ud800"), text("a\\udc80b")]


@value("text that protocol 0 must escape: backslash, newline, NUL, carriage return, Ctrl-Z")
def text_escapes():
    return [text("\\x5c"), text("\\x5cu0041"), text("a\\x0ab"), text("\\x00"), text("\\x0d\\x1a"),
            text("'\"")]


@value("text of 255 and 256 bytes of UTF-8")
def text_255_256():
    return [text("a") * 255, text("\\xe9") * 128]


@value("text longer than a frame", protocols=(2, 4))
def text_long():
    return text("0123456789abcde\\u20ac") * 4200


@value("bytes: empty, with a NUL, quotes")
def bytes_short():
    return [b"", b"a", b"a\0b", b"it's \"quoted\"\\ \n"]


@value("every byte once")
def bytes_all():
    return bytes(bytearray(range(256)))


@value("bytes of length 255")
def bytes_255():
    return b"b" * 255


@value("bytes longer than a frame", protocols=(4, 5))
def bytes_long():
    return b"0123456789abcdef" * 4100


@value("bytearrays: empty, ASCII, high bytes")
def bytearrays():
    return [bytearray(), bytearray(b"abc"), bytearray(b"\x80\xff")]


@value("a bytearray longer than a frame", protocols=(4, 5))
def bytearray_long():
    return bytearray(b"0123456789abcdef" * 4100)


@value("a PickleBuffer over bytes, in band")
def buffer_in_band():
    return pickle_buffer(b"in band")


@value("a PickleBuffer over a bytearray, in band")
def buffer_writable_in_band():
    return pickle_buffer(bytearray(b"in band"))


@value("PickleBuffers out of band: read-only, writable, and one twice", out_of_band=True)
def buffers_out_of_band():
    twice = pickle_buffer(bytearray(b"twice"))
    return [pickle_buffer(b"fixed"), pickle_buffer(bytearray(b"writable")), twice, twice]


@value("PickleBuffers of which the callback keeps every other one in band", out_of_band="some")
def buffers_some_out_of_band():
    return [pickle_buffer(b"first"), pickle_buffer(b"second"), pickle_buffer(bytearray(b"third"))]


def pickle_buffer(data):
    import pickle
    return pickle.PickleBuffer(data)


# --- containers ---------------------------------------------------------------


@value("the empty containers")
def empties():
    return [[], (), {}, set(), frozenset()]


@value("tuples of one to five items")
def tuples():
    return [(1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 4, 5)]


@value("a list in a list in a list")
def lists_nested():
    return [[[1], 2], [3]]


@value("lists nested 100 deep")
def lists_100_deep():
    made = []
    for _ in range(99):
        made = [made]
    return made


@value("a list of exactly one batch, 1000 items")
def list_1000():
    return [0] * 1000


@value("a list of a batch and one item")
def list_1001():
    return [0] * 1001


@value("a list of two batches and some")
def list_2300():
    return [None] * 2300


@value("dicts of one, two and mixed keys")
def dicts():
    return [{1: 2}, {text("a"): None}, {True: 2, 1.5: 3, (1, 2): 4}]


@value("a dict of a batch and one item")
def dict_1001():
    return dict.fromkeys(range(1001))


@value("sets of numbers and of tuples")
def sets():
    return [set([1, 2, 3]), set([(1, 2), 5])]


@value("a set of text, in the order of hash seed 0")
def set_of_text():
    return set([text("a"), text("b"), text("c"), text("d")])


@value("a set of a batch and one item")
def set_1001():
    return set(range(1001))


@value("frozensets inside frozensets")
def frozensets():
    return frozenset([frozenset([1]), frozenset()])


@value("a frozendict")
def frozen_dict():
    return frozendict({1: 2, text("a"): [3]})  # noqa: F821 (Python 3.15)


@value("a list that stands in three places")
def shared_list():
    made = [1]
    return [made, made, {1: made}]


@value("a tuple that stands twice, and a tuple of it")
def shared_tuple():
    made = (1, text("x"))
    return [made, made, (made, made)]


@value("text and bytes that stand twice")
def shared_text():
    word, data = text("a word that stands twice"), b"bytes that stand twice"
    return [word, data, {word: data}]


@value("a list that holds itself")
def recursive_list():
    made = [1]
    made.append(made)
    return made


@value("a dict that holds itself as a value")
def recursive_dict():
    made = {}
    made[text("me")] = made
    return made


@value("a tuple inside a list that it holds")
def recursive_tuple():
    inner = []
    made = (inner, 1)
    inner.append(made)
    return made


@value("an instance in a set that it holds")
def recursive_set():
    made = with_attributes(c.Node(), members=None)
    made.members = set([made])
    return made


@value("a frozenset that an instance inside it holds")
def recursive_frozenset():
    inner = c.Node()
    made = frozenset([inner])
    inner.links = made
    return made


@value("a dict whose key is an instance that holds the dict")
def recursive_key():
    inner = c.Node()
    made = {inner: 1}
    inner.links = made
    return made


@value("instances that hold each other")
def recursive_instances():
    first, second = c.Node(), c.Node()
    first.links.append(second)
    second.links.append(first)
    return [first, second]


@value("300 lists, so that the memo needs long indices")
def memo_300():
    lists = [[] for _ in range(300)]
    return lists + lists[-45:]


@value("text in two frames and text outside of frames", protocols=(4, 5))
def frames():
    return [text("%d ") % i * 1000 for i in range(24)] + [text("outside ") * 8200, text("last")]
