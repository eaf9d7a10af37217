"""Real pickles: what the picklers of many Pythons make of one list of values.

    python make_real.py --write                    one Python's pickles, as JSON lines
    python3 make_real.py --all PYTHON... --to corpus/pickle

The second asks each PYTHON (a command such as `python3.8`, `pypy3` or `node
run_python.mjs 314`) and writes real-p0.toml to real-p5.toml and the files of data/.
Equal bytes are one case, named for the oldest writer; README.md says more.
"""
from __future__ import print_function

import argparse
import binascii
import collections
import io
import json
import os
import pickle
import shlex
import subprocess
import sys
import warnings

sys.dont_write_bytecode = True

import builtin_values  # noqa: E402,F401 (these fill the registry, in this order)
import library_values  # noqa: E402,F401
import instance_values  # noqa: E402,F401
import real_classes  # noqa: E402
from registry import PYTHON2, VALUES  # noqa: E402

if PYTHON2:
    import copy_reg as copyreg
else:
    import copyreg

FILE_FROM = 2000  # bytes: a larger pickle is a file of its own

# --- writing: runs in every Python --------------------------------------------


def picklers():
    """Lane and Pickler of each lane of this Python."""
    found = []
    try:
        found.append(("c", __import__("cPickle" if PYTHON2 else "_pickle").Pickler))
    except ImportError:
        pass
    found.append(("py", getattr(pickle, "_Pickler", pickle.Pickler)))
    return found


def persistent_id(value):
    return value.pid if isinstance(value, real_classes.Referred) else None


def new_pickler(pickler, file, protocol, how, keywords):
    made = pickler
    if how.get("persistent") and not PYTHON2:
        made = type("Persistent", (pickler,), {
            "persistent_id": lambda self, value: persistent_id(value)})
    made = made(file, protocol, **keywords)
    if how.get("persistent") and PYTHON2:
        made.persistent_id = persistent_id
    if how.get("fast"):
        made.fast = True
    return made


def dump_as(pickler, protocol, value):
    """The pickle of a value and its buffers, made the way the value asks for."""
    how, file, buffers, keywords = value.how, io.BytesIO(), [], {}
    made = value.make()
    if how.get("out_of_band"):
        count = [0]

        def callback(buffer):
            count[0] += 1
            if how["out_of_band"] == "some" and count[0] % 2 == 0:
                return True  # stays in band
            data = buffer.raw()
            buffers.append(("" if data.readonly else "w:") + hexadecimal(bytes(data)))

        keywords["buffer_callback"] = callback
    if "fix_imports" in how and not PYTHON2:
        keywords["fix_imports"] = how["fix_imports"]
    if how.get("registered"):
        copyreg.pickle(real_classes.Registered, real_classes.reduce_registered)
    if "extensions" in how:
        code, name = how["extensions"].split("=")
        copyreg.add_extension(*(name.split(":") + [int(code)]))
    try:
        writer = new_pickler(pickler, file, protocol, how, keywords)
        for index in range(how.get("dumps", 1)):
            if index and how.get("fresh"):
                writer = new_pickler(pickler, file, protocol, how, keywords)
            writer.dump(made[index] if "dumps" in how else made)
    finally:
        copyreg.dispatch_table.pop(real_classes.Registered, None)
        if "extensions" in how:
            copyreg.remove_extension(*(name.split(":") + [int(code)]))
    return file.getvalue(), buffers


def hexadecimal(data):
    return binascii.hexlify(data).decode("ascii")


def write():
    """Prints each pickle this Python can make as a line of JSON."""
    warnings.simplefilter("ignore")
    version = getattr(sys, "pypy_version_info", sys.version_info)
    implementation = "jython" if sys.platform.startswith("java") else (
        "pypy" if hasattr(sys, "pypy_version_info") else "cpython")
    print(json.dumps({"implementation": implementation, "version": "%d.%d" % version[:2]}))
    for lane, pickler in picklers():
        for value in VALUES:
            for protocol in range((2 if PYTHON2 else pickle.HIGHEST_PROTOCOL) + 1):
                if protocol not in value.how.get("protocols", [protocol]):
                    continue
                try:
                    data, buffers = dump_as(pickler, protocol, value)
                except (KeyboardInterrupt, SystemExit):
                    raise
                except:  # noqa: E722 (this Python cannot, at this protocol; Java's exceptions too)
                    continue
                print(json.dumps({"lane": lane, "name": value.name, "protocol": protocol,
                                  "data": hexadecimal(data), "buffers": buffers}))


# --- merging: runs in Python 3 ------------------------------------------------


def writer_name(who, lane):
    if who["implementation"] == "cpython":
        return "%s-%s" % (who["version"], lane)
    return "%s-%s" % (who["implementation"], {"jython": {"c": "java"}}.get(
        who["implementation"], {}).get(lane, lane))


def ask(command):
    """A Python's pickles: {(name, protocol): {writer: (hex, buffers)}}."""
    environment = dict(os.environ, PYTHONHASHSEED="0", LC_ALL="C.UTF-8", TZ="UTC")
    lines = subprocess.run(shlex.split(command) + [os.path.abspath(__file__), "--write"],
                           stdout=subprocess.PIPE, check=True, env=environment,
                           universal_newlines=True).stdout.splitlines()
    who = json.loads(lines[0])
    found = collections.defaultdict(dict)
    for line in lines[1:]:
        entry = json.loads(line)
        found[entry["name"], entry["protocol"]][writer_name(who, entry["lane"])] = (
            entry["data"], tuple(entry["buffers"]))
    return found


