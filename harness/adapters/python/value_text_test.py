"""Tests of value text and of the symbolic world: python value_text_test.py

Every expectation is written by hand from the grammar of value text and the rules of
the symbolic world (README.md), never taken from what was printed.
"""
import struct
import sys
import unittest

sys.dont_write_bytecode = True

from interpreter import IMPLEMENTATION, LONG, PYTHON2
from symbolic import Persid, ReadOnlyBuffer, World, WritableBuffer, WORLD
from value_text import value_text

CPYTHON = IMPLEMENTATION == "cpython"
PYTHON3 = not PYTHON2


def text(value):
    return value_text([value])


def from_bits(bits):
    return struct.unpack(">d", struct.pack(">Q", bits))[0]


class Scalars(unittest.TestCase):
    def test_singletons(self):
        for value, expected in [(None, "None"), (True, "True"), (False, "False"),
                                (Ellipsis, "Ellipsis"), (NotImplemented, "NotImplemented")]:
            self.assertEqual(text(value), expected)

    def test_integers_turn_hexadecimal_beyond_64_bits(self):
        spell = "long(%s)" if PYTHON2 else "%s"
        two = 2 if PYTHON3 else LONG(2)
        self.assertEqual(text(0), "0")
        self.assertEqual(text(-17), "-17")
        self.assertEqual(text(two ** 63 - 1), spell % "9223372036854775807")
        self.assertEqual(text(-two ** 63), spell % "-9223372036854775808")
        self.assertEqual(text(two ** 63), spell % "0x8000000000000000")
        self.assertEqual(text(-two ** 63 - 1), spell % "-0x8000000000000001")
        self.assertEqual(text(two ** 40000), spell % ("0x1" + "0" * 10000))
        self.assertEqual(text(two), spell % "2")

    def test_floats(self):
        for value, expected in [(1.0, "1.0"), (-0.0, "-0.0"), (1e16, "1e+16"), (1.5e-7, "1.5e-07"),
                                (0.1, "0.1"), (1e300 * 1e10, "inf"), (-1e300 * 1e10, "-inf"),
                                (2.5e-10, "2.5e-10")]:
            self.assertEqual(text(value), expected)

    def test_nan_shows_its_bits_unless_they_are_the_usual_ones(self):
        self.assertEqual(text(from_bits(0x7FF8000000000000)), "nan")
        self.assertEqual(text(from_bits(0xFFF8000000000000)), "nan(0xfff8000000000000)")
        self.assertEqual(text(from_bits(0x7FF8000000000001)), "nan(0x7ff8000000000001)")

    def test_complex(self):
        self.assertEqual(text(complex(1, -0.0)), "complex(1.0, -0.0)")
        self.assertEqual(text(complex(-0.0, 1e300 * 1e10)), "complex(-0.0, inf)")

    def test_text_escapes(self):
        self.assertEqual(text(u"it's \\ \n\r\t\x00\x7f"), "'it\\'s \\\\ \\n\\r\\t\\x00\\x7f'")
        self.assertEqual(text(u"\"'\""), "'\"\\'\"'")
        self.assertEqual(text(u"\xe9\u1234\U0001f600"), "'\\xe9\\u1234\\U0001f600'")

    @unittest.skipUnless(CPYTHON or PYTHON3, "Jython's text is UTF-16")
    def test_lone_surrogates(self):
        character = chr if PYTHON3 else unichr  # noqa: F821
        self.assertEqual(text(character(0xDC80)), "'\\udc80'")
        if sys.maxunicode > 0xFFFF:
            self.assertEqual(text(character(0xD800) + character(0xDC00)), "'\\ud800\\udc00'")

    def test_bytes(self):
        self.assertEqual(text(b"a'\"\\\n\r\t\x00\xff"), "b'a\\'\"\\\\\\n\\r\\t\\x00\\xff'")
        self.assertEqual(text(bytearray(b"it's")), "bytearray(b'it\\'s')")
        self.assertEqual(text(bytearray()), "bytearray(b'')")


