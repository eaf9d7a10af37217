"""Writes memos.db and memos.pickle: records pickled by reference.

    python3 make_memos.py FOLDER [PROTOCOL]

The pickle holds a list of records; each is a persistent id that names a row of
the database, as in "Persistence of External Objects" of Python's pickle
documentation. Prints what Python itself gets back when it loads the pickle and
fetches each record, one a line, as value text.
"""
import collections
import os
import pickle
import sqlite3
import sys

MemoRecord = collections.namedtuple("MemoRecord", "key, task")


class DBPickler(pickle.Pickler):
    def persistent_id(self, obj):
        return ("MemoRecord", obj.key) if isinstance(obj, MemoRecord) else None


class DBUnpickler(pickle.Unpickler):
    def __init__(self, file, connection):
        pickle.Unpickler.__init__(self, file)
        self.connection = connection

    def persistent_load(self, pid):
        tag, key = pid
        row = self.connection.execute("SELECT * FROM memos WHERE key = ?", (key,)).fetchone()
        if tag != "MemoRecord" or row is None:
            raise pickle.UnpicklingError("no such record")
        return MemoRecord(*row)


def main(folder, protocol=pickle.HIGHEST_PROTOCOL):
    database = os.path.join(folder, "memos.db")
    if os.path.exists(database):
        os.remove(database)
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE memos(key INTEGER PRIMARY KEY, task TEXT)")
    for task in ("give food to fish", "prepare group meeting", u"\u00e9tudier", None):
        connection.execute("INSERT INTO memos VALUES (NULL, ?)", (task,))
    memos = [MemoRecord(*row) for row in connection.execute("SELECT * FROM memos")]
    # The pickle keeps only the keys: what the row says when it is loaded counts.
    connection.execute("UPDATE memos SET task = 'learn italian' WHERE key = 1")
    connection.commit()

    name = os.path.join(folder, "memos.pickle")
    with open(name, "wb") as file:
        DBPickler(file, int(protocol)).dump(memos)
    with open(name, "rb") as file:
        for memo in DBUnpickler(file, connection).load():
            print("call(global('__main__', 'MemoRecord'), key=%d, task=%s)"
                  % (memo.key, ascii(memo.task)))


if __name__ == "__main__":
    main(*sys.argv[1:])
