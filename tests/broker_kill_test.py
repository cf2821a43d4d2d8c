#!/usr/bin/python3
"""A broker with real processes that is killed again and again while it works.

    broker_kill_test.py PROGRAM [KILLS] [TASKS] [SEED]

Submissions come from a client that repeats each, by its key, until it is acknowledged. The broker gets SIGKILL at random moments and
is begun anew at once. Then it must show:

    acknowledged   every job that was acknowledged is there, under the number that was given
    done           every task is done, and its result is that of its last attempt and of no other
    bills          what was billed is what the journal's attempts were metered at, and `cost` says the same
    orphans        no process of an attempt is left
    journal        `journal check` finds it sound
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

from deployment import TASKS_A_JOB, Deployment, check


def main():
    program = str(Path(sys.argv[1]).resolve())
    kills, tasks, seed = (int(word) for word in (sys.argv[2:] + ["40", "800", "1"][len(sys.argv) - 2:]))
    jobs = tasks // TASKS_A_JOB
    with tempfile.TemporaryDirectory(prefix="hinterland-kill-") as folder:
        deployment = Deployment(program, folder, seed)
        deployment.begin()
        client = threading.Thread(target=deployment.submit_all, args=(jobs,), daemon=True)
        client.start()
        for _ in range(kills):
            assert deployment.heard(), (deployment.folder / "broker.log").read_text()[-2000:]
            time.sleep(deployment.random.uniform(0, 0.4))
            deployment.kill()
            deployment.begin()
        until = time.time() + 300
        while time.time() < until and (client.is_alive() or not deployment.all_over()):
            time.sleep(0.1)
        assert deployment.heard(), (deployment.folder / "broker.log").read_text()[-2000:]
        problems = check(deployment, jobs)
    for problem in problems[:20]:
        print(problem)
    print(f"{kills} kills, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
