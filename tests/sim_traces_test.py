#!/usr/bin/python3
"""Real traces through the simulator under every policy, with idle servers in the west and without: every run ends, its bills
agree with its meters, no job is unaccounted for, and idle servers never make the cheapest policy dearer than staying.

    sim_traces_test.py PROGRAM

Needs HINTERLAND_DATA (exit 77: skipped).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

POLICIES = ["stay", "nearest", "round-robin", "least-loaded", "cheapest-tariff", "greenest", "cheapest", "wait-for-cheap",
            "wait-for-green", "shadow"]
TRACES = [  # file, class, server, region
    ("alibaba_genai2026_image_requests.csv.gz", "batch-inference", "gpu-server", "shanghai"),
    ("alibaba_gpu2023_openb_pod_list_default.csv.gz", "model-training", "gpu-server", "beijing"),
    ("cerit_wagap_2013.txt.gz", "film-render", "cpu-server", "shanghai"),
    ("pwa_nasa_ipsc_1993_cln.swf.gz", "film-render", "cpu-server", "guangdong"),
]
HOMES = {"shanghai": "metro-shanghai", "beijing": "metro-beijing", "guangdong": "metro-guangzhou"}
SECONDS = 300

program = Path(sys.argv[1]).resolve()
data = os.environ.get("HINTERLAND_DATA")
if not data:
    print("skipped: HINTERLAND_DATA is not set, so that no real trace is here")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)

checks = failed = 0


def expect(good, what):
    global checks, failed
    checks += 1
    if not good:
        failed += 1
        print("FAILED", what)


def scenario(trace, kind, server, region, idle):
    pools = [("home", HOMES[region], "load = 0.65", "built")]
    if idle:
        pools += [("guian", "guian", "of_demand = 1.0", "sunk"), ("zhongwei", "zhongwei", "of_demand = 0.5", "sunk")]
    else:
        pools += [("guian", "guian", "of_demand = 1.5", "built"), ("zhongwei", "zhongwei", "of_demand = 1.5", "built")]
    text = f'name = "{kind}"\n[work.jobs]\nclass = "{kind}"\nfrom = "{region}"\ntrace = "{data}/traces/{trace}"\nbad_lines = "leave_out"\n'
    for name, site, size, basis in pools:
        text += f'[pools.{name}]\nsite = "{site}"\nserver = "{server}"\n{size}\nbasis = "{basis}"\nbackground = 0.1\n'
    return text


def check(result, what, jobs):
    total = result["total"]
    expect(result["bills_against_meters"]["broken"] == [], f"{what}: {result['bills_against_meters']['broken']}")
    ends = sum(total[key] for key in ("done", "cut", "refused", "lost", "stuck"))
    expect(total["jobs"] == ends == jobs, f"{what}: {total['jobs']} jobs, {ends} ends of {jobs}")
    expect(total["stuck"] == 0 and total["lost"] == 0, f"{what}: {total['stuck']} stuck, {total['lost']} lost")
    return total["bill"]["total"]


with tempfile.TemporaryDirectory() as folder:
    for trace, kind, server, region in TRACES:
        for idle in (True, False):
            path = Path(folder) / "scenario.toml"
            path.write_text(scenario(trace, kind, server, region, idle), encoding="utf-8")
            made = subprocess.run([program, "simulate", path, "--policy", *POLICIES, "--no-baseline", "--json"],
                                  capture_output=True, text=True, timeout=SECONDS)
            expect(made.returncode == 0, f"{trace}: exit {made.returncode}: {made.stderr[:500]}")
            if made.returncode != 0:
                continue
            result = json.loads(made.stdout)
            jobs = result["jobs"]
            runs = [result, *result["other_policies"]]
            bills = {run["policy"]: check(run, f"{trace}, {run['policy']}", jobs) for run in runs}
            names = "idle west" if idle else "west to be built"
            print(f"{trace.split('.')[0]}, {jobs} jobs, {names}: "
                  + ", ".join(f"{policy} {bill:.4g}" for policy, bill in bills.items()))
            late = {run["policy"]: run["total"]["late"] for run in runs}
            if idle and late["cheapest"] <= late["stay"]:
                expect(bills["cheapest"] <= bills["stay"], f"{trace}: cheapest costs {bills['cheapest']}, staying {bills['stay']}")
            expect(bills["wait-for-cheap"] <= bills["stay"] * 1.05, f"{trace}: waiting for cheap hours costs more than not to")

print(f"{checks - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
