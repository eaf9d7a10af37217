#!/bin/sh
# Assay in anybody's CI: judges your implementation, writes reports, and fails
# when something is wrong that is not known to be, or has got worse.
#
#   ADAPTER='python3 my_adapter.py' sh conformance.sh
#
#   ADAPTER   the command of your adapter (or EXEC='program {file}')
#   KNOWN     your file of known failures, if you have one
#   BASELINE  results of an earlier run (a folder, or its results.jsonl), if any
#   OUT       folder for the reports; assay-out unless you say otherwise
#   ASSAY     where Assay is checked out; assay unless you say otherwise
set -eu

assay=${ASSAY:-assay}/assay
out=${OUT:-assay-out}

set -- --out "$out"
[ -z "${ADAPTER:-}" ] || set -- "$@" --impl "$ADAPTER"
[ -z "${EXEC:-}" ] || set -- "$@" --exec "$EXEC"
[ -z "${KNOWN:-}" ] || set -- "$@" --known "$KNOWN"

status=0
"$assay" run "$@" || status=$?
[ "$status" -le 1 ] || exit "$status"

if [ -n "${BASELINE:-}" ] && [ -e "$BASELINE" ]; then
  "$assay" report "$out" --since "$BASELINE"
  "$assay" compare "$BASELINE" "$out" --markdown >"$out/changes.md" || status=1
  cat "$out/changes.md"
else
  "$assay" report "$out"
fi
exit "$status"
