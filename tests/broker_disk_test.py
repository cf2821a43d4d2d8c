#!/usr/bin/python3
"""A broker whose journal cannot be written: it acknowledges nothing, says so, ends with 3, and has lost nothing.

    broker_disk_test.py PROGRAM

Once since no file may grow past a size, while it runs; and once since the file is another's to write, from the start.
"""

import http.client
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path

from deployment import Deployment, ask

NOBODY = 65534
LARGEST = 1 << 20  # bytes of any file of the broker's: a disk that is full is told by the same write()


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def read_only(deployment, jobs):
    """As a user who may write into the folder and not the file."""
    nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    if nobody:
        for path in (deployment.folder, *deployment.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    deployment.journal.chmod(0o444)
    log = deployment.folder / "broker.log"
    before = log.stat().st_size
    deployment.begin(**nobody)
    heard = deployment.heard()
    said = log.read_text()[before:]
    deployment.journal.chmod(0o644)
    if heard or deployment.broker.poll() != 3 or "journal.db: It cannot be written." not in said:
        return [f"a journal that may not be written: status {deployment.broker.poll()}, {said}"]
    deployment.begin(**nobody)
    assert deployment.heard(), log.read_text()
    there = len(ask(deployment.socket, "GET", "/v1/jobs")[1]["jobs"])
    deployment.stop()
    return [] if there == jobs else [f"of {jobs} jobs {there} are there after the journal was read-only"]


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
        problems += read_only(deployment, there)
    for problem in problems:
        print(problem)
    print(f"{acknowledged} jobs acknowledged, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
