"""What a crash leaves: write-ahead logs and rollback journals, whole and broken.

The state is taken from under an open connection, as a power cut would leave it.
"""
import struct

import logs
from recipe import recipe, same_file

WAL = "SQLite file format, 4 (the write-ahead log)"
JOURNAL = "SQLite file format, 3 (the rollback journal)"
HOT = "SQLite documentation, File locking and concurrency, 4.0 (hot journals)"
BASE = "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'old'), (2, 'old');"
BIG = """CREATE TABLE t(id INTEGER PRIMARY KEY, a);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO t SELECT i, printf('%.*c', 200, 'o') FROM n;"""


def log(name, why, sql, crash, spec=WAL, commits=True, **settings):
    recipe("log", name, why, spec, sql, journal="WAL", crash=crash, commits=commits, **settings)


log("committed", "The last transaction is only in the log: it counts.", BASE, "INSERT INTO t VALUES (3, 'new'); UPDATE t SET a = 'new' WHERE id = 1;",
    dump="A dump sees what is only in the log.")
log("everything", "Nothing was ever copied back: the database is in the log alone, its file one page of settings.", "",
    "CREATE TABLE t(a); INSERT INTO t VALUES (1), ('two');")
log("not-committed", "Frames behind the last commit do not count.", BIG, "UPDATE t SET a = printf('%.*c', 200, 'n');", commits=False)
log("two-commits", "Of a page that is in the log twice, the last committed frame counts.", BASE, "UPDATE t SET a = 'first'; COMMIT; BEGIN; UPDATE t SET a = 'second' WHERE id = 2;")
log("grown", "A commit's frame says how many pages there are: more than in the file.", BASE, "INSERT INTO t VALUES (3, zeroblob(3000));")
log("shrunk", "A log may end with fewer pages than the file has.", BIG, "DELETE FROM t WHERE id > 2; COMMIT; VACUUM; BEGIN;")
log("new-table", "The schema itself is in the log.", BASE, "CREATE TABLE u(b); INSERT INTO u VALUES (x'01');")
log("page-size-4096", "Frames of another page size.", BASE, "INSERT INTO t VALUES (3, 'new');", page_size=4096)
log("utf-16", "Text in a log has the database's encoding.", BASE, "INSERT INTO t VALUES (3, char(0x1f600));", encoding="UTF-16le")


def wal_edit(name, why, change, of="committed", spec=WAL, **settings):
    same_file("log", name, why, spec, "log/" + of, edit=lambda files: change(files["-wal"], files), **settings)


def last_frame(wal):
    return logs.frames(wal)[-1]


def other_order(wal, files):
    logs.sum_wal(wal, big_endian=1 - (wal[3] & 1))


def end_behind(wal, cut):
    del wal[len(wal) - cut:]


def flip(data, at):
    data[at] ^= 1


def resalted(wal, files):
    """The frames of a transaction, then those of an older log under other salts."""
    older = bytearray(wal)
    logs.sum_wal(older, salts=bytes(8))
    wal += older[logs.WAL_HEADER:]


wal_edit("other-byte-order", "The magic's last bit says in which byte order sums are taken.", other_order)
wal_edit("bad-sum-last", "The frame that commits has a wrong sum: the transaction does not count.", lambda wal, files: flip(wal, last_frame(wal) + 16))
wal_edit("bad-page-last", "A changed byte in a frame's page makes the sum wrong.", lambda wal, files: flip(wal, len(wal) - 1))
wal_edit("bad-sum-second", "In a log of two transactions a wrong sum in the second leaves the first.", lambda wal, files: flip(wal, last_frame(wal) + 20), of="two-commits")
wal_edit("bad-sum-first", "A wrong sum in the first frame: nothing behind it counts, however right.", lambda wal, files: flip(wal, logs.WAL_HEADER + 16), of="two-commits")
wal_edit("cut-in-frame", "The log ends inside of its last frame.", lambda wal, files: end_behind(wal, 100))
wal_edit("cut-in-header", "A log shorter than its header holds nothing.", lambda wal, files: wal.__delitem__(slice(20, None)))
wal_edit("empty", "A log without a byte, as after a checkpoint that truncates.", lambda wal, files: wal.clear())
wal_edit("bad-magic", "A log with another magic number holds nothing.", lambda wal, files: flip(wal, 1))
wal_edit("bad-header-sum", "A log whose header's sum is wrong holds nothing.", lambda wal, files: flip(wal, 24))
wal_edit("older-frames", "Frames of an older log, under other salts, stand behind the new ones and do not count.", resalted)
wal_edit("extra-bytes", "Bytes behind the last frame that are no whole frame.", lambda wal, files: wal.extend(b"tail"))


def version(wal, files):
    struct.pack_into(">I", wal, 4, 3007001)
    logs.sum_wal(wal)


wal_edit("bad-version", "A log of another version is refused, though its sums are right.", version)


def journal_mode(wal, files):
    files[""][18:20] = b"\x01\x01"


wal_edit("header-says-journal", "The header's versions say rollback journal, and there is a log: SQLite reads it all the same.", journal_mode,
         spec="SQLite pager.c pagerOpenWalIfPresent")


