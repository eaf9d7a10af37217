"""A careless inspector, as one is quickly written over pickletools.genops: names of
GLOBAL are split at blanks, STACK_GLOBAL takes the two strings that came last, INST,
the memo and extension codes are forgotten, and an error ends the list quietly.
"""
import pickletools


def globals_of(data):
    found, strings = [], []
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "GLOBAL":
                found.append(tuple((argument.split(" ") + [""])[:2]))
            elif opcode.name == "STACK_GLOBAL":
                found.append(tuple((["", ""] + strings)[-2:]))
            elif isinstance(argument, str):
                strings.append(argument)
    except Exception:
        pass
    return found
