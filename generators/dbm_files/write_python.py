"""A script of contents.py, carried out by a dbm module of the Python that runs this.

    python write_python.py MODULE PATH < SCRIPT

2.7 and 3.x; MODULE is dbm.dumb, dumbdbm, anydbm, dbm.gnu, dbm.ndbm, dbm.sqlite3, or
bsddb3.hash, bsddb3.btree, bsddb3.recno.
"""
import binascii
import os
import sys


def opened(module, path):
    if module.startswith("bsddb3."):
        import bsddb3
        kind = {"hash": bsddb3.hashopen, "btree": bsddb3.btopen, "recno": bsddb3.rnopen}
        return kind[module[7:]](path, "n")
    return __import__(module, fromlist=["open"]).open(path, "n")


def main(module, path):
    store = opened(module, path)
    for line in sys.stdin:
        words = line.split()
        parts = [b"" if word == "." else binascii.unhexlify(word) for word in words[1:]]
        if words[0] in "+*":
            if module == "bsddb3.recno":
                store[len(store) + 1] = parts[1]
            else:
                store[parts[0]] = parts[1]
        elif words[0] == "-":
            del store[parts[0]]
        elif words[0] == "s" and hasattr(store, "sync"):
            store.sync()
        elif words[0] == "!":
            os._exit(0)
    store.close()


main(*sys.argv[1:])
