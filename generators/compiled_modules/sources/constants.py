"""Constants of every type that a compiler makes."""
NUMBERS = (0, 1, -1, 255, 65536, 2147483647, 2147483648, 10 ** 30, 1.5, -0.0, 1e300, 2j)
TEXTS = ("", "a", "name", "not a name", u"\xe9", u"\u20ac", b"bytes")
NESTED = ((1, (2, (3, ())), None), (True, False), Ellipsis)


def member(x):
    return x in {1, 2, 3} or x in ("a", "b")
