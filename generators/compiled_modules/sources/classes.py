"""Classes, decorators, docstrings and a name that is mangled."""


class Base(object):
    """A docstring."""

    __slots__ = ("_Base__hidden", "x")

    def __init__(self, x):
        self.__hidden = x
        self.x = x

    @property
    def double(self):
        return self.x * 2

    @staticmethod
    def make():
        return Base(1)


class Derived(Base):
    def method(self):
        return super(Derived, self).__init__(2)
