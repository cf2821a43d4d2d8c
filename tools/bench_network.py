#!/usr/bin/python3
"""Times a broker on the network, by TLS and with a token, against its limits and against slurmrestd in the same run.

    submissions  one at a time over a connection, by 64 connections at once, 1,000 a request, and of 10 tasks each (wrk); slurmrestd's
                 beside them, without TLS; it takes no list of jobs, but arrays of tasks
    listeners    1,000 of the events, while 10,000 jobs are submitted: each must get every event, and the last soon

Adds one JSON line a number to bench/history/network.jsonl. Ends with 1 if a limit is broken.
"""

import argparse
import asyncio
import hashlib
import json
import re
import resource
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench
import slurm_lab

sys.path.insert(0, str(bench.ROOT / "tests"))
from network_desk import NetworkDesk  # noqa: E402

HISTORY = bench.ROOT / "bench" / "history" / "network.jsonl"
SECONDS, CONNECTIONS = 5, 64
LISTENERS, JOBS = 1000, 10_000
TASKS = 10  # of a job
HELD = {"command": ["true"], "held": 1, "project": "film"}


def by_wrk(url, body, headers, connections, taken):
    """Answers a second, and the 99th of 100 waits in ms; each must have the status `taken`."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        fields = "".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n" for name, value in headers.items())
        script.write(f'wrk.method = "POST"\nwrk.body = [==[{body}]==]\n{fields}local threads = {{}}\n'
                     f"function setup(thread) table.insert(threads, thread) end\nfunction init() wrong = 0 end\n"
                     f"function response(status) if status ~= {taken} then wrong = wrong + 1 end end\n"
                     'function done(all, latency) local n = 0; for _, one in ipairs(threads) do n = n + one:get("wrong") end\n'
                     'io.write(string.format("found %d %d %f %f\\n", all.requests, n, all.duration / 1e6, latency:percentile(99) / 1e3)) end\n')
        script.flush()
        said = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", script.name, url], capture_output=True, text=True, check=True).stdout
    count, wrong, seconds, p99 = map(float, re.search(r"found (\d+) (\d+) (\S+) (\S+)", said).groups())
    assert wrong == 0, f"{wrong} of {count} were refused: {said}"
    return count / seconds, p99


def slurmrestds():
    """The same of slurmrestd with a token: one connection, 64, and arrays of tasks."""
    with slurm_lab.running(tokens=True) as slurm:
        job = {"name": "true", "hold": True, "current_working_directory": "/", "standard_output": "/dev/null", "environment": {"PATH": "/bin"}}
        single, array = (json.dumps({"script": "#!/bin/true\n", "job": one}) for one in (job, job | {"array": f"0-{TASKS - 1}"}))
        headers = {"Content-Type": "application/json", "X-SLURM-USER-NAME": "root", "X-SLURM-USER-TOKEN": slurm.token()}
        return [by_wrk(f"http://127.0.0.1:{slurm.rest_port}/slurm/v0.0.38/job/submit", body, headers, count, 200)[0] * tasks
                for body, count, tasks in ((single, 1, 1), (single, CONNECTIONS, 1), (array, 1, TASKS))]


class Ear:
    """One who listens: how many jobs it has heard of, when of the last, and a digest of all that it was told."""

    def __init__(self):
        self.jobs, self.first, self.step, self.last, self.told = 0, None, 0, 0.0, hashlib.blake2b()


async def listen(ear, port, context, token, ready, after=None):
    """To what happens; with `after` to what is past that step first."""
    past = "" if after is None else f"Last-Event-ID: {after}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost", limit=1 << 24)
    writer.write(f"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{past}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head, head
    ready.release()
    while ear.jobs < JOBS:
        line = await reader.readuntil(b"\n")
        if line.startswith(b"id: "):
            step = int(line[4:])
            assert step > ear.step, (step, ear.step)
            ear.step, ear.first = step, step if ear.first is None else ear.first
        elif line.startswith(b"data: "):
            ear.told.update(line)
        ear.jobs += line.count(b'"event":"submitted"')
    ear.last = time.perf_counter()
    writer.close()


async def everybody(desk):
    context = ssl.create_default_context(cafile=desk.folder / "cert.pem")
    ready = asyncio.Semaphore(0)
    ears = [Ear() for _ in range(LISTENERS)]
    port, token = desk.port, desk.tokens["viewer"]
    tasks = []
    for start in range(0, LISTENERS, 50):  # handshakes are work
        tasks += [asyncio.create_task(listen(ear, port, context, token, ready)) for ear in ears[start:start + 50]]
        for _ in range(50):
            await ready.acquire()
    began = time.perf_counter()

    def submit():
        for _ in range(JOBS // 100):
            status, _, said = desk.ask("submitter", "POST", "/v1/jobs", {"jobs": [HELD] * 100}, timeout=60)
            assert status == 201, said
        return time.perf_counter()

    acknowledged = await asyncio.to_thread(submit)
    await asyncio.wait_for(asyncio.gather(*tasks), 120)
    # What the journal says of the same jobs, to one who comes afterwards. They are held: their submissions are all that happens to them.
    late = Ear()
    await asyncio.wait_for(listen(late, port, context, token, ready, ears[0].first - 1), 60)
    assert {ear.told.digest() for ear in ears} == {late.told.digest()}
    return acknowledged - began, max(ear.last for ear in ears) - acknowledged


def measure(program, folder):
    desk = NetworkDesk(program, folder)
    desk.begin()
    try:
        assert desk.heard()
        url = f"https://127.0.0.1:{desk.port}/v1/jobs"
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {desk.tokens['submitter']}"}
        one, one_p99 = by_wrk(url, json.dumps(HELD), headers, 1, 201)
        many, many_p99 = by_wrk(url, json.dumps(HELD), headers, CONNECTIONS, 201)
        batch = by_wrk(url, json.dumps({"jobs": [HELD] * 1000}), headers, 1, 201)[0] * 1000
        wide = by_wrk(url, json.dumps(HELD | {"tasks": TASKS}), headers, 1, 201)[0] * TASKS
        took, late = asyncio.run(everybody(desk))
        status = Path(f"/proc/{desk.broker.pid}/status").read_text()
        resident = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    finally:
        desk.kill()
    try:
        theirs = [{"slurmrestd": rate} for rate in slurmrestds()]
    except (slurm_lab.Absent, OSError, subprocess.SubprocessError) as error:
        theirs = [{"slurmrestd": f"skipped: {error}"}] * 3
    yield "over TLS, one at a time", one, "/s", 1000, True, {"p99_ms": one_p99} | theirs[0]
    yield f"over TLS, {CONNECTIONS} connections", many, "/s", 2000, True, {"p99_ms": many_p99} | theirs[1]
    yield "over TLS, 1,000 a request", batch, "/s", 10_000, True, {}
    yield f"over TLS, tasks by jobs of {TASKS:,}", wide, "/s", None, True, theirs[2]
    yield f"{LISTENERS} listeners: every event of {JOBS} jobs, the last after its answer", late, "s", 5, False, {"submitted_in_s": took}
    yield "and at most resident", resident, "MB", 1024, False, {}


def main():
    parser = argparse.ArgumentParser(description="Times the broker on the network against its limits and slurmrestd.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the programs")
    programs = parser.parse_args().bin.resolve()
    if not shutil.which("wrk"):
        print("skipped: wrk is not installed")
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
    with tempfile.TemporaryDirectory(dir=programs) as folder:
        rows = list(measure(str(programs / "hinterland"), folder))
    broken = bench.keep(rows, HISTORY)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
