#!/usr/bin/python3
"""A broker whose journal cannot grow any more: it acknowledges nothing further, says so, ends with 3, and has lost nothing.

    broker_disk_test.py PROGRAM
"""

import http.client
import resource
import signal
import sys
import tempfile
from pathlib import Path

from broker_kill_test import Deployment, ask

LARGEST = 1 << 20  # bytes of any file of the broker's: a disk that is full is told by the same write()


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def main():
    problems = []
    with tempfile.TemporaryDirectory(prefix="hinterland-disk-") as folder:
        deployment = Deployment(str(Path(sys.argv[1]).resolve()), folder, 1)
        log = deployment.folder / "broker.log"
        deployment.begin(preexec_fn=small_files)
        assert deployment.heard(), log.read_text()
        acknowledged = 0
        try:
            while acknowledged < 10_000:
                status, _ = ask(deployment.socket, "POST", "/v1/jobs", {"command": ["x" * 2000], "held": 1})
                assert status == 201, status
                acknowledged += 1
        except (OSError, http.client.HTTPException, ValueError):
            pass
        ended = deployment.broker.wait(30)
        if ended != 3:
            problems.append(f"it ended with {ended}, not 3")
        if "journal.db: " not in log.read_text():
            problems.append(f"it did not say what failed: {log.read_text()}")
        if not 10 < acknowledged < 10_000:
            problems.append(f"{acknowledged} jobs were acknowledged")
        deployment.begin()
        assert deployment.heard(), log.read_text()
        there = len(ask(deployment.socket, "GET", "/v1/jobs")[1]["jobs"])
        if there < acknowledged:
            problems.append(f"{acknowledged} jobs were acknowledged, and {there} are there")
        deployment.stop()
    for problem in problems:
        print(problem)
    print(f"{acknowledged} jobs acknowledged, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
