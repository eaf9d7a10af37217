# since 3.8
"""Positional-only arguments and assignment expressions."""


def clip(value, /, low=0, *, high=1):
    if (limited := max(low, value)) > high:
        return high
    return limited


def kinds(a, /, b, *args, c, **kwargs):
    return [y := 1, y ** 2], lambda d, /, e=b: (a, d, e)
