"""Compares the pickle machine with CPython's _pickle on pickles of about 100 MB.

    python3.13 machine_bench.py PATH/TO/machine_bench [--megabytes N] [--only NAME ...]

Makes each pickle with this Python, loads it with pickle.loads (a new process,
garbage collector off, which is CPython at its quickest) and with machine_bench,
by turns, and prints bytes a second of processor time, the ratio and the peak of
resident memory.
"""
import argparse
import math
import multiprocessing
import os
import pickle
import random
import subprocess
import sys
import tempfile

LOAD = """
import gc, pickle, resource, sys, time
data = open(sys.argv[1], 'rb').read()
if sys.argv[2] == 'off':
    gc.disable()
best = None
for _ in range(int(sys.argv[3])):
    start = time.process_time()
    value = pickle.loads(data)
    taken = time.process_time() - start
    best = taken if best is None else min(best, taken)
    if _ == 0:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del value
print(best, len(data), peak)
"""


def records(rng):
    while True:
        yield {"id": rng.randrange(1 << 40), "name": "name-%d" % rng.randrange(1 << 20),
               "score": rng.random(), "active": rng.random() < 0.5, "tags": ["a", "b"],
               "comment": "x" * rng.randrange(40)}


def integers(rng):
    while True:
        yield rng.choice((rng.randrange(256), rng.randrange(1 << 16), rng.randrange(1 << 31),
                          -rng.randrange(1 << 31)))


def floats(rng):
    while True:
        yield rng.random() * 1000


def strings(rng):
    letters = "abcdefghijklmnopqrstuvwxyz \u00e9"
    while True:
        yield "".join(rng.choices(letters, k=rng.randrange(4, 40)))


WORKLOADS = {"records": records, "integers": integers, "floats": floats, "strings": strings}


def make(path, name, protocol, size):
    """A pickle of a list of values, of about `size` bytes.

    In a process of its own: a child begins with its parent's peak of memory.
    """
    process = multiprocessing.get_context("spawn").Process(
        target=write, args=(path, name, protocol, size))
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit("no pickle of %s" % name)


def write(path, name, protocol, size):
    source = WORKLOADS[name](random.Random(1))
    sample = [next(source) for _ in range(10000)]
    each = len(pickle.dumps(sample, protocol)) / len(sample)
    values = [next(source) for _ in range(int(size / each))]
    with open(path, "wb") as file:
        pickle.dump(values, file, protocol)


def run(command):
    seconds, size, peak = subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                         text=True).stdout.split()
    return float(seconds), int(size), int(peak) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("machine_bench")
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--protocols", nargs="*", type=int, default=[0, 2, 4, 5])
    parser.add_argument("--gc", choices=["on", "off"], default="off")
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    print("CPython %s, garbage collector %s" % (sys.version.split()[0], options.gc))
    print("%-14s %9s %9s %7s %10s %10s" % (
        "", "CPython", "machine", "ratio", "CPython", "machine"))
    print("%-14s %9s %9s %7s %10s %10s" % ("", "MB/s", "MB/s", "", "MB", "MB"))
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.pickle")
        for name in WORKLOADS:
            for protocol in options.protocols:
                if options.only and name not in options.only:
                    continue
                make(path, name, protocol, options.megabytes * 1e6)
                theirs, ours = [], []
                for _ in range(options.turns):
                    theirs.append(run([sys.executable, "-c", LOAD, path, options.gc, "2"]))
                    ours.append(run([options.machine_bench, path, "cpython-3.13-c", "2"]))
                them, us = min(theirs), min(ours)
                ratio = them[0] / us[0]
                ratios.append(ratio)
                print("%-14s %9.0f %9.0f %7.2f %10.0f %10.0f" % (
                    "%s %d" % (name, protocol), them[1] / them[0] / 1e6, us[1] / us[0] / 1e6,
                    ratio, them[2], us[2]), flush=True)
    print("geometric mean %.2f, least %.2f" % (
        math.exp(sum(map(math.log, ratios)) / len(ratios)), min(ratios)))


if __name__ == "__main__":
    main()
