"""Assay's adapter for zodbpickle: the adapter for Python, asked for another pickle.

    python3 adapter.py --lane c|py

zodbpickle is a fork of the two picklers of Python 3.3 under names of its own. Put
where the standard library's stand, ../python asks them as it asks those.
"""
import importlib.metadata
import os
import pickletools  # noqa: F401 (it wants the standard library's pickle)
import sys

import zodbpickle._pickle
import zodbpickle.pickle_3

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
sys.modules["pickle"] = zodbpickle.pickle_3
sys.modules["_pickle"] = zodbpickle._pickle

import assay_adapter  # noqa: E402
import pickle_format  # noqa: E402
import request as request_module  # noqa: E402


def hello(request, lane):
    return {
        "implementation": "zodbpickle", "version": importlib.metadata.version("zodbpickle"),
        "lane": lane, "language": "Python", "window": 64, "formats": ["pickle:decode:0-3"],
        "identity": "all", "lossy": [], "errors": "python"}


def decode(request, lane):
    """Protocols 4 and 5 came after the fork, which says so."""
    answer = assay_adapter.decode(request, lane)
    if answer.get("message") in ("unsupported pickle protocol: 4", "unsupported pickle protocol: 5"):
        raise request_module.Unsupported(answer["message"])
    return answer


assay_adapter.FORMATS = {"pickle": pickle_format}
assay_adapter.OPERATIONS = {"hello": hello, "decode": decode}

if __name__ == "__main__":
    # load_reduce of the pure lane prints what it fails on: not among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    lane = sys.argv[2] if sys.argv[1:2] == ["--lane"] else "c"
    assay_adapter.Adapter(lane).serve(sys.stdin.buffer, answers.buffer)
