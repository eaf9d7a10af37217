"""Shelves by every Python on this machine, for corpus/shelve.

    python3 generators/shelf_files/make_shelves.py --to corpus/shelve PYTHON...

PYTHONs are commands, oldest first. Shelves of equal files are kept once, with all who
wrote them. The second topic is shelves with one fault each: written by hand, on a
dbm.dumb of this program's own laying out.
"""
import argparse
import json
import os
import pickle
import shlex
import subprocess
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
ENDINGS = ("", ".dir", ".dat", ".bak", ".pag", ".db", "-wal", "-journal")
SPEC = "Lib/shelve.py Shelf.__getitem__, Shelf.__setitem__"

HEAD = '''format = "shelve"
topic  = "%s"

# %s: written by generators/shelf_files.
'''
CASE = '''
[[case]]
id     = "%(id)s"
why    = "%(why)s"
spec   = "%(spec)s"
path   = "%(path)s"
'''


def run(program, code):
    return subprocess.run([*program, "-c", code], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True)


def identity(program):
    """Name and version, its short form, and the highest protocol of pickles."""
    out = run(program, "import sys, platform, pickle; sys.stdout.write('%s %s %d' % ("
                       "platform.python_implementation(), '.'.join(map(str, getattr("
                       "sys, 'pypy_version_info', sys.version_info)[:3])), "
                       "pickle.HIGHEST_PROTOCOL))").stdout
    name, version, highest = out.split()
    short = ".".join(version.split(".")[:2]) if name == "CPython" else name.lower()
    return "%s %s" % (name, version), short, int(highest)


def shelf(program, module, protocol):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "shelf")
        subprocess.run([*program, os.path.join(FOLDER, "write_shelf.py"), module, str(protocol),
                        path], check=True, env=dict(os.environ, PYTHONHASHSEED="0"))
        files = {}
        for ending in ENDINGS:
            if os.path.exists(path + ending):
                with open(path + ending, "rb") as file:
                    files[ending] = file.read()
        return files