def needs_encoding(data):
    """Whether Python 3 must be told how to read the 8-bit text in a pickle."""
    import pickletools
    try:
        return any(opcode.name in ("STRING", "BINSTRING", "SHORT_BINSTRING")
                   and any(ord(c) > 127 for c in argument)
                   for opcode, argument, _ in pickletools.genops(data))
    except ValueError:
        return False


def spans(writers, order):
    """Writers as text: runs of neighbours are shortened."""
    lanes = {}
    for writer in writers:
        version, _, lane = writer.rpartition("-")
        lanes.setdefault(lane, []).append(version)
    parts = []
    for lane in sorted(lanes):
        known = [w.rpartition("-")[0] for w in order if w.endswith("-" + lane)]
        versions, run = lanes[lane], []
        for version in versions + [None]:
            if run and (version is None or known.index(version) != known.index(run[-1]) + 1):
                parts.append("%s %s" % (lane, run[0] if len(run) == 1 else
                                        "%s to %s" % (run[0], run[-1])))
                run = []
            run.append(version)
    return ", ".join(parts)


def quote(text):
    return json.dumps(text, ensure_ascii=True)


def case_options(value):
    how, options = value.how, []
    if "extensions" in how:
        options.append(("extensions", quote(how["extensions"])))
    if "dumps" in how:
        options.append(("loads", str(how["dumps"])))
    if how.get("fresh"):
        options.append(("fresh", "true"))
    if "fix_imports" in how:
        options.append(("fix_imports", "false"))
    return options


def case_text(identity, why, value, protocol, source, options, buffers):
    lines = ["[[case]]", "id = " + quote(identity), "why = " + quote(why),
             "spec = " + quote("generators/real_pickles: " + value.name), source,
             "protocol = %d" % protocol]
    if options:
        lines.append("options = { %s }" % ", ".join("%s = %s" % pair for pair in options))
    if buffers:
        lines.append("buffers = [%s]" % ", ".join(quote(text) for text in buffers))
    return "\n".join(lines) + "\n"


def merge(pythons, folder):
    answers = [ask(command) for command in pythons]
    order = []
    for answer in answers:
        for by_writer in answer.values():
            order += [writer for writer in by_writer if writer not in order]
    seen, cases = set(), collections.defaultdict(list)
    for name in os.listdir(os.path.join(folder, "data")):
        if name.startswith("real-"):
            os.remove(os.path.join(folder, "data", name))
    for value in VALUES:
        for protocol in range(6):
            variants = collections.OrderedDict()
            for answer in answers:
                for writer, pickled in sorted(answer.get((value.name, protocol), {}).items()):
                    variants.setdefault(pickled, []).append(writer)
            for (data, buffers), writers in variants.items():
                key = (data, buffers, tuple(case_options(value)))
                if key not in seen:
                    seen.add(key)
                    cases[protocol] += variant_cases(value, protocol, data, buffers, writers,
                                                     order, folder)
    for protocol, texts in sorted(cases.items()):
        head = ("# Written by generators/real_pickles/make_real.py: do not edit.\n"
                'format = "pickle"\ntopic = "real-p%d"\n' % protocol)
        with open(os.path.join(folder, "real-p%d.toml" % protocol), "w") as file:
            file.write("\n".join([head] + texts))
    print(", ".join("protocol %d: %d cases" % (p, len(c)) for p, c in sorted(cases.items())))


def variant_cases(value, protocol, data, buffers, writers, order, folder):
    """The case of some bytes, and those with the encodings that 8-bit text needs."""
    identity = "real/p%d/%s/%s" % (protocol, value.name, writers[0])
    raw = binascii.unhexlify(data)
    source = 'hex = "%s"' % data
    if len(raw) >= FILE_FROM:
        name = "data/real-p%d-%s-%s.pickle" % (protocol, value.name, writers[0])
        with open(os.path.join(folder, name), "wb") as file:
            file.write(raw)
        source = 'file = "%s"' % name
    about = value.about[0].upper() + value.about[1:]
    why = "%s: protocol %d of %s" % (about, protocol, spans(writers, order))
    options = case_options(value)
    found = [case_text(identity, why + ".", value, protocol, source, options, buffers)]
    if protocol <= 2 and needs_encoding(raw):
        for encoding in ("latin1", "bytes"):
            found.append(case_text(
                identity + "/" + encoding, "%s, read with encoding %s." % (why, encoding), value,
                protocol, source, options + [("encoding", quote(encoding))], buffers))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="print this Python's pickles")
    parser.add_argument("--all", nargs="+", metavar="PYTHON", help="ask these, oldest first")
    parser.add_argument("--to", default="corpus/pickle", help="folder of the cases")
    arguments = parser.parse_args()
    if arguments.write:
        write()
    elif arguments.all:
        merge(arguments.all, arguments.to)
    else:
        parser.print_usage()
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
