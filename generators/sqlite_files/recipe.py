"""What a recipe is, and how real SQLite makes its files.

A recipe is SQL with the settings it runs under, and perhaps an edit of the bytes
that came out. Nothing here depends on the time or on chance: the salts of logs and
the numbers in journals that SQLite draws are replaced (logs.py), so that the same
SQLite writes the same bytes again.
"""
import os
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Callable, Optional

import logs

RECIPES = []
ENDINGS = ("", "-wal", "-journal")


@dataclass
class Recipe:
    topic: str
    name: str
    why: str
    spec: str
    sql: str
    page_size: int = 512
    encoding: str = "UTF-8"
    vacuum: str = "NONE"
    journal: str = "DELETE"
    reserved: int = 0
    crash: str = ""  # SQL of a transaction; files are taken as they are behind it
    commits: bool = False  # whether that transaction ends with COMMIT
    edit: Optional[Callable] = None  # changes {ending: bytearray}
    dump: str = ""  # why an iterdump of it is a case, too
    read: bool = True

    @property
    def file(self):
        return "data/%s/%s.db" % (self.topic, self.name)


def recipe(topic, name, why, spec, sql, **settings):
    RECIPES.append(Recipe(topic, name, why, spec, sql, **settings))


def same_file(topic, name, why, spec, of, **settings):
    """The files of another recipe, edited once more."""
    base = next(one for one in RECIPES if "%s/%s" % (one.topic, one.name) == of)
    inner, outer = base.edit, settings.pop("edit", None)

    def edit(files):
        for change in (inner, outer):
            if change:
                change(files)
    RECIPES.append(Recipe(topic, name, why, spec, base.sql, **{
        "page_size": base.page_size, "encoding": base.encoding, "vacuum": base.vacuum,
        "journal": base.journal, "reserved": base.reserved, "crash": base.crash,
        "commits": base.commits, "edit": edit, **settings}))


def reserve(path, count):
    """Reserved bytes are set through a file control, which the shell has."""
    subprocess.run(["sqlite3", path, ".filectrl reserve_bytes %d" % count, "VACUUM"], check=True,
                   stdout=subprocess.DEVNULL)


def make(one):
    """The recipe's files as {ending: bytes}."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.db")
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA page_size = %d" % one.page_size)
        connection.execute("PRAGMA encoding = '%s'" % one.encoding)
        connection.execute("PRAGMA auto_vacuum = %s" % one.vacuum)
        if one.reserved:
            connection.execute("VACUUM")
            connection.close()
            reserve(path, one.reserved)
            connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = %s" % one.journal)
        connection.executescript(one.sql)
        if one.crash:
            if one.journal == "WAL":
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("PRAGMA cache_size = 10")
            connection.executescript("BEGIN; " + one.crash + (" COMMIT;" if one.commits else ""))
        else:
            connection.close()
        files = {}
        for ending in ENDINGS:
            if os.path.exists(path + ending):
                with open(path + ending, "rb") as file:
                    files[ending] = bytearray(file.read())
        connection.close()
    logs.settle(files)
    if one.edit:
        one.edit(files)
    return {ending: bytes(data) for ending, data in files.items()}
