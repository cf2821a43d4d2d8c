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
declare -A running=()  # process -> fuzzer
trap 'kill "${!running[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
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

# One fuzzer; its log says the rest.
fuzz() {
  local name=$1 seeds=fuzz/corpus/${1%_fuzz} learned=build-asan/corpus/${1%_fuzz}
  local options=("${limits[@]}" -max_total_time="$seconds" -artifact_prefix="$found/$name-" -print_final_stats=1)
  [[ -f fuzz/${name%_fuzz}.dict ]] && options+=(-dict="fuzz/${name%_fuzz}.dict")
  mkdir -p "$learned"
  "build-asan/$name" "${options[@]}" "$learned" "$seeds" >"$found/$name.log" 2>&1
}

# Waits for one that runs.
settle() {
  local pid name
  local status=0
  wait -n -p pid "${!running[@]}" || status=$?
  name=${running[$pid]}
  unset "running[$pid]"
  if [[ $status -eq 0 ]]; then
    passed=$((passed + 1))
    echo "ok $name: $(awk '/number_of_executed_units/ {print $2}' "$found/$name.log") inputs in $seconds s"
  else
    fail "$name" "see $found/$name.log; the input that did it is $found/$name-*"
  fi
}
# As many at a time as there are cores.
for source in fuzz/*_fuzz.cpp; do
  name=$(basename "$source" .cpp)
  [[ $name == planted_fuzz ]] && continue
  [[ ${#running[@]} -lt $(nproc) ]] || settle
  fuzz "$name" &
  running[$!]=$name
done
while [[ ${#running[@]} -gt 0 ]]; do settle; done

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
