#!/usr/bin/python3
"""The planner's answers are the same, digit by digit, with and without vector registers.

The first program chooses for each function of lanes.hpp the one for AVX2 when it starts; the second has no such
functions, which is looked at first. Skips where the machine has no AVX2, and says so.
"""
import os, pathlib, subprocess, sys

FOR_AVX2 = b".avx2\0"  # how the name of a function compiled for it ends

both, one = sys.argv[1:]
flags = next((line for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")), "")
if "avx2" not in flags.split():
    print("skipped: this machine has no AVX2")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)

problems = []
if FOR_AVX2 not in pathlib.Path(both).read_bytes():
    problems.append(f"{both} has nothing for AVX2")
if FOR_AVX2 in pathlib.Path(one).read_bytes():
    problems.append(f"{one} has functions for AVX2: a file with HINTERLAND_LANES is not in its list")
said = [subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines() for program in (both, one)]
if len(said[0]) < 100:
    problems.append("too little is printed to compare")
for line, (with_registers, without) in enumerate(zip(*said), 1):
    if with_registers != without:
        problems.append(f"line {line}: {with_registers[:100]} with vector registers, {without[:100]} without")
        break
if len(said[0]) != len(said[1]):
    problems.append("one of the programs prints more lines than the other")
print("\n".join(problems))
print(f"{len(said[0])} lines of answers; {'1 passed, 0 failed' if not problems else '0 passed, 1 failed'}")
sys.exit(bool(problems))
