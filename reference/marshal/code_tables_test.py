"""The tables of code objects as README.md explains them, against this Python's own.

    python code_tables_test.py [FILES]

Decodes line and exception tables and the kinds of variables of every code object in
FILES modules of the library (default 60), spread evenly, by the rules of the README
alone. Any CPython from 2.7 on.
"""
from __future__ import print_function

import dis
import io
import os
import sys
import types
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "harness", "adapters", "python"))
import code_objects  # noqa: E402

FILES = 60


# --- the README's rules -----------------------------------------------------------


def signed(byte):
    return byte - 256 if byte > 127 else byte


def lnotab_starts(code):
    """(offset, line) where a line starts; to 3.9."""
    line, offset, known, starts = code.co_firstlineno, 0, None, []
    pairs = bytearray(code.co_lnotab)
    for at in range(0, len(pairs) - 1, 2):
        if pairs[at] != 0:
            if line != known:
                starts.append((offset, line))
                known = line
            offset += pairs[at]
        line += signed(pairs[at + 1]) if sys.version_info >= (3, 6) else pairs[at + 1]
    if line != known:
        starts.append((offset, line))
    return starts


def ranges_310(code):
    """(start, end, line), line None for none, of bytes of bytecode."""
    line, end = code.co_firstlineno, 0
    for at in range(0, len(code.co_linetable), 2):
        length, step = code.co_linetable[at], signed(code.co_linetable[at + 1])
        start, end = end, end + length
        if step != -128:
            line += step
        if length:
            yield start, end, None if step == -128 else line


def varint(data, at):
    """Six bits a byte, the least significant first; 0x40 says that more follow."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x3F) << shift
        shift += 6
        if not byte & 0x40:
            return value, at


def signed_varint(data, at):
    value, at = varint(data, at)
    return (-(value >> 1) if value & 1 else value >> 1), at


def positions_311(code):
    """(units, line, end line, column, end column) of each entry."""
    line, data, at = code.co_firstlineno, code.co_linetable, 0
    while at < len(data):
        kind, units = data[at] >> 3 & 15, (data[at] & 7) + 1
        assert data[at] & 0x80
        at += 1
        if kind == 15:
            yield units, None, None, None, None
            continue
        if kind == 14:
            step, at = signed_varint(data, at)
            lines, at = varint(data, at)
            column, at = varint(data, at)
            end_column, at = varint(data, at)
            line += step
            yield (units, line, line + lines, column - 1 if column else None,
                   end_column - 1 if end_column else None)
        elif kind == 13:
            step, at = signed_varint(data, at)
            line += step
            yield units, line, line, None, None
        elif kind >= 10:
            line += kind - 10
            yield units, line, line, data[at], data[at + 1]
            at += 2
        else:
            column = kind << 3 | data[at] >> 4
            yield units, line, line, column, column + (data[at] & 15)
            at += 1


def exception_varint(data, at):
    """Six bits a byte, the most significant first; 0x40 says that more follow."""
    value = data[at] & 0x3F
    while data[at] & 0x40:
        at += 1
        value = value << 6 | data[at] & 0x3F
    return value, at + 1


def handlers_311(code):
    """(start, end, target, depth, lasti) in bytes of bytecode."""
    data, at = code.co_exceptiontable, 0
    while at < len(data):
        assert data[at] & 0x80
        start, at = exception_varint(data, at)
        length, at = exception_varint(data, at)
        target, at = exception_varint(data, at)
        last, at = exception_varint(data, at)
        yield start * 2, (start + length) * 2, target * 2, last >> 1, bool(last & 1)


def variables_311(names, kinds):
    pairs = list(zip(names, bytearray(kinds)))
    return [tuple(name for name, kind in pairs if kind & bit) for bit in (0x20, 0x40, 0x80)]


def argument_kinds_314(code):
    """The bits 0x0e that each argument has, in the order of the variables."""
    plain = code.co_argcount - code.co_posonlyargcount
    kinds = [0x02] * code.co_posonlyargcount + [0x06] * plain + [0x04] * code.co_kwonlyargcount
    if code.co_flags & 0x04:
        kinds.append(0x0A)
    if code.co_flags & 0x08:
        kinds.append(0x0C)
    return kinds


# --- what is compared -------------------------------------------------------------


def code_of_library():
    place = os.path.dirname(os.__file__)
    names = sorted(name for name in os.listdir(place) if name.endswith(".py"))
    for name in names[::max(1, len(names) // FILES)]:
        with io.open(os.path.join(place, name), "rb") as file:
            todo = [compile(file.read(), name, "exec", 0, True)]
        while todo:
            code = todo.pop()
            todo += [one for one in code.co_consts if isinstance(one, types.CodeType)]
            yield code


def merged(ranges):
    """Ranges of one line that touch are one."""
    result = []
    for start, end, line in ranges:
        if result and result[-1][1:] == [start, line]:
            result[-1][1] = end
        else:
            result.append([start, end, line])
    return result


class Tables(unittest.TestCase):
    def each(self, check):
        count = 0
        for code in code_of_library():
            check(code)
            count += 1
        self.assertGreater(count, 20)

    @unittest.skipIf(sys.version_info >= (3, 10), "linetable from 3.10 on")
    def test_lnotab(self):
        self.each(lambda code: self.assertEqual(
            list(dis.findlinestarts(code)), lnotab_starts(code), code))

    @unittest.skipUnless(sys.version_info[:2] == (3, 10), "3.10's linetable")
    def test_linetable_310(self):
        self.each(lambda code: self.assertEqual(
            list(code.co_lines()), list(ranges_310(code)), code))

    @unittest.skipUnless(sys.version_info >= (3, 11), "positions from 3.11 on")
    def test_positions(self):
        def check(code):
            ours = [entry[1:] for entry in positions_311(code) for _ in range(entry[0])]
            self.assertEqual(list(code.co_positions()), ours, code)
            at, lines = 0, []
            for entry in positions_311(code):
                lines.append((at, at + 2 * entry[0], entry[1]))
                at += 2 * entry[0]
            self.assertEqual(merged(code.co_lines()), merged(lines), code)
        self.each(check)

    @unittest.skipUnless(sys.version_info >= (3, 11), "exceptiontable from 3.11 on")
    def test_exceptiontable(self):
        self.each(lambda code: self.assertEqual(
            [(one.start, one.end, one.target, one.depth, one.lasti)
             for one in dis._parse_exception_table(code)], list(handlers_311(code)), code))

    @unittest.skipUnless(sys.version_info >= (3, 11), "localspluskinds from 3.11 on")
    def test_localspluskinds(self):
        def check(code):
            fields = dict(code_objects.fields(code))
            names, kinds = fields["localsplusnames"], fields["localspluskinds"]
            self.assertEqual([code.co_varnames, code.co_cellvars, code.co_freevars],
                             variables_311(names, kinds), code)
            self.assertEqual(code.co_nlocals, len(code.co_varnames))
            if sys.version_info >= (3, 14):
                arguments = argument_kinds_314(code)
                self.assertEqual([kind & 0x0E for kind in bytearray(kinds)],
                                 arguments + [0] * (len(kinds) - len(arguments)), code)
        self.each(check)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        FILES = int(sys.argv.pop(1))
    unittest.main()
