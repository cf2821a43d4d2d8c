#!/usr/bin/python3
"""A disk that hangs: whoever looks into the folder of a pool waits for ever, as under a dead mount.

    broker_hung_disk_test.py PROGRAM

Aside. The folder of a pool that is another broker hangs once a job there is done. The broker must go on: say of that job what it knows,
answer for its log when the disk does, do the work of its other pool and publish it, and end when it is told to with all that it took.

Lead. Of two brokers with one PostgreSQL the leader's own thread hangs, in the folder of a pool of its machine. It must not keep the lead: the
other answers within TAKE_OVER_S, and the first, when its disk is well again, ends with status 3.

A folder hangs by a file system of FUSE that is mounted over it and says nothing: this takes root, and /dev/fuse.
"""

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from broker_desk import Desk, verdict
from broker_failover_test import SITES, Brokers
from deployment import Unix, until
from postgres_desk import Server

TAKE_OVER_S = 25  # 5 until it looks there, 10 in which it may be busy, a lease of 5, and some to begin
POOLS = """
policy = "cheapest"
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
[pools.near]
site = "guian"
cores = 4
"""
LIBC = ctypes.CDLL(None, use_errno=True)
DETACH = 2


class Hung:
    """While this lives, nothing that is asked of the folder is answered; then all is as before."""

    def __init__(self, folder):
        self.folder = str(folder).encode()
        self.file = os.open("/dev/fuse", os.O_RDWR)
        said = f"fd={self.file},rootmode=40000,user_id=0,group_id=0".encode()
        if LIBC.mount(b"hung", self.folder, b"fuse", 0, said) != 0:
            raise OSError(ctypes.get_errno(), "no file system can be mounted")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        LIBC.umount2(self.folder, DETACH)
        os.close(self.file)  # who waits is told that nobody will answer


def aside(program, root):
    far = Desk(program, root / "far")
    near = Desk(program, root / "near")
    far.sites, near.sites = far.folder / "sites.toml", near.folder / "sites.toml"
    far.sites.write_text(POOLS)
    near.sites.write_text(POOLS + f'[pools.far]\nsite = "zhongwei"\ncores = 4\nbroker = "unix:{far.socket}"\nbroker_class = "frames"\n')
    far.open()
    near.open()

    def show(job):
        status, said = near.tell("GET", f"/v1/jobs/{job}")
        return json.loads(said) if status == 200 else {"state": said, "of_tasks": [{"folder": said}]}

    is_done = lambda job: show(job)["state"] == "done"
    near.run("drain", "near")
    there = near.submit("--hours", "0.1", "--output", "out", "--", "/bin/sh", "-c", "echo said; echo left > out")
    near.expect(until(lambda: is_done(there), 30), "a job of the other broker's is done", near.tell("GET", f"/v1/jobs/{there}")[1])
    folder = near.attempts / "pools" / "far" / "over" / "1"
    near.expect(until(folder.exists, 10) and show(there)["of_tasks"][0]["folder"] == str(folder), "its folder is said", show(there)["of_tasks"])
    near.run("drain", "far")
    near.run("drain", "near", "--undo")
    answers = []

    def read_log():
        connection = Unix(near.socket)
        connection.request("GET", f"/v1/jobs/{there}/log")
        answers.append(connection.getresponse().status)

    with Hung(near.attempts / "pools" / "far"):
        log = threading.Thread(target=read_log, daemon=True)
        log.start()
        near.expect(show(there)["of_tasks"][0]["folder"] == str(folder), "and still is when the disk hangs", show(there)["of_tasks"])
        log.join(1)
        near.expect(log.is_alive() and not answers, "its log is waited for", answers)
        here = near.submit("--hours", "0.1", "--output", "out", "--", "/bin/sh", "-c", "echo left > out")
        near.expect(until(lambda: is_done(here), 20), "a job of the other pool is done, and its outputs are in place", show(here))
        near.expect(near.tell("GET", "/v1/pools")[0] == 200, "the pools are shown", "")
    log.join(20)
    near.expect(answers == [200], "the log is answered for when the disk says something", answers)
    for desk in (near, far):
        desk.broker.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            desk.broker.wait(20)
        desk.expect(desk.broker.poll() == 0, "SIGTERM ends it", desk.broker.poll())
    return near, far


def lead(program, root, server):
    folder = root / "lead"
    folder.mkdir()
    server.sql("CREATE DATABASE lead")
    brokers = Brokers(program, folder, server.url("lead"))
    hangs = folder / "hangs"
    hangs.mkdir()
    elsewhere = folder / "elsewhere.toml"
    elsewhere.write_text(SITES)
    brokers.sites.write_text(SITES.replace("[pools.helin]", f'[pools.helin]\nfolder = "{hangs}"'))
    try:
        brokers.begin("a", attempts=folder / "of-a")
        brokers.leads("a", time.monotonic(), "the first")
        brokers.sites = elsewhere
        brokers.begin("b", attempts=folder / "of-b")
        brokers.waits("b")
        with Hung(hangs):
            began = time.monotonic()
            until(lambda: brokers.heard_at("b"), 3 * TAKE_OVER_S)
            took = time.monotonic() - began
            print(f"the other answers {took:.1f} s after the disk of the first began to hang")
            brokers.expect(took < TAKE_OVER_S, f"the other takes {took:.1f} s: {brokers.log('b')[-300:]}")
        brokers.ended("a", 3, "Another broker has taken over.")
    finally:
        brokers.end_all()
    return brokers.problems


def main():
    if os.geteuid() != 0 or not Path("/dev/fuse").exists():
        print("skipped: this takes root and /dev/fuse")
        return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-hung-") as name:
        root = Path(name)
        os.chmod(name, 0o755)
        for one in ("far", "near"):
            (root / one).mkdir()
        desks = aside(program, root)
        with Server(root / "pg") as server:
            desks[0].problems += lead(program, root, server)
        return verdict(*desks)


if __name__ == "__main__":
    sys.exit(main())
