#!/usr/bin/python3
"""The generated year of the benches, solved a second time by HiGHS: some ten minutes and 4.3 GB.

Our plan and our bound are certified to 1e-4; HiGHS's optimum must lie between them, and be the one that bench/generated_study.hpp
names, which says that the instance is still the same.
"""

import argparse
import json
import math
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIMUM = 236177244.29
SITES, DAYS = "10", "365"
SAY_EVERY_S = 60


def run(*command):
    """The JSON that a command prints; how long it has been running is said now and then."""
    began = time.monotonic()
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as process:
        while True:
            try:
                said, _ = process.communicate(timeout=SAY_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                print(f"  {time.monotonic() - began:.0f} s", flush=True)
    if process.returncode != 0:
        sys.exit(f"soak: {Path(command[0]).name} {' '.join(command[1:])} ends with {process.returncode}")
    return json.loads(said)


def main():
    parser = argparse.ArgumentParser(description="Solves the generated year by HiGHS too, and compares.")
    parser.add_argument("--bin", type=Path, default=ROOT / "build", help="folder of the programs")
    program = parser.parse_args().bin.resolve() / "plan_bench"

    ours = run(program, "ours", SITES, DAYS, "day", "1e-4")
    print(f"a generated year by us: [{ours['bound']:.2f}, {ours['plan']:.2f}] in {ours['seconds']:.1f} s", flush=True)
    if not ours["bound"] <= OPTIMUM <= ours["plan"]:
        sys.exit(f"soak: the optimum {OPTIMUM} is not between our bound and our plan")
    print("the same by HiGHS's dual simplex in the form with hubs: some ten minutes", flush=True)
    highs = run(program, "highs", SITES, DAYS, "hubs")
    print(f"HiGHS: {highs['plan']:.2f} in {highs['seconds']:.0f} s and {highs['megabytes'] / 1000:.1f} GB")
    if not ours["bound"] <= highs["plan"] <= ours["plan"]:
        sys.exit("soak: HiGHS's optimum is not between our bound and our plan")
    if not math.isclose(highs["plan"], OPTIMUM, rel_tol=1e-6):
        sys.exit(f"soak: HiGHS's optimum is not {OPTIMUM}: another instance, or another optimum")


if __name__ == "__main__":
    main()
