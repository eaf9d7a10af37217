"""Tests of the adapter; run with each interpreter: python adapter_test.py

Every expectation is written by hand from the protocol and the grammar of value text
(README.md), never taken from what the adapter printed.
"""
from __future__ import print_function

import binascii
import io
import json
import marshal
import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import assay_adapter
import sqlite_format
from interpreter import IMPLEMENTATION, LANES, PYTHON2

CPYTHON = IMPLEMENTATION == "cpython"
PYTHON3 = not PYTHON2


class Conversation(object):
    """Requests to one lane; what a pickle does is in the subclass' hands."""

    lane = None

    def setUp(self):
        self.adapter = assay_adapter.Adapter(self.lane)

    def ask(self, **request):
        return json.loads(self.adapter.answer(json.dumps(request)))

    def decode(self, data, **fields):
        answer = self.ask(op="decode", id="K", format="pickle",
                          data=binascii.hexlify(data).decode("ascii"), **fields)
        self.assertEqual(answer.pop("id"), "K")
        return answer

    def value(self, data, **fields):
        answer = self.decode(data, **fields)
        self.assertNotIn("error", answer, answer.get("message"))
        return answer["value"]

    def error(self, data, **fields):
        return self.decode(data, **fields).get("error")

    def test_hello(self):
        answer = self.ask(op="hello", protocol=1)
        self.assertEqual(answer["lane"], self.lane)
        self.assertEqual(answer["implementation"], IMPLEMENTATION)
        if CPYTHON and sys.maxsize > 1 << 32:
            self.assertEqual(answer["profile"], "cpython-%d.%d-%s" % (
                sys.version_info[0], sys.version_info[1], self.lane))

    def seen(self, data, **fields):
        answer = self.ask(op="inspect", id="K", format="pickle",
                          data=binascii.hexlify(data).decode("ascii"), **fields)
        self.assertEqual(answer["id"], "K")
        return answer["value"]

    def test_inspect_lists_what_find_class_is_given(self):
        self.assertEqual(self.seen(b"N."), "[]")
        # As the stream has it, before fix_imports, also where the input then ends.
        self.assertEqual(self.seen(b"c__builtin__\nset\ncm\nx y\n"),
                         "[global('__builtin__', 'set'), global('m', 'x y')]")
        self.assertEqual(self.seen(b"(im\nC\n."), "[global('m', 'C')]")
        self.assertEqual(self.seen(b"\x82\x01.", options={"extensions": "1=a:b"}),
                         "[global('a', 'b')]")
        self.assertEqual(self.seen(b"ca\nb\n.cc\nd\n.", options={"loads": 2, "fresh": True}),
                         "[global('a', 'b'), global('c', 'd')]")
        if PYTHON3:
            self.assertEqual(self.seen(b"\x8c\x01m2\x93."), "[global('m', 'm')]")

    def test_another_protocol_is_refused(self):
        self.assertEqual(self.ask(op="hello", protocol=2)["error"], "ProtocolError")

    def test_value_and_consumed(self):
        self.assertEqual(self.decode(b"]K\x01a.rest"), {"value": "[1]", "consumed": 5})

    def test_globals_are_not_imported(self):
        self.assertEqual(self.value(b"cno_such_module\nf\n(K\x01tR."),
                         "call(global('no_such_module', 'f'), 1)")
        self.assertNotIn("no_such_module", sys.modules)

    def test_instances_record_what_is_done_to_them(self):
        made = b"cm\nC\n)\x81"
        self.assertEqual(self.value(made + b"."), "new(global('m', 'C'))")
        self.assertEqual(self.value(made + b"(K\x01K\x02eK\x03a."),
                         "new(global('m', 'C')).append(1).append(2).append(3)")
        self.assertEqual(self.value(made + b"]b."), "new(global('m', 'C')).build([])")
        if IMPLEMENTATION != "jython":  # its cPickle sets items of dicts only
            self.assertEqual(self.value(made + b"(K\x01K\x02u."),
                             "new(global('m', 'C')).set(1, 2)")

    def test_the_memo_shares(self):
        self.assertEqual(self.value(b"(]q\x00h\x00t."), "(&1 [], *1)")

    def test_persistent_load(self):
        self.assertEqual(self.value(b"K\x01Q."), "persid(1)")
        self.assertEqual(self.value(b"Pab\n."), "persid(b'ab')" if PYTHON2 else "persid('ab')")
        self.assertIn(self.error(b"K\x01Q.", options={"persistent": "none"}),
                      ("UnpicklingError", "AttributeError"))

    def test_extensions_are_registered_for_one_case(self):
        self.assertEqual(self.value(b"\x82\xf0.", options={"extensions": "1=a:b,240=m:C"}),
                         "global('m', 'C')")
        self.assertIsNotNone(self.error(b"\x82\xf0."))

    def test_several_loads(self):
        both = b"]q\x00.h\x00."
        self.assertEqual(self.decode(both, options={"loads": 2}),
                         {"value": "(&1 [], *1)", "consumed": 7})
        self.assertIsNotNone(self.error(both, options={"loads": 2, "fresh": True}))
        self.assertEqual(self.value(b"K\x01.", options={"loads": 1}), "(1,)")

    @unittest.skipUnless(PYTHON3, "fix_imports came with Python 3")
    def test_fix_imports_follows_the_protocol_seen_last(self):
        old, new = "global('__builtin__', 'xrange')", "global('builtins', 'range')"
        name = b"c__builtin__\nxrange\n."
        self.assertEqual(self.value(name), new)
        self.assertEqual(self.value(b"\x80\x02" + name), new)
        self.assertEqual(self.value(b"\x80\x03" + name), old)
        self.assertEqual(self.value(b"\x80\x03\x80\x02" + name), new)
        self.assertEqual(self.value(name, options={"fix_imports": False}), old)
        self.assertEqual(self.value(b"cUserDict\nX\n."), "global('collections', 'X')")

    @unittest.skipUnless(PYTHON3, "Python 2 has no encodings here")
    def test_encoding(self):
        data = b"U\x01\xe9."
        self.assertEqual(self.value(data, options={"encoding": "latin1"}), "'\\xe9'")
        self.assertEqual(self.value(data, options={"encoding": "bytes"}), "b'\\xe9'")
        self.assertEqual(self.error(data), "UnicodeDecodeError")

    @unittest.skipUnless(PYTHON2, "for Python 2")
    def test_python_2_spelling(self):
        self.assertEqual(self.value(b"(U\x01aX\x01\x00\x00\x00b\x8a\x01\x05K\x05t."),
                         "(b'a', 'b', long(5), 5)")
        self.assertIn("unsupported", self.decode(b"N.", options={"encoding": "latin1"}))

    @unittest.skipUnless(sys.version_info >= (3, 8), "protocol 5")
    def test_buffers(self):
        self.assertEqual(self.value(b"\x97\x98\x97\x98\x86.", buffers=["6162", "w:63"]),
                         "(buffer(0), readonly(buffer(1)))")
        self.assertEqual(self.error(b"\x97.", buffers=[]), "UnpicklingError")
        self.assertEqual(self.value(b"\x96\x01\0\0\0\0\0\0\0a\x98."), "readonly(bytearray(b'a'))")

    def test_errors_name_the_class(self):
        self.assertEqual(self.error(b""), "EOFError")
        if self.lane == "c":
            self.assertEqual(self.error(b"]}s."), "UnpicklingError")
        if self.lane == "py":
            self.assertEqual(self.error(b"]}s."), "IndexError")
            # pickle.py reads with struct, or in Python 2 with marshal
            self.assertEqual(self.error(b"J\x00."), "EOFError" if PYTHON2 else "struct.error")

    def test_requests_that_are_wrong(self):
        self.assertEqual(self.ask(op="nothing", id="1"), {"id": "1",
                                                          "unsupported": "operation nothing"})
        self.assertIn("unsupported", self.ask(op="decode", id="1", format="jpeg", data=""))
        self.assertIn("unsupported", self.decode(b"N.", options={"colour": "red"}))
        for wrong in ({"op": "decode", "id": "1"}, {"id": "1"},
                      {"op": "decode", "id": "1", "format": "pickle", "data": "8"},
                      {"op": "decode", "id": "1", "format": "pickle", "data": 5}):
            answer = self.ask(**wrong)
            self.assertEqual((answer["id"], answer["error"]), ("1", "ProtocolError"))
        for line in ("", "[]", "{", "5"):
            self.assertEqual(json.loads(self.adapter.answer(line))["error"], "ProtocolError")

    def test_bye_and_the_end_of_input(self):
        answers = io.BytesIO()
        self.adapter.serve(io.BytesIO(b'{"op":"x"}\n{"op":"bye"}\n{"op":"x"}\n'), answers)
        self.assertEqual(answers.getvalue().count(b"\n"), 1)

    @unittest.skipUnless(CPYTHON, "slow elsewhere")
    def test_a_deep_pickle(self):
        data = b"]" * 200000 + b"a" * 199999 + b"."
        self.assertTrue(self.value(data).endswith("&200000 = []\n*1"))


