"""The .pyc files of a Python's standard library, and what its marshal makes of others.

    python library_files.py collect FOLDER        what is compiled already, and the rest
    python library_files.py again WRITTEN COLLECTED TO
                                                  load each .pyc file, compare, dump it

For every Python from 2.7 on, Pyodide's too. Nothing of what is compiled runs.
"""
from __future__ import print_function

import io
import marshal
import os
import shutil
import struct
import sys
import warnings
import zipfile

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
PYTHON3 = sys.version_info[0] >= 3
OTHERS = ("site-packages", "dist-packages", "__pycache__")

if PYTHON3:
    import importlib.util

    MAGIC = importlib.util.MAGIC_NUMBER
else:
    import imp

    MAGIC = imp.get_magic()


def header_size():
    return 8 if not PYTHON3 else 12 if sys.version_info < (3, 7) else 16


def new_header(size):
    """Of a source without a time (PEP 552)."""
    fields = struct.pack("<I", 0)
    if sys.version_info >= (3, 7):
        fields += struct.pack("<I", 0)
    if PYTHON3:
        fields += struct.pack("<I", size & 0xFFFFFFFF)
    return MAGIC + fields


def library():
    """Its folder, or the zip file that holds it."""
    return os.path.dirname(os.path.abspath(os.__file__))


def sources(place):
    """Path inside the library, text, and where the file is (None inside a zip file)."""
    if os.path.isfile(place):
        with zipfile.ZipFile(place) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".py"):
                    yield name, archive.read(name), None
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name not in OTHERS)
        for name in sorted(names):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                with io.open(path, "rb") as file:
                    yield os.path.relpath(path, place), file.read(), path


def compiled_already(path):
    """(file, what to add to the name) of the .pyc files beside a source."""
    if path is None:
        return
    if not PYTHON3:
        for end in ("c", "o"):
            yield path + end, end
        return
    for optimization in ("", 1, 2):
        name = importlib.util.cache_from_source(path, optimization=optimization)
        yield name, (".opt-%s" % optimization if optimization else "") + ".pyc"


def put(to, name, data):
    path = os.path.join(to, name)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with io.open(path, "wb") as file:
        file.write(data)


def collect(to):
    copied, compiled, refused = 0, 0, 0
    for name, text, path in sources(library()):
        found = False
        for file, end in compiled_already(path):
            if not os.path.isfile(file):
                continue
            with io.open(file, "rb") as source:
                if source.read(4) != MAGIC:
                    continue
            target = os.path.join(to, (name if not PYTHON3 else name[:-3]) + end)
            if not os.path.isdir(os.path.dirname(target)):
                os.makedirs(os.path.dirname(target))
            shutil.copyfile(file, target)
            copied += 1
            found = True
        if found:
            continue
        try:
            code = compile(text, name, "exec", 0, True)
        except (SyntaxError, ValueError, OverflowError, MemoryError, RuntimeError):
            refused += 1  # what tests of the compiler are for
            continue
        put(to, name + "c", new_header(len(text)) + marshal.dumps(code))
        compiled += 1
    print("%d were compiled, %d compiled now, %d cannot be compiled" % (copied, compiled, refused))


def again(written, collected, to):
    """Below `to`: `written` and `collected`, each loaded and dumped by this Python."""
    files, different = 0, 0
    size = header_size()
    for parent, folders, names in os.walk(collected):
        folders.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(parent, name), collected)
            values = []
            for place, folder in ((written, "written"), (collected, "collected")):
                with io.open(os.path.join(place, path), "rb") as file:
                    data = file.read()
                values.append(marshal.loads(data[size:]))
                put(os.path.join(to, folder), path, data[:size] + marshal.dumps(values[-1]))
            files += 1
            # A code object with a nan among its constants equals no other.
            if values[0] != values[1] and values[1] == marshal.loads(data[size:]):
                different += 1
                print("%s: another value is loaded" % path)
    print("%d files loaded and dumped, %d of another value" % (files, different))
    return different == 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "collect":
        collect(sys.argv[2])
    elif len(sys.argv) == 5 and sys.argv[1] == "again":
        sys.exit(0 if again(*sys.argv[2:]) else 1)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
