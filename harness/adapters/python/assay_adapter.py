"""Assay's adapter for Python's own implementations of the persistence formats.

Standard library only; runs unchanged on CPython 2.7 and 3.6 or later, PyPy 3 and
Jython 2.7:

    python assay_adapter.py [--lane LANE]

One JSON request a line on stdin, one JSON answer a line on stdout; README.md beside
this file shows the protocol. This file serves it. A new format is a module beside
it with a row in FORMATS, a new operation a row in OPERATIONS.
"""
from __future__ import print_function

import binascii
import contextlib
import gc
import json
import os
import shutil
import struct
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import dbm_format  # noqa: E402
import marshal_format  # noqa: E402
import pickle_format  # noqa: E402
import scenario  # noqa: E402
import sqlite_format  # noqa: E402
import store_scripts  # noqa: E402
from interpreter import IMPLEMENTATION, LANES, PYTHON2, version_text  # noqa: E402
from request import ProtocolError, Unsupported, field, message  # noqa: E402
from value_text import names_text, value_text  # noqa: E402

FORMATS = {"marshal": marshal_format, "pickle": pickle_format}


def answers(module, lane):
    """A format with one implementation in each Python belongs to its first lane."""
    return lane == LANES[0] or not module.ONE_LANE


def decode(request, lane):
    name = field(request, "format")
    if name not in FORMATS:
        raise Unsupported("format " + name)
    if not answers(FORMATS[name], lane):
        raise Unsupported("format %s belongs to lane %s" % (name, LANES[0]))
    try:
        box, consumed = FORMATS[name].decode(request, lane)
    except (Unsupported, ProtocolError, KeyboardInterrupt, SystemExit):
        raise
    except:  # noqa: E722 (Jython's Java exceptions are not BaseException's)
        return rejection()
    return {"value": value_text(box), "consumed": consumed}


def encode(request, lane):
    name = field(request, "format")
    if not hasattr(FORMATS.get(name), "encode") or not answers(FORMATS[name], lane):
        raise Unsupported("format " + name)
    run = FORMATS[name].encode(request, lane)
    try:
        data, buffers = run()
    except (Unsupported, ProtocolError, KeyboardInterrupt, SystemExit):
        raise
    except:  # noqa: E722
        return rejection()
    answer = {"data": binascii.hexlify(data).decode("ascii")}
    if buffers is not None:
        answer["buffers"] = buffers
    return answer


def inspect(request, lane):
    name = field(request, "format")
    if not hasattr(FORMATS.get(name), "inspect") or not answers(FORMATS[name], lane):
        raise Unsupported("format " + name)
    return {"value": names_text(FORMATS[name].inspect(request, lane))}


def rejection():
    """The answer for the exception at hand."""
    kind, error = sys.exc_info()[:2]
    # The class's name, with the module where the name alone says nothing.
    return {"error": "struct.error" if kind is struct.error else kind.__name__,
            "message": message(error)}


def of_path(work):
    """The operation that does `work` with the files of a path."""
    def operation(request, lane):
        if not answers(dbm_format, lane):
            raise Unsupported("dbm belongs to lane " + LANES[0])
        try:
            box = work(request)
        except (Unsupported, ProtocolError, KeyboardInterrupt, SystemExit):
            raise
        except:  # noqa: E722
            return rejection()
        return {"value": value_text(box)}
    return operation


def run_scenario(request, lane):
    if lane != LANES[0]:
        raise Unsupported("scenarios belong to lane " + LANES[0])
    return scenario.scenario(request, rejection)


def read(request):
    files = sqlite_format if request.get("format") == "sqlite" else store_scripts
    return files.read(request)


def hello(request, lane):
    if request.get("protocol") != 1:
        raise ProtocolError("protocol %s is not spoken here" % request.get("protocol"))
    answer = {
        "implementation": IMPLEMENTATION,
        "version": version_text(getattr(sys, "pypy_version_info", sys.version_info)),
        "lane": lane, "language": "Python", "window": 64,
        "formats": [feature for name in sorted(FORMATS) if answers(FORMATS[name], lane)
                    for feature in FORMATS[name].FEATURES] + (
                        dbm_format.FEATURES + sqlite_format.FEATURES
                        if answers(dbm_format, lane) else []) + (
                            scenario.FEATURES if lane == LANES[0] else []),
        "identity": "all", "lossy": ["dict=unordered"] if PYTHON2 else [], "errors": "python"}
    if IMPLEMENTATION == "cpython":
        answer["word"] = word = 64 if sys.maxsize > 1 << 32 else 32
        answer["profile"] = "cpython-%d.%d-%s%s" % (
            sys.version_info[0], sys.version_info[1], lane, "-32" if word == 32 else "")
    return answer


OPERATIONS = {"hello": hello, "decode": decode, "encode": encode, "inspect": inspect,
              "read": of_path(read), "identify": of_path(dbm_format.identify),
              "iterdump": of_path(sqlite_format.iterdump),
              "write": of_path(store_scripts.write), "scenario": run_scenario}


class Adapter(object):
    """Answers requests, one line of JSON each."""

    GARBAGE = 50000  # objects that may await the cycle collector between two cases

    def __init__(self, lane):
        self.lane = lane
        self.done = False
        self.collects = IMPLEMENTATION == "cpython"
        if self.collects:
            gc.disable()

    def answer(self, line):
        """The answer to a request, without a newline; None when there is none."""
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ProtocolError("not an object")
        except (ValueError, ProtocolError) as error:
            return json.dumps({"error": "ProtocolError", "message": message(error)})
        try:
            operation = field(request, "op")
            if operation == "bye":
                self.done = True
                return None
            if operation not in OPERATIONS:
                raise Unsupported("operation " + operation)
            answer = OPERATIONS[operation](request, self.lane)
        except Unsupported as error:
            answer = {"unsupported": message(error)}
        except Exception as error:  # also our own mistakes: they are no outcome
            answer = {"error": "ProtocolError",
                      "message": type(error).__name__ + ": " + message(error)}
        if "id" in request:
            answer["id"] = request["id"]
        if self.collects and gc.get_count()[0] > self.GARBAGE:
            gc.collect()
        return json.dumps(answer)

    def serve(self, requests, answers):
        """Answers until `bye` or the end of input.

        Each answer leaves before the next case begins: a case may crash the
        interpreter, and must not take the answers to others with it.
        """
        while not self.done:
            line = requests.readline()
            if not line:
                break
            answer = self.answer(line)
            if answer is not None:
                answers.write((answer + "\n").encode("ascii"))
                answers.flush()


@contextlib.contextmanager
def folder_of_its_own():
    """Where Jython works. Its __del__ comes late: a database that a program has opened
    by a relative name is committed in the folder that is current by then."""
    if IMPLEMENTATION != "jython":
        yield
        return
    folder, before = tempfile.mkdtemp(prefix="assay_jython_"), os.getcwd()
    try:
        os.chdir(folder)
        yield
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments):
    lane = LANES[0]
    if len(arguments) == 2 and arguments[0] == "--lane":
        lane = arguments[1]
    elif arguments:
        print("usage: assay_adapter.py [--lane %s]" % "|".join(LANES), file=sys.stderr)
        return 2
    if lane not in LANES:
        print("%s has no lane %s" % (IMPLEMENTATION, lane), file=sys.stderr)
        return 3
    warnings.simplefilter("ignore")
    adapter = Adapter(lane)
    with folder_of_its_own():
        adapter.serve(getattr(sys.stdin, "buffer", sys.stdin),
                      getattr(sys.stdout, "buffer", sys.stdout))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
