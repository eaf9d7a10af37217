"""Large databases by every engine on this machine, each read by the reference.

    python3 generators/dbm_files/large_files.py --assay build/dev/bin PYTHON...

They are not for the corpus: 100,000 entries, a value of 10 MB, hundreds of keys of one
hash, 100,000 entries most of which were deleted, and a writer that was killed at 4 MB.
Prints a line for each file; the status is 1 if what was stored is not what is read. Of
a file whose writer was killed every entry that salvage gives must be one that was stored.
"""
import argparse
import ast
import itertools
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time

import contents
import engines
import make_files

KILLED_AT = 4 << 20


def numbered(count):
    return contents.sets(*[(b"key %d" % i, bytes([97 + i % 26]) * (i * 7 % 60))
                           for i in range(count)])


def deletions(count):
    """Nine of ten are deleted, and some of these stored again."""
    steps = numbered(count)
    steps += [("delete", b"key %d" % i) for i in range(count) if i % 10]
    return steps + contents.sets(*[(b"key %d" % i, b"again") for i in range(5, count, 500)])


def gdbm_collisions():
    """Of one GNU dbm hash, as contents.gdbm_collisions(): 128 keys, fewer than a bucket
    of a block of 4096 bytes holds, for libgdbm cannot part them."""
    left, right = b"abcdefg", b"tuvwxyz"
    keys = []
    for swaps in itertools.product([False, True], repeat=len(left)):
        first = bytes(r if swap else l for l, r, swap in zip(left, right, swaps))
        second = bytes(l if swap else r for l, r, swap in zip(left, right, swaps))
        keys.append(first + b"-" * (24 - len(left)) + second)
    return contents.sets(*[(key, b"value %d" % i) for i, key in enumerate(keys)])


def berkeley_collisions(blocks=9):
    """Of one Berkeley DB hash. The hash goes from byte to byte: two blocks that lead from
    one state to the same next one may stand for each other, block after block."""
    state, pairs = 0, []
    for _ in range(blocks):
        seen = {}
        for i in itertools.count():
            block = b"%06x" % i
            after = state
            for byte in block:
                after = (after * 16777619 & 0xFFFFFFFF) ^ byte
            if after in seen:
                pairs.append((seen[after], block))
                state = after
                break
            seen[after] = block
    keys = [b"".join(choice) for choice in itertools.product(*pairs)]
    assert len({contents.berkeley_hash(key) for key in keys}) == 1
    return contents.sets(*[(key, b"value %d" % i) for i, key in enumerate(keys)])


LARGE = {
    "entries": numbered(100000),
    "value": contents.sets((b"before", b"1"), (b"large", bytes(range(256)) * 40000),
                           (b"after", b"2")),
    "gdbm-collisions": gdbm_collisions(),
    "berkeley-collisions": berkeley_collisions(),
    "deletions": deletions(100000),
    "killed": numbered(100000),
}
# What an engine refuses, and so is not asked.
ONE_PAGE = ("value", "gdbm-collisions", "berkeley-collisions")  # a pair beyond a page
REFUSED = {"SDBM_File": ONE_PAGE, "sdbm": ONE_PAGE}
# dbm.dumb writes its index again at every deletion: minutes.
REFUSED.update({"dbm.dumb": ("deletions",), "dumbdbm": ("deletions",)})


def families(pythons):
    """The engines' families, once for each writer; records have no keys."""
    wanted = {"gdbm", "gdbm-4096", "gdbm-numsync", "gdbm-perl", "hash-little-512",
              "hash-big-4096", "btree-big-512", "btree-little-4096", "db_file-hash", "php",
              "ndbm-ruby", "sdbm-perl", "sdbm-ruby"}
    for every in engines.gdbm_families, engines.berkeley_families, engines.ndbm_families:
        for family in every():
            if family.folder in wanted and engines.available(family.command):
                yield family
    for program in pythons:
        for family in engines.python_families():
            module = family.command[2]
            if family.folder in ("dumb", "gnu", "ndbm", "sqlite3") and \
                    make_files.has_module(program, module):
                says = family.says % {"python": make_files.python_name(program)}
                yield family._replace(says=says, command=[*program, *family.command[1:]])


def contents_for(family):
    refused = {name for word in family.command for name in REFUSED.get(word, ())}
    if family.module != "dbm.gnu":
        refused.add("gdbm-collisions")
    elif "512" in family.command or "numsync" in family.command:
        refused.add("gdbm-collisions")  # more than a bucket holds
    if family.topic not in ("hash", "ndbm"):
        refused.add("berkeley-collisions")
    if family.command[0] not in engines.KILLED_AT:
        refused.add("killed")
    return [name for name in LARGE if name not in refused]


def write(family, name, path, programs):
    command = [word.replace("{path}", path) for word in family.command]
    if command[0].startswith("write_"):
        command[0] = os.path.join(programs, command[0])
    command = [os.path.join(engines.FOLDER, w) if os.path.exists(os.path.join(engines.FOLDER, w))
               else w for w in command]
    run = subprocess.run(command, input=contents.text(LARGE[name]).encode(),
                         stderr=subprocess.PIPE,
                         preexec_fn=engines.die_at(KILLED_AT) if name == "killed" else None)
    if (run.returncode != 0) != (name == "killed"):
        raise RuntimeError("%s: %s" % (command, run.stderr.decode().strip()[-200:]))


def stored(name):
    entries = {}
    for step in LARGE[name]:
        if step[0] == "delete":
            del entries[step[1]]
        else:
            entries[step[1]] = step[2]
    return entries


def read(assay, path, *options):
    """The entries that `assay show` gives: a list of (key, value)."""
    run = subprocess.run([os.path.join(assay, "assay"), "show", path, "--format", "dbm", "--json",
                          *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode not in (0, 1) or not run.stdout:
        raise RuntimeError(run.stderr.decode().strip()[-200:])
    return [(ast.literal_eval(key), ast.literal_eval(value))
            for key, value in json.loads(run.stdout)["entries"]]


def judged(assay, family, name, path):
    """(whether it is right, what to print)."""
    expected = stored(name)
    if name == "killed":
        entries = read(assay, path, "--salvage")
        right = all(expected.get(key) == value for key, value in entries)
        return right, "%d entries salvaged, %s" % (
            len(entries), "each as it was stored" if right else "not all as they were stored")
    entries = read(assay, path)
    if len(entries) == len(expected) and dict(entries) == expected:
        return True, "%d entries" % len(entries)
    return False, "%d entries, and others than were stored" % len(entries)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--assay", required=True, help="the folder of assay")
    parser.add_argument("--writer", default="", help="only writers whose name holds this")
    parser.add_argument("pythons", nargs="*")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        engines.build(folder)
        for family in families([shlex.split(python) for python in options.pythons]):
            for name in contents_for(family) if options.writer in family.says else []:
                with tempfile.TemporaryDirectory() as place:
                    path = os.path.join(place, "db")
                    started = time.time()
                    try:
                        write(family, name, path, folder)
                        right, says = judged(options.assay, family, name, path)
                    except RuntimeError as error:
                        right, says = False, str(error)
                print("%-4s %s, %s: %s (%.1f s)" % ("ok" if right else "NOT", family.says, name,
                                                    says, time.time() - started), flush=True)
                wrong += not right
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
