"""Compares marshal's reader and writer with this Python's marshal.

    python3.13 marshal_bench.py PATH/TO/marshal_bench [--megabytes N]

Two packs: one large nested value, and every .pyc file of this Python's library.
marshal.loads and marshal.dumps run in a new process with the garbage collector
off, by turns with marshal_bench; printed are bytes a second of processor time, the
ratio, and the peak of resident memory.
"""
import argparse
import marshal
import os
import random
import struct
import subprocess
import sys
import tempfile

THEIRS = """
import gc, marshal, resource, struct, sys, time
pack = open(sys.argv[1], 'rb').read()
gc.disable()
items, at = [], 0
while at < len(pack):
    size, = struct.unpack_from('<I', pack, at)
    items.append(pack[at + 4:at + 4 + size])
    at += 4 + size
best = None
if sys.argv[2] == 'read':
    size = len(pack)
    del pack
values = [marshal.loads(item) for item in items] if sys.argv[2] == 'write' else None
for _ in range(int(sys.argv[3])):
    start = time.process_time()
    if values is None:
        for item in items:
            marshal.loads(item)
    else:
        for value in values:
            marshal.dumps(value)
    taken = time.process_time() - start
    best = taken if best is None else min(best, taken)
print(best, 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def nested(size):
    """A list of records, of about so many bytes."""
    rng = random.Random(1)
    value, bytes_so_far = [], 0
    while bytes_so_far < size:
        records = []
        for _ in range(1000):
            records.append({
                "id": rng.randrange(1 << 40), "name": "name-%d" % rng.randrange(1 << 20),
                "score": rng.random(), "active": rng.random() < 0.5,
                "place": (rng.randrange(1000), rng.randrange(1000)), "tags": ["a", "b"],
                "comment": "x" * rng.randrange(40), "data": bytes(rng.randrange(16))})
        value.append(records)
        bytes_so_far += len(marshal.dumps(records))
    return [marshal.dumps(value)]


def library():
    """The code objects of every .pyc file of this Python's library."""
    items = []
    for folder, _, names in sorted(os.walk(os.path.dirname(os.__file__))):
        for name in sorted(names):
            if name.endswith(".cpython-%d%d.pyc" % sys.version_info[:2]):
                with open(os.path.join(folder, name), "rb") as file:
                    items.append(file.read()[16:])
    return items


def write_pack(name, path, megabytes):
    items = nested(megabytes * 1e6) if name == "value" else library()
    with open(path, "wb") as file:
        for item in items:
            file.write(struct.pack("<I", len(item)) + item)


def run(command):
    seconds, _, peak = subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                      text=True).stdout.split()
    return float(seconds), int(peak) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("marshal_bench")
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--turns", type=int, default=2)
    # Only writes a pack: in a process of its own, because one that has been large
    # bequeaths its peak to those it starts.
    parser.add_argument("--pack", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pack:
        return write_pack(options.pack[0], options.pack[1], options.megabytes)
    profile = "cpython-%d.%d" % sys.version_info[:2]
    print("CPython %s" % sys.version.split()[0])
    print("%-16s %9s %9s %9s %7s %9s %9s" % (
        "", "MB", "CPython", "Assay", "ratio", "CPython", "Assay"))
    print("%-16s %9s %9s %9s %7s %9s %9s" % ("", "", "MB/s", "MB/s", "", "MB", "MB"))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("value", "library"):
            path = os.path.join(folder, name)
            subprocess.run([sys.executable, __file__, options.marshal_bench, "--megabytes",
                            str(options.megabytes), "--pack", name, path], check=True)
            size = os.path.getsize(path) / 1e6
            for what in ("read", "write"):
                theirs, ours = [], []
                for _ in range(options.turns):
                    theirs.append(run([sys.executable, "-c", THEIRS, path, what, "2"]))
                    ours.append(run([options.marshal_bench, path, what, profile, "2"]))
                them, us = min(theirs), min(ours)
                print("%-16s %9.1f %9.1f %9.1f %7.2f %9.0f %9.0f" % (
                    name + " " + what, size, size / them[0], size / us[0], them[0] / us[0],
                    them[1], us[1]))
    return None


if __name__ == "__main__":
    main()
