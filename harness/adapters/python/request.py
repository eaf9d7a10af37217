"""Reading the fields of a request, and the answers that are no outcome."""
import binascii

from interpreter import PYTHON2, TEXT

MESSAGE_LIMIT = 300  # characters


class Unsupported(Exception):
    """The request is well formed and this adapter cannot do it."""


class ProtocolError(Exception):
    """The request is not well formed."""


def field(request, name, default=None):
    """A field of a request; one without a default is required."""
    value = request.get(name, default)
    if value is None:
        raise ProtocolError("no " + name)
    if not isinstance(value, TEXT if default is None else type(default)):
        raise ProtocolError("bad " + name)
    return value


def from_hex(text):
    try:
        return binascii.unhexlify(text)
    except (TypeError, ValueError) as error:
        raise ProtocolError("hex: %s" % error)


def message(error):
    """An exception's message, short and in ASCII."""
    try:
        text = str(error)
    except Exception:
        text = "(cannot be printed)"
    if PYTHON2:
        text = text.decode("latin-1")
    return text[:MESSAGE_LIMIT].encode("ascii", "backslashreplace").decode("ascii")
