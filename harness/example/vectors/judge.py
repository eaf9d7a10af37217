"""Judges a reader of pickles by Assay's vectors, without Assay.

    ./assay export vectors; python3 -W ignore judge.py vectors/pickle.json
"""
import _codecs, ast, io, json, pickle, sys

class Reader(pickle.Unpickler):  # yours; this one is CPython's, and imports nothing
    def find_class(self, module, name):
        return {"set": set, "bytes": bytes, "encode": _codecs.encode}[name]

def same(a, b):  # 1, 1.0 and True differ; the order of a set does not matter
    return a == b and sorted(repr(a)) == sorted(repr(b))

agree = differ = 0
for case in json.load(open(sys.argv[1]))["cases"]:
    two = {"cpython-3.11-c", "cpython-3.12-c"}  # where these differ, a reader is free
    outcomes = [o for o in case["outcomes"] if two & {*o["profiles"]}]
    if len(outcomes) != 1 or "input" not in case or "options" in case:
        continue
    try:  # values that are plain literals; for all of value text see its README
        expected = ast.literal_eval(outcomes[0].get("value", "'refused'"))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        continue
    try:
        got = Reader(io.BytesIO(bytes.fromhex(case["input"]))).load()
    except Exception:
        got = "refused"
    agree += same(got, expected)
    if not same(got, expected):
        differ += 1
        print(f"{case['id']}: expected {expected!r:.60}, got {got!r:.60}")
print(f"{agree} agree, {differ} differ")
sys.exit(differ > 0)
