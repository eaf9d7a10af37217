"""Write-ahead logs and rollback journals as bytes: sums, salts, frames, records.

SQLite file format, 3 (the rollback journal) and 4 (the write-ahead log).
"""
import struct

WAL_HEADER, FRAME_HEADER = 32, 24
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
SALTS = bytes(range(1, 9))
NONCE = 0x01020304


def wal_sums(data, sums, order):
    s0, s1 = sums
    words = struct.unpack("%s%dI" % (order, len(data) // 4), data)
    for i in range(0, len(words), 2):
        s0 = (s0 + words[i] + s1) & 0xFFFFFFFF
        s1 = (s1 + words[i + 1] + s0) & 0xFFFFFFFF
    return s0, s1


def wal_page_size(wal):
    return struct.unpack_from(">I", wal, 8)[0]


def frames(wal):
    """Offsets of the whole frames of a log."""
    size = FRAME_HEADER + wal_page_size(wal)
    return range(WAL_HEADER, len(wal) - size + 1, size)


def sum_wal(wal, salts=None, big_endian=None):
    """Works out all sums of a log again, perhaps with other salts or another order."""
    if salts:
        wal[16:24] = salts
    if big_endian is not None:
        wal[3] = wal[3] & 0xFE | big_endian
    order = ">" if wal[3] & 1 else "<"
    sums = wal_sums(bytes(wal[:24]), (0, 0), order)
    struct.pack_into(">II", wal, 24, *sums)
    for at in frames(wal):
        wal[at + 8:at + 16] = wal[16:24]
        sums = wal_sums(bytes(wal[at:at + 8]), sums, order)
        sums = wal_sums(bytes(wal[at + FRAME_HEADER:at + FRAME_HEADER + wal_page_size(wal)]), sums,
                        order)
        struct.pack_into(">II", wal, at + 16, *sums)


def journal_sum(page, nonce):
    total, at = nonce, len(page) - 200
    while at > 0:
        total += page[at]
        at -= 200
    return total & 0xFFFFFFFF


def journal_parts(journal):
    """(offset of the header, offsets of the records) of each part that has records."""
    parts, at = [], 0
    while journal[at:at + 8] == JOURNAL_MAGIC:
        count = struct.unpack_from(">I", journal, at + 8)[0]
        sector, page_size = struct.unpack_from(">II", journal, 20)
        if count == 0xFFFFFFFF:
            count = (len(journal) - at - sector) // (page_size + 8)
        if count == 0:
            break
        parts.append((at, [at + sector + i * (page_size + 8) for i in range(count)]))
        at += sector + count * (page_size + 8)
        at += -at % sector
    return parts


def journal_end(journal):
    page_size = struct.unpack_from(">I", journal, 24)[0]
    return journal_parts(journal)[-1][1][-1] + page_size + 8


def sum_journal(journal, nonce=NONCE):
    page_size = struct.unpack_from(">I", journal, 24)[0]
    for header, records in journal_parts(journal):
        struct.pack_into(">I", journal, header + 12, nonce)
        for at in records:
            struct.pack_into(">I", journal, at + 4 + page_size,
                             journal_sum(journal[at + 4:at + 4 + page_size], nonce))


def settle(files):
    """Replaces what SQLite drew by lot."""
    if files.get("-wal"):
        sum_wal(files["-wal"], salts=SALTS)
    if "-wal" in files and not files["-wal"]:
        del files["-wal"]
    journal = files.get("-journal")
    if journal and journal[0]:
        del journal[journal_end(journal):]  # what was not yet synced
        sum_journal(journal)
