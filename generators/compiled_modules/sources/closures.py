"""Variables of enclosing functions: cells that are arguments, and free ones."""


def outer(a, b=2, *args, **kwargs):
    total = a + b

    def middle(c):
        def inner():
            return a, total, c, args
        return inner
    return middle


adders = [lambda x, n=n: x + n for n in range(3)]
