"""Functions, classes, instances, and what a pickler can be told to do."""
import collections
import functools
import itertools
import operator
import sys

import real_classes as c
from registry import PYTHON2, only, text, value, with_attributes

# --- functions, classes, methods ----------------------------------------------


@value("functions of this recipe")
def functions():
    return [c.make, c.set_state]


@value("built-in functions")
def builtin_functions():
    return [len, operator.add, abs]


@value("Python 2 names that Python 3 calls otherwise")
def renamed_functions():
    if PYTHON2:
        return [range, unicode, raw_input, itertools.izip, reduce, basestring]  # noqa: F821
    return [range, str, input, zip, functools.reduce]


@value("classes: built-in, of this recipe, of a metaclass")
def classes():
    return [int, dict, c.Plain, c.Meta, c.Made, c.OldStyle]


@value("the types of None, Ellipsis and NotImplemented")
def singleton_types():
    return [type(None), type(Ellipsis), type(NotImplemented)]


@value("nested classes")
def nested_classes():
    return [c.Outer.Inner, c.Outer.Inner.Innermost]


@value("an instance of a nested class")
def nested_instance():
    return c.Outer.Inner.Innermost()


@value("a bound method")
def bound_method():
    return c.Outer().method


@value("a method of a class")
def class_method():
    return c.Outer.build


@value("static methods and functions inside classes")
def static_methods():
    return [c.Outer.static, c.Outer.method]


@value("bound methods of built-in objects")
def builtin_methods():
    return [[1].append, "abc".upper, {}.get]


@value("methods of built-in types")
def method_descriptors():
    return [str.upper, list.append, object.__init__]


@value("partial functions")
def partials():
    return [functools.partial(int, base=2), functools.partial(c.make, 1)]


@value("callables of module operator")
def operators():
    return [operator.itemgetter(1), operator.attrgetter("a.b"), operator.methodcaller("f", 1, k=2)]


@value("iterators over lists, tuples, ranges")
def iterators():
    started = iter([1, 2, 3])
    next(started)
    return [started, iter((1, 2)), iter(range(3)), reversed([1, 2]), enumerate([1])]


@value("iterators over dicts and sets, which become lists")
def dict_iterators():
    return [iter({1: 2}), iter(set([3]))]


@value("iterators of itertools")
def itertools_iterators():
    return [itertools.count(5), itertools.cycle([1, 2]), itertools.repeat(1, 3),
            itertools.chain([1], [2])]


@value("a generic alias")
def generic_alias():
    return list[int]


@value("a union of types")
def union_type():
    return int | str


@value("a list of text with typing's names")
def typing_alias():
    import typing
    return typing.List[typing.Optional[str]]


# --- instances ----------------------------------------------------------------


@value("an instance of a class that is old-style in Python 2")
def old_style():
    return c.OldStyle(1)


@value("an instance of an old-style class without attributes")
def old_style_empty():
    made = c.OldStyle(1)
    del made.x
    return made


@value("an old-style instance with __getinitargs__")
def old_style_args():
    return c.OldStyleArgs(1, [2])


@value("an old-style instance whose state is 0")
def old_style_state():
    return c.OldStyleState()


@value("an instance with attributes")
def plain():
    return with_attributes(c.Plain(), a=1, b=text("x"))


@value("an instance without attributes")
def plain_empty():
    return c.Plain()


@value("two instances of a class and a list that both hold")
def plain_two():
    shared = []
    return [with_attributes(c.Plain(), a=shared), with_attributes(c.Plain(), a=shared)]


@value("instances with slots: set, partly set, not set")
def slots():
    return [with_attributes(c.Slots(), a=1, b=2), with_attributes(c.Slots(), b=3), c.Slots()]


@value("an instance with slots and a dict")
def slots_and_dict():
    return with_attributes(c.SlotsAndDict(), a=1, z=2)


@value("an instance with a mangled attribute")
def mangled():
    return c.Private()


@value("instances whose states are not dicts: 0, empty text, empty tuple, a pair, a list")
def states():
    return [c.State(0), c.State(text("")), c.State(()), c.State((1, 2)), c.State([3])]


@value("instances whose states are None and False")
def states_false():
    return [c.State(None), c.State(False)]


@value("an instance with __getnewargs__")
def new_args():
    return c.NewArgs(1, text("two"))


@value("an instance with __getnewargs_ex__")
def new_args_ex():
    return c.NewArgsEx(1, key=2, other=[3])


@value("an instance with __getnewargs_ex__ without keywords")
def new_args_ex_no_keywords():
    return c.NewArgsEx(1)


