"""Compares the pickler with CPython's _pickle.dumps on values of about 100 MB.

    python3.13 pickler_bench.py PATH/TO/pickler_bench [--megabytes N] [--only NAME ...]

The values are machine_bench.py's. Each side loads the same pickle first and then
writes it again, by turns: what is printed is of the writing alone, in bytes a second
of processor time, with CPython's garbage collector off.
"""
import argparse
import math
import os
import sys
import tempfile

from machine_bench import WORKLOADS, make, run

DUMP = """
import gc, _pickle, resource, sys, time
value = _pickle.loads(open(sys.argv[1], 'rb').read())
gc.disable()
best = None
for _ in range(int(sys.argv[3])):
    start = time.process_time()
    data = _pickle.dumps(value, int(sys.argv[2]))
    taken = time.process_time() - start
    best = taken if best is None else min(best, taken)
print(best, len(data), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pickler_bench")
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--only", nargs="*", default=list(WORKLOADS))
    parser.add_argument("--protocols", nargs="*", type=int, default=[0, 2, 4, 5])
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    print("CPython %s, _pickle.dumps" % sys.version.split()[0])
    print("%-14s %9s %9s %7s" % ("", "CPython", "pickler", "ratio"))
    print("%-14s %9s %9s" % ("", "MB/s", "MB/s"))
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.pickle")
        for name in options.only:
            for protocol in options.protocols:
                make(path, name, protocol, options.megabytes * 1e6)
                theirs, ours = [], []
                for _ in range(options.turns):
                    theirs.append(run([sys.executable, "-c", DUMP, path, str(protocol), "2"]))
                    ours.append(run([options.pickler_bench, path, str(protocol), "2"]))
                them, us = min(theirs), min(ours)
                if them[1] != us[1]:
                    sys.exit("%s %d: %d bytes, not %d" % (name, protocol, us[1], them[1]))
                ratios.append(them[0] / us[0])
                print("%-14s %9.0f %9.0f %7.2f" % (
                    "%s %d" % (name, protocol), them[1] / them[0] / 1e6, us[1] / us[0] / 1e6,
                    ratios[-1]), flush=True)
    print("geometric mean %.2f, least %.2f" % (
        math.exp(sum(map(math.log, ratios)) / len(ratios)), min(ratios)))


if __name__ == "__main__":
    main()
