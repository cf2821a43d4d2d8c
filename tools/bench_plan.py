#!/usr/bin/python3
"""Times the planner against its limits, with HiGHS on the same problems in the same run.

    certified   a generated study of 31 regions and five classes to a certified gap of 1e-4, a year of hours: within days,
                and with windows over midnight (kept: always in time); 31 sites; fixed costs;
                hazards survived, a carbon cap, ten years at once
    limit       a year of examples/edwc.toml with a time limit: how well it is kept
    highs       four weeks by HiGHS's dual simplex, in the form with hubs and in the form with every arc; the optimum must
                lie between our bound and our plan
    orlib       the slowest of OR-Library's 26 instances beside $HINTERLAND_DATA

Adds one JSON line a number to bench/history/plan.jsonl. Ends with 1 if a limit is broken.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import bench

HISTORY = bench.ROOT / "bench" / "history" / "plan.jsonl"


def plan_bench(program, *words):
    return json.loads(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True, timeout=600).stdout)


def measure(folder):
    """One row a number: what, value, unit, limit, whether more is better, peers and their values."""
    program, rows = str(folder / "plan_bench"), []

    def row(what, value, unit, limit, more, **beside):
        rows.append((what, value, unit, limit, more, beside))

    year = plan_bench(program, "ours", 10, 365, "day", 1e-4)
    row("10 sites, a year, certified 1e-4", year["seconds"], "s", 3, False, gap=year["gap"], iterations=year["iterations"])
    row("the same: peak memory", year["megabytes"], "MB", 500, False)
    kept = plan_bench(program, "ours", 10, 365, "in", 1e-4)
    row("10 sites, a year, over midnight", kept["seconds"], "s", 10, False, gap=kept["gap"], iterations=kept["iterations"])
    wide = plan_bench(program, "ours", 31, 28, "day", 1e-4)
    row("31 sites, 28 days", wide["seconds"], "s", None, False, gap=wide["gap"], iterations=wide["iterations"])

    began = time.monotonic()
    subprocess.run([folder / "hinterland", "plan", bench.ROOT / "examples" / "edwc.toml", "--time-limit", "8", "--gap", "1e-6", "--json"],
                   capture_output=True, check=True)
    row("examples/edwc.toml with --time-limit 8", time.monotonic() - began, "s", 8.8, False)

    survive = plan_bench(program, "survive", 10, 365, 10, 1e-4)
    row("10 sites, a year, 10 pairs of sites survived", survive["seconds"], "s", 10, False, gap=survive["gap"], solves=survive["solves"])
    cap = plan_bench(program, "cap", 10, 365, 0.95, 1e-4)
    row("10 sites, a year, 5 % less carbon", cap["seconds"], "s", 10, False, gap=cap["gap"])
    years = plan_bench(program, "scenarios", 10, 365, 10, 1e-4)
    row("10 sites, 10 years at once", years["seconds"], "s", 40, False, gap=years["gap"])
    row("10 years at once: peak memory", years["megabytes"], "MB", 2000, False)
    whole = plan_bench(program, "ours", 31, 365, "day", 1e-4)
    row("31 sites, a year", whole["seconds"], "s", 16, False, gap=whole["gap"], iterations=whole["iterations"])

    fixed = plan_bench(program, "fixed", 10, 28, 2e6, 1e-4)
    row("10 sites, 28 days, fixed costs", fixed["seconds"], "s", None, False, gap=fixed["gap"], solves=fixed["solves"])

    ours = plan_bench(program, "ours", 10, 28, "day", 1e-4)
    hubs, direct = plan_bench(program, "highs", 10, 28, "hubs"), plan_bench(program, "highs", 10, 28, "direct")
    for highs in (hubs, direct):
        if not ours["bound"] * (1 - 1e-9) <= highs["plan"] <= ours["plan"] * (1 + 1e-9):
            sys.exit(f"bench: HiGHS says {highs['plan']}, which is not in [{ours['bound']}, {ours['plan']}]")
    row("10 sites, 28 days: HiGHS / ours", min(hubs["seconds"], direct["seconds"]) / ours["seconds"], "times", 30, True,
        ours_s=ours["seconds"], highs_with_hubs_s=hubs["seconds"], highs_all_arcs_s=direct["seconds"])

    data = os.environ.get("HINTERLAND_DATA")
    instances = sorted((Path(data).parent / "checks" / "orlib").glob("*.txt")) if data else []
    if not instances:
        print("skipped: OR-Library's instances are not beside $HINTERLAND_DATA")
        return rows
    slowest, name = 0.0, ""
    for path in instances:
        began = time.perf_counter()
        subprocess.run([str(folder / "hinterland"), "plan", "--orlib", str(path)], check=True, capture_output=True)
        if (took := time.perf_counter() - began) > slowest:
            slowest, name = took, path.stem
    row(f"OR-Library, slowest of {len(instances)}: {name}", slowest, "s", 2, False)
    return rows


def main():
    parser = argparse.ArgumentParser(description="Times the planner against its limits and HiGHS.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the programs")
    folder = parser.parse_args().bin.resolve()
    rows = measure(folder)
    broken = bench.keep(rows, HISTORY)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
