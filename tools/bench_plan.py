#!/usr/bin/python3
"""Times the planner against its limits, with HiGHS on the same problems in the same run.

    certified   a generated study of 31 regions and five classes to a certified gap of 1e-4, a year of hours: within days,
                and with windows over midnight (kept: always in time); 31 sites; fixed costs;
                hazards survived, a carbon cap, ten years at once
    limit       how well time limits are kept, by each kind of search
    location    medians and warehouses in the plane, with HiGHS on the textbook's formulation
    peers       four weeks by HiGHS's dual simplex and by PyPSA with HiGHS, each in the form with hubs and in the form with
                every arc; the optimum must lie between our bound and our plan, and PyPSA's must be HiGHS's
    orlib       the slowest of OR-Library's 26 instances beside $HINTERLAND_DATA
    curves      seconds against sites, regions, classes, days and scenarios, one varied at a time

Adds one JSON line a number to bench/history/plan.jsonl, and draws the curves into BIN/bench-plan.html. Ends with 1 if a
limit is broken.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import bench

HISTORY = bench.ROOT / "bench" / "history" / "plan.jsonl"
PYPSA = ("pypsa==1.4.0", "linopy==0.10.1", "highspy==1.15.1")  # with the HiGHS that we have too
PYPSA_LIMIT_S = 240  # in either form


def plan_bench(program, *words):
    return json.loads(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True, timeout=600).stdout)


def pypsa(folder, form, optimum):
    """Seconds of PyPSA for the study that `plan_bench write` wrote; or in words why there are none."""
    try:
        python = bench.peers_python(folder, *PYPSA)
        said = subprocess.run([python, "-W", "ignore", str(bench.ROOT / "bench" / "plan_pypsa.py"), str(folder / "bench-study.json"), form],
                              check=True, capture_output=True, text=True, timeout=PYPSA_LIMIT_S).stdout
        answer = json.loads(said.splitlines()[-1])  # below what HiGHS says of itself
    except subprocess.TimeoutExpired:
        return f"not run: took more than {PYPSA_LIMIT_S} s"
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        said = getattr(error, "stderr", None) or str(error)
        return f"not run: {(said if isinstance(said, str) else said.decode()).splitlines()[-1]}"
    if answer["status"] != "optimal" or not math.isclose(answer["plan"], optimum, rel_tol=1e-6):
        return f"wrong: {answer['status']}, {answer['plan']} where HiGHS says {optimum}"
    return answer["seconds"]


def best_of_three(*arguments):
    """Of ours and of HiGHS alike: on a shared machine another's half second is more than all of ours."""
    return min((plan_bench(*arguments) for _ in range(3)), key=lambda run: run["seconds"])


def peers_row(row, folder):
    """Four weeks: how much longer the quickest of the peers takes. PyPSA once: it adds its own time to HiGHS's."""
    program = str(folder / "plan_bench")
    ours = best_of_three(program, "ours", 10, 28, "day", 1e-4)
    beside = {}
    forms = {"hubs": "with_hubs", "direct": "all_arcs"}
    for form, words in forms.items():
        highs = best_of_three(program, "highs", 10, 28, form)
        if not ours["bound"] * (1 - 1e-9) <= highs["plan"] <= ours["plan"] * (1 + 1e-9):
            sys.exit(f"bench: HiGHS says {highs['plan']}, which is not in [{ours['bound']}, {ours['plan']}]")
        beside[f"highs_{words}_s"] = highs["seconds"]
    subprocess.run([program, "write", "10", "28", str(folder / "bench-study.json")], check=True)
    for form, words in forms.items():
        beside[f"pypsa_{words}_s"] = pypsa(folder, form, highs["plan"])
    quickest = min(seconds for seconds in beside.values() if not isinstance(seconds, str))
    row("10 sites, 28 days: best of peers / ours", quickest / ours["seconds"], "times", 30, True, ours_s=ours["seconds"], **beside)


