#!/usr/bin/python3
"""Times the broker's core and journal against their limits, and against what this disk gives in the same run.

    submissions  durable, one at a time and 1,000 a step; beside them bare fdatasync, and bare SQLite at 1,000 rows a commit
    decisions    with 100,000 tasks waiting over 10 sites
    recovery     of a journal of 1,000,000 jobs that are over and 100,000 that wait, and the memory that they take

Adds one JSON line a number to bench/history/broker.jsonl. Ends with 1 if a limit is broken.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import bench

HISTORY = bench.ROOT / "bench" / "history" / "broker.jsonl"


def measure(program, folder):
    """One row a number: what, value, unit, limit, whether more is better, others and their values."""

    def said(*words):
        return json.loads(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout)

    disk = said("fdatasync", folder / "raw", 3000)["per_s"]
    rows = said("sqlite", folder / "rows", 300_000, 1000)["per_s"]
    single = said("submit", folder / "journal", 5000, 1)
    batched = said("submit", folder / "journal", 200_000, 1000)
    yield "durable submissions, one at a time", single["per_s"], "/s", 2000, True, {"fdatasync": disk, "p99_ms": single["p99_ms"]}
    yield "durable submissions, 1,000 a step", batched["per_s"], "/s", 20_000, True, {"SQLite_rows": rows, "p99_ms": batched["p99_ms"]}
    decided = said("decide", 100_000, 10)
    yield "a decision, 99 of 100, 100,000 waiting", decided["p99_us"] / 1e3, "ms", 1, False, {"median_us": decided["p50_us"], "most_us": decided["most_us"]}
    known = said("recover", folder / "journal", 1_000_000, 100_000)
    assert known["jobs"] == 1_100_000, known
    yield "1M jobs over, 100,000 live: recovered", known["ready_s"], "s", 5, False, {"all_steps": known["read_all_s"]}
    yield "and resident", known["resident_mb"], "MB", 1024, False, {"file_MB": known["file_mb"]}


def main():
    parser = argparse.ArgumentParser(description="Times the broker against its limits and this disk.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the programs")
    programs = parser.parse_args().bin.resolve()
    with tempfile.TemporaryDirectory(dir=programs) as folder:
        rows = list(measure(str(programs / "broker_bench"), Path(folder)))
    broken = bench.keep(rows, HISTORY)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
