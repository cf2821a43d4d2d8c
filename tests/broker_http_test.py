#!/usr/bin/python3
"""Whatever a program says to a broker's socket: routes, bodies, connections, crowds. As broker_input_test.py.

    broker_http_test.py PROGRAM
"""

import contextlib
import json
import os
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path

from broker_desk import NEVER_RUNS, PATIENCE_S, Desk, Unix, run_parts, stops, verdict

IDLE = 2000
BEAT_S = 5.5  # within which each pool of the example looks after its attempts
HEAD = b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\n"


def routes(desk):
    absent = ("GET / /v1 /v2/jobs /v1/nope /v1/jobs/0/nope /v1/jobs/0/why/more /v1/jobs/99999999 /v1/jobs/-1 /v1/jobs/4294967296 "
              "/v1/jobs/x /v1/jobs/0/log?task=9",
              "POST /v1/nope /v1/pools/guian/nope /v1/pools/nope/drain /v1/jobs/99999999/cancel")
    other = ("PUT /v1/jobs", "DELETE /v1/jobs/0", "FOO /v1/health", "POST /v1/health /v1/cost /v1/pools /v1/jobs/0/why /v1/jobs/0",
             "GET /v1/jobs/0/cancel /v1/pools/guian/drain")
    for expected, lists, word in ((404, absent, "no such"), (405, other, "GET|POST")):
        for method, *targets in map(str.split, lists):
            for target in targets:
                status, said = desk.tell(method, target)
                desk.named(status == expected, f"{method} {target} is {expected} (got {status})", said, [word])
    for query in ("task=-1", "stream=x", "from=x", "from=-1", "from=99999999999999999999"):
        status, said = desk.tell("GET", f"/v1/jobs/0/log?{query}")
        desk.named(status == 400, f"log?{query} is 400 (got {status})", said, [query.split("=", maxsplit=1)[0]])
    for pool in ("nope", "no such", "", "a/b", "北京", "x\r\nY: z", "?", "%"):
        desk.refuses(["drain", pool], "no such pool")
    for job in ("99999999", "-1", "x", "4294967296", ""):
        for verb in ("show", "why", "logs", "cancel", "hold", "release", "retry"):
            desk.refuses([verb, job], "job")


def pools(desk):
    """Warned, called off, pardoned; and each refused where it makes no sense."""
    def row():
        return next(one for one in json.loads(desk.tell("GET", "/v1/pools")[1])["pools"] if one["name"] == "guian")

    desk.expect(desk.run("drain", "guian", "--in-hours", "6").returncode == 0, "a pool is warned", None)
    ahead = row().get("may_be_lost_ms", 0) / 1000 - time.time()
    desk.expect(abs(ahead - 6 * 3600) < 60, "it may be lost in six hours", ahead)
    desk.expect("may be lost from" in desk.run("pools").stdout, "`pools` says so", desk.run("pools").stdout)
    desk.expect(desk.run("drain", "guian", "--all-clear").returncode == 0, "that is called off", None)
    desk.expect("may_be_lost_ms" not in row(), "and it is not warned any more", row())
    answer = desk.run("drain", "guian", "--pardon")
    desk.expect(answer.returncode == 1 and "None of its hosts is condemned" in answer.stderr, "nobody is there to be pardoned", answer.stderr)
    desk.refuses(["drain", "guian", "--pardon", "--down"], "--pardon")
    desk.refuses(["drain", "guian", "--in-hours", "nan"], "--in-hours", "from 0 to 8760")
    for hours in ("", "?hours=x", "?hours=-1", "?hours=nan", "?hours=9000"):
        status, said = desk.tell("POST", f"/v1/pools/guian/warn{hours}")
        desk.expect(status == 400 and "hours" in said, f"warn{hours} is refused", said)


def bodies(desk):
    for body in ("", "nonsense", "[]", "5", "{", "null", '{"command": ["true"],}', '{"command": ["true"], "hours": NaN}'):
        desk.denies(body, "JSON")
    desk.denies("\0", "NUL")
    wrong = {"command": ("ls", 5, {}, None, [], [""], ["a", 1], [["a"]], True), "name": (5, [], {}, True), "class": (5, "no-such"),
             "project": (5, "no-such"), "key": (5, ["a"]), "folder": (5, []), "environment": ("A=b", 5, {}), "outputs": ("x", [5]),
             "after": (5, ["a"], "0"), "cores": ("2", [1], {}, True), "gpus": ("x", True), "memory_gb": ("1", True), "tasks": ("5", [], True),
             "priority": ("high", True), "held": ("yes", 0.5, 2), "hours": ("1", True), "may_wait_hours": ("1",),
             "deadline_hours": ("1", []), "in_gb": ("1",), "out_gb": ([],), "late_per_hour": ("1",)}
    for field, values in wrong.items():
        for value in values:
            desk.denies({**NEVER_RUNS, field: value}, field)
    desk.denies({**NEVER_RUNS, "taskz": 5}, "taskz", "tasks")
    desk.denies({"jobs": [NEVER_RUNS], "taskz": 5}, "taskz")
    for jobs in (5, [], {}, "x", [NEVER_RUNS] * 10_001):
        desk.denies({"jobs": jobs}, "jobs", "10000")
    said = desk.tell("POST", "/v1/jobs", {"jobs": [5, {"command": "x"}, {**NEVER_RUNS, "cores": 0}]})[1]
    desk.named(True, "each wrong job of a list is told", said, ["job 0", "job 1", "command", "job 2", "cores"])
    status, said = desk.tell("POST", "/v1/jobs", b" " * 100_000_000)
    desk.expect(status in (0, 413), "a body of 100 MB is 413, or the connection is closed", (status, said))
    desk.survives("after a body of 100 MB")
    for name, body in (("a list nested 100,000 times", "[" * 100_000 + "]" * 100_000),
                       ("a command nested 100,000 times", '{"command":' + "[" * 100_000 + "]" * 100_000 + "}"),
                       ("`jobs` nested 100,000 times", '{"jobs": [' + "[" * 100_000 + "]" * 100_000 + "]}"),
                       ("an object of 100,000 fields", "{" + ",".join(f'"k{k}": 1' for k in range(100_000)) + "}")):
        status, said = desk.tell("POST", "/v1/jobs", body)
        desk.expect(status == 400 or '"error"' in said, f"{name} is refused", (status, said))
        desk.survives(f"after {name}")


