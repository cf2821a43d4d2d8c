#!/usr/bin/python3
"""A broker that is frozen (SIGSTOP) for longer than its lease, and thawed: what ran meanwhile has ended, other attempts do its work, and
of each task exactly the attempt that the journal calls done is published.

    broker_freeze_test.py PROGRAM

Each task writes which attempt it is, half a second after it begins and again at its end: the first attempts are in the middle of that
when the lease ends.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from deployment import Deployment, ask, left_over, until

LEASE_S, TASKS = 2, 6
SITES = f"""
lease_s = {LEASE_S}
lost_after_s = {LEASE_S}
[pools.guian]
site = "guian"
cores = {TASKS}
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""
COMMAND = "echo $HINTERLAND_ATTEMPT > out; sleep 3; echo $HINTERLAND_ATTEMPT >> out; touch ended"


def main():
    problems = []
    with tempfile.TemporaryDirectory(prefix="hinterland-freeze-") as name:
        folder = Path(name)
        deployment = Deployment(str(Path(sys.argv[1]).resolve()), name, 1)
        deployment.sites = folder / "sites.toml"
        deployment.sites.write_text(SITES)
        deployment.begin()
        assert deployment.heard(), (folder / "broker.log").read_text()
        job = {"command": ["/bin/sh", "-c", COMMAND], "outputs": ["out"], "tasks": TASKS, "hours": 0.1, "environment": ["PATH=/usr/bin:/bin"]}
        assert ask(deployment.socket, "POST", "/v1/jobs", job)[0] == 201
        work = folder / "journal.db.d" / "pools" / "guian"
        assert until(lambda: len(list(work.glob("*/work/out"))) == TASKS), "its tasks did not begin"
        os.kill(deployment.broker.pid, signal.SIGSTOP)
        if not until(lambda: not left_over(deployment.folder), LEASE_S + 3):
            problems.append(f"lease: attempts outlived it: {left_over(deployment.folder)}")
        first = {int(path.parent.name) for path in work.glob("*/work")}
        if ended := [path for path in work.glob("*/work/ended")]:
            problems.append(f"lease: {len(ended)} attempts came to their end in spite of it")
        os.kill(deployment.broker.pid, signal.SIGCONT)
        until(deployment.all_over)
        listed = ask(deployment.socket, "GET", "/v1/jobs/0")[1]
        if listed["state"] != "done":
            problems.append(f"liveness: the job is {listed['state']}")
        if listed["attempts"] != 2 * TASKS:
            problems.append(f"attempts: {listed['attempts']} for {TASKS} tasks of which each lost one")
        deployment.stop()
        steps = folder / "steps.jsonl"
        subprocess.run([deployment.program, "journal", "export", str(deployment.journal), str(steps)], check=True, capture_output=True)
        facts = [fact for line in steps.open() for fact in json.loads(line)["facts"]]
        lost = {fact["attempt"] for fact in facts if fact["fact"] == "finished" and fact["cause"] == "lost"}
        if lost != first or len(first) != TASKS:
            problems.append(f"lease: attempts {sorted(first)} ran while it ended, and {sorted(lost)} are called lost")
        store = folder / "journal.db.d" / "store"
        for task in range(TASKS):
            result = json.loads((store / "results" / "0" / f"{task}.json").read_text())
            kept = (store / "objects" / result["outputs"][0]["hash"]).read_text().splitlines()
            if result["attempt"] in first or len(kept) != 2 or any(int(Path(line).name) != result["attempt"] for line in kept):
                problems.append(f"one result: task {task} has that of attempt {result['attempt']}, which wrote {kept}")
    for problem in problems:
        print(problem)
    print(f"{len(first)} attempts lost their lease, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
