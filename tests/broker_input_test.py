#!/usr/bin/python3
"""Whatever is said to a broker: it takes it, or refuses it in words that name the field and what is allowed, and goes on.

    broker_input_test.py PROGRAM

By the command line, and by HTTP where that cannot say it. A broker that died or hangs is a problem of what was said last, and is
begun anew. At the end it must stop cleanly, with its journal sound.
"""

import atexit
import contextlib
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broker_kill_test import ROOT, Deployment, Unix, ask, left_over

PATIENCE_S = 5  # within which a broker that is well answers, on a machine that has other things to do
FILES = 1024  # what systemd and most shells give a program; it may ask for more
IDLE = 2000
BEAT_S = 5.5  # within which each pool of the example looks after its attempts
NEVER_RUNS = {"command": ["true"], "held": 1}
UNPRINTABLE = "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]"  # controls, and what turns lines round
HEAD = b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\n"


def bounded(what, most):
    return lambda: resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


class Desk(Deployment):
    """A broker, what is said to it, and what was wrong with its answers."""

    def __init__(self, program, folder):
        super().__init__(program, folder, 1)
        self.problems, self.checks = [], 0

    def open(self, what=resource.RLIMIT_NOFILE, most=FILES):
        self.begin(preexec_fn=bounded(what, most))
        atexit.register(self.broker.kill)
        assert self.heard(), self.log()

    def log(self):
        return (self.folder / "broker.log").read_text()[-300:]

    def expect(self, good, claim, said):
        self.checks += 1
        if not good:
            self.problems.append(f"{claim}\n    it said: {str(said)[:300]!r}")

    def survives(self, after):
        """It answers after this, or is begun anew."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            if self.tell("GET", "/v1/health")[0] == 200:
                return self.expect(True, "", "")
        time.sleep(0.2)
        dead = self.broker.poll()
        how = "hangs" if dead is None else f"died of signal {-dead}" if dead < 0 else f"ended with {dead}"
        self.expect(False, f"{after}: the broker {how}", self.log().splitlines()[-1])
        self.kill()
        self.open()

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, errors="surrogateescape", timeout=60,
                              env={**os.environ, "HINTERLAND_BROKER": str(self.socket)})

    def submit(self, *words):
        taken = self.run("submit", *words)
        self.expect(taken.returncode in (0, 1) and taken.stdout.startswith("job "), f"submit {words!r:.80} is taken", taken.stderr)
        return int(taken.stdout.split()[1]) if taken.stdout.startswith("job ") else 0

    def refuses(self, words, *parts):
        """Exit status 2, and each part is in what it says; `a|b` is one or the other."""
        answer = self.run(*words)
        self.named(answer.returncode == 2, f"{words!r:.80} is refused with status 2 (got {answer.returncode})", answer.stderr, parts)

    def named(self, good, claim, said, parts):
        missing = [part for part in parts if not any(word in said for word in part.split("|"))]
        self.expect(good and not missing, f"{claim}, naming {', '.join(parts)}", said)

    def tell(self, method, target, body=None):
        """The status and the text of the answer; 0 and why there is none."""
        connection = Unix(self.socket)
        try:
            connection.connect()
            connection.sock.settimeout(PATIENCE_S)
            data = json.dumps(body) if isinstance(body, dict) else body
            connection.request(method, target, body=data)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="surrogateescape")
        except (OSError, http.client.HTTPException) as trouble:
            return 0, repr(trouble)
        finally:
            connection.close()

    def denies(self, body, *parts):
        """400, or 404 for what is not there; and each part is in what it says."""
        got, said = self.tell("POST", "/v1/jobs", body)
        self.named(got in (400, 404), f"{body!r:.90} is refused (got {got})", said, parts)

    def takes(self, body):
        got, said = self.tell("POST", "/v1/jobs", body)
        self.expect(got == 201, f"{body!r:.90} is taken", said)
        return json.loads(said)["job"] if got == 201 else 0

    def job(self, number):
        return json.loads(self.tell("GET", f"/v1/jobs/{number}?tasks=0")[1])

    def ends(self, number, state, seconds=10):
        """Waits until it is over, and it is over so."""
        until = time.time() + seconds
        while (now := self.job(number)["state"]) in ("queued", "running", "held") and now != state and time.time() < until:
            time.sleep(0.02)
        self.expect(now == state, f"job {number} {self.job(number)['command']!s:.90} is {state}", now)

    def fails(self, body, *parts):
        """It is taken, fails, and its log says why."""
        number = self.takes(body)
        self.ends(number, "failed")
        said = self.tell("GET", f"/v1/jobs/{number}/log?stream=stderr")[1]
        self.named(True, f"the log of job {number}, {body!r:.90}, says why it failed", said, parts)
        return number


def commands(desk):
    plain, odd = desk.folder / "plain", desk.folder / "odd"
    for file, mode in ((plain, 0o644), (odd, 0o755)):
        file.write_text("echo\n")
        file.chmod(mode)
    for word, why in (("/no/such", "No such file"), (str(desk.folder), "Permission denied|folder"), (str(plain), "Permission denied"),
                      (str(odd), "format")):
        number = desk.fails({"command": [word]}, word, why)
        verb = re.search(r"`hinterland (.*?)`", desk.run("why", str(number)).stdout)
        said = desk.run(*verb[1].split()).stdout if verb else "no verb"
        desk.named(True, f"what `why {number}` names ({verb and verb[0]}) says why {word} failed", said, [word, why])
    desk.refuses(["submit", "--", ""], "command")
    desk.fails({"command": ["true"], "folder": "/no/such-folder"}, "/no/such-folder", "No such file")
    desk.denies({**NEVER_RUNS, "folder": "/tmp\0x"}, "folder")
    number = desk.submit("--wait", "--", "sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x")
    said = len(desk.run("logs", str(number)).stdout)
    desk.expect(said == 5_000_000, "`logs` prints all 5,000,000 bytes that a task said", said)
    number = desk.submit("--", "sleep", "60")
    desk.ends(number, "running")
    again = desk.run("retry", str(number))
    desk.expect(again.returncode == 1 and "over" not in again.stderr, "`retry` of a job that runs says no `over`", again.stderr)
    desk.run("cancel", str(number))
    desk.ends(number, "cancelled")


def outputs(desk):
    for name in ("../x", "a/../../x", "a/..", "..", ".", "/etc/passwd", "", "x" * 5000, "x/" * 2500 + "x"):
        desk.denies({**NEVER_RUNS, "outputs": [name]}, "outputs", name[:30] or "''")
        desk.refuses(["submit", "--held", "--output", name, "--", "true"], "outputs", name[:30] or "''")
    outside = desk.folder / "outside"
    outside.mkdir()
    (outside / "out").write_text("SECRET")
    for script, why in ((f"ln -s {outside}/out out", "link"), ("ln -s /etc/passwd out", "link"), ("mkdir out", "no file"),
                        ("mkfifo out", "no file"), ("ln -s out out", "link"), ("true", "not there")):
        desk.fails({"command": ["sh", "-c", script], "outputs": ["out"]}, "out", why)
    desk.fails({"command": ["ln", "-s", str(outside), "sub"], "outputs": ["sub/out"]}, "sub/out", "link")
    desk.fails({"command": ["sh", "-c", f"cd .. && mv work gone && ln -s {outside} work"], "outputs": ["out"]}, "link|folder")
    kept = [one.name for one in desk.folder.glob("journal.db.d/store/objects/*") if b"SECRET" in one.read_bytes()]
    desk.expect(not kept, "no file from outside a task's folder is published", kept)


def inputs(desk):
    scene = desk.folder / "scene.txt"
    scene.write_text("a scene")
    number = desk.submit("--wait", "--input", f"in/s.txt={scene}", "--input", str(scene), "--", "cat", "in/s.txt", "scene.txt")
    desk.expect((said := desk.run("logs", str(number)).stdout) == "a scenea scene", "inputs lie where they were named", said)
    desk.expect(len(list((desk.folder / "journal.db.d/store/inputs").iterdir())) == 1, "they are in the store", None)
    scene.write_text("another")
    number = desk.submit("--wait", "--input", str(scene), "--", "cat", "scene.txt")
    desk.expect((said := desk.run("logs", str(number)).stdout) == "another", "an input is what it was when it was submitted", said)
    desk.refuses(["submit", "--input", "/no/such", "--", "true"], "/no/such", "No such file")
    desk.refuses(["submit", "--input", str(desk.folder), "--", "true"], str(desk.folder), "no file")
    desk.refuses(["submit", "--input", f"../x={scene}", "--", "true"], "inputs", "'../x'")
    desk.refuses(["submit", "--folder", "/tmp", "--input", str(scene), "--", "true"], "inputs", "folder")
    desk.denies({**NEVER_RUNS, "inputs": ["scene.txt"]}, "inputs", "'scene.txt'", "store")
    desk.denies({**NEVER_RUNS, "inputs": ["a=" + "0" * 64]}, "inputs", "store")
    desk.denies({**NEVER_RUNS, "inputs": ["a=../../../../etc/passwd"]}, "inputs", "store")


def arrays(desk):
    many = "100000"
    held = desk.submit("--tasks", many, "--held", "--name", "array", "--", "true")
    listed = desk.run("jobs").stdout
    desk.expect(re.search(rf"{held} +array .* held +0 of {many}", listed), "`jobs` lists 100,000 tasks", listed[-300:])
    desk.named(True, "`why` counts them", desk.run("why", str(held)).stdout, ["99,999 others"])
    shown = desk.run("show", str(held)).stdout
    desk.named(True, f"`show` says how many of {many} tasks it shows", shown, [f"the first 1000 of {many}"])
    running = desk.submit("--tasks", many, "--", "sleep", "0.01")
    for number in (held, running):
        ended = desk.run("cancel", str(number))
        desk.expect(ended.returncode == 0, f"`cancel {number}` of 100,000 tasks", ended.stderr)
        desk.ends(number, "cancelled")
    for tasks in ("0", "-1", "1000000000", "99999999999", "1.5", "x", ""):
        desk.refuses(["submit", "--tasks", tasks, "--", "true"], "tasks", tasks, "[1, 1000000]|whole number")


def names(desk):
    for name in ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u05e9\u05dc\u05d5\u05dd", "e\u0301\u0323", "北京渲染", "'; &amp;\"\\"):
        number = desk.submit("--held", "--name", name, "--", "true")
        desk.expect(desk.job(number)["name"] == name, f"job {number} keeps its name {name!r}", desk.job(number)["name"])
        desk.named(True, f"`show {number}` prints it", desk.run("show", str(number)).stdout, [name])
    desk.submit("--held", "--name", "长" * 66, "--", "true")
    desk.refuses(["submit", "--held", "--name", "长" * 10_000, "--", "true"], "name", "30000 bytes", "200")
    wrong = b"caf\xe9"
    for field in ("name", "key", "project", "class", "output", "folder"):
        desk.refuses(["submit", "--held", "--" + field, wrong, "--", "true"], field, "UTF-8")
    desk.refuses(["submit", "--held", "--env", b"A=" + wrong, "--", "true"], "environment", "UTF-8")
    desk.refuses(["submit", "--held", "--", "true", wrong], "command", "UTF-8")
    desk.denies(b'{"command": ["true"], "name": "caf\xe9"}', "UTF-8", "0xe9")
    desk.denies(b'{"jobs": [{"command": ["true"], "held": 1, "name": "caf\xe9"}]}', "UTF-8")
    desk.denies('{"command": ["true"], "name": "\\ud800"}', "JSON|UTF-8")
    for bad in ("\x1b]0;title\x07\x1b[31m", "a\rb", "a\n99999  forged", "\x7f\x08"):
        desk.refuses(["submit", "--held", "--name", bad, "--", "true"], "name", "control character")
    for bad in ("\x9b31m", "\u202eback\u2066", "\u061cback"):
        number = desk.submit("--held", "--name", bad, "--", "true")
        for verb in (["jobs"], ["show", str(number)], ["why", str(number)], ["jobs", "--json"], ["show", "--json", str(number)]):
            said = desk.run(*verb).stdout
            raw = re.findall(UNPRINTABLE if "--json" not in verb else r"[\x00-\x09\x0b-\x1f]", said)
            desk.expect(not raw, f"`{' '.join(verb)}` prints nothing raw of the name {bad!r}", raw)
        for words in (["submit", "--project", bad, "--", "true"], ["submit", "--class", bad, "--", "true"], ["drain", bad]):
            said = desk.run(*words).stderr
            desk.expect(not re.search(UNPRINTABLE, said), f"an error about {words!r} prints nothing raw", said)
        desk.tell("POST", f"/v1/jobs/{number}/cancel")


def environments(desk):
    count, path = ["sh", "-c", "env | grep -c ^V"], "PATH=/usr/bin:/bin"
    large = [word for k in range(1000) for word in ("--env", f"V{k}=" + "x" * 1000)]
    number = desk.submit("--wait", *large, "--", *count)
    said = desk.run("logs", str(number)).stdout
    desk.expect(said == "1000\n", "an environment of 1 MB reaches the task", said)
    desk.fails({"command": count, "environment": [path, "VERY=" + "x" * 140_000]}, "too long")
    desk.fails({"command": count, "environment": [path] + [f"V{k}=" + "x" * 1000 for k in range(3000)]}, "too long")
    desk.denies({"command": count, "environment": [f"V{k}=" + "x" * 1000 for k in range(5000)]}, "too large", "4 MB|4000000|4,000,000")
    for variable in ("WITHOUT", "=value", ""):
        desk.denies({**NEVER_RUNS, "environment": [variable]}, "environment", f"'{variable}'", "NAME=value")
        desk.refuses(["submit", "--held", "--env", variable, "--", "true"], "environment", f"'{variable}'", "NAME=value")
    for field in ("command", "environment", "outputs"):
        desk.denies({**NEVER_RUNS, field: ["A=\0b"]}, f"job: {field}", "NUL")
    desk.denies({"command": ["true"], "environment": [path, "HINTERLAND_TASK=77"]}, "environment", "HINTERLAND_TASK")
    number = desk.takes({"command": ["printenv", "HINTERLAND_TASK"], "environment": [path]})
    desk.ends(number, "done")
    said = desk.run("logs", str(number)).stdout
    desk.expect(said == "0\n", "a task is told its number", said)


def dependencies(desk):
    own = ask(desk.socket, "GET", "/v1/health")[1]["jobs"]
    desk.denies({**NEVER_RUNS, "after": [own]}, "after", str(own))
    desk.refuses(["submit", "--after", "4000000", "--", "true"], "after", "4000000")
    desk.refuses(["submit", "--after", "-1", "--", "true"], "after", "-1")
    desk.denies({**NEVER_RUNS, "after": [0.5]}, "after", "0.5", "no job's number")
    desk.denies({**NEVER_RUNS, "after": [0] * 1001}, "after", "1000")
    own = ask(desk.socket, "GET", "/v1/health")[1]["jobs"]
    cycle = [{**NEVER_RUNS, "after": [own + 1]}, {**NEVER_RUNS, "after": [own]}]
    said = desk.tell("POST", "/v1/jobs", {"jobs": cycle})[1]
    desk.expect(said.count('"error"') == 2, "of a cycle neither job is taken: each would come after one that is not there yet", said)
    first = desk.takes(NEVER_RUNS)
    second = desk.takes({"command": ["true"], "after": [first, first]})
    third = desk.takes({"command": ["true"], "after": [second, first]})
    desk.named(True, f"`why {third}` names what it waits for", desk.run("why", str(third)).stdout, [str(first), str(second)])
    desk.tell("POST", f"/v1/jobs/{first}/release")
    for number in (first, second, third):
        desk.ends(number, "done")


def limits(desk):
    wrong = {"hours": ("above 0, at most 876000", "-1 0 nan inf 1e+308"), "may_wait_hours": ("from 0 to 8760", "-1 nan inf 9000"),
             "deadline_hours": ("above 0, at most 876000", "0 -1 inf nan"), "cores": ("from 1 to 1000000", "0 -1 nan 1.5 1000001"),
             "gpus": ("from 0 to 1000000", "-1 nan inf"), "memory_gb": ("from 0 to 1000000", "-1 nan 1e+300"),
             "priority": ("from 0 to 7", "8 -1 0.5 nan x")}
    for field, (allowed, values) in wrong.items():
        option = "--" + field.replace("_", "-")
        for value in (*values.split(), ""):
            desk.refuses(["submit", "--held", option, value, "--", "true"], option, f"'{value}'", allowed)
            if value not in ("nan", "inf", "x", ""):
                desk.denies({**NEVER_RUNS, field: float(value)}, field, "out of range|whole number")
    desk.denies('{"command": ["true"], "held": 1, "hours": 1e400}', "a number that is too large")
    most = {"hours": 876_000, "may_wait_hours": 8760, "deadline_hours": 876_000, "in_gb": 1e9, "out_gb": 1e9, "late_per_hour": 1e9,
            "priority": 7}
    for field in most:  # what `hinterland fields job` allows
        desk.takes({**NEVER_RUNS, field: most[field]})
    for field, asked, said in (("cores", 3, "3 cores"), ("memory_gb", 900_000, "900000 GB"), ("gpus", 1, "1 GPU")):
        desk.denies({"command": ["true"], field: asked}, said, "guian (2 cores, 16 GB)")


def sites_files(desk):
    whole = (ROOT / "examples" / "local-sites.toml").read_text()
    place = desk.folder / "sites.toml"
    wrong = {"budget = 100": ("budget = -1", "budget = nan", "budget = inf", "budget = 1e308", 'budget = "much"', "budgett = 1"),
             "share = 2": ("share = 0", "share = -1", "share = 1.5", "share = 1001"),
             "cores = 2": ("cores = 0", "cores = -2", "cores = nan", "cores = 1.5", "cores = true"),
             "lease_s = 20": ("lease_s = 0", "lease_s = -1", "lease_s = inf", "lease_s = 1e9"),
             'site = "guian"': ('site = "guiam"', "site = 5"), 'queue = "fair"': ('queue = "unfair"',),
             "[projects.film]": ("[project.film]",), 'policy = "cheapest"': ('policy = "dearest"', "policy = 5")}
    for good, bad in wrong.items():
        for line in bad:
            place.write_text(whole.replace(good, line, 1))
            desk.refuses(["broker", "--sites", str(place), "--check"], str(place), re.split(r"[ .\]]", line.strip("["))[0])


def routes(desk):
    absent = ("GET / /v1 /v2/jobs /v1/nope /v1/jobs/0/nope /v1/jobs/0/why/more /v1/jobs/99999999 /v1/jobs/-1 /v1/jobs/4294967296 "
              "/v1/jobs/x /v1/jobs/0/log?task=-1 /v1/jobs/0/log?task=9",
              "POST /v1/nope /v1/pools/guian/nope /v1/pools/nope/drain /v1/jobs/99999999/cancel")
    other = ("PUT /v1/jobs", "DELETE /v1/jobs/0", "FOO /v1/health", "POST /v1/health /v1/cost /v1/pools /v1/jobs/0/why /v1/jobs/0",
             "GET /v1/jobs/0/cancel /v1/pools/guian/drain")
    for expected, lists, word in ((404, absent, "no such"), (405, other, "GET|POST")):
        for method, *targets in map(str.split, lists):
            for target in targets:
                status, said = desk.tell(method, target)
                desk.named(status == expected, f"{method} {target} is {expected} (got {status})", said, [word])
    for query in ("stream=x", "from=x", "from=-1", "from=99999999999999999999"):
        status, said = desk.tell("GET", f"/v1/jobs/0/log?{query}")
        desk.named(status == 400, f"log?{query} is 400 (got {status})", said, [query.split("=", maxsplit=1)[0]])
    for pool in ("nope", "no such", "", "a/b", "北京", "x\r\nY: z", "?", "%"):
        desk.refuses(["drain", pool], "no such pool")
    for job in ("99999999", "-1", "x", "4294967296", ""):
        for verb in ("show", "why", "logs", "cancel", "hold", "release", "retry"):
            desk.refuses([verb, job], "job")


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


def stops(desk, stay):
    desk.expect(desk.tell("GET", "/v1/health")[0] == 200, "after everything it answers", desk.log())
    desk.broker.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        desk.broker.wait(10)
    desk.expect(desk.broker.poll() == 0, f"SIGTERM ends it with 0, beside {len(stay)} open connections", desk.broker.poll())
    desk.kill()
    sound = desk.run("journal", "check", str(desk.journal))
    desk.expect(sound.returncode == 0 and "sound" in sound.stdout, "its journal is sound", sound.stdout + sound.stderr)
    desk.expect(not (orphans := left_over(desk.folder)), "no process of a task is left", orphans)


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-input-") as folder:
        desk = Desk(program, folder)
        desk.open()
        for part in (commands, outputs, inputs, arrays, names, environments, dependencies, limits, sites_files, routes, bodies, idle_connections):
            try:
                part(desk)
            except (OSError, ValueError, LookupError, http.client.HTTPException) as trouble:  # the broker is gone
                desk.expect(False, f"{part.__name__} comes to its end", repr(trouble))
            desk.survives(f"after {part.__name__}")
        stops(desk, cut_connections(desk))
    with tempfile.TemporaryDirectory(prefix="hinterland-crowd-") as folder:
        crowd = crowds(program, folder)
    problems = desk.problems + crowd.problems
    print(*problems, f"{desk.checks + crowd.checks} checks, {len(problems)} problems", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
