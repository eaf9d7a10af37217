"""Small modules as the compilers of many Pythons marshal them.

    python compile_modules.py --write                  one Python's, as JSON lines
    python3 compile_modules.py --all PYTHON... --to corpus/marshal

The second asks each PYTHON (a command such as `python3.8` or `node run_python.mjs
314`) and writes compiled.toml and the files of data/. Nothing that was compiled runs.
"""
from __future__ import print_function

import argparse
import binascii
import io
import json
import marshal
import os
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True
FOLDER = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(FOLDER, "sources")


def sources():
    """Name, first line and text of each module that this Python can compile."""
    for name in sorted(os.listdir(SOURCES)):
        with io.open(os.path.join(SOURCES, name), encoding="ascii") as file:
            text = file.read()
        since = (0,)
        if text.startswith("# since "):
            since = tuple(int(part) for part in text.split("\n")[0].split()[-1].split("."))
        if sys.version_info >= since:
            yield name, text


def write():
    for name, text in sources():
        code = compile(text.encode("ascii"), name, "exec", dont_inherit=True)
        print(json.dumps({
            "python": "%d.%d" % sys.version_info[:2], "module": name[:-3],
            "data": binascii.hexlify(marshal.dumps(code)).decode("ascii")}))


def summary(module):
    """What the module is for: its docstring."""
    with io.open(os.path.join(SOURCES, module + ".py"), encoding="ascii") as file:
        return file.read().split('"""')[1].rstrip(".")


HEAD = '''format = "marshal"
topic  = "compiled"

# Small modules as every Python compiles them: written by generators/compiled_modules.
'''
CASE = '''
[[case]]
id   = "marshal/compiled/%(module)s-%(python)s"
why  = "%(module)s.py as Python %(pythons)s %(compiles)s it: %(summary)s."
spec = "generators/compiled_modules/sources/%(module)s.py"
file = "data/%(file)s"
options = { python = "%(writers)s" }
'''


def merge(commands, folder):
    entries = []
    for command in commands:
        output = subprocess.check_output(shlex.split(command) + [os.path.abspath(__file__),
                                                                 "--write"])
        entries += [json.loads(line) for line in output.decode("ascii").splitlines()]
    entries.sort(key=lambda entry: entry["module"])
    kept = {}  # the oldest writer of the same bytes
    for entry in entries:
        entry["writers"] = kept.setdefault(entry["data"], entry).setdefault("writers", [])
        entry["writers"].append(entry["python"])
    text = HEAD
    data_folder = os.path.join(folder, "data")
    if not os.path.isdir(data_folder):
        os.makedirs(data_folder)
    for entry in kept.values():
        entry["pythons"] = " and ".join(entry["writers"])
        entry["compiles"] = "compile" if len(entry["writers"]) > 1 else "compiles"
        entry["summary"] = summary(entry["module"])
        entry["file"] = "compiled-%(module)s-%(python)s.marshal" % entry
        text += CASE % dict(entry, writers=" ".join(entry["writers"]))
        with open(os.path.join(data_folder, entry["file"]), "wb") as file:
            file.write(binascii.unhexlify(entry["data"]))
    with io.open(os.path.join(folder, "compiled.toml"), "w", encoding="ascii") as file:
        file.write(text)
    print("%d modules" % len(kept))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--all", nargs="+", metavar="PYTHON")
    parser.add_argument("--to")
    arguments = parser.parse_args()
    if arguments.write:
        write()
    else:
        merge(arguments.all, arguments.to)


if __name__ == "__main__":
    main()
