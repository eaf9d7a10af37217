"""The engines, and what each is to write.

A family is a folder of files of one writer: one module of one program, with its
options. `python` families are written by every Python given that has the module; files
of equal bytes are kept once, under the oldest.
"""
import collections
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))

TEXT = ["empty", "one", "several", "empty-key", "empty-value", "binary"]
LARGE = ["large-value", "large-key"]
CHANGED = ["deletions", "emptied", "replaced"]
DEAD = ["unclosed", "unclosed-after-sync"]

# folder: of the files. topic: of the cases. says: what wrote them, for `why`.
# command: the writer, with {path}. contents: names of contents.py. module: that a case
# asks. spec: where the format's rules stand.
Family = collections.namedtuple("Family", "folder topic says command contents module spec")

GDBM = "GDBM manual, 'Database format'; Modules/_gdbmmodule.c"
BERKELEY = "Berkeley DB 5.3 reference, 'Access methods'; dbinc/db_page.h"
NDBM = "Library/dbm: dbm.ndbm; Modules/_dbmmodule.c"


def gdbm_families():
    def family(folder, says, *words, contents):
        return Family(folder, "gdbm", says, ["write_gdbm", *words, "{path}"], contents,
                      "dbm.gnu", GDBM)

    yield family("gdbm", "libgdbm, blocks of 512 bytes", "standard", "512",
                 contents=TEXT + LARGE + ["many"] + CHANGED + ["gdbm-collisions"] + DEAD
                 + ["killed"])
    yield family("gdbm-numsync", "libgdbm with GDBM_NUMSYNC", "numsync", "512",
                 contents=["empty", "several", "many", "deletions"] + DEAD)
    yield family("gdbm-1024", "libgdbm, blocks of 1024 bytes", "standard", "1024",
                 contents=["several", "many"])
    yield family("gdbm-4096", "libgdbm, blocks of 4096 bytes", "standard", "4096",
                 contents=["several"])
    yield Family("gdbm-perl", "gdbm", "Perl's GDBM_File",
                 ["perl", "write_perl.pl", "GDBM_File", "{path}"], ["empty", "several"], "dbm.gnu",
                 GDBM)


def berkeley_families():
    def family(kind, order, size, options="-", name="", contents=()):
        says = "Berkeley DB, %s, %s-endian, pages of %s bytes" % (kind, order, size)
        if name:
            says += ", " + name
        folder = "-".join([kind, order, size] + ([name.replace(" ", "-")] if name else []))
        return Family(folder, kind, says,
                      ["write_berkeley", kind, order, size, options, "{path}"], list(contents),
                      "bsddb.%s" % kind, BERKELEY)

    keyed = TEXT + LARGE + ["many"] + CHANGED
    for order in "little", "big":
        yield family("hash", order, "512", contents=keyed + ["berkeley-collisions"])
        yield family("btree", order, "512", contents=keyed)
        yield family("recno", order, "512", contents=["empty", "records", "many-records"])
        yield family("queue", order, "512", "fixed=20", "records of 20",
                     contents=["empty", "many-records"])
        for size in "1024", "4096":
            yield family("hash", order, size, contents=["several", "many"])
            yield family("btree", order, size, contents=["several", "many"])
        for kind in "hash", "btree":
            yield family(kind, order, "512", "dup", "duplicates",
                         contents=["duplicates", "many-duplicates"])
            yield family(kind, order, "512", "dupsort", "sorted duplicates",
                         contents=["duplicates", "many-duplicates"])
    yield family("hash", "little", "65536", contents=["one"])
    yield family("btree", "little", "65536", contents=["one"])
    yield family("btree", "little", "512", "recnum", "record numbers", contents=["many"])
    yield family("recno", "little", "512", "renumber", "renumbering", contents=["many-records"])
    yield family("recno", "little", "512", "fixed=30", "fixed length", contents=["many-records"])
    for kind in "hash", "btree":
        yield family(kind, "little", "512", "checksum", "checksums", contents=["many"])
        yield family(kind, "little", "512", "cache", "a small cache",
                     contents=["killed"] + DEAD)
        yield family(kind, "little", "512", "sub=inner", "in a subdatabase",
                     contents=["several"])
        yield family(kind, "little", "512", "password=secret", "encrypted", contents=["one"])
    for kind in "hash", "btree":
        yield Family("db_file-" + kind, kind, "Perl's DB_File, " + kind,
                     ["perl", "write_perl.pl", "DB_File." + kind, "{path}"], ["several"],
                     "bsddb." + kind, BERKELEY)
    yield Family("php", "btree", "PHP's dba with db4", ["php", "write_php.php", "db4", "{path}"],
                 ["several", "deletions"], "bsddb.btree", BERKELEY)


