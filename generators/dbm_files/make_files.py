"""Database files by every engine on this machine, for corpus/dbm/data.

    python3 generators/dbm_files/make_files.py --to corpus/dbm PYTHON...

PYTHONs are commands, oldest first. Writes corpus/dbm/data/FAMILY/CONTENT…, the cases
that read them, and data/writers.json, which says what wrote each family.
"""
import argparse
import json
import os
import shlex
import subprocess
import tempfile

import contents
import damage
import dumb_lines
import engines
import layouts
import sqlite_files
import which_files

HEAD = '''format = "dbm"
topic  = "%s"

# %s: written by generators/dbm_files.
'''
CASE = '''
[[case]]
id     = "%(id)s"
why    = "%(why)s"
spec   = "%(spec)s"
path   = "%(path)s"
'''
# What the cases of a topic are; else files of real engines.
TOPICS = {
    "dumb-index": "dbm.dumb's index, a line and a fault at a time",
    "whichdb": "Names and first bytes, for whichdb",
    "gdbm-layouts": "GNU dbm files put together by hand, as other machines write them",
    "damaged-gdbm": "GNU dbm files with one fault each",
    "damaged-hash": "Berkeley DB hash files with one fault each",
    "damaged-btree": "Berkeley DB btree files with one fault each",
    "sqlite3-variants": "SQLite files that dbm.sqlite3 did not make, or not so",
}
ORDERS = ["none", "berkeley"]  # libraries behind dbm.ndbm that oracles here have


def python_name(program):
    """"CPython 3.8.18" of a command."""
    code = ("import sys, platform; print(platform.python_implementation() + ' ' +"
            "'.'.join(map(str, getattr(sys, 'pypy_version_info', sys.version_info)[:3])))")
    return subprocess.run([*program, "-c", code], stdout=subprocess.PIPE, check=True,
                          universal_newlines=True).stdout.strip()


def has_module(program, module):
    name = module.split(".")[0] if module.startswith("bsddb3") else module
    return subprocess.run([*program, "-c", "import " + name],
                          stderr=subprocess.DEVNULL).returncode == 0


def short(python):
    """"3.8" of "CPython 3.8.18", "pypy" of PyPy's."""
    name, version = python.split()
    return ".".join(version.split(".")[:2]) if name == "CPython" else name.lower()


