"""Operation `scenario`: a small program, and the lines it prints.

It runs in a new folder that is removed afterwards, as `__main__`, with standard
output caught. Where the system can fork, it runs in a child, so that nothing it
registers, patches or leaves open meets the next one; elsewhere (WebAssembly,
Jython) in this process, which takes back what it can: the folder, sys.path, the
filters of warnings, modules that the program made. So a program cleans up after
itself all the same.
"""
from __future__ import print_function

import io
import json
import os
import shutil
import sys
import tempfile
import types
import warnings

import dbm_format
from interpreter import PYTHON2
from request import Unsupported, field
from value_text import value_text

FEATURES = ["python:scenario"]
LINE_LIMIT = 20000  # of lines and of characters: more is a program gone wrong


def missing_module(names):
    """The first of the modules named in the option `needs` that is not here; dbm
    modules by their names in Python 3."""
    for name in names.split():
        if name in dbm_format.MODULES:
            if dbm_format.find_module(name) is None:
                return name
            continue
        try:
            __import__(str(name), fromlist=["__name__"])
        except ImportError:
            return name
    return None


class Printed(object):
    """A text file that keeps what is written; Python 2 writes bytes and text."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self):
        self.parts = []

    def write(self, text):
        if PYTHON2 and isinstance(text, str):
            text = text.decode("latin-1")
        self.parts.append(text)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False

    def lines(self):
        text = u"".join(self.parts)
        lines = text.split(u"\n")
        if lines[-1] == u"":
            lines.pop()
        return [line[:LINE_LIMIT] for line in lines[:LINE_LIMIT]]


def perform(program):
    """Runs the program here; the lines, or raises what it raised."""
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    printed, before = Printed(), (sys.modules.get("__main__"), sys.stdout, list(sys.path))
    sys.modules["__main__"], sys.stdout = main, printed
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # No file of this name: what a traceback would show is not there.
            code = compile(program, "<scenario>", "exec", 0, True)
            exec(code, main.__dict__)
        return printed.lines()
    finally:
        sys.modules["__main__"], sys.stdout = before[0], before[1]
        sys.path[:] = before[2]


def outcome_of(program, rejection):
    """The answer's fields; an exception that ends the program is one, too."""
    try:
        lines = perform(program)
    except KeyboardInterrupt:
        raise
    except:  # noqa: E722 (SystemExit is an outcome, too)
        return rejection()
    return {"value": value_text([lines])}


def in_child(program, rejection):
    """The same in a forked child, whose death is the program's: it is passed on."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            silence_input()
            with io.open(writer, "wb") as out:
                out.write(json.dumps(outcome_of(program, rejection)).encode("ascii"))
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with io.open(reader, "rb") as answer:
        text = answer.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        # As if the program had killed this process: the runner looks into it.
        os.kill(os.getpid(), os.WTERMSIG(status))
    return json.loads(text.decode("ascii"))


def silence_input():
    """The protocol's own files are not a program's to read or write."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def forget_made_modules(known):
    """Takes away the modules that a program made, which were never imported."""
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "__spec__", None) is None and \
                not hasattr(sys.modules[name], "__file__"):
            del sys.modules[name]


def scenario(request, rejection):
    """The answer's fields; `rejection` makes those of the exception at hand."""
    program = field(request, "script")
    needs = field(request, "options", {}).get("needs", "")
    unknown = [name for name in field(request, "options", {}) if name != "needs"]
    if unknown:
        raise Unsupported("option " + unknown[0])
    missing = missing_module(needs)
    if missing:
        raise Unsupported("no module " + missing)
    folder, before = tempfile.mkdtemp(prefix="assay_scenario_"), os.getcwd()
    modules = set(sys.modules)
    try:
        os.chdir(folder)
        if hasattr(os, "fork") and sys.platform not in ("emscripten", "wasi"):
            return in_child(program, rejection)
        return outcome_of(program, rejection)
    finally:
        os.chdir(before)
        forget_made_modules(modules)
        shutil.rmtree(folder, ignore_errors=True)