def no_commit(wal, files):
    wal[last_frame(wal) + 4:last_frame(wal) + 8] = bytes(4)
    logs.sum_wal(wal)


wal_edit("commit-taken-away", "A frame without a number of pages commits nothing.", no_commit)


def zero_page(wal, files):
    wal[logs.WAL_HEADER:logs.WAL_HEADER + 4] = bytes(4)
    logs.sum_wal(wal)


wal_edit("frame-of-page-0", "A frame of page 0 ends the log.", zero_page, spec="SQLite wal.c walDecodeFrame: pgno==0")


def other_size(wal, files):
    struct.pack_into(">I", wal, 8, 256)
    logs.sum_wal(wal)


wal_edit("bad-page-size", "A log whose page size is none.", other_size, spec="SQLite wal.c walIndexRecover: szPage<512")


def hot(name, why, crash="UPDATE t SET a = printf('%.*c', 200, 'n');", sql=BIG, spec=HOT, **settings):
    recipe("journal", name, why, spec, sql, crash=crash, **settings)


hot("hot", "A journal that was synced, with pages already written to the database: they are put back.",
    dump="A dump sees the database as a hot journal restores it.")
hot("hot-grown", "A transaction that made the database grow: behind the old size everything is dropped.",
    crash="WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT INTO t SELECT i, printf('%.*c', 200, 'n') FROM n;")
hot("hot-schema", "A CREATE TABLE that was not committed.", crash="CREATE TABLE u AS SELECT * FROM t; CREATE TABLE w AS SELECT * FROM t;")
hot("hot-1024", "A journal of 1024-byte pages.", page_size=1024)


def journal_edit(name, why, change, of="hot", spec=JOURNAL, **settings):
    same_file("journal", name, why, spec, "journal/" + of, edit=lambda files: change(files["-journal"], files), **settings)


def torn(journal, files):
    """The second half of a page that was being written when the power failed."""
    page_size = struct.unpack_from(">I", journal, 24)[0]
    page = struct.unpack_from(">I", journal, logs.journal_parts(journal)[0][1][-1])[0]
    start = (page - 1) * page_size
    files[""][start + page_size // 2:start + page_size] = b"\xff" * (page_size // 2)


def leave_out(ending):
    def change(data, files):
        del files[ending]
    return change


def torn_alone(journal, files):
    torn(journal, files)
    del files["-journal"]


journal_edit("torn-page", "A page half written, and the journal that has it whole.", torn, spec="SQLite documentation, Atomic commit, 4 (rollback)")
journal_edit("torn-page-alone", "The same half-written page without its journal.", torn_alone, spec="SQLite documentation, How to corrupt, 1.2 (a journal that is lost)")
journal_edit("lost", "The journal of an unfinished transaction was deleted: pages of two times.", leave_out("-journal"), spec="SQLite documentation, How to corrupt, 1.2 (a journal that is lost)")
journal_edit("zeroed-header", "A journal whose header is zero, as journal_mode PERSIST leaves it, is not hot.", lambda journal, files: journal.__setitem__(slice(0, 28), bytes(28)))
journal_edit("first-byte-zero", "One zero byte at the start is enough for a journal not to be hot.", lambda journal, files: journal.__setitem__(0, 0), spec="SQLite pager.c hasHotJournal: first!=0")
journal_edit("empty", "A journal without a byte.", lambda journal, files: journal.clear())
journal_edit("bad-magic", "A journal that begins with something else is hot, and has nothing to put back.", lambda journal, files: flip(journal, 3))
journal_edit("cut-in-record", "The journal ends inside of its last record: that one does not count.", lambda journal, files: end_behind(journal, 100))
journal_edit("bad-sum", "A record whose sum is wrong ends the journal.",
             lambda journal, files: flip(journal, logs.journal_parts(journal)[0][1][-1] + 4 + 512))
journal_edit("no-count", "Number of records ffffffff: as many as the file has room for.",
             lambda journal, files: journal.__setitem__(slice(8, 12), b"\xff" * 4), of="hot-1024")
journal_edit("count-zero", "A first part of no records: only the size is put back.", lambda journal, files: journal.__setitem__(slice(8, 12), bytes(4)))
journal_edit("record-of-page-0", "A record of page 0 ends the journal.",
             lambda journal, files: journal.__setitem__(slice(logs.journal_parts(journal)[0][1][0], logs.journal_parts(journal)[0][1][0] + 4), bytes(4)),
             spec="SQLite pager.c pager_playback_one_page: pgno==0")


def super_journal(journal, files):
    name = b"nowhere-mj0123abcd"
    journal += struct.pack(">I", 0x40000000 // 512 + 1) + name + struct.pack(">II", len(name), sum(name)) + logs.JOURNAL_MAGIC


journal_edit("super-journal-gone", "The journal names a super-journal that is not there: the transaction was committed.", super_journal)


def empty_database(journal, files):
    files[""].clear()


journal_edit("database-empty", "A journal beside a database without a byte is not hot.", empty_database, spec="SQLite pager.c hasHotJournal: nPage==0")
