#!/usr/bin/env bash
# The launcher with a cmake and a ninja that only pretend: two calls at once must
# not build at once, and a word that is no command must not begin to build.
set -euo pipefail

source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { printf 'launcher_test: %s\n' "$*" >&2; exit 1; }

mkdir -p "$work/tree/harness/command" "$work/tools"
cp "$source/assay" "$work/tree/"
: >"$work/tree/harness/debian-packages.txt"
# As clang-format may lay a declaration out: in one line, and in two.
echo 'app.add_subcommand("greet", "");' >"$work/tree/harness/command/greet_command.cpp"
printf 'app.add_subcommand(\n      "wave", "");\n' >"$work/tree/harness/command/wave_command.cpp"

cat >"$work/tools/cmake" <<'STUB'
#!/bin/sh
mkdir -p build/dev/bin
: >build/dev/build.ninja
STUB
cat >"$work/tools/ninja" <<STUB
#!/bin/sh
mkdir "$work/building" 2>/dev/null || { echo two >"$work/raced"; exit 1; }
sleep 0.5
printf '#!/bin/sh\necho "\$ASSAY_COMMAND: \$*"\n' >build/dev/bin/assay
chmod +x build/dev/bin/assay
rmdir "$work/building"
STUB
chmod +x "$work/tools/cmake" "$work/tools/ninja"
export PATH=$work/tools:$PATH

status=0
"$work/tree/assay" frobnicate 2>"$work/err" || status=$?
[ "$status" = 2 ] || fail "an unknown command ended with status $status"
grep -q "no command is called 'frobnicate'" "$work/err" || fail "$(cat "$work/err")"
[ ! -e "$work/tree/build" ] || fail "an unknown command began to build"

cd "$work/tree"
./assay greet one >"$work/one" 2>&1 &
./assay wave two >"$work/two" 2>&1 || fail "$(cat "$work/two")"
wait $! || fail "$(cat "$work/one")"
[ ! -e "$work/raced" ] || fail "two calls built at once"
grep -qx './assay: greet one' "$work/one" || fail "$(cat "$work/one")"
grep -qx './assay: wave two' "$work/two" || fail "$(cat "$work/two")"
