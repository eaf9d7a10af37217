"""dbm.dumb's index, a line and a fault at a time: written by hand, for no engine writes
these. `.dat` is 'value' at 0, 'second' at 512, 'third' at 1024."""

DAT = b"value" + b" " * 507 + b"second" + b" " * 506 + b"third"
READS = "Lib/dbm/dumb.py, Lib/dumbdbm.py _update: ast.literal_eval of each line; Lib/ast.py"
INDEX = "Lib/dbm/dumb.py _update; Lib/dumbdbm.py _update"
GETS = "Lib/dbm/dumb.py __getitem__: seek and read, no check of what came"

# name: content of .dir, why, and what it rests on.
LINES = {
    "usual": (b"'a', (0, 5)\n'b', (512, 6)\n",
              "The form that every version writes.", INDEX),
    "no-final-newline": (b"'a', (0, 5)", "The last line needs no newline.", INDEX),
    "double-quotes": (b'"a", (0, 5)\n', "repr() takes double quotes for a key with an apostrophe.",
                      INDEX),
    "apostrophe-key": (b'"it\'s", (0, 5)\n', "A key with an apostrophe stands in double quotes.",
                       INDEX),
    "both-quotes-key": (b"'it\\'s \"a\"', (0, 5)\n", "A key with both quotes has one escaped.",
                        INDEX),
    "empty-index": (b"", "An empty index is an empty database.", INDEX),
    "empty-key": (b"'', (0, 5)\n", "A key may be empty.", INDEX),
    "zero-size": (b"'a', (0, 0)\n", "A value of no bytes.", INDEX),
    "later-line-wins": (b"'a', (0, 5)\n'b', (512, 6)\n'a', (1024, 5)\n",
                        "A key's later line replaces the value of the earlier one and keeps its "
                        "place.", INDEX),
    "same-blocks-twice": (b"'a', (0, 5)\n'b', (0, 3)\n",
                          "Two keys may name the same blocks: nobody checks.", INDEX),
    "unaligned-position": (b"'a', (514, 4)\n", "A position need not be a multiple of 512.", GETS),
    "past-the-end": (b"'a', (1024, 50)\n", "A size beyond the end of .dat gives what there is.",
                     GETS),
    "behind-the-end": (b"'a', (9999, 5)\n", "A position behind the end of .dat gives no bytes.",
                       GETS),
    "size-minus-one": (b"'a', (1024, -1)\n", "A size of -1 reads to the end of .dat.", GETS),
    "size-minus-two": (b"'a', (1024, -2)\n", "Python 3 refuses to read -2 bytes, Python 2 reads "
                       "to the end.", GETS),
    "position-negative": (b"'a', (-1, 5)\n", "seek() refuses a negative position when the value "
                          "is fetched.", GETS),
    "position-too-large": (b"'a', (9223372036854775808, 5)\n",
                           "A position that no file offset holds.", GETS),
    "size-too-large": (b"'a', (0, 9223372036854775808)\n",
                       "A size that no Py_ssize_t holds.", GETS),
    "long-suffix": (b"'a', (0L, 5L)\n", "2.7 writes 0L where its positions are longs; Python 3 "
                    "has no such literal.", "Lib/dumbdbm.py _addval; PEP 237"),
    "octal-old": (b"'a', (010, 5)\n", "2.7 takes 010 for 8; Python 3 has no such literal.",
                  READS),
    "octal-new": (b"'a', (0o0, 5)\n", "0o0 is a literal of both.", READS),
    "hexadecimal": (b"'a', (0x200, 0x6)\n", "Positions may be hexadecimal.", READS),
    "binary-number": (b"'a', (0b0, 0b101)\n", "Positions may be binary.", READS),
    "underscore-number": (b"'a', (0, 5)\n'b', (5_12, 6)\n",
                          "Underscores in numbers are of 3.6 and later.", READS + "; PEP 515"),
    "plus-number": (b"'a', (+0, +5)\n", "literal_eval takes a plus sign since 3; 2.7's does "
                    "not.", READS),
    "float-size": (b"'a', (0, 5.0)\n", "A float is a literal, and no size for read().", GETS),
    "float-position": (b"'a', (0.0, 5)\n", "A float is no position for seek().", GETS),
    "true-number": (b"'a', (False, True)\n", "Booleans are numbers: one byte at 0.", GETS),
    "none-number": (b"'a', (0, None)\n", "read(None) reads to the end in Python 3.", GETS),
    "text-number": (b"'a', ('0', 5)\n", "A text is no position.", GETS),
    "one-number": (b"'a', (0,)\n", "A tuple of one is no pair.", GETS),
    "three-numbers": (b"'a', (0, 5, 9)\n", "Three numbers are no pair.", GETS),
    "bare-number": (b"'a', 0\n", "A number is no pair.", GETS),
    "list-pair": (b"'a', [0, 5]\n", "A list unpacks as a tuple does.", GETS),
    "trailing-comma": (b"'a', (0, 5,),\n", "Commas may trail.", READS),
    "parentheses": (b"('a', (0, 5))\n", "The whole may stand in parentheses.", READS),
    "parentheses-key": (b"('a'), (0, 5)\n", "The key may stand in parentheses.", READS),
    "brackets-whole": (b"['a', (0, 5)]\n", "A list for the whole unpacks, too; whichdb does not "
                       "know the file.", READS),
    "one-item": (b"'a'\n", "A text of one letter is no key and pair.", READS),
    "two-letters": (b"'ab'\n", "A text of two letters unpacks into key and position: 'a' and 'b'.",
                    READS),
    "three-items": (b"'a', (0, 5), 1\n", "Three items do not unpack.", READS),
    "comment": (b"'a', (0, 5)  # a comment\n", "A comment may end a line.", READS),
    "comment-line": (b"'a', (0, 5)\n# a comment\n", "A line that is only a comment is no "
                     "expression.", READS),
    "blank-line": (b"'a', (0, 5)\n\n'b', (512, 6)\n", "A blank line is no expression.", READS),
    "blank-line-last": (b"'a', (0, 5)\n\n", "A blank last line is no expression either.", READS),
    "leading-blank": (b" 'a', (0, 5)\n", "A leading blank is an unexpected indent until "
                      "literal_eval strips it (3.10).", READS + "; python/cpython#85702"),
    "leading-tab": (b"\t'a', (0, 5)\n", "A leading tab, as a blank.", READS),
    "trailing-blanks": (b"'a', (0, 5) \t \n", "Trailing blanks are stripped.", READS),
    "crlf": (b"'a', (0, 5)\r\n'b', (512, 6)\r\n", "Lines may end as Windows ends them.", READS),
    "cr-only": (b"'a', (0, 5)\r'b', (512, 6)\r", "Python 3 splits at a bare carriage return; to "
                "2.7 it is within the line.", READS),
    "vertical-tab-end": (b"'a', (0, 5)\x0b\n", "rstrip() takes a vertical tab.", READS),
    "form-feed-start": (b"\x0c'a', (0, 5)\n", "A form feed may lead: the tokenizer skips it.",
                        READS),
    "non-breaking-space-end": (b"'a', (0, 5)\xa0\n", "Python 3 reads the index as Latin-1 and "
                               "strips a0; 2.7 does not.", READS),
    "next-line-end": (b"'a', (0, 5)\x85\n", "The same of 85, NEXT LINE.", READS),
    "file-separator-end": (b"'a', (0, 5)\x1c\n", "Of Unicode's blanks, 1c is stripped in Python 3 "
                           "only.", READS),
    "nul-in-line": (b"'a\0', (0, 5)\n", "Source with a NUL byte is refused.", READS),
    "nul-escaped": (b"'a\\x00', (0, 5)\n", "A NUL as an escape is a key's byte.", READS),
    "latin1-raw": (b"'caf\xe9', (0, 5)\n", "Python 3 writes e9 as that byte and reads it as "
                   "Latin-1; 2.7 reads the byte.", READS),
    "latin1-escaped": (b"'caf\\xe9', (0, 5)\n", "2.7 writes e9 as an escape: the same key.",
                       READS),
    "utf8-raw": (b"'caf\xc3\xa9', (0, 5)\n", "UTF-8 in the index is two letters of Latin-1.",
                 READS),
    "utf8-bom": (b"\xef\xbb\xbf'a', (0, 5)\n", "A byte order mark is three letters of Latin-1 "
                 "to Python 3, and no source; 2.7 takes it for one.", READS),
    "coding-comment": (b"'\xe9', (0, 5) # -*- coding: utf-8 -*-\n",
                       "A coding comment is heeded in a string of bytes only: by 2.7.",
                       READS + "; PEP 263"),
    "unicode-escape": (b"'\\u0041', (0, 5)\n", "In Python 3's key \\u0041 is A, in 2.7's six "
                       "letters.", READS),
    "unicode-beyond": (b"'\\u0100', (0, 5)\n", "A letter beyond Latin-1 is no key in Python 3.",
                       READS),
    "octal-escape": (b"'\\101', (0, 5)\n", "Octal escapes.", READS),
    "octal-escape-large": (b"'\\777', (0, 5)\n", "An octal escape beyond ff: 2.7 keeps eight "
                           "bits, Python 3 has a letter beyond Latin-1.", READS),
    "unknown-escape": (b"'\\q', (0, 5)\n", "An unknown escape keeps its backslash (and warns).",
                       READS),
    "bad-hex-escape": (b"'\\x4', (0, 5)\n", "A hex escape needs two digits.", READS),
    "bytes-key": (b"b'a', (0, 5)\n", "A key with a b is bytes, which have no encode() in "
                  "Python 3.", READS + "; python/cpython#40564"),
    "unicode-key": (b"u'a', (0, 5)\n", "Some writers put u'…' there: a key of 2.7 that is "
                    "unicode.", READS),
    "raw-key": (b"r'\\n', (0, 5)\n", "A raw string is a string.", READS),
    "formatted-key": (b"f'a', (0, 5)\n", "A formatted string is no literal.", READS),
    "triple-quotes": (b"'''a''', (0, 5)\n", "Three quotes are quotes.", READS),
    "joined-strings": (b"'a' 'b', (0, 5)\n", "Adjacent strings are one.", READS),
    "joined-text-and-bytes": (b"'a' b'b', (0, 5)\n", "Text and bytes do not join in Python 3.",
                              READS),
    "added-strings": (b"'a' + 'b', (0, 5)\n", "literal_eval adds no strings.",
                      READS),
    "sum-position": (b"'a', (0 + 512, 6)\n", "literal_eval adds integers in 3.6 only.",
                     READS),
    "complex-position": (b"'a', (0 + 0j, 5)\n", "literal_eval adds a complex number: no "
                         "position.", READS),
    "minus-zero": (b"'a', (-0, 5)\n", "A minus sign before zero.", READS),
    "name": (b"a, (0, 5)\n", "A name is no literal.", READS),
    "call": (b"str('a'), (0, 5)\n", "A call is no literal: nothing that the index names is called.", READS),
    "assignment": (b"a = 'a', (0, 5)\n", "A statement is no expression.", READS),
    "unclosed-quote": (b"'a, (0, 5)\n", "A string that is not closed.", READS),
    "unclosed-parenthesis": (b"'a', (0, 5\n", "A torn write: the last line is not complete.",
                             READS),
    "torn-key": (b"'a', (0, 5)\n'b", "A torn write in the middle of a key.", READS),
    "torn-after-line": (b"'a', (0, 5)\n'b', ", "A torn write after the comma leaves a tuple of "
                        "one.", READS),
    "semicolon": (b"'a', (0, 5);\n", "A semicolon is no part of an expression.", READS),
    "backslash-end": (b"'a', (0, 5) \\\n'b', (512, 6)\n", "A backslash joins no lines: each is "
                      "parsed alone.", READS),
    "long-number": (b"'a', (0, " + b"0" * 5000 + b"5)\n", "A number of 5001 digits, leading "
                    "zeros.", READS),
    "digits-beyond-limit": (b"'a', (0, " + b"9" * 4301 + b")\n", "More digits than int() converts "
                            "since its limit of 4300.", READS + "; python/cpython#95778"),
    "dict-literal": (b"{'a': 0, 'b': 1}\n", "A dict unpacks into its keys.", READS),
    "not-python": (b"hello world\n", "What is no Python at all.", READS),
    "binary-index": (bytes(range(256)), "Any bytes.", READS),
    "bak-beside": (b"'a', (0, 5)\n", "Beside a good index .bak is not read.", INDEX,
                   {".bak": b"'old', (512, 6)\n"}),
    "only-bak": (None, "The index is missing, as between rename and write of a commit; .bak is "
                 "not taken for it.", "Lib/dbm/dumb.py _commit, _update",
                 {".bak": b"'a', (0, 5)\n"}),
    "no-dat": (b"'a', (0, 5)\n", "The values are missing: versions up to 3.7 make an empty .dat.",
               "Lib/dbm/dumb.py _create", {".dat": None}),
    "no-dat-empty-index": (b"", "The values are missing and the index is empty.",
                           "Lib/dbm/dumb.py _create", {".dat": None}),
    "no-dir": (None, "The index is missing.", "Lib/dbm/dumb.py _create, _update"),
}


def files(name):
    """By ending, the bytes of a database's files."""
    entry = LINES[name]
    made = {".dir": entry[0], ".dat": DAT}
    if len(entry) > 3:
        made.update(entry[3])
    return {ending: data for ending, data in made.items() if data is not None}
