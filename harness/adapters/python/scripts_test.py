"""Tests of operation scripts; run with each interpreter: python scripts_test.py

What a database gives is told by its documentation and its source, by hand.
"""
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import assay_adapter
import dbm_format
from interpreter import LANES, PYTHON2


class Scripts(unittest.TestCase):
    def setUp(self):
        self.adapter = assay_adapter.Adapter(LANES[0])
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def ask(self, format, *lines, **more):
        request = {"op": "write", "id": "1", "format": format, "script": "\n".join(lines)}
        request.update(more)
        return json.loads(self.adapter.answer(json.dumps(request)))

    def value(self, format, *lines, **more):
        return self.ask(format, *lines, **more)["value"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)


class Databases(Scripts):
    def test_results_and_the_mapping_afterwards(self):
        self.assertEqual(
            self.value("dbm.dumb", "# a comment", "", "open 'c'", "set b'k', b'v'", "item b'k'",
                       "item b'no'", "len", "contains b'k'"),
            "([None, None, b'v', global('raises', 'KeyError'), 1, True], {b'k': b'v'})")

    def test_files_are_seen(self):
        self.assertEqual(
            self.value("dbm.dumb", "open 'c'", "set b'k', b'v'", "file '.dir'", "file '.pag'",
                       "erase '.dir'", "put '.bak', b''", "files", "close", "file '.dir'"),
            "([None, None, b'\\'k\\', (0, 1)\\n', None, None, None, ['.dat', '.bak'], None, "
            "b'\\'k\\', (0, 1)\\n'], {b'k': b'v'})")

    def test_files_are_kept_however_often_it_is_asked(self):
        folder = self.path("kept")
        for value in (b"first", b"second"):
            asked = self.ask("dbm.dumb", "open 'c'", "set b'k', b'%s'" % value.decode(), "close",
                             options={"keep": folder})
            self.assertIn("value", asked)
            data = [name for name in os.listdir(folder) if name.endswith(".dat")]
            self.assertEqual(len(data), 1)
            with open(os.path.join(folder, data[0]), "rb") as file:
                self.assertEqual(file.read(), value)

    def test_a_crash_loses_what_was_not_written(self):
        lines = ["open 'c'", "set b'k', b'v'", "sync", "set b'k', b'longer'"]
        self.assertIn("{b'k': b'longer'}", self.value("dbm.dumb", *lines))
        self.assertIn("{b'k': b'l'}", self.value("dbm.dumb", *(lines + ["crash"])))

    def test_the_files_there_before_are_not_changed(self):
        self.write("x.dir", b"'k', (0, 1)\n")
        self.write("x.dat", b"a")
        self.assertEqual(
            self.value("dbm", "which", "open 'w'", "set b'k', b'b'", "delete b'k'", path=self.path("x")),
            "([%s'%s', None, None, None], {})" % (("b", "dumbdbm") if PYTHON2 else ("", "dbm.dumb")))
        with open(self.path("x.dat"), "rb") as file:
            self.assertEqual(file.read(), b"a")
        self.assertEqual(sorted(os.listdir(self.folder)), ["x.dat", "x.dir"])

    def test_what_is_not_open(self):
        answer = self.value("dbm", "open 'r'", "len", "set b'a', b'b'")
        error = "dbm.error"
        self.assertEqual(answer, "([global('raises', '%s'), Ellipsis, Ellipsis], global('raises', "
                                 "'%s'))" % (error, error))

    def test_scripts_that_are_none(self):
        for line, fault in [("fly", "line 2: no operation is called fly"),
                            ("set b'a'", "line 2: set has 1 values"),
                            ("set b'a', b", "line 2: value text"),
                            ("file '.exe'", "no file of a database"),
                            ("open 'c', {'protocol': 2}", "only a shelf")]:
            answer = self.ask("dbm.dumb", "open 'c'", line)
            self.assertEqual(answer.get("error"), "ProtocolError", line)
            self.assertIn(fault, answer["message"])
        self.assertIn("unsupported", self.ask("dbm.dumb", "open 'n'", "set global('os', 'x'), 1"))
        self.assertIn("unsupported", self.ask("dbm.paper", "open 'n'"))


class OtherEngines(Scripts):
    """Where this Python has them."""

    def test_gnu(self):
        if not dbm_format.find_module("dbm.gnu"):
            return
        self.assertEqual(
            self.value("dbm.gnu", "open 'n'", "set b'k', b'v'", "second 'r'", "firstkey",
                       "nextkey b'k'", "sync", "reorganize", "files"),
            "([None, None, global('raises', 'dbm.gnu.error'), b'k', None, None, None, ['']], "
            "{b'k': b'v'})")

    def test_ndbm_and_sqlite(self):
        for format, error in [("dbm.ndbm", "dbm.ndbm.error"), ("dbm.sqlite3", "dbm.sqlite3.error")]:
            if dbm_format.find_module(format):
                self.assertEqual(
                    self.value(format, "open 'r'", "open 'n'", "set b'k', b'v'", "open 'w'",
                               "set 'k', 'w'", "len", "close", "len"),
                    "([global('raises', '%s'), None, None, None, None, 1, None, global('raises', "
                    "'%s')], {b'k': b'w'})" % (error, error))


class Shelves(Scripts):
    KEY = "b'k'" if PYTHON2 else "'k'"

    def test_writeback_keeps_what_was_read(self):
        for writeback, cached, kept in [(False, "[]", "[1]"), (True, "[%s]" % self.KEY, "[1, 2]")]:
            self.assertEqual(
                self.value("shelve", "open 'c', {'writeback': %s}" % writeback,
                           "set %s, [1]" % self.KEY, "append %s, 2" % self.KEY,
                           "item %s" % self.KEY, "cache", "close"),
                "([None, None, None, %s, %s, None], {%s: %s})" % (kept, cached, self.KEY, kept))

    def test_protocol_and_class(self):
        self.assertEqual(
            self.value("shelve",
                       "open 'c', {'store': 'memory', 'class': 'BsdDbShelf', 'protocol': 2}",
                       "set %s, 1" % self.KEY, "first", "next", "stored"),
            "([None, None, (%s, 1), global('raises', 'KeyError'), {b'k': b'\\x80\\x02K\\x01.'}], "
            "{%s: 1})" % (self.KEY, self.KEY))
        self.assertIn("ProtocolError", str(self.ask("shelve", "open 'c', {'class': 'BsdDbShelf'}")))

    def test_nothing_named_is_imported(self):
        call = b"cos\nsystem\n(S'rm'\ntR."
        self.assertEqual(
            self.value("shelve", "open 'c'", "close", "put '.dat', b'%s'" %
                       call.decode("ascii").replace("'", "\\'").replace("\n", "\\n"),
                       "put '.dir', b'\\'k\\', (0, 99)'", "open 'r'", "item %s" % self.KEY)[:-1]
            .split("}")[0].split("], {")[1],
            "%s: call(global('os', 'system'), %s'rm')" % (self.KEY, "b" if PYTHON2 else ""))

    def test_reading(self):
        self.write("x.dir", b"'k', (0, 2)\n'broken', (512, 0)\n")
        self.write("x.dat", b"N.")
        self.assertEqual(
            json.loads(self.adapter.answer(json.dumps(
                {"op": "read", "id": "1", "format": "shelve", "path": self.path("x")})))["value"],
            "{%s}" % ", ".join("%s%s: %s" % ("b" if PYTHON2 else "", key, value) for key, value in (
                sorted if PYTHON2 else list)([("'k'", "None"),
                                              ("'broken'", "global('raises', 'EOFError')")])))


if __name__ == "__main__":
    unittest.main()
