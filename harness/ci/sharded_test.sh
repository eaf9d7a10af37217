#!/bin/sh
# sharded_test.sh FOLDER-WITH-ASSAY SCRATCH: a run in three shards, on this
# machine and on two that an ssh of our own plays, is the report of one run.
set -eu

assay=$1 scratch=$2
here=$(cd "$(dirname "$0")" && pwd)
arguments="--impl reference@cpython-3.9-c --impl reference@cpython-3.9-py --target cpython-3.9-py"

rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"

# "alpha" and "beta" are this machine; who was asked is written down.
cat >ssh <<'END'
#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done
echo "$1" >>"$HOSTS"
shift
[ "$1" != -- ] || shift
exec sh -c "$*"
END
chmod +x ssh
export HOSTS="$scratch/hosts" PARALLEL_SSH="$scratch/ssh" ASSAY="$assay"

# shellcheck disable=SC2086
{
  "$assay/assay" run $arguments --out one >log || [ $? -eq 1 ]
  sh "$here/sharded.sh" 3 here $arguments >log || [ $? -eq 1 ]
  MACHINES=1/alpha,1/beta sh "$here/sharded.sh" 3 there $arguments >log || [ $? -eq 1 ]
}
[ "$(sort -u hosts | tr '\n' ' ')" = "alpha beta " ]
for run in here there; do
  # All but the index, which says when the run began.
  [ -f one/pickle-0.md ] && [ -f one/marshal-4.md ]
  for file in junit.xml $(cd one && ls | grep '\.md$' | grep -v index); do
    cmp "one/$file" "$run/$file"
  done
  for folder in one "$run"; do
    grep '"record":"result"' "$folder/results.jsonl" >"$folder/lines"
  done
  cmp one/lines "$run/lines"
  "$assay/assay" compare one "$run"
done
if sh "$here/sharded.sh" 2 broken --impl nobody-like-this >log 2>&1; then
  echo "a run that cannot be made was not noticed" >&2
  exit 1
fi