@value("an instance with __reduce__")
def reduced():
    return c.Reduced((c.make, (1, 2)))


@value("a reduction with a state")
def reduced_state():
    return c.Reduced((c.make, (), {text("a"): 1}))


@value("a reduction with list items and dict items")
def reduced_items():
    return c.Reduced((c.make, (), None, iter([1, 2]), iter([(3, 4)])))


@value("a reduction with one list item and a falsy state")
def reduced_one_item():
    return c.Reduced((c.make, (), 0, iter([1])))


@value("a reduction with no items at all")
def reduced_no_items():
    return c.Reduced((c.make, (), None, iter([]), iter([])))


@value("a reduction with 1001 list items")
def reduced_many_items():
    return c.Reduced((c.make, (), None, iter([None] * 1001)))


@value("a reduction with a function that sets the state")
def reduced_state_setter():
    only(sys.version_info >= (3, 8))
    return c.Reduced((c.make, (), {1: 2}, None, None, c.set_state))


@value("a reduction that is a name")
def reduced_name():
    return [c.THE_ONE, c.THE_ONE]


@value("a reduction by __reduce_ex__, which sees the protocol")
def reduced_ex():
    return c.ReducedEx()


@value("a subclass of list with items and attributes")
def list_subclass():
    return with_attributes(c.Listed([1, 2]), note=3)


@value("a subclass of list with a slot")
def list_subclass_slots():
    return with_attributes(c.ListedSlots([1]), note=2)


@value("a subclass of dict with an attribute")
def dict_subclass():
    return with_attributes(c.Dicted({1: 2}), note=3)


@value("a subclass of tuple with an attribute")
def tuple_subclass():
    return with_attributes(c.Tupled((1, 2)), note=3)


@value("subclasses of set and frozenset")
def set_subclasses():
    return [with_attributes(c.Setted([1]), note=2), c.Frozen([3])]


@value("subclasses of text, bytes and bytearray")
def text_subclasses():
    return [c.Texted(text("\\xe9")), c.Byted(b"\xff"), c.Arrayed(b"\xff")]


@value("subclasses of int, float and complex")
def number_subclasses():
    return [c.Inted(5), c.Floated(1.5), c.Complexed(1j)]


@value("a subclass of deque with an attribute")
def deque_subclass():
    return with_attributes(c.Dequed([1]), note=2)


@value("a subclass of OrderedDict with an attribute")
def ordered_dict_subclass():
    return with_attributes(c.Ordered([(1, 2)]), note=3)


@value("instances that hash by their state, in a set")
def hashed():
    return set([c.Hashed(1)])


@value("an instance of a class with a metaclass")
def metaclass_instance():
    return with_attributes(c.Made(), x=1)


@value("an instance that copyreg knows how to reduce", registered=True)
def registered():
    return c.Registered([1])


@value("an instance of a class with an extension code", extensions="240=real_classes:Extended")
def extension_1():
    return c.Extended()


@value("a class with an extension code of two bytes", extensions="65535=real_classes:Extended")
def extension_2():
    return c.Extended


@value("a class with an extension code of four bytes", extensions="65536=real_classes:Extended")
def extension_4():
    return [c.Extended, c.Extended]


@value("dataclasses")
def data_class():
    return [c.Data(1), c.FrozenData(1, [2])]


@value("dataclasses with slots")
def data_class_slots():
    return [c.SlottedData(1), c.FrozenSlottedData(1)]


# --- the pickler's own ways ---------------------------------------------------


@value("persistent ids: text twice", persistent=True)
def persistent_text():
    return [c.Referred("one"), c.Referred("one"), 1]


@value("a persistent id that is a tuple, which protocol 0 turns into text", persistent=True)
def persistent_tuple():
    return c.Referred(("table", 5, None))


@value("a persistent id with a list", persistent=True)
def persistent_list():
    return [c.Referred([1, text("x")])]


@value("two dumps of one pickler, which share the memo", dumps=2)
def two_dumps():
    made = [1]
    return [made, {1: made}]


@value("two pickles of two picklers in one file", dumps=2, fresh=True)
def two_pickles():
    made = [1]
    return [made, {1: made}]


@value("a pickler in fast mode, which has no memo", fast=True)
def fast_mode():
    made = [1]
    return [made, (made, text("x"), text("x"))]


@value("a pickler that does not rename for Python 2", fix_imports=False)
def no_fix_imports():
    return [set([1]), range(2), collections.OrderedDict()]
