"""Asks an inspector which globals a pickle names: python adapter.py TOOL

An inspector loads nothing. README.md beside this file says what each TOOL is.
Options of a request say how somebody loads the pickle; an inspector is not told.
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def name_text(text):
    """A name as value text."""
    quoted = ascii(text)
    return quoted if quoted[0] == "'" else "'" + quoted[1:-1].replace("'", "\\'") + "'"


def inspect_pickletools(data, options):
    import stack_of_names
    return stack_of_names.globals_of(data, options)


def inspect_carelessly(data, options):
    import last_two_strings
    return last_two_strings.globals_of(data)


class Unknown(ValueError):
    """picklescan's word for a name that it could not tell, which it counts as dangerous."""


def inspect_picklescan(data, options):
    import io
    from picklescan import scanner
    found = sorted(scanner._list_globals(io.BytesIO(data)))
    if any("unknown" in key for key in found):
        raise Unknown("a name that it could not tell")
    return found


def inspect_fickling(data, options):
    import fickling_imports
    return fickling_imports.globals_of(data)


def version_of(package):
    from importlib import metadata
    return metadata.version(package)


TOOLS = {
    "pickletools": (inspect_pickletools, lambda: sys.version.split()[0]),
    "pickletools-careless": (inspect_carelessly, lambda: sys.version.split()[0]),
    "picklescan": (inspect_picklescan, lambda: version_of("picklescan")),
    "fickling": (inspect_fickling, lambda: version_of("fickling")),
}


def answer(request, tool):
    inspect, version = TOOLS[tool]
    if request["op"] == "hello":
        return {"implementation": tool, "version": version(), "language": "Python", "window": 32,
                "formats": ["pickle:inspect"], "identity": "all", "lossy": []}
    if request["op"] != "inspect" or request.get("format") != "pickle":
        return {"unsupported": "it inspects pickles only"}
    data = bytes.fromhex(request["data"])
    try:
        names = inspect(data, request.get("options", {}))
    except Exception as error:  # whatever a tool raises, it did not let the input pass
        return {"error": type(error).__name__,
                "message": str(error)[:300].encode("ascii", "backslashreplace").decode("ascii")}
    return {"value": "[" + ", ".join(
        "global(%s, %s)" % (name_text(module), name_text(name)) for module, name in names) + "]"}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in TOOLS:
        sys.exit("usage: adapter.py " + "|".join(TOOLS))
    out, sys.stdout = sys.stdout, sys.stderr  # what a tool prints is no answer
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "bye":
            break
        told = answer(request, sys.argv[1])
        if "id" in request:
            told["id"] = request["id"]
        print(json.dumps(told), file=out, flush=True)


main()