def ndbm_families():
    def family(folder, says, *command, contents, module="dbm.ndbm"):
        return Family(folder, "ndbm", says, [*command, "{path}"], contents, module, NDBM)

    yield family("ndbm-ruby", "Ruby's dbm, over gdbm-compat", "ruby", "write_ruby.rb", "dbm",
                 contents=["empty", "several", "deletions"])
    yield family("ndbm-perl", "Perl's NDBM_File, over gdbm-compat", "perl", "write_perl.pl",
                 "NDBM_File", contents=["several"])
    yield family("odbm-perl", "Perl's ODBM_File, over gdbm-compat", "perl", "write_perl.pl",
                 "ODBM_File", contents=["several"])
    pages = [name for name in TEXT if name != "empty-key"] + ["many"] + CHANGED[:2]
    yield family("sdbm-perl", "Perl's SDBM_File", "perl", "write_perl.pl", "SDBM_File",
                 contents=pages + ["empty-key", "killed"])
    yield family("sdbm-ruby", "Ruby's sdbm", "ruby", "write_ruby.rb", "sdbm", contents=pages)


def python_families():
    def family(folder, topic, module, contents, asked, spec):
        return Family(folder, topic, "%(python)s " + module,
                      ["%(program)s", "write_python.py", module, "{path}"], contents, asked, spec)

    dumb = TEXT + CHANGED + DEAD
    yield family("dumb", "dumb", "dbm.dumb", dumb, "dbm.dumb", "Lib/dbm/dumb.py _commit, _addkey")
    yield family("dumb", "dumb", "dumbdbm", dumb, "dbm.dumb", "Lib/dumbdbm.py _commit, _addkey")
    yield family("anydbm", "dumb", "anydbm", ["several"], "dbm.dumb", "Lib/anydbm.py open")
    yield family("gnu", "gdbm", "dbm.gnu", ["empty", "several", "deletions"], "dbm.gnu", GDBM)
    yield family("ndbm", "ndbm", "dbm.ndbm", TEXT + ["many", "large-value", "deletions"],
                 "dbm.ndbm", NDBM)
    yield family("sqlite3", "sqlite3", "dbm.sqlite3", TEXT + ["many"] + CHANGED + DEAD,
                 "dbm.sqlite3", "Lib/dbm/sqlite3.py")
    for kind in "hash", "btree":
        yield family("bsddb3-" + kind, kind, "bsddb3." + kind, ["several"], "bsddb." + kind,
                     BERKELEY)


ENDINGS = ("", ".dir", ".dat", ".bak", ".pag", ".db", "-wal", "-journal")
# When the file is so long, the writer is killed: the next write would pass it.
KILLED_AT = {"write_gdbm": 4096, "write_berkeley": 3072, "perl": 4096}


def die_at(size):
    """What a child does first to die of a file that grows past `size` bytes."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


def written(command, name, script, programs):
    """The files that a writer makes of a script: by ending, their bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        words = [word.replace("{path}", path) for word in command]
        limit = KILLED_AT.get(words[0]) if name == "killed" else None
        if words[0].startswith("write_"):
            words[0] = os.path.join(programs, words[0])
        words = [os.path.join(FOLDER, w) if os.path.exists(os.path.join(FOLDER, w)) else w
                 for w in words]
        run = subprocess.run(words, input=script.encode(), stderr=subprocess.PIPE,
                             preexec_fn=die_at(limit) if limit else None)
        if run.returncode != (-signal.SIGXFSZ if limit else 0):
            raise RuntimeError("%s %s: %s" % (words, name, run.stderr.decode()))
        files = {}
        for ending in ENDINGS:
            if os.path.exists(path + ending):
                with open(path + ending, "rb") as file:
                    files[ending] = named(file.read(), name + words[1])
        return files


def named(data, name):
    """A Berkeley DB file with a fixed `uid`: the library makes one of the time and its
    process. The file is the same database under any."""
    if len(data) < 72 or data[12:16] not in (b"\x61\x15\x06\x00", b"\x00\x06\x15\x61",
                                             b"\x62\x31\x05\x00", b"\x00\x05\x31\x62",
                                             b"\x53\x22\x04\x00", b"\x00\x04\x22\x53"):
        return data
    if data[24] or data[26] & 1:  # encrypted or with checksums: of these very bytes
        return data
    return data[:52] + hashlib.sha1(name.encode()).digest() + data[72:]


def build(programs):
    """The writers in C."""
    for name, library in ("write_gdbm", "gdbm"), ("write_berkeley", "db"):
        subprocess.run(["cc", "-O1", "-o", os.path.join(programs, name),
                        os.path.join(FOLDER, name + ".c"), "-l" + library], check=True)


def available(command):
    return command[0].startswith("write_") or shutil.which(command[0]) is not None