class Maker:
    def __init__(self, to):
        self.to = to
        self.topics = {}
        self.seen = {}

    def put(self, path, files):
        target = os.path.join(self.to, "data", path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        for ending, data in files.items():
            with open(target + ending, "wb") as file:
                file.write(data)

    def add(self, topic, name, path, files, why, spec=SPEC, options=""):
        self.put(path, files)
        case = {"id": "%s/%s" % (topic, name), "why": why, "spec": spec, "options": options,
                "path": "data/" + path}
        self.topics.setdefault(topic, []).append(case)
        return case

    def written(self, programs):
        for program in programs:
            python, short, highest = identity(program)
            for module in "dumbdbm", "dbm.dumb", "dbm.gnu", "dbm.ndbm", "dbm.sqlite3":
                if run(program, "import " + module).returncode:
                    continue
                protocols = list(range(highest + 1)) + ["default"]
                if module not in ("dumbdbm", "dbm.dumb"):
                    protocols = ["default"]
                for protocol in protocols:
                    self.one(program, python, short, module, protocol)
        for case in self.seen.values():
            case["why"] = "Every kind of value, written by %s." % ", ".join(case["writers"])

    def one(self, program, python, short, module, protocol):
        files = shelf(program, module, protocol)
        says = "%s %s with %s" % (python, module, "the default protocol" if protocol == "default"
                                  else "protocol %d" % protocol)
        key = tuple(sorted(files.items()))
        if key in self.seen:
            self.seen[key]["writers"].append(says)
            return
        kind = "dumb" if "dumb" in module else module.split(".")[1]
        name = "%s-%s-%s" % (kind, short, "default" if protocol == "default" else "p%d" % protocol)
        self.seen[key] = case = self.add(
            "written", name, name + "/shelf", files, "",
            options='options = {ndbm = "berkeley"}\n' if kind == "ndbm" else "")
        case["writers"] = [says]

    def by_hand(self):
        good = pickle.dumps([1, 2], 2)
        for name, (pairs, why) in FAULTS(good).items():
            self.add("faults", name, "faults/" + name, dumb(pairs), why)
        latin1 = dumb([(b"caf\xe9", good), (b"a", pickle.dumps("x", 2))])
        self.add("faults", "key-latin1", "faults/key-latin1", latin1, "A key that is no UTF-8 ends keys().")
        self.topics["faults"].append({
            "id": "faults/key-latin1-told", "why": "With keyencoding the same shelf is read.",
            "spec": "Library/shelve: Shelf, keyencoding", "path": "data/faults/key-latin1",
            "options": 'options = {keyencoding = "latin-1"}\n'})
        utf8 = dumb([("café".encode(), good)])
        self.add("faults", "key-utf8", "faults/key-utf8", utf8,
                 "Keys are UTF-8 unless the shelf is told otherwise.")
        self.topics["faults"].append({
            "id": "faults/key-utf8-as-latin1", "why": "With another keyencoding the same bytes "
            "are another key.", "spec": "Library/shelve: Shelf, keyencoding",
            "path": "data/faults/key-utf8", "options": 'options = {keyencoding = "latin-1"}\n'})

    def write(self, title):
        for topic, cases in self.topics.items():
            with open(os.path.join(self.to, topic + ".toml"), "w") as out:
                out.write(HEAD % (topic, title[topic]))
                for case in cases:
                    out.write(CASE % case)
                    out.write(case["options"])
        # For `assay cross`, which counts the values that are read.
        families = {case["path"].split("/")[1]: {"writers": case["writers"],
                                                 "files": {"shelf": ""}}
                    for case in self.topics["written"]}
        with open(os.path.join(self.to, "data", "writers.json"), "w") as out:
            json.dump(families, out, indent=0)
            out.write("\n")


def FAULTS(good):
    text = pickle.dumps("text", 2)
    return {
        "no-entries": ([], "A shelf without entries."),
        "value-cut": ([(b"a", good), (b"b", good[:-1]), (b"c", text)],
                      "A value whose pickle is cut hides no other."),
        "value-empty": ([(b"a", good), (b"b", b""), (b"c", text)], "A value of no bytes is no pickle."),
        "value-trailing": ([(b"a", good + b"rest")], "What follows a pickle is ignored."),
        "value-two-pickles": ([(b"a", good + text)], "Of two pickles the first is the value."),
        "value-no-pickle": ([(b"a", b"plain text"), (b"b", text)], "A value that is no pickle: "
                            "a dbm file that is no shelf."),
        "value-protocol-6": ([(b"a", b"\x80\x06N."), (b"b", text)], "A pickle of a protocol to "
                             "come."),
        "value-protocol-3": ([(b"a", pickle.dumps(b"x", 3)), (b"b", text)],
                             "A pickle of protocol 3, which Python 2 does not read."),
        "value-protocol-4": ([(b"a", pickle.dumps({"x": 1}, 4))], "A pickle of protocol 4."),
        "value-protocol-5": ([(b"a", pickle.dumps(bytearray(b"x"), 5)), (b"b", text)],
                             "A pickle of protocol 5, which 3.6 and 3.7 do not read."),
        "value-protocol-0": ([(b"a", pickle.dumps([1.5, "x"], 0))], "A pickle of protocol 0."),
        "value-global-missing": ([(b"a", b"cno.such.module\nThing\n.")], "A name that cannot be "
                                 "imported is a name here."),
        "value-persistent": ([(b"a", b"Pid\n."), (b"b", text)], "A shelf's unpickler knows no "
                             "persistent ids."),
        "value-python2-text": ([(b"a", b"S'caf\\xe9'\n."), (b"b", text)], "Python 2's str beyond "
                               "ASCII: Python 3 would have to be told the encoding, and a shelf "
                               "cannot tell it."),
        "value-python2-instance": ([(b"a", b"(icollections\nOrderedDict\np0\n.")],
                                   "Python 2's instance of a class."),
        "value-renamed-module": ([(b"a", b"ccopy_reg\n_reconstructor\n.")], "A module that "
                                 "Python 3 has under another name."),
        "value-unhashable": ([(b"a", b"}]K\x01s."), (b"b", text)], "A dict with a list as key."),
        "key-empty": ([(b"", good)], "A key of no bytes."),
    }


def dumb(pairs):
    """dbm.dumb's files (Lib/dbm/dumb.py): values at multiples of 512 bytes."""
    index, values = b"", b""
    for key, value in pairs:
        values += b"\0" * (-len(values) % 512)
        index += b"%s, (%d, %d)\n" % (repr(key.decode("latin-1")).encode("latin-1"), len(values),
                                      len(value))
        values += value
    return {".dir": index, ".dat": values}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--to", required=True, help="corpus/shelve")
    parser.add_argument("pythons", nargs="*")
    options = parser.parse_args()
    maker = Maker(options.to)
    maker.written([shlex.split(python) for python in options.pythons])
    maker.by_hand()
    maker.write({"written": "Shelves as each Python writes them",
                 "faults": "Shelves with one fault each, put together by hand"})


if __name__ == "__main__":
    main()