def connected(desk, data=b""):
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(1)
    with contextlib.suppress(OSError):  # there is no room, or it is closed while it is being sent
        one.connect(str(desk.socket))
        one.sendall(data)
    return one


def cut_connections(desk):
    """Requests that are not whole, or none at all; some of the connections stay, silent, until the broker stops."""
    stay = []
    for data in (HEAD + b"Content-Length: 100\r\n\r\n{}", HEAD + b"Content-Length: 1\r\n\r\n" + json.dumps(NEVER_RUNS).encode(),
                 HEAD + b"Content-Length: -1\r\n\r\n{}", HEAD + b"Content-Length: 99999999999999999999\r\n\r\n{}",
                 HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
                 HEAD + b"\r\n", HEAD, b"GET /v1/hea", b"\r\n\r\n", bytes(range(256)) * 20, b"GET / HTTP/9.9\r\n\r\n",
                 b"GET /v1/health HTTP/1.1\r\nX: " + b"x" * 1_000_000, b"\x16\x03\x01\x02\x00\x01\x00"):
        stay.append(connected(desk, data))
        desk.survives(f"after {data[:80]!r}")
    return stay


def idle_connections(desk):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * IDLE), hard))

    def say(method, target, body=None):
        return json.loads(desk.tell(method, target, body)[1])

    def busy():
        words = Path(f"/proc/{desk.broker.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    long = say("POST", "/v1/jobs", {"command": ["sleep", "60"], "environment": ["PATH=/usr/bin:/bin"]})["job"]
    desk.ends(long, "running")
    idle = [connected(desk) for _ in range(min(IDLE, hard - 200))]
    number = say("POST", "/v1/jobs", {"command": ["true"]})["job"]
    before = busy()
    time.sleep(BEAT_S)
    desk.expect(busy() - before < 1, f"{IDLE} idle connections cost next to no time", f"{busy() - before:.1f} s of {BEAT_S} s")
    short_now, long_now = (say("GET", f"/v1/jobs/{job}?tasks=0") for job in (number, long))
    desk.expect(short_now["state"] == "done", f"a job is done beside {IDLE} idle connections", short_now)
    desk.expect((long_now["state"], long_now["attempts"]) == ("running", 1), "an attempt that lives is not taken for dead", long_now)
    status, said = desk.tell("GET", "/v1/health")
    desk.expect(status == 200, f"somebody new is answered beside {IDLE} idle connections", said)
    for one in idle:
        one.close()
    desk.survives(f"after {IDLE} idle connections")
    desk.tell("POST", f"/v1/jobs/{long}/cancel")
    desk.ends(long, "cancelled")


def crowds(program, folder):
    """10^9 tasks as 1,000 jobs, and a broker with 2 GiB: it takes what it can hold."""
    desk = Desk(program, folder)
    if b"__asan_init" not in Path(program).read_bytes():  # which cannot live in so little
        desk.open(resource.RLIMIT_AS, 2 << 30)
        status, said = desk.tell("POST", "/v1/jobs", {"jobs": [{**NEVER_RUNS, "tasks": 1_000_000}] * 1000})
        desk.named(status != 0, "10^9 tasks as 1,000 jobs are refused, or some of them", said, ["tasks", "error"])
        desk.survives("after 10^9 tasks as 1,000 jobs")
        stops(desk, [])
    return desk


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-http-") as folder:
        desk = Desk(program, folder)
        desk.open()
        desk.submit("--wait", "--", "true")
        run_parts(desk, (routes, pools, bodies, idle_connections))
        stops(desk, cut_connections(desk))
    with tempfile.TemporaryDirectory(prefix="hinterland-crowd-") as folder:
        crowd = crowds(program, folder)
    return verdict(desk, crowd)


if __name__ == "__main__":
    sys.exit(main())
