"""A shelf by the Python that runs this.

    python write_shelf.py MODULE PROTOCOL PATH

MODULE is dumbdbm, dbm.dumb, dbm.gnu, dbm.ndbm or dbm.sqlite3; PROTOCOL a number, or
"default" for the shelf's own. 2.7 and 3.x.
"""
import collections
import datetime
import decimal
import fractions
import shelve
import sys

SHARED = [1, 2]
CYCLE = []
CYCLE.append(CYCLE)

VALUES = [
    ("none", None), ("true", True), ("integer", 42), ("large", 2 ** 70), ("float", 1.5),
    ("text", u"na\u00efve"), ("bytes", b"\x00\xff"), ("list", [1, [2, [3]]]),
    ("tuple", (1, "two", 3.0)), ("dict", {"k": [1]}), ("set", set([1])),
    ("frozenset", frozenset([1])), ("shared", [SHARED, SHARED]), ("cycle", CYCLE),
    ("date", datetime.date(2020, 2, 29)), ("decimal", decimal.Decimal("1.10")),
    ("fraction", fractions.Fraction(1, 3)), ("ordered", collections.OrderedDict([("a", 1)])),
    ("class", collections.OrderedDict), ("function", len), ("empty", ""),
]


def main(module, protocol, path):
    store = __import__(module, fromlist=["open"]).open(path, "n")
    shelf = shelve.Shelf(store) if protocol == "default" else shelve.Shelf(store, int(protocol))
    for key, value in VALUES:
        shelf[key] = value
    shelf.close()


main(*sys.argv[1:])
