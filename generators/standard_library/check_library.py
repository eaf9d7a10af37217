"""Every .pyc file of the standard libraries: read, written again, compared.

    python3 check_library.py [--assay ./assay] [--keep FOLDER] PYTHON...

PYTHON is a command such as python3.8 or the path of one;
`pyodide:315` is CPython 3.15 as WebAssembly. Of each:

    collected  its .pyc files; what is not compiled yet is compiled
    written    the reference reads each, writes it again: the same normal form
    again      the Python loads what was written and what was collected: equal, and
               so is what it then dumps of them, in normal form

The last line of each is a count; the exit status is 1 if any file was wrong.
"""
from __future__ import print_function

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCRIPT = os.path.join(HERE, "library_files.py")
RUN_PYTHON = os.path.join(ROOT, "harness", "adapters", "pyodide", "run_python.mjs")


def command_of(python, folder):
    if python.startswith("pyodide:"):
        return ["node", RUN_PYTHON, "--mount", folder, python.split(":")[1]]
    return shlex.split(os.path.expanduser(python))


def run(title, command):
    """The last line of what a command prints; False where its status is not 0."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, universal_newlines=True,
                               env=dict(os.environ, PYTHONHASHSEED="0"))
    lines = process.communicate()[0].splitlines()
    print("  %-10s %s" % (title, lines[-1] if lines else "nothing was said"))
    sys.stdout.flush()
    return process.returncode == 0 and bool(lines)


def check(python, assay, folder):
    print(python)
    places = [os.path.join(folder, name) for name in ("collected", "written", "again")]
    for place in places:
        if os.path.isdir(place):
            shutil.rmtree(place)
        os.makedirs(place)
    collected, written, again = places
    script = command_of(python, folder) + [SCRIPT]
    return (run("collected", script + ["collect", collected]) and
            run("written", assay + ["rewrite", collected, "--out", written, "--json"]) and
            run("again", script + ["again", written, collected, again]) and
            run("compared", assay + ["rewrite", os.path.join(again, "written"), "--like",
                                     os.path.join(again, "collected"), "--json"]))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", nargs="+", metavar="PYTHON")
    parser.add_argument("--assay", default=os.path.join(ROOT, "assay"), help="the command")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the files there")
    arguments = parser.parse_args()
    folder = arguments.keep or tempfile.mkdtemp()
    status = 0
    try:
        for number, python in enumerate(arguments.python):
            place = os.path.join(os.path.abspath(folder), "%02d" % number)
            if not check(python, shlex.split(arguments.assay), place):
                print("  WRONG")
                status = 1
            if not arguments.keep:
                shutil.rmtree(place, ignore_errors=True)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
