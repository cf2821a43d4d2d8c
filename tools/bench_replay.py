#!/usr/bin/python3
"""Times replay: a journal of 1,000,000 jobs, which the simulator makes up, is read and run again.

    alone       read, checked step by step, run by its own policy and held against what was; beside it `journal check`, which
                only reads
    policies    the same, with every other policy and the clairvoyant bound
    memory      at most resident, of the second

The day comes out with error 0, or nothing is timed. Adds one JSON line a number to bench/history/replay.jsonl. Ends with 1 if
a limit is broken.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import bench

HISTORY = bench.ROOT / "bench" / "history" / "replay.jsonl"
JOBS = 1_000_000
SCENARIO = """name = "A day of a million jobs"
policy = "cheapest"
discipline = "easy"
staging = "none"
[work.images]
class = "batch-inference"
from = "shanghai"
model = "image-requests-2024"
jobs = {jobs}
[pools.shanghai]
site = "metro-shanghai"
server = "gpu-server"
load = 1.6
[pools.guian]
site = "guian"
server = "gpu-server"
of_demand = 0.5
basis = "sunk"
[pools.zhongwei]
site = "zhongwei"
server = "gpu-server"
of_demand = 0.3
basis = "sunk"
"""


def measure(program, folder):
    scenario, journal = folder / "million.toml", folder / "million.db"
    scenario.write_text(SCENARIO.format(jobs=JOBS), encoding="utf-8")
    bench.run([program, "simulate", str(scenario), "--no-baseline", "--broker-journal", str(journal)])
    reading = min(bench.run([program, "journal", "check", str(journal)])[0] for _ in range(2))
    with (folder / "alone.json").open("w+") as said:
        alone = min(bench.run([program, "replay", str(journal), "--alone", "--json"], said)[0] for _ in range(2))
        said.seek(0)
        day = json.loads(said.readline())["fidelity"]
    if day["tasks"] != day["same_pool"] or day["finish_s"]["worst"] != 0 or day["cost"]["error"] != 0:
        sys.exit(f"bench: the day does not come out as it was: {day}")
    whole, resident, _ = bench.run([program, "replay", str(journal), "--json"])
    yield f"a journal of {day['tasks']:,} jobs, read and run again", alone, "s", 10, False, {
        "journal_check_s": round(reading, 2), "file_MB": round(journal.stat().st_size / 1e6)}
    yield "and under ten policies, with the clairvoyant bound", whole, "s", 60, False, {}
    yield "and at most resident", resident, "MB", 4096, False, {}


def main():
    parser = argparse.ArgumentParser(description="Times replay against its limits.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the programs")
    programs = parser.parse_args().bin.resolve()
    with tempfile.TemporaryDirectory(dir=programs) as folder:
        rows = list(measure(str(programs / "hinterland"), Path(folder)))
    broken = bench.keep(rows, HISTORY)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
