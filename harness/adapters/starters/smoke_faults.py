"""Adapters that are wrong on purpose, which `assay smoke` is tested with.

    smoke_faults.py ASSAY            runs every fault and says which smoke missed
    smoke_faults.py --adapter FAULT  is the starter in Python with that fault
"""
import concurrent.futures
import io
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STARTER = os.path.join(HERE, "python", "adapter.py")


def replace_value(pattern, with_what):
    def fault(request, line):
        answer = json.loads(line)
        if "value" in answer:
            answer["value"] = re.sub(pattern, with_what, answer["value"])
        return json.dumps(answer)
    return fault


def change(test, **fields):
    """Answers `fields` instead to the requests of which `test` is true."""
    def fault(request, line):
        if not test(request):
            return line
        answer = {"id": json.loads(line).get("id"), **fields}
        return json.dumps({name: value for name, value in answer.items() if value is not None})
    return fault


def decodes(data):
    return lambda request: request.get("op") == "decode" and request.get("data") == data


def dies(request, line):
    if request.get("data") == "":
        os._exit(3)
    return line


def banner(request, line):
    return "ready\n" + line if request.get("op") == "hello" else line


def second_answer(request, line):
    return line + "\n" + line if request.get("id") == "w.3" else line


def other_id(request, line):
    return re.sub(r'"id": "[^"]*"', '"id": "1"', line)


def int_id(request, line):
    return re.sub(r'"id": "u\.1"', '"id": 1', line)


def counts(request, line, seen=[]):
    answer = json.loads(line)
    if "value" in answer:
        seen.append(1)
        answer["consumed"] = len(seen)
    return json.dumps(answer)


def deep(request, line):
    if (request.get("data") or "").startswith("5d28" * 1000):
        return change(lambda r: True, error="ProtocolError", message="RecursionError")(request, line)
    return line




def stops_at_long_lines(request, line):
    if len(request.get("data") or "") > 1 << 20:
        sys.exit(0)
    return line


def answers_none(test):
    return change(test, value="None")


# The fault, the check that must notice it, and how.
FAULTS = {
    "none": (None, None, None),
    "banner": ("hello", "wrong", banner),
    "dies-of-nothing": ("no-data", "wrong", dies),
    "left-over": ("no-data", "wrong", change(decodes(""), value="None")),
    "other-id": ("unknown-operation", "wrong", other_id),
    "int-id": ("unknown-operation", "wrong", int_id),
    "any-operation": ("unknown-operation", "wrong",
                      answers_none(lambda r: r.get("op") == "frobnicate")),
    "any-format": ("unknown-format", "wrong",
                   answers_none(lambda r: r.get("format") == "parquet")),
    "any-option": ("unknown-option", "wrong", answers_none(lambda r: "options" in r)),
    "any-hex": ("broken-hex", "wrong", answers_none(decodes("8g"))),
    "half-hex": ("broken-hex", "wrong", answers_none(decodes("4e2"))),
    "any-json": ("broken-json", "wrong", answers_none(lambda r: not r)),
    "surrogates": ("lone-surrogate", "differs", replace_value(r"\\ud800", "?")),
    "raw-text": ("text-unicode", "differs", replace_value(r"\\U0001f600", "x")),
    "quotes": ("text-escapes", "wrong", replace_value(r"\\'", "'")),
    "negative-zero": ("float-specials", "differs", replace_value("-0\\.0", "0.0")),
    "infinity": ("float-specials", "wrong", replace_value("inf", "Infinity")),
    "short-floats": ("floats", "differs", replace_value("0\\.1", "0.10000001")),
    "integral-floats": ("floats", "differs", replace_value(r"\b1\.0\b", "1")),
    "small-ints": ("big-integers", "differs", replace_value("0x10000000000000000\\b", "0x0")),
    "lists-for-tuples": ("tuples", "differs", replace_value(r"\(\)", "[]")),
    "sharing": ("sharing", "differs", replace_value(r"= \[\*2, \*2\]", "= [*2, []]")),
    "no-sharing": ("no-sharing", "differs", replace_value(r"= \[\*2, \*3\]", "= [*2, *2]")),
    "cycles": ("cycle-list", "differs", replace_value(r"= \[\*1\]", "= [None]")),
    "deep": ("deep", "wrong", deep),
    "consumed": ("same-again", "wrong", counts),
    "looks-up": ("names", "differs", replace_value("global.*", "None")),
    "long-lines": ("huge-line", "wrong", stops_at_long_lines),
    "twice": ("window", "wrong", second_answer),
}


class FaultyOutput(io.TextIOBase):
    """Stands where the starter prints, and changes what it says."""

    def __init__(self, out, fault):
        self.out, self.fault, self.request, self.text = out, fault, {}, ""

    def write(self, text):
        self.text += text
        while "\n" in self.text:
            line, self.text = self.text.split("\n", 1)
            self.out.write(self.fault(self.request, line) + "\n")

    def flush(self):
        self.out.flush()


def adapter(name):
    output = FaultyOutput(sys.stdout, FAULTS[name][2] or (lambda request, line: line))

    def lines(source=sys.stdin):
        for line in source:
            try:
                output.request = json.loads(line)
            except ValueError:
                output.request = {}
            yield line

    sys.stdin, sys.stdout = lines(), output
    with open(STARTER) as file:
        exec(compile(file.read(), STARTER, "exec"), {"__name__": "__main__"})


def main(assay):
    missed = 0

    def smoke(name):
        command = "%s %s --adapter %s" % (sys.executable, os.path.abspath(__file__), name)
        return subprocess.run([assay, "smoke", "--json", command], stdout=subprocess.PIPE)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(smoke, FAULTS))
    for (name, (check, result, _)), run in zip(FAULTS.items(), runs):
        findings = [finding for finding in json.loads(run.stdout)[0]["findings"]
                    if finding["result"] in ("wrong", "differs")]
        noticed = (check, result) in [(finding["check"], finding["result"]) for finding in findings]
        status = int(any(finding["result"] == "wrong" for finding in findings))
        silent_ones = [finding for finding in findings if not finding.get("advice")]
        if (noticed if check else not findings) and run.returncode == status and not silent_ones:
            continue
        missed += 1
        print("%s: wanted %s of %s, got status %d and %s" % (
            name, result, check, run.returncode, json.dumps(findings)))
    print("%d faults, %d missed" % (len(FAULTS) - 1, missed))
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1] == "--adapter":
        adapter(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1]))
