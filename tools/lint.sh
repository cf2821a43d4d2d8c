#!/bin/bash
# Layout (clang-format) and meaning (clang-tidy) of the C++ files; any finding fails. `--format` mends the layout.
# Needs build/compile_commands.json. clang-tidy reads headers through the files that include them and leaves
# *_test.cpp out: doctest's macros make each of them cost several times what its library costs.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(find hinterland tests fuzz \( -name '*.cpp' -o -name '*.hpp' \) -type f | sort)
if [[ ${1:-} == --format ]]; then
  clang-format-19 -i "${files[@]}"
  exit
fi

clang-format-19 --dry-run -Werror "${files[@]}"
echo "clang-format: ${#files[@]} files are laid out"

mapfile -t sources < <(find hinterland -name '*.cpp' ! -name '*_test.cpp' -type f | sort)
# The commands are g++'s: clang does not know each of its warning options, and blames libstdc++ 12's own stable_sort.
# What clang-tidy says on stderr are counts of warnings in other people's headers.
printf '%s\0' "${sources[@]}" |
  xargs -0 -n 1 -P "$(nproc)" .venv/bin/clang-tidy -p build --quiet --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-deprecated-declarations 2> >(grep -v 'warnings\? generated' >&2)
echo "clang-tidy: ${#sources[@]} files passed"
