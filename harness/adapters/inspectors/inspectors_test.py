"""Tests of the two inspectors over pickletools: python3 inspectors_test.py"""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import last_two_strings
import stack_of_names


def careful(data, **options):
    return stack_of_names.globals_of(data, options)


class Careful(unittest.TestCase):
    def test_names_are_those_of_the_lines(self):
        self.assertEqual(careful(b"cmy module\na\\x62\n."), [("my module", "a\\x62")])
        self.assertEqual(careful(b"(Nim\nC\n."), [("m", "C")])

    def test_names_come_from_stack_and_memo(self):
        for stream in (b"\x8c\x01m\x8c\x01x0\x8c\x01C\x93.",  # POP
                       b"\x8c\x01m(\x8c\x01x1\x8c\x01C\x93.",  # POP_MARK
                       b"\x8c\x01m\x8c\x01x0q\x030h\x03\x8c\x01C\x93.",  # BINPUT after POP
                       b"\x8c\x01xq\x050\x8c\x01m\x940h\x01\x8c\x01C\x93.",  # MEMOIZE counts
                       b"\x8c\x01m](\x8c\x01x\x8c\x01ye0\x8c\x01C\x93."):  # APPENDS
            self.assertEqual(careful(stream), [("m", "C")])

    def test_every_pickle_of_a_file_counts(self):
        self.assertEqual(careful(b"ca\nb\n.cc\nd\n."), [("a", "b"), ("c", "d")])

    def test_extension_codes_are_looked_up_in_the_registry(self):
        self.assertEqual(careful(b"\x82\x01.", extensions="1=a:b"), [("a", "b")])

    def test_what_is_not_understood_is_refused(self):
        for stream in (b"K\x01\x8c\x01C\x93.", b"ca\nb\n", b"ca\nb\n\xff", b"0.", b"h\x00.",
                       b"\x82\x09.", b"t."):
            with self.assertRaises(ValueError):
                careful(stream)


class Careless(unittest.TestCase):
    def test_it_misses_what_its_text_says(self):
        told = last_two_strings.globals_of
        self.assertEqual(told(b"ca\nb\n."), [("a", "b")])
        self.assertEqual(told(b"(im\nC\n."), [])
        self.assertEqual(told(b"\x8c\x01m\x8c\x01x0\x8c\x01C\x93."), [("x", "C")])
        self.assertEqual(told(b"I0x10\n0ca\nb\n."), [])


if __name__ == "__main__":
    unittest.main()