class Maker:
    def __init__(self, to, programs):
        self.to = to
        self.programs = programs
        self.cases = {}    # topic: list of cases
        self.writers = {}  # folder of data: what wrote its files
        self.seen = {}     # bytes of all files of a stem: their case
        self.written = {}  # path in data: bytes of its files, by ending

    def make(self, family, folder, says):
        for name in family.contents:
            what, steps = contents.CONTENTS[name]
            files = engines.written(family.command, name, contents.text(steps), self.programs)
            key = (family.module, name, tuple(sorted(files.items())))
            if key in self.seen:
                self.seen[key]["writers"].append(says)
                self.credit(self.seen[key]["folder"], says)
                continue
            target = os.path.join(self.to, "data", folder)
            os.makedirs(target, exist_ok=True)
            for ending, data in files.items():
                with open(os.path.join(target, name + ending), "wb") as file:
                    file.write(data)
            self.credit(folder, says)
            self.keep_entries(family, folder, name)
            self.written[folder + "/" + name] = files
            case = {"id": "%s/%s/%s" % (family.topic, folder.replace("_", "-"), name), "what": what,
                    "writers": [says], "spec": family.spec, "module": family.module,
                    "folder": folder, "path": "data/%s/%s" % (folder, name)}
            self.seen[key] = case
            self.cases.setdefault(family.topic, []).append(case)

    def credit(self, folder, says):
        family = self.writers.setdefault(folder, {"writers": [], "files": {}})
        if says not in family["writers"]:
            family["writers"].append(says)

    def keep_entries(self, family, folder, name):
        """What the script stored, for whoever asks whether a file is read rightly: not of
        files that were left unfinished, nor of those that need a name or a password."""
        numbered = family.topic in ("recno", "queue")
        padded = {"queue": 20, "recno": 30}[family.topic] if any(
            word.startswith("fixed=") for word in family.command) else 0
        entries = contents.stored(name, numbered, padded, "dupsort" in family.command)
        if name != "killed" and entries is not None and "sub=inner" not in family.command:
            self.writers[folder]["files"][name] = repr(entries)

    def engines(self):
        for make in engines.gdbm_families, engines.berkeley_families, engines.ndbm_families:
            for family in make():
                if not engines.available(family.command):
                    raise SystemExit("%s is not here" % family.command[0])
                self.make(family, family.folder, family.says)

    def pythons(self, programs):
        for family in engines.python_families():
            module = family.command[2]
            for program in programs:
                if not has_module(program, module):
                    continue
                python = python_name(program)
                if python.startswith("PyPy") and module in ("dbm.dumb", "dbm.sqlite3"):
                    continue  # CPython's own modules
                command = [*program, *family.command[1:]]
                self.make(family._replace(command=command),
                          "%s-%s" % (family.folder, short(python)),
                          family.says % {"python": python})

    def add(self, topic, name, files, why, spec, module, **more):
        """A case of files that no engine wrote as they are."""
        self.put("%s/%s" % (topic, name), files)
        self.cases.setdefault(topic, []).append(dict(
            {"id": "%s/%s" % (topic, name), "why": why, "spec": spec, "module": module,
             "path": "data/%s/%s" % (topic, name)}, **more))

    def put(self, path, files):
        target = os.path.join(self.to, "data", path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        for ending, data in files.items():
            with open(target + ending, "wb") as file:
                file.write(data)

    def by_hand(self):
        for name, entry in dumb_lines.LINES.items():
            self.add("dumb-index", name, dumb_lines.files(name), entry[1], entry[2], "dbm.dumb")
        for name, (data, says) in layouts.GDBM.items():
            self.add("gdbm-layouts", name, {"": data}, "Assembled by hand: %s." % says,
                     "libgdbm src/gdbmdefs.h, src/gdbmopen.c validate_header", "dbm.gnu")
        for base, topic, module, faults, spec in damage.DAMAGED:
            whole = self.written[base][""]
            for name, (damaged, why) in faults.items():
                self.add(topic, name, {"": damaged(whole)},
                         "%s: %s" % (damage.NAMES[topic], why), spec, module)
        for name, (_, why) in sqlite_files.MADE.items():
            self.add("sqlite3-variants", name, sqlite_files.build(name), why,
                     sqlite_files.SPEC, "dbm.sqlite3")
        many = next(files[""] for path, files in self.written.items()
                    if path.startswith("sqlite3") and path.endswith("/many"))
        for name, (data, why) in sqlite_files.damaged(many).items():
            self.add("sqlite3-variants", name, {"": data}, "dbm.sqlite3: " + why,
                     sqlite_files.SPEC, "dbm.sqlite3")

    def identified(self):
        """What whichdb says: of made-up files, and of one file of each family."""
        def ask(name, path, why, libraries):
            for library in libraries or [None]:
                suffix = "" if len(libraries) < 2 else "-" + library
                said = why if not suffix else "%s (dbm.ndbm: %s)" % (
                    why, "no module" if library == "none" else "Berkeley DB")
                self.cases.setdefault("whichdb", []).append({
                    "id": "whichdb/" + name + suffix, "why": said, "spec": which_files.SPEC,
                    "path": path, "module": "dbm", "operation": "identify",
                    "options": {"ndbm": library} if library else {}})

        ask("absent", "data/whichdb/absent", "No file begins with the name.", [])
        for name, (files, why) in which_files.FILES.items():
            self.put("whichdb/" + name, files)
            by_library = any(ending in files for ending in (".pag", ".db"))
            ask(name, "data/whichdb/" + name, why, ORDERS if by_library else [])
        for name, why in which_files.WHOLE_NAMES.items():
            ask(name, "data/whichdb/" + name, why, [])
        for name, (data, says) in layouts.HASH185.items():
            self.put("whichdb/hash-185-" + name, {"": data})
            ask("hash-185-" + name, "data/whichdb/hash-185-" + name,
                "A whole file of Berkeley DB 1.85, assembled by hand: %s." % says, [])
        for folder in sorted(self.writers):
            path = next(path for path in self.written if path.startswith(folder + "/"))
            files = self.written[path]
            ask("file-of-" + folder.replace("_", "-"), "data/" + path,
                "A file of %s." % self.writers[folder]["writers"][0],
                ORDERS if ".pag" in files or ".db" in files else [])

    def write(self):
        for topic, cases in self.cases.items():
            with open(os.path.join(self.to, topic + ".toml"), "w") as out:
                out.write(HEAD % (topic, TOPICS.get(topic, "Files of real engines")))
                for case in cases:
                    out.write(CASE % dict(case, why=quoted(self.why_of(case)),
                                          spec=quoted(case["spec"])))
                    if case["module"] != "dbm":
                        out.write('module = "%s"\n' % case["module"])
                    if "operation" in case:
                        out.write('operation = "%s"\n' % case["operation"])
                    if case.get("options"):
                        out.write("options = {%s}\n" % ", ".join(
                            '%s = "%s"' % item for item in case["options"].items()))
        with open(os.path.join(self.to, "data", "writers.json"), "w") as out:
            json.dump({folder: family for folder, family in self.writers.items()
                       if family["files"]}, out, indent=0)
            out.write("\n")

    @staticmethod
    def why_of(case):
        if "writers" not in case:
            return case["why"]
        return "Written by %s: %s." % (", ".join(case["writers"]), case["what"])


def quoted(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--to", required=True, help="corpus/dbm")
    parser.add_argument("pythons", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as programs:
        engines.build(programs)
        maker = Maker(options.to, programs)
        maker.engines()
        maker.pythons([shlex.split(python) for python in options.pythons])
        maker.by_hand()
        maker.identified()
        maker.write()


if __name__ == "__main__":
    main()