class Containers(unittest.TestCase):
    def test_empty_and_flat(self):
        for value, expected in [([], "[]"), ((), "()"), ({}, "{}"), (set(), "set()"),
                                (frozenset(), "frozenset()"), ([1, 2], "[1, 2]"), ((1,), "(1,)"),
                                ((1, 2), "(1, 2)"), ({1: 2}, "{1: 2}"), (set([1]), "{1}"),
                                (frozenset([1]), "frozenset({1})"), (set([2, 10]), "{10, 2}")]:
            self.assertEqual(text(value), expected)

    def test_slice(self):
        self.assertEqual(text(slice(None, 2)), "slice(None, 2, None)")

    @unittest.skipUnless(PYTHON3, "an xrange does not show its bounds")
    def test_range(self):
        self.assertEqual(text(range(3)), "range(0, 3, 1)")

    def test_shared_values_with_identity_are_labelled(self):
        item, whole = [], {}
        self.assertEqual(text([item, item]), "[&1 [], *1]")
        self.assertEqual(text((whole, set(), [whole])), "(&1 {}, set(), [*1])")
        data = bytearray(b"x")
        self.assertEqual(text([data, data]), "[&1 bytearray(b'x'), *1]")

    def test_numbers_follow_the_order_of_the_text(self):
        a, b = [1], [2]
        self.assertEqual(text([a, [b, a], b]), "[&1 [1], [&2 [2], *1], *2]")

    def test_cycles(self):
        value = []
        value.append(value)
        self.assertEqual(text(value), "&1 [*1]")
        value = []
        value.append((value,))
        self.assertEqual(text(value), "&1 [(*1,)]")

    def test_shared_immutables_are_labelled_only_if_large(self):
        pair = (1, 2)
        self.assertEqual(text([pair, pair]), "[&1 (1, 2), *1]")
        empty = ()
        self.assertEqual(text([empty, empty]), "[(), ()]")
        short, long_ = u"a" * 32, u"a" * 33
        self.assertEqual(text([short, short]), "['%s', '%s']" % (short, short))
        self.assertEqual(text([long_, long_]), "[&1 '%s', *1]" % long_)
        self.assertEqual(text({long_: [long_]}), "{&1 '%s': [*1]}" % long_)

    def test_a_doubling_value_prints_in_linear_size(self):
        value = []
        for _ in range(60):
            value = (value, value)
        self.assertLess(len(text(value)), 60 * 30)

    def test_depth_100_is_nested_and_101_is_flat(self):
        value = None
        for _ in range(100):
            value = [value]
        self.assertEqual(text(value), "[" * 100 + "None" + "]" * 100)
        value = [value, 5]
        lines = text(value).split("\n")
        self.assertEqual(lines[0], "&1 = [*2, 5]")
        self.assertEqual(lines[1], "&2 = [*3]")
        self.assertEqual(lines[100], "&101 = [None]")
        self.assertEqual(lines[101:], ["*1"])

    def test_a_flat_document_shares(self):
        value = shared = [u"s" * 40]
        for _ in range(101):
            value = (value,)
        value = [shared[0], value]
        lines = text(value).split("\n")
        self.assertEqual(lines[0], "&1 = [*2, *3]")
        self.assertEqual(lines[1], "&2 = '" + "s" * 40 + "'")
        self.assertEqual(lines[103], "&104 = [*2]")

    def test_a_million_levels(self):
        for wrap, levels in [(lambda value: [value], 1000000), (lambda value: (value,), 100000),
                             (lambda value: {1: value}, 100000), (Persid, 100000),
                             (lambda value: slice(value, 1), 100000)]:
            value = None
            for _ in range(levels if CPYTHON else 20000):
                value = wrap(value)
            box = [value]
            del value
            self.assertTrue(value_text(box).endswith("\n*1"))


