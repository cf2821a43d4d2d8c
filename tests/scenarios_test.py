#!/usr/bin/python3
"""Small scenarios of which the answer is known beforehand: who stays, what cannot stay, by which clock, and what rounding hides.

    scenarios_test.py PROGRAM
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

program = Path(sys.argv[1]).resolve()
failed = 0

CLASS = """name = "job"
server = "{server}"
runtime_hours = 1
tasks = 1
{size}
data_in_gb = 0
data_out_gb = 0
deadline_hours = {deadline}
"""


def swf(jobs, begin=None):
    head = f"; UnixStartTime: {begin}\n" if begin is not None else ""
    return head + "".join(f"{i} {at} 0 {run} {cores} -1 -1 {cores} -1 -1 1 1 1 1 1 1 -1 -1\n"
                          for i, (at, run, cores) in enumerate(jobs, 1))


def pool(name, site="metro-shanghai", servers=1, basis="sunk", server="cpu-server"):
    return f'[pools.{name}]\nsite = "{site}"\nserver = "{server}"\nservers = {servers}\nbasis = "{basis}"\n'


def run(trace, pools, *arguments, policy="cheapest", size="cores = 1", deadline=24, server="cpu-server"):
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        (folder / "w.toml").write_text(CLASS.format(size=size, deadline=deadline, server=server))
        (folder / "t.swf").write_text(trace)
        (folder / "s.toml").write_text(f'name = "s"\npolicy = "{policy}"\n[work.b]\nclass = "w.toml"\nfrom = "shanghai"\n'
                                       f'trace = "t.swf"\n' + "".join(pools))
        done = subprocess.run([program, "simulate", "s.toml", "--json", "--journal", "j.csv", *arguments], cwd=folder,
                              capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout), list(csv.DictReader((folder / "j.csv").read_text().splitlines()))


def expect(good, what):
    global failed
    if not good:
        failed += 1
        print("FAILED", what)


# Six jobs of an hour that each fill a server, three servers at home in three pools: whoever stays runs three at once.
six, _ = run(swf([(0, 3600, 64)] * 6), [pool("a"), pool("b"), pool("home")], size="cores = 64", deadline=2.5)
expect(six["stay"]["end_s"] == 7200, f"staying takes two hours: {six['stay']['end_s']} s")
expect(six["stay"]["total"]["late"] == 0, "and none of them is late")

# A job of 128 cores has no place on a single server of 64 at home, and costs nothing there either.
large, _ = run(swf([(0, 3600, 128)] * 5), [pool("home"), pool("west", "guian", 20)], size="cores = 128")
expect("5 of 5 have no place at home" in large["sentence"], large["sentence"])
expect("saves" not in large["sentence"] and "if all stay" not in large["sentence"], large["sentence"])

# Jobs of a second each cost less than half a millionth: their bills are 0, and the sentence says so.
small, _ = run(swf([(k, 1, 1) for k in range(1000)]), [pool("home")], policy="stay")
expect("differ from the meters by" in small["sentence"], small["sentence"])
hours, _ = run(swf([(k, 3600, 1) for k in range(50)]), [pool("home")], policy="stay")
expect("meters" not in hours["sentence"], hours["sentence"])

# 07:00 UTC on 1 July 2023 is 12:30 in India: half an hour into its thirteenth hour.
india, rows = run(swf([(0, 3600, 1)], 1688194800), [pool("home")], "--set", "atlas.china.time_zone=Asia/Kolkata")
expect(india["start_hour"] == 181 * 24 + 12, f"India: {india['start_hour']}")
expect(rows[0]["arrival_s"] == "1800.000", f"India: {rows[0]['arrival_s']} s into the hour")

# What has no date of its own begins at midnight, wherever the atlas is.
undated, rows = run(swf([(0, 3600, 1)]), [pool("home")], "--set", "atlas.china.time_zone=Asia/Kolkata")
expect(undated["start_hour"] == 0 and rows[0]["arrival_s"] == "0.000", "undated")

# A model's year begins at the atlas's midnight: its ten o'clock is that of the site.
for zone in ("Asia/Shanghai", "Europe/Berlin", "UTC"):
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        (folder / "w.toml").write_text(CLASS.format(size="cores = 1", deadline=24, server="cpu-server"))
        (folder / "m.toml").write_text((Path(__file__).parent.parent / "data/models/image-requests-2024.toml").read_text())
        (folder / "s.toml").write_text('name = "s"\npolicy = "stay"\n[work.b]\nclass = "w.toml"\nfrom = "shanghai"\n'
                                       'model = "m.toml"\njobs = 20\n' + pool("home", servers=50))
        done = subprocess.run([program, "simulate", "s.toml", "--json", "--set", f"atlas.china.time_zone={zone}"],
                              cwd=folder, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        expect(json.loads(done.stdout)["start_hour"] == 0, f"a model's year in {zone}: {json.loads(done.stdout)['start_hour']}")

print("failed:", failed)
sys.exit(1 if failed else 0)