for lane_of_this_python in LANES:
    name = "Lane_" + lane_of_this_python
    globals()[name] = type(name, (Conversation, unittest.TestCase), {"lane": lane_of_this_python})


def sample(a, *b):
    free = a

    def inner():
        return free, 1000
    return inner


@unittest.skipUnless(CPYTHON, "marshal of CPython")
class Marshal(unittest.TestCase):
    adapter = assay_adapter.Adapter(LANES[0])

    def decode(self, data, **options):
        return json.loads(self.adapter.answer(json.dumps({
            "op": "decode", "id": "1", "format": "marshal",
            "data": binascii.hexlify(data).decode("ascii"), "options": options})))

    def test_values(self):
        text = "b'a'" if PYTHON2 else "'a'"
        for data, expected in [(b"N", "None"), (b"S", "StopIteration"), (b".", "Ellipsis"),
                               (b"i\xff\xff\xff\xff", "-1"), (b"t\1\0\0\0a", text),
                               (b"[\2\0\0\0NT", "[None, True]"), (b"{NT0", "{None: True}"),
                               (b"y" + b"\0" * 16, "complex(0.0, 0.0)")]:
            self.assertEqual(self.decode(data + b"rest"), {
                "id": "1", "value": expected, "consumed": len(data)})

    @unittest.skipUnless(PYTHON3, "version 3")
    def test_references(self):
        self.assertEqual(self.decode(b"\xdb\1\0\0\0r\0\0\0\0")["value"], "&1 [*1]")
        self.assertEqual(self.decode(b"\xa8\1\0\0\0r\0\0\0\0")["value"], "&1 (*1,)")

    def test_errors(self):
        self.assertEqual(self.decode(b"")["error"], "EOFError")
        self.assertEqual(self.decode(b"?")["error"], "ValueError")
        self.assertEqual(self.decode(b"0")["error"], "TypeError")
        self.assertIn("unsupported", self.decode(b"N", colour="red"))

    def test_code_of_another_python(self):
        self.assertIn("unsupported", self.decode(b"N", python="3.1 3.2"))
        own = "%d.%d" % sys.version_info[:2]
        self.assertEqual(self.decode(b"N", python="3.1 " + own)["value"], "None")

    def test_writing(self):
        def encode(value, version):
            return json.loads(self.adapter.answer(json.dumps({
                "op": "encode", "id": "1", "format": "marshal", "protocol": version,
                "value": value})))
        self.assertEqual(encode("[None, 1]", 2)["data"], "5b020000004e6901000000")
        self.assertEqual(encode("bytearray()", 2)["data"], "7300000000")
        self.assertEqual(encode("&1 [*1]", 2)["error"], "ValueError")
        self.assertEqual(encode("object", 2)["error"], "ProtocolError")

    def test_it_belongs_to_the_first_lane(self):
        adapter = assay_adapter.Adapter(LANES[-1])
        request = '{"op": "decode", "id": "1", "format": "marshal", "data": "4e"}'
        self.assertIn("unsupported", json.loads(adapter.answer(request)))

    def test_code(self):
        code = sample.__code__
        text = self.decode(marshal.dumps(code))["value"]
        self.assertTrue(text.startswith("code(argcount=1, "), text)
        self.assertEqual(text.count("code(argcount="), 2)
        self.assertIn("filename=", text)
        if sys.version_info >= (3, 11):
            self.assertIn("localsplusnames=('a', 'b', 'inner', 'free'), localspluskinds=", text)
            self.assertIn("localsplusnames=('free',), localspluskinds=b'\\x80'", text)
        else:
            self.assertIn("varnames=(b'a', b'b', b'inner'), freevars=(), cellvars=" if PYTHON2 else
                          "varnames=('a', 'b', 'inner'), freevars=(), cellvars=", text)

    def test_code_is_refused_on_demand(self):
        answer = self.decode(marshal.dumps(sample.__code__), allow_code=False)
        if sys.version_info >= (3, 13):
            self.assertEqual(answer["error"], "ValueError")
        else:
            self.assertIn("unsupported", answer)



