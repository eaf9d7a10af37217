#!/bin/sh
# One run of Assay over many machines, with GNU parallel; the report is the same
# as that of one run.
#
#   sh sharded.sh SHARDS OUT [ARGUMENT OF assay run ...]
#   MACHINES=alpha,beta,: sh sharded.sh 12 assay-out --impl 'python3 my_adapter.py'
#
#   MACHINES  as parallel's --sshlogin takes them; ':' is this one (the default).
#             Each has Assay, built, in the same folder as here (ASSAY).
#   ASSAY     that folder; the one this script stands in unless you say otherwise
#
# Shards are chosen by a hash of a case's id: any machine chooses alike.
set -eu

shards=$1 out=$2
shift 2
assay=${ASSAY:-$(cd "$(dirname "$0")/../.." && pwd)}
mkdir -p "$out"

# What is asked of each machine: run a shard in a folder of its own, print the
# records, leave nothing. Status 1 means that something differs, which is for the
# report to say.
arguments=
for argument; do
  arguments="$arguments '$(printf %s "$argument" | sed "s/'/'\\\\''/g")'"
done
job="to=\$(mktemp -d) && { cd '$PWD'; '$assay/assay' run $arguments --jobs 1 \
--shard {}/$shards --out \"\$to\" >\"\$to/log\" 2>&1 || [ \$? -le 1 ]; } && \
cat \"\$to/results.jsonl\" && rm -r \"\$to\" || { cat \"\$to/log\" >&2; exit 2; }"

seq "$shards" | parallel --sshlogin "${MACHINES:-:}" --results "$out/parts/{}/" \
  --halt now,fail=1 "$job" >/dev/null

exec "$assay/assay" merge "$out"/parts/*/stdout --out "$out"
