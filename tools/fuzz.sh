#!/bin/bash
# Runs each fuzzer for the given number of seconds: tools/fuzz.sh 10
# First the planted one: if its crash is not found within a minute, fuzzing proves nothing, and that is a failure.
# What a fuzzer finds is left in build-asan/found/; what it learns stays in build-asan/corpus/ for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?usage: tools/fuzz.sh SECONDS}
found=build-asan/found
# binutils come with the compiler; clang's own symboliser is a package of its own.
export ASAN_SYMBOLIZER_PATH=${ASAN_SYMBOLIZER_PATH:-$(command -v llvm-symbolizer-19 || command -v addr2line)}
limits=(-max_len=4096 -rss_limit_mb=2048 -timeout=5)
mkdir -p "$found"

# Prints the log's last lines, so that a failure can be read where it happened.
fail() {
  echo "FAILED $1: $2"
  tail -n 40 "$found/$1.log" | sed 's/^/  | /'
  failed=$((failed + 1))
}

passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
if build-asan/planted_fuzz "${limits[@]}" -seed=1 -max_total_time=60 -artifact_prefix="$work/" "$work/corpus" \
  >"$found/planted_fuzz.log" 2>&1; then
  fail planted_fuzz "its crash was not found within 60 s, so the fuzzers below prove nothing"
elif ! grep -q "planted crash" "$found/planted_fuzz.log"; then
  fail planted_fuzz "it stopped, but not at the planted crash"
else
  passed=$((passed + 1))
  echo "ok planted_fuzz: found its crash"
fi

for source in fuzz/*_fuzz.cpp; do
  name=$(basename "$source" .cpp)
  [[ $name == planted_fuzz ]] && continue
  seeds=fuzz/corpus/${name%_fuzz}
  learned=build-asan/corpus/${name%_fuzz}
  mkdir -p "$learned"
  options=("${limits[@]}" -max_total_time="$seconds" -artifact_prefix="$found/$name-" -print_final_stats=1)
  [[ -f fuzz/${name%_fuzz}.dict ]] && options+=(-dict="fuzz/${name%_fuzz}.dict")
  if "build-asan/$name" "${options[@]}" "$learned" "$seeds" >"$found/$name.log" 2>&1; then
    passed=$((passed + 1))
    echo "ok $name: $(awk '/number_of_executed_units/ {print $2}' "$found/$name.log") inputs in $seconds s"
  else
    fail "$name" "see $found/$name.log; the input that did it is $found/$name-*"
  fi
done

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
