#!/bin/sh
# node with a stack on which CPython's own limit is met first: Python then raises
# RecursionError, as elsewhere, where node would end the process.
#
#   sh deep_node.sh NODE ARGUMENT ...
node=$1
shift
if ulimit -s 65536 2>/dev/null; then
  exec "$node" --stack-size=60000 "$@"
fi
exec "$node" "$@"