class Dbm(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.adapter = assay_adapter.Adapter(LANES[0])

    def tearDown(self):
        shutil.rmtree(self.folder)

    def ask(self, operation, format, name):
        path = os.path.join(self.folder, name)
        return json.loads(self.adapter.answer(json.dumps(
            {"op": operation, "id": "1", "format": format, "path": path})))

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(content)

    def test_dumb_files(self):
        self.write("x.dir", b"'k', (512, 3)\n")
        self.write("x.dat", b"\0" * 512 + b"abc")
        self.assertEqual(self.ask("read", "dbm.dumb", "x")["value"], "{b'k': b'abc'}")
        self.assertEqual(self.ask("read", "dbm", "x")["value"], "{b'k': b'abc'}")
        module = "b'dumbdbm'" if PYTHON2 else "'dbm.dumb'"
        self.assertEqual(self.ask("identify", "dbm", "x")["value"], module)
        self.assertEqual(self.ask("identify", "dbm", "y")["value"], "None")

    def test_nothing_is_written(self):
        self.write("x.dir", b"'k', (0, 1)\n'k', (1, 1)\n")
        self.write("x.dat", b"ab")
        self.assertEqual(self.ask("read", "dbm.dumb", "x")["value"], "{b'k': b'b'}")
        self.assertEqual(sorted(os.listdir(self.folder)), ["x.dat", "x.dir"])

    def test_errors(self):
        self.write("x.dir", b"'k', (\n")
        self.write("x.dat", b"")
        self.assertEqual(self.ask("read", "dbm.dumb", "x")["error"], "SyntaxError")
        self.assertIn("unsupported", self.ask("read", "dbm.paper", "x"))


class Scenarios(unittest.TestCase):
    def ask(self, program, **options):
        request = {"op": "scenario", "id": "1", "format": "python", "script": program,
                   "options": options}
        return json.loads(assay_adapter.Adapter(LANES[0]).answer(json.dumps(request).encode("ascii")))

    def test_lines(self):
        self.assertEqual(self.ask("print('a\\n' + 'b')")["value"], "['a', 'b']")
        self.assertEqual(self.ask("pass")["value"], "[]")

    def test_an_exception_ends_it(self):
        self.assertEqual(self.ask("print(1)\n{}['k']")["error"], "KeyError")
        self.assertEqual(self.ask("raise SystemExit(1)")["error"], "SystemExit")
        self.assertEqual(self.ask("1 +")["error"], "SyntaxError")

    def test_runs_in_a_folder_of_its_own(self):
        program = "import os\nprint(len(os.listdir('.')))\nopen('x', 'w').close()"
        before = os.getcwd()
        self.assertEqual(self.ask(program)["value"], "['0']")
        self.assertEqual(self.ask(program)["value"], "['0']")
        self.assertEqual(os.getcwd(), before)

    def test_is_main(self):
        program = ("import pickle\nclass A(object):\n    pass\n"
                   "print(type(pickle.loads(pickle.dumps(A(), 2))) is A)")
        self.assertEqual(self.ask(program)["value"], "['True']")

    def test_needs(self):
        self.assertIn("unsupported", self.ask("pass", needs="no_such_module"))
        self.assertEqual(self.ask("pass", needs="sys dbm.dumb")["value"], "[]")
        self.assertIn("unsupported", self.ask("pass", speed=1))


@unittest.skipUnless(sqlite_format.sqlite3, "a Python with sqlite3")
class Sqlite(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.path = os.path.join(self.folder, "x.db")
        self.adapter = assay_adapter.Adapter(LANES[0])

    def tearDown(self):
        shutil.rmtree(self.folder)

    def ask(self, operation, **fields):
        return json.loads(self.adapter.answer(json.dumps(
            dict(fields, op=operation, id="1", format="sqlite", path=self.path))))

    def run_sql(self, sql):
        connection = sqlite_format.sqlite3.connect(self.path)
        connection.executescript(sql)
        connection.close()

    def test_schema_and_rows(self):
        self.run_sql("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (1.5, x'ff'), "
                     "(NULL, CAST(x'eda080' AS TEXT)); CREATE VIEW v AS SELECT 1;")
        schema = "'schema': [('table', 't', 't', 2, 'CREATE TABLE t(a, b)'), " \
            "('view', 'v', 'v', 0, 'CREATE VIEW v AS SELECT 1')]"
        rows = "'rows': {'t': [(1, 'x'), (1.5, b'\\xff'), " \
            "(None, call(global('sqlite3', 'text'), b'\\xed\\xa0\\x80'))]}"
        self.assertIn(self.ask("read")["value"], ["{%s, %s}" % (schema, rows),
                                                  "{%s, %s}" % (rows, schema)])

    def test_names_in_utf_16(self):
        self.run_sql(u"PRAGMA encoding = 'UTF-16le'; CREATE TABLE \"a\"\"\u20ac\"(b);")
        self.assertIn("'rows': {'a\"\\u20ac': []}", self.ask("read")["value"])

    def test_dump(self):
        self.run_sql("CREATE TABLE t(a); INSERT INTO t VALUES ('x')")
        self.assertEqual(self.ask("iterdump")["value"],
                         "['BEGIN TRANSACTION;', 'CREATE TABLE t(a);', "
                         "'INSERT INTO \"t\" VALUES(\\'x\\');', 'COMMIT;']")

    def test_errors(self):
        with open(self.path, "wb") as file:
            file.write(b"no database\n" * 100)
        self.assertEqual(self.ask("read")["error"], "DatabaseError")
        self.assertEqual(self.ask("iterdump")["error"], "DatabaseError")
        self.assertIn("unsupported", self.ask("read", options={"x": 1}))


if __name__ == "__main__":
    unittest.main()
