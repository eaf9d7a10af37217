#!/bin/sh
# Builds each starter whose toolchain is here and checks it with `assay smoke`:
# smoke_test.sh ASSAY FOLDER. Says which were left out; fails if none was checked.
assay=$1 to=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$to"
checked=0 failed=0 skipped=''

here_is() { command -v "$1" >/dev/null 2>&1; }

check() {  # check NAME COMMAND
  if "$assay" smoke --strict "$2" >"$to/$1.txt" 2>&1; then
    checked=$((checked + 1))
  else
    failed=$((failed + 1))
    echo "$1 does not pass:"
    cat "$to/$1.txt"
  fi
}

starter() {  # starter NAME TOOL COMMAND: a script
  if here_is "$2"; then check "$1" "$3"; else skipped="$skipped $1"; fi
}

built() {  # built NAME TOOL COMMAND BUILD...: what has to be built first
  name=$1 tool=$2 command=$3
  shift 3
  if ! here_is "$tool"; then
    skipped="$skipped $name"
  elif (cd "$to" && "$@") >"$to/$name.txt" 2>&1; then
    check "$name" "$command"
  else
    failed=$((failed + 1))
    echo "$name is not built:"
    cat "$to/$name.txt"
  fi
}

starter python python3 "python3 '$here/python/adapter.py'"
starter javascript node "node '$here/javascript/adapter.mjs'"
starter ruby ruby "ruby '$here/ruby/adapter.rb'"
starter perl perl "perl '$here/perl/adapter.pl'"
starter php php "php '$here/php/adapter.php'"
built c cc "'$to/c-adapter'" cc -std=c11 -O1 -Wall -Wextra -Werror -o c-adapter "$here/c/adapter.c" -lm
built cpp c++ "'$to/cpp-adapter'" c++ -std=c++20 -O1 -Wall -Wextra -Werror -o cpp-adapter "$here/cpp/adapter.cpp"
built go go "'$to/go-adapter'" go build -o go-adapter "$here/go/adapter.go"
built rust rustc "'$to/rust-adapter'" rustc --edition 2021 -O -o rust-adapter "$here/rust/adapter.rs"
built java javac "java -cp '$to' Adapter" javac -d "$to" "$here/java/Adapter.java"

echo "$checked starters pass, $failed fail; no toolchain for:${skipped:- none}"
if [ "$checked" = 0 ]; then
  echo "no starter was checked: ./assay setup starters"
  exit 1
fi
[ "$failed" = 0 ]
