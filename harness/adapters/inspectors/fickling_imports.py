"""What fickling's symbolic interpreter says a pickle imports.

It never raises on some streams but notes that it did not understand them, and its
own verdict on safety goes by these notes; so they are a refusal here, as are its placeholders for names that it could not tell.
"""
from fickling.fickle import StackedPickle


class Malformed(ValueError):
    """A note of fickling's that it did not understand the stream."""


def globals_of(data):
    found = []
    for pickled in StackedPickle.load(data):
        imports = pickled.properties.imports
        for note in ("has_invalid_opcode", "has_interpretation_error", "has_resource_exhaustion"):
            if getattr(pickled, note):
                raise Malformed(note)
        for node in imports:
            found += [(node.module, alias.name) for alias in node.names]
    if any("_malformed_" in part for key in found for part in key):
        raise Malformed("a placeholder for a name that it could not tell")
    return found
