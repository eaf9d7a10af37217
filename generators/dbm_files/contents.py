"""What the databases hold: named scripts of changes, the same for every engine.

A script is a list of steps: ("set", key, value), ("delete", key), ("add", key, value)
for one more value of a key, ("sync",), and ("die",), at which the writer ends without
closing anything. `text()` writes one for the writers' standard input, a step a line:

    + KEY VALUE      - KEY      * KEY VALUE      s      !

in hex, with a dot for nothing.
"""
import itertools


def hexed(data):
    return data.hex() or "."


SIGNS = {"set": "+", "delete": "-", "add": "*", "sync": "s", "die": "!"}


def text(steps):
    return "".join(" ".join([SIGNS[step[0]]] + [hexed(part) for part in step[1:]]) + "\n"
                   for step in steps)


def sets(*pairs):
    return [("set", key, value) for key, value in pairs]


def numbered(count, size):
    """`count` entries whose values are up to `size` bytes long."""
    return [("set", b"key%d" % i, bytes([97 + i % 26]) * (i * 7 % size)) for i in range(count)]


def deletions():
    """Most of what was stored is deleted, and some of it stored again."""
    steps = numbered(90, 40)
    steps += [("delete", b"key%d" % i) for i in range(90) if i % 7]
    return steps + [("set", b"key%d" % i, b"again") for i in range(0, 90, 10)]


def gdbm_collisions():
    """Keys of one GNU dbm hash: byte i is shifted by 5 i mod 24, so that bytes that stand
    24 apart may change places."""
    left, right = b"abc", b"xyz"
    middle = b"-" * 21
    keys = []
    for swaps in itertools.product([False, True], repeat=3):
        first = bytes(r if swap else l for l, r, swap in zip(left, right, swaps))
        second = bytes(l if swap else r for l, r, swap in zip(left, right, swaps))
        keys.append(first + middle + second)
    return sets(*[(key, b"value %d" % i) for i, key in enumerate(keys)])


def berkeley_hash(key):
    """Of hash files from version 5 on."""
    value = 0
    for byte in key:
        value = (value * 16777619 & 0xFFFFFFFF) ^ byte
    return value


def berkeley_collisions():
    """Keys of one Berkeley DB hash: of 200,000 keys some pairs have one."""
    seen, pairs = {}, []
    for i in range(200000):
        key = b"%x" % (i * 2654435761 & 0xFFFFFFFF)
        other = seen.setdefault(berkeley_hash(key), key)
        if other != key:
            pairs += [other, key]
    return sets(*[(key, b"value %d" % i) for i, key in enumerate(pairs[:8])])


CONTENTS = {
    "empty": ("nothing was ever stored", []),
    "one": ("one entry", sets((b"key", b"value"))),
    "several": ("a few entries of text",
                sets((b"alice", b"1 Main St"), (b"bob", b"12 High St"), (b"carol", b""),
                     (b"dave", b"somewhere\nelse"))),
    "many": ("more entries than one page or bucket holds", numbered(120, 30)),
    "empty-key": ("a key of no bytes", sets((b"", b"the empty key"), (b"a", b"b"))),
    "empty-value": ("values of no bytes", sets((b"a", b""), (b"b", b"full"), (b"c", b""))),
    "binary": ("keys and values of every byte",
               sets(*[(bytes([i, 255 - i]), bytes(range(i, i + 16))) for i in range(0, 240, 16)]
                    + [(b"\0", b"\0"), (b"\r\n", b"'\"\\"), (b"caf\xc3\xa9", b"\xff\xfe")])),
    "large-value": ("a value larger than any page",
                    sets((b"before", b"1"), (b"large", b"0123456789abcdef" * 600),
                         (b"after", b"2"))),
    "large-key": ("a key larger than a page of 512 bytes",
                  sets((b"k" * 900, b"value"), (b"small", b"1"))),
    "deletions": ("most of its entries were deleted again", deletions()),
    "emptied": ("all of its entries were deleted again",
                numbered(40, 30) + [("delete", b"key%d" % i) for i in range(40)]),
    "replaced": ("values replaced by longer, equal and shorter ones",
                 sets((b"a", b"x" * 10), (b"b", b"x" * 10), (b"c", b"x" * 600), (b"a", b"y" * 700),
                      (b"b", b"z" * 10), (b"c", b"w"))),
    "gdbm-collisions": ("eight keys of one GNU dbm hash", gdbm_collisions()),
    "berkeley-collisions": ("pairs of keys of one Berkeley DB hash", berkeley_collisions()),
    "duplicates": ("several values of a key",
                   [("add", b"b", b"2"), ("add", b"a", b"x"), ("add", b"b", b"1"),
                    ("add", b"c", b""), ("add", b"b", b"3"), ("add", b"a", b"w")]),
    "many-duplicates": ("so many values of a key that they have pages of their own",
                        [("add", b"one", b"1")]
                        + [("add", b"many", b"value %03d" % (i * 37 % 120)) for i in range(120)]
                        + [("add", b"two", b"2")]),
    "records": ("records, which have numbers instead of keys",
                [("set", b"", b"first"), ("set", b"", b""), ("set", b"", b"third" * 9)]),
    "many-records": ("more records than a page holds",
                     [("set", b"", b"record %d" % i) for i in range(150)]),
    "unclosed": ("stored and never closed", numbered(12, 30) + [("die",)]),
    "unclosed-after-sync": ("stored, synced, stored again and never closed",
                            numbered(12, 30) + [("sync",)]
                            + [("set", b"key3", b"longer than before" * 40),
                               ("set", b"late", b"1"), ("delete", b"key5"), ("die",)]),
    "killed": ("the process died while the file grew", numbered(120, 60)),
}


def stored(name, numbered=False, padded=0, in_order=False):
    """What a database of these contents holds: a dict, its values lists where keys have
    several, sorted if they are `in_order`. `numbered`: records; `padded`: to so many bytes.
    None where the writer died."""
    entries = {}
    for step in CONTENTS[name][1]:
        if step[0] == "die":
            return None
        if step[0] == "delete":
            del entries[step[1]]
        elif step[0] in ("set", "add"):
            key = len(entries) + 1 if numbered else step[1]
            value = step[2].ljust(padded)
            entries[key] = entries.get(key, []) + [value] if step[0] == "add" else value
    for key, value in entries.items():
        if isinstance(value, list):
            value = sorted(value) if in_order else value
            entries[key] = value[0] if len(value) == 1 else value
    return entries
