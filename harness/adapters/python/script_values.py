"""Scripts of operations, line by line (../README.md, "Scripts").

A line is a word and, behind it, values separated by commas: `set b'k', b'v'`. They
are value text, read as the items of a tuple, so that commas inside of them need no
care.
"""
from request import ProtocolError, Unsupported
from value_making import Maker, Names
from value_reading import read

# Values of Python's own types: a script does not name classes.
PLAIN = frozenset(["atom", "constant", "list", "tuple", "dict", "set", "frozenset",
                   "bytearray", "complex", "range"])


def values_of(text):
    """The values of a line, made anew."""
    root, forms = read("(" + text + ",)" if text else "()")
    other = [form.kind for form in forms if form.kind not in PLAIN]
    if other:
        raise Unsupported("a script's values may not be %s(...)" % other[0])
    return list(Maker(Names(), []).make(root, forms))


def lines_of(script, words):
    """(number, word, values) of each line that says something.

    `words` has, for each word, the least and the greatest number of values.
    """
    for number, line in enumerate(script.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word not in words:
            raise ProtocolError("script, line %d: no operation is called %s" % (number, word))
        try:
            values = values_of(rest.strip())
        except ProtocolError as error:
            raise ProtocolError("script, line %d: %s" % (number, error))
        least, most = words[word]
        if not least <= len(values) <= most:
            raise ProtocolError("script, line %d: %s has %d values" % (number, word, len(values)))
        yield number, word, values