def time_limit_row(row, folder):
    """How well --time-limit is kept: the worst of a year, choices compared, all scenarios in one, fixed costs, medians."""
    edwc = bench.ROOT / "examples" / "edwc.toml"
    graph = folder / "bench-medians.txt"
    nodes = 900
    edges = (f"{i + 1} {(i + 1 if k == 0 else i * 131 * k + 17 * k) % nodes + 1} {1 + (i * 7919 + k * 104729) % 100}\n"
             for i in range(nodes) for k in range(9))
    graph.write_text(f"{nodes} {9 * nodes} 20\n" + "".join(edges))
    taken, worst = {}, 0.0
    for name, words, limits in (
            ("a year", [edwc], (1, 2, 3, 8)),
            ("compare", ["compare", edwc, "--set", "days=60"], (2, 5, 10)),
            ("hedge", [edwc, "--set", "hedge=yes"], (3, 5, 10)),
            ("fixed costs", [edwc, "--set", "fixed_per_year=2000000"], (2, 5)),
            ("medians", ["--orlib", graph], (1, 2))):
        for limit in limits:
            began = time.monotonic()
            subprocess.run([folder / "hinterland", "plan", *words, "--time-limit", str(limit), "--gap", "1e-6", "--json"],
                           capture_output=True, timeout=600)
            took = time.monotonic() - began
            worst = max(worst, took / limit)
            taken[f"{name}, {limit} s"] = round(took, 2)
    row("--time-limit: seconds taken / asked, worst", worst, "times", 1.1, False, **taken)


def location_rows(row, program):
    """Facility location beside HiGHS on the textbook's formulation; a larger one that HiGHS does not end, alone."""
    for what, size, times in (("medians", (300, 6), 30), ("warehouses", (60, 400), 5)):
        run = plan_bench(program, what, *size, 60)
        row(f"{what}, {size[0]} and {size[1]}: HiGHS / ours", run["highs_seconds"] / run["seconds"], "times", times, True,
            ours_s=run["seconds"], highs_s=run["highs_seconds"])
    large = plan_bench(program, "warehouses", 100, 1000, 1)
    row("warehouses, 100 and 1000: proven", large["seconds"], "s", 3, False)


def curve_rows(row, folder):
    """A row a curve: the p of seconds ~ size^p between its ends, and all its points."""
    for against, points in plan_bench(str(folder / "plan_bench"), "curves", folder / "bench-plan.html").items():
        (small, quick), *_, (large, slow) = ((int(size), seconds) for size, seconds in points.items())
        row(f"seconds against {against}: order of growth", math.log(slow / quick) / math.log(large / small), "", None, False, **points)


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

    time_limit_row(row, folder)

    survive = plan_bench(program, "survive", 10, 365, 10, 1e-4)
    row("10 sites, a year, 10 pairs of sites survived", survive["seconds"], "s", 10, False, gap=survive["gap"], solves=survive["solves"])
    cap = plan_bench(program, "cap", 10, 365, 0.95, 1e-4)
    row("10 sites, a year, 5 % less carbon", cap["seconds"], "s", 10, False, gap=cap["gap"])
    years = plan_bench(program, "scenarios", 10, 365, 10, 1e-4)
    row("10 sites, 10 years at once", years["seconds"], "s", 40, False, gap=years["gap"])
    row("10 years at once: peak memory", years["megabytes"], "MB", 2000, False)
    whole = plan_bench(program, "ours", 31, 365, "day", 1e-4)
    row("31 sites, a year", whole["seconds"], "s", 16, False, gap=whole["gap"], iterations=whole["iterations"])

    crossing = plan_bench(program, "ours", 31, 365, "in", 1e-4)
    row("31 sites, a year, over midnight", crossing["seconds"], "s", 100, False, gap=crossing["gap"], iterations=crossing["iterations"])

    fixed_year = plan_bench(program, "fixed", 10, 365, 2e6, 1e-3)
    row("10 sites, a year, fixed costs", fixed_year["seconds"], "s", 60, False, gap=fixed_year["gap"], solves=fixed_year["solves"])
    fixed_wide = plan_bench(program, "fixed", 31, 28, 2e6, 1e-4)
    row("31 sites, 28 days, fixed costs: gap after 100 s", fixed_wide["gap"], "", 2.3e-2, False, seconds=fixed_wide["seconds"])
    fixed = plan_bench(program, "fixed", 10, 28, 2e6, 1e-4)
    row("10 sites, 28 days, fixed costs", fixed["seconds"], "s", None, False, gap=fixed["gap"], solves=fixed["solves"])

    location_rows(row, program)
    peers_row(row, folder)
    curve_rows(row, folder)

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
    print(f"{len(rows)} numbers, {broken} over their limit; drawn in {folder.name}/bench-plan.html")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
