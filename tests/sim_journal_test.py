#!/usr/bin/python3
"""The journal of a simulation (one row a job) adds up to what its JSON says, part by part; no job is missing or twice.

    sim_journal_test.py PROGRAM
"""

import collections
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = {"energy": "energy", "capacity": "capacity", "carbon": "carbon", "water": "water", "kwh": "kwh", "kg_co2": "kg_co2",
         "litres": "litres"}
checks = failed = 0


def expect(good, what):
    global checks, failed
    checks += 1
    if not good:
        failed += 1
        print("FAILED", what)


for staging in ("line", "shared"):
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "jobs.csv"
        run = subprocess.run([sys.argv[1], "simulate", "examples/drought.toml", "--set", f"staging={staging}", "--carbon-price", "80",
                              "--water-price", "4", "--journal", journal, "--no-baseline", "--json"],
                             capture_output=True, text=True, timeout=120)
        expect(run.returncode == 0, f"exit {run.returncode}: {run.stderr}")
        result = json.loads(run.stdout)
        with journal.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    total = result["total"]
    expect([int(row["job"]) for row in rows] == list(range(1, total["jobs"] + 1)), "jobs are missing, or twice")
    ends = collections.Counter(row["end"] for row in rows)
    for end in ("done", "cut", "refused", "lost", "stuck"):
        expect(ends[end] == total[end], f"{staging}: {ends[end]} rows are {end}, the JSON has {total[end]}")
    expect(sum(int(row["late"]) for row in rows) == total["late"], f"{staging}: late")
    expect(sum(total["late_by"].values()) == total["late"], f"{staging}: late by cause")
    for column, part in PARTS.items():
        added = sum(float(row[column]) for row in rows)
        expect(abs(added - total["bill"][part]) < 1e-6 * max(1, len(rows) * 1e-3), f"{staging}: {column} adds up to {added}, not {total['bill'][part]}")
    for row in rows:
        if row["end"] == "done":
            times = [float(row[name]) for name in ("arrival_s", "start_s", "end_s", "delivered_s")]
            if times != sorted(times):
                expect(False, f"{staging}: job {row['job']} goes back in time: {times}")

print(f"{checks - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
