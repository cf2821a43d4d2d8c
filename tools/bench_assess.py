#!/usr/bin/python3
"""Times the models of `assess` against their limits, with a peer beside each that has one, measured in the same run.

    shock        31 regions x 42 industries x 365 days, 1,000 draws on two cores; beside it one run of BoARIO (PyPI) on a table of
                 the same size
    counties     the inequality of 2,836 counties from their gzipped table, read and taken apart; beside it Python, which only reads the
                 table and sums Theil's T
    plan         what 400 MW do, 1,000 draws
    claims       the whole verb over all claims that are shipped, from nothing to its end; beside it what computing them takes

Adds one JSON line a number to bench/history/assess.jsonl. Ends with 1 if a limit is broken. Needs HINTERLAND_DATA.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import bench

HISTORY = bench.ROOT / "bench" / "history" / "assess.jsonl"
BOARIO = ("boario==0.7.2", "pymrio==0.7.0", "progressbar2==4.6.0", "pandas==3.1.1", "numpy==2.4.6")
BOARIO_LIMIT_S = 400
SHOCK_LIMIT_S = 30
COUNTIES_LIMIT_MS = 50
CLAIMS_LIMIT_S = 1
DRAWS = 1000
TIMES = 9

# Losses of the example alone: what is kept against them would be runs of its own.
SHOCK = """name = "bench"
regions = "each"
days = 365
[exports.orders]
industries = ["19", "20"]
regions = ["coast"]
lost = {value = 0.3, low = 0.1, high = 0.5, source = "assumed"}
from_day = 10
days = 120
recovery_days = 90
[imports.chips]
industries = ["20"]
lost = {value = 0.2, low = 0.05, high = 0.4, source = "assumed"}
from_day = 10
days = 120
recovery_days = 90
"""

# Reads the counties and sums Theil's T over them; prints the milliseconds.
THEIL = """
import csv, gzip, math, sys, time
began = time.perf_counter()
with gzip.open(sys.argv[1], "rt", encoding="utf-8") as table:
    values = [float(row[sys.argv[2]]) for row in csv.DictReader(table)]
mean = sum(values) / len(values)
theil = sum(x / mean * math.log(x / mean) for x in values if x > 0) / len(values)
print((time.perf_counter() - began) * 1000)
"""


def boario(folder):
    """Seconds of one run, or in words why there are none."""
    try:
        python = bench.peers_python(folder, *BOARIO)
        done = subprocess.run([python, str(bench.ROOT / "bench" / "shock_boario.py"), "31", "42", "365"], check=True, capture_output=True, text=True,
                              timeout=BOARIO_LIMIT_S)
        return json.loads(done.stdout.splitlines()[-1])["seconds"]
    except subprocess.TimeoutExpired:
        return f"not run: took more than {BOARIO_LIMIT_S} s"
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return f"not run: {(getattr(error, 'stderr', None) or str(error)).splitlines()[-1]}"


def claims(program):
    check = [program, "claims", "check"]
    wall = statistics.median(bench.run(check)[0] for _ in range(TIMES))
    yield "claims check over all claims, the whole verb", wall, "s", CLAIMS_LIMIT_S, False, {"computing_ms": bench.middle(check, "claims_s", times=TIMES)}


def measure(folder, data):
    """One row a number: what, value, unit, limit, whether more is better, peers and their values."""
    program = str(folder / "hinterland")
    two_cores = ["taskset", "-c", "0,1"] if shutil.which("taskset") else []
    with tempfile.TemporaryDirectory() as name:
        scenario = Path(name) / "bench.toml"
        scenario.write_text(SHOCK, encoding="utf-8")
        shock = [*two_cores, program, "assess", "shock", str(scenario), "--draws"]
        drawn, megabytes = bench.timing([*shock, str(DRAWS)])
        alone, _ = bench.timing([*shock, "0"])
    yield ("31 regions x 42 x 365 days, 1,000 draws", drawn["shock_s"], "s", SHOCK_LIMIT_S, False,
           {"cpu_s": drawn["cpu_s"], "one_run_alone_s": alone["shock_s"], "boario_one_run_s": boario(folder)})
    yield "the same: peak memory", megabytes, "MB", None, False, {}
    counties = next((Path(data) / "regional").glob("china_county_gdp_2015_*.csv.gz"))
    column = "gdp_usd_2015"
    table = [program, "assess", "inequality", "--table", str(counties), "--value", column, "--by", "province"]
    python = statistics.median(float(subprocess.run([sys.executable, "-c", THEIL, str(counties), column], check=True, capture_output=True,
                                                    text=True).stdout) for _ in range(TIMES))
    yield "inequality of 2,836 counties", bench.middle(table, "inequality_s", times=TIMES), "ms", COUNTIES_LIMIT_MS, False, {"python_ms": python}
    plan = [program, "assess", "plan", "--mw", "guian=300", "--fill", "zhongwei=100", "--draws", str(DRAWS)]
    yield "what 400 MW at two sites do, 1,000 draws", bench.middle(plan, "effect_s", times=3), "ms", None, False, {}
    yield from claims(program)


def main():
    parser = argparse.ArgumentParser(description="Times the models of assess against their limits and peers.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the program")
    folder = parser.parse_args().bin.resolve()
    data = os.environ.get("HINTERLAND_DATA")
    if not data:
        print("skipped: HINTERLAND_DATA is not set")
        return 0
    rows = list(measure(folder, data))
    broken = bench.keep(rows, HISTORY)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
