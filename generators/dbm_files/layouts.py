"""Files that no engine here makes, put together by hand: GNU dbm as machines of another
byte order, width or alignment write it, and the hash of Berkeley DB 1.85.

gdbm() lays out what src/gdbmdefs.h declares; with the settings of this machine libgdbm
reads its files, which make_files.py checks. hash185() follows db.1.85/hash/hash.h and
page.h; no library here reads its files.
"""
import struct

PAIRS = [(b"alice", b"1 Main St"), (b"bob", b"12 High St"), (b"carol", b""),
         (b"", b"the empty key"), (b"caf\xe9", b"\xff\xfe")]
BUCKET = 512


def gdbm_hash(key, signed):
    value = 0x238F13AF * len(key)
    for i, byte in enumerate(key):
        letter = byte - 256 if signed and byte > 127 else byte
        value = (value + (letter << (i * 5 % 24))) & 0x7FFFFFFF
    return (1103515243 * value + 12345) & 0x7FFFFFFF


def gdbm(order, magic, width, packed=False, signed=True):
    """One bucket for each place of a directory that fills a block. `order` is "<" or ">",
    `width` that of off_t in bytes; `packed`: eight bytes are aligned to four, as on i386."""
    off = "Q" if width == 8 else "L"
    extended = magic in (0x13579AD0, 0x13579AD1)
    avail_bytes = {(8, False): 16, (8, True): 12, (4, False): 8}[width, packed]
    bits_at = 8 + 6 * avail_bytes if width == 8 and not packed else 4 + 6 * avail_bytes
    element = struct.Struct(order + "l4s" + off + "ll")
    count = (BUCKET - bits_at - 8) // element.size
    directory_bits = 6 if width == 8 else 7
    places = 1 << directory_bits
    assert places * width == BUCKET
    buckets = [[None] * count for _ in range(places)]
    data_at = BUCKET * (2 + places)
    data = b""
    for key, value in PAIRS:
        hashed = gdbm_hash(key, signed)
        bucket = buckets[hashed >> (31 - directory_bits)]
        place = hashed % count
        while bucket[place] is not None:
            place = (place + 1) % count
        bucket[place] = element.pack(hashed, key[:4], data_at + len(data), len(key), len(value))
        data += key + value
    end = data_at + (len(data) + BUCKET - 1) // BUCKET * BUCKET
    header = struct.pack(order + "LL" + off + "LLLL" + off, magic, BUCKET, BUCKET, places * width,
                         directory_bits, BUCKET, count, end)
    header += b"\0" * 32 if extended else b""
    room = (BUCKET - len(header) - 8 - width) // avail_bytes
    header += struct.pack(order + "LL" + off, room, 0, 0)
    table = b"".join(struct.pack(order + off, BUCKET * (2 + i)) for i in range(places))
    empty = element.pack(-1, b"", 0, 0, 0)
    body = b"".join(
        (b"\0" * bits_at + struct.pack(order + "LL", directory_bits,
                                       sum(one is not None for one in bucket))
         + b"".join(one or empty for one in bucket)).ljust(BUCKET, b"\0") for bucket in buckets)
    return (header.ljust(BUCKET, b"\0") + table + body + data).ljust(end, b"\0")


GDBM = {
    "little-64": (gdbm("<", 0x13579ACF, 8), "the layout of this machine, by hand"),
    "little-64-numsync": (gdbm("<", 0x13579AD1, 8), "this machine's with the extended header"),
    "little-64-old-magic": (gdbm("<", 0x13579ACE, 8), "64-bit offsets under the oldest magic"),
    "little-64-packed": (gdbm("<", 0x13579ACF, 8, packed=True), "i386 with large files"),
    "little-32": (gdbm("<", 0x13579ACD, 4), "32-bit offsets"),
    "little-32-old-magic": (gdbm("<", 0x13579ACE, 4), "32-bit offsets under the oldest magic"),
    "little-32-numsync": (gdbm("<", 0x13579AD0, 4), "32-bit offsets, extended header"),
    "little-64-unsigned-char": (gdbm("<", 0x13579ACF, 8, signed=False),
                                "written on ARM, where char has no sign: keys with bytes from 80 "
                                "on are listed and not found"),
    "big-64": (gdbm(">", 0x13579ACF, 8), "big-endian, 64-bit offsets"),
    "big-64-numsync": (gdbm(">", 0x13579AD1, 8), "big-endian, extended header"),
    "big-64-old-magic": (gdbm(">", 0x13579ACE, 8), "big-endian under the oldest magic"),
    "big-32": (gdbm(">", 0x13579ACD, 4), "big-endian, 32-bit offsets"),
    "big-32-numsync": (gdbm(">", 0x13579AD0, 4), "big-endian, 32-bit offsets, extended header"),
}


def hash185(order):
    """One bucket, in pages of 512 bytes after one page of header."""
    size = 512
    words = [0x061561, 2, 1234 if order == "<" else 4321, size, 9, 256, 8, 0, 0, 0, 0, 1, 0, 8,
             len(PAIRS), 1, 0]
    charkey = 0
    for byte in b"%$sniglet^&\0":
        charkey = (charkey * 33 + byte) & 0xFFFFFFFF
    words[16] = charkey
    header = struct.pack(">17L", *words).ljust(size, b"\0")
    offsets, end, body = [], size, b""
    for key, value in PAIRS:
        for part in key, value:
            end -= len(part)
            offsets.append(end)
            body = part + body
    table = [len(offsets), *offsets]
    table += [end - 2 * (len(table) + 2), end]
    page = struct.pack("%s%dH" % (order, len(table)), *table)
    return header + page + b"\0" * (end - len(page)) + body


HASH185 = {
    "little": (hash185("<"), "pages in little-endian order"),
    "big": (hash185(">"), "pages in big-endian order"),
}