class Symbols(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.find = self.world.find

    def test_global(self):
        self.assertEqual(text(self.find("os", "system")), "global('os', 'system')")
        self.assertIs(self.find("os", "system"), self.find("os", "system"))
        self.assertEqual(text(self.find("a'", "b.c")), "global('a\\'', 'b.c')")
        self.assertRaises(ValueError, self.find, "", "x")

    def test_call_and_new(self):
        f = self.find("m", "f")
        self.assertEqual(text(f(1, [2])), "call(global('m', 'f'), 1, [2])")
        self.assertEqual(text(f.__new__(f, 1, **{"cls": 2})), "new(global('m', 'f'), 1, cls=2)")
        self.assertEqual(text(f.__new__(f, **{"not id": 1})),
                         "new(global('m', 'f'), **{'not id': 1})")
        self.assertEqual(text(f.__new__(f, **{"nan": 1})), "new(global('m', 'f'), **{'nan': 1})")
        self.assertEqual(text(f()(3)), "call(call(global('m', 'f')), 3)")

    def test_operations_in_order(self):
        made = self.find("m", "f")()
        made.append(1)
        made[2] = made
        made.add(3)
        made.__setstate__(None)
        self.assertEqual(
            text(made), "&1 call(global('m', 'f')).append(1).set(2, *1).add(3).build(None)")

    def test_instances_compare_by_identity(self):
        f = self.find("m", "f")
        one, other = f(), f()
        self.assertEqual(text([one, other, one]),
                         "[&1 call(global('m', 'f')), call(global('m', 'f')), *1]")
        self.assertNotEqual(one, other)

    def test_a_global_supports_nothing(self):
        f = self.find("m", "f")
        for name in ("append", "extend", "add", "__setitem__", "__setstate__", "__getinitargs__"):
            self.assertFalse(hasattr(f, name), name)
        self.assertRaises(AttributeError, setattr, f, "x", 1)
        with self.assertRaises(TypeError):
            f.__dict__["x"] = 1

    def test_a_persistent_object_supports_nothing(self):
        found = Persid(u"a")
        self.assertEqual(text(found), "persid('a')")
        self.assertRaises(AttributeError, setattr, found, "pid", 1)
        self.assertFalse(hasattr(found, "__dict__"))
        self.assertNotEqual(found, Persid(u"a"))

    def test_buffers(self):
        fixed, writable = ReadOnlyBuffer(b"ab"), WritableBuffer(b"ab")
        WORLD.begin(False, [fixed, writable])
        self.assertEqual(text([fixed, writable]), "[buffer(0), buffer(1)]")
        self.assertNotEqual(fixed, b"ab")
        if hasattr(memoryview, "toreadonly"):
            view = memoryview(writable).toreadonly()
            self.assertEqual(text([view, view]), "[&1 readonly(buffer(1)), *1]")

    def test_a_buffer_supports_nothing(self):
        for found in (ReadOnlyBuffer(b"ab"), WritableBuffer(b"ab")):
            for name in ("append", "extend", "add", "__setstate__", "__dict__"):
                self.assertFalse(hasattr(found, name), name)
            self.assertRaises(AttributeError, setattr, found, "x", 1)
            with self.assertRaises(TypeError):
                found[0] = 1

    def resolved(self, module, name, *args):
        return text(self.find(module, name)(*args))

    def test_constructors_of_builtin_types_are_resolved(self):
        for module in ("builtins", "__builtin__"):
            self.assertEqual(self.resolved(module, "set"), "set()")
            self.assertEqual(self.resolved(module, "set", [1, 1]), "{1}")
            self.assertEqual(self.resolved(module, "frozenset", [1]), "frozenset({1})")
            self.assertEqual(self.resolved(module, "bytearray", b"a"), "bytearray(b'a')")
            self.assertEqual(self.resolved(module, "bytearray", u"\xff", "latin-1"),
                             "bytearray(b'\\xff')")
            self.assertEqual(self.resolved(module, "bytes"), "b''")
            self.assertEqual(self.resolved(module, "complex", 1.0, 2.0), "complex(1.0, 2.0)")
            self.assertEqual(self.resolved(*(("__builtin__", "xrange") if PYTHON2
                                             else (module, "range")) + (0, 9, 2)),
                             "range(0, 9, 2)")
            self.assertEqual(self.resolved(module, "slice", None, u"x", 2.0),
                             "slice(None, 'x', 2.0)")
            self.assertEqual(text(self.find(module, "Ellipsis")), "Ellipsis")
        self.assertRaises(TypeError, self.find("builtins", "set"), [[]])

    def test_other_shapes_stay_symbolic(self):
        for name, args, expected in [
                ("set", ((1,),), "(1,)"), ("complex", (1, 2.0), "1, 2.0"), ("bytes", (3,), "3"),
                ("slice", (1, 2), "1, 2"), ("slice", ([], 1, 2), "[], 1, 2"),
                ("bytearray", (u"a", "utf-8"), "'a', " + text("utf-8"))]:
            self.assertEqual(self.resolved("builtins", name, *args),
                             "call(global('builtins', '%s'), %s)" % (name, expected))

    def test_codecs_encode(self):
        encode = self.find("_codecs", "encode")
        self.assertEqual(text(encode(u"\xe9", u"latin1")), "b'\\xe9'")
        self.assertEqual(text(encode(u"\xe9", u"latin-1")), "b'\\xe9'")
        self.assertRaises(UnicodeEncodeError, encode, u"\u0100", u"latin1")
        self.assertEqual(text(encode(u"a", u"utf8")), "call(global('_codecs', 'encode'), 'a', 'utf8')")

    def test_reconstructors(self):
        cls, base = self.find("m", "C"), self.find("__builtin__", "object")
        new = "new(global('m', 'C')"
        self.assertEqual(self.resolved("copy_reg", "_reconstructor", cls, base, None), new + ")")
        self.assertEqual(self.resolved("copyreg", "__newobj__", cls, 1), new + ", 1)")
        self.assertEqual(self.resolved("copyreg", "__newobj_ex__", cls, (1,), {"a": 2}),
                         new + ", 1, a=2)")
        self.assertEqual(
            self.resolved("copy_reg", "_reconstructor", cls, self.find("builtins", "int"), 3),
            "call(global('copy_reg', '_reconstructor'), global('m', 'C'), "
            "global('builtins', 'int'), 3)")

    def test_the_symbolic_option_resolves_nothing(self):
        self.world.begin(True)
        self.assertEqual(self.resolved("builtins", "set"), "call(global('builtins', 'set'))")
        self.assertEqual(text(self.find("builtins", "Ellipsis")), "global('builtins', 'Ellipsis')")


if __name__ == "__main__":
    unittest.main()
