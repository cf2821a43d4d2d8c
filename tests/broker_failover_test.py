#!/usr/bin/python3
"""Two brokers with one PostgreSQL: one leads, the other takes over.

    broker_failover_test.py PROGRAM

Under load. Both are of one machine and one folder of attempts. A client repeats each submission, by its key, at both sockets until one
acknowledges it. The leader is killed; the next is frozen (SIGSTOP); the third is cut off from the database. Each time the other must
answer within TAKE_OVER_S, and in the end all that broker_kill_test.py asks for must hold: nothing acknowledged is lost, no task is
done twice, what is published is of the attempt that the journal calls done, bills are as metered, no process is left. Besides:

    frozen    its successor ends it before anything is begun in the folder that both use
    cut off   it ends by itself, with status 3

Asleep. Each has a folder of its own, and jobs that are held, so that nothing but the database is between them. The leader is frozen for
longer than its lease, and wakes: it must end with status 3, must not answer what it was asked meanwhile, and must not have written.

Elsewhere. Each has a folder of its own, and a task runs when the leader is killed. Its successor cannot find that attempt: it must not
begin another before the lease of the first has ended it.

Woken. Each has a folder of its own, under load. The leader is frozen, with tasks of its own that run; the other takes over and works; then the
first wakes. It must end with status 3, and the same ledger must hold, of both folders: no result is in both.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deployment import TASKS_A_JOB, Deployment, Unix, ask, check, until
from postgres_desk import Server, Wire

TAKE_OVER_S = 10
LEASE_S = 8  # of a pool, and longer than a broker's: the old attempt lives when the new broker leads
SITES = """
lease_s = 20
lost_after_s = 20
[pools.guian]
site = "guian"
cores = 8
[pools.helin]
site = "guian"
cores = 8
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""
OVERTAKEN = "Another broker has taken over."


class Brokers(Deployment):
    """Those of one database, by name; self.broker is the one that leads."""

    def __init__(self, program, folder, url):
        super().__init__(program, folder, 1)
        self.journal, self.attempts = url, self.folder / "attempts"
        self.sites = self.folder / "sites.toml"
        self.sites.write_text(SITES)
        self.running, self.told_before, self.problems = {}, {}, []

    def begin(self, name, url=None, attempts=None):
        log = (self.folder / f"{name}.log").open("ab")
        self.told_before[name] = log.tell()
        self.running[name] = subprocess.Popen(
            [self.program, "broker", "--sites", str(self.sites), "--journal", url or self.journal, "--socket",
             str(self.folder / name), "--folder", str(attempts or self.attempts)], stdout=log, stderr=log)
        self.lives += 1

    def end_all(self):
        for one in self.running.values():
            one.kill()
            one.wait()

    def log(self, name):
        """Of its present life."""
        return (self.folder / f"{name}.log").read_bytes()[self.told_before[name]:].decode()

    def heard_at(self, name):
        try:
            return ask(self.folder / name, "GET", "/v1/health")[0] == 200
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def leads(self, name, since, why):
        """Waits until it answers, as the leader."""
        while not self.heard_at(name) and time.monotonic() - since < 2 * TAKE_OVER_S and self.running[name].poll() is None:
            time.sleep(0.02)
        took = time.monotonic() - since
        print(f"{self.folder.name}: {why}: {name} answers after {took:.1f} s")
        if not self.heard_at(name) or took > TAKE_OVER_S:
            self.problems.append(f"take-over: {why}, {name} takes {took:.1f} s: {self.log(name)[-500:]}")
        self.socket, self.broker = self.folder / name, self.running[name]

    def expect(self, good, claim):
        if not good:
            self.problems.append(claim)

    def waits(self, name):
        """It is a standby, says for whom it waits, and does not listen."""
        for _ in range(500):
            if "leads; waiting to take over." in self.log(name):
                return self.expect(not (self.folder / name).is_socket() or not self.heard_at(name), f"standby: {name} answers")
            time.sleep(0.02)
        self.problems.append(f"standby: {name} does not say for whom it waits: {self.log(name)[-500:]}")

    def ended(self, name, status, words):
        try:
            got = self.running[name].wait(20)
        except subprocess.TimeoutExpired:
            got = "none"
        self.expect(got == status, f"end: {name} ended with status {got}, not {status}: {self.log(name)[-500:]}")
        self.expect(words in self.log(name), f"end: {name} does not say {words!r}: {self.log(name)[-500:]}")

    def submit_until(self, enough, key=0, names=("a", "b")):
        while not enough.is_set():
            spec = {"command": ["/bin/sh", "-c", f"echo {key} $HINTERLAND_TASK > out; sleep 0.{key % 9}"], "outputs": ["out"],
                    "tasks": TASKS_A_JOB, "key": f"key-{key}", "hours": 0.1, "environment": ["PATH=/usr/bin:/bin"]}
            while key not in self.acknowledged:
                for name in names:
                    try:
                        status, answer = ask(self.folder / name, "POST", "/v1/jobs", spec)
                    except (OSError, http.client.HTTPException, ValueError):
                        time.sleep(0.01)
                        continue
                    if status == 201:
                        self.acknowledged[key] = answer["job"]
                        break
                    self.problems.append(f"submission {key}: {answer}")
            key += 1
            time.sleep(0.25)


def under_load(brokers, folder, server):
    wire = Wire(server, folder / "wire")
    brokers.begin("a")
    brokers.leads("a", time.monotonic(), "the first")
    brokers.begin("b")
    brokers.waits("b")
    enough = threading.Event()
    client = threading.Thread(target=brokers.submit_until, args=(enough,), daemon=True)
    client.start()

    time.sleep(2)
    brokers.running["a"].kill()
    brokers.running["a"].wait()
    brokers.leads("b", time.monotonic(), "SIGKILL")
    brokers.begin("a", server.url("under_load", wire.folder))
    brokers.waits("a")

    time.sleep(2)
    brokers.running["b"].send_signal(signal.SIGSTOP)
    brokers.leads("a", time.monotonic(), "SIGSTOP")
    brokers.ended("b", -signal.SIGKILL, "")
    brokers.begin("b")
    brokers.waits("b")

    time.sleep(2)
    wire.cut()
    brokers.leads("b", time.monotonic(), "cut off")
    brokers.ended("a", 3, "it has said nothing for")

    time.sleep(1)
    enough.set()
    client.join(30)
    until(brokers.all_over, 30)
    jobs = len(brokers.acknowledged)
    print(f"{jobs} jobs acknowledged")
    return brokers.problems + check(brokers, jobs)


def asleep(brokers, folder, server):
    brokers.begin("a", attempts=folder / "of-a")
    brokers.leads("a", time.monotonic(), "the first")
    brokers.begin("b", attempts=folder / "of-b")
    brokers.waits("b")
    held = {"command": ["true"], "held": 1, "environment": ["PATH=/usr/bin:/bin"]}
    for key in range(20):
        brokers.expect(ask(brokers.socket, "POST", "/v1/jobs", {**held, "key": f"key-{key}"})[0] == 201, "asleep: not taken")
    brokers.running["a"].send_signal(signal.SIGSTOP)
    began = time.monotonic()
    asked = []
    for method, target, body in (("POST", "/v1/jobs", json.dumps({**held, "key": "asleep"})), ("GET", "/v1/jobs", None)):
        connection = Unix(folder / "a")
        connection.request(method, target, body=body)
        asked.append((method, connection))
    brokers.leads("b", began, "SIGSTOP")
    brokers.expect(ask(brokers.socket, "POST", "/v1/jobs", {**held, "key": "awake"})[0] == 201, "asleep: not taken after it")
    steps = lambda: server.sql("SELECT count(*), max(number), sum(checksum) FROM steps", "asleep").stdout
    before = steps()
    brokers.running["a"].send_signal(signal.SIGCONT)
    brokers.ended("a", 3, OVERTAKEN)
    brokers.expect(steps() == before != "", f"asleep: the journal was {before}, and is {steps()} after it woke")
    for method, connection in asked:
        try:
            answer = connection.getresponse()
            brokers.problems.append(f"asleep: {method} was answered with {answer.status}: {answer.read()[:200]}")
        except (OSError, http.client.HTTPException):
            pass
    listed = ask(brokers.socket, "GET", "/v1/jobs")[1]["jobs"]
    brokers.expect(len(listed) == 21, f"asleep: {len(listed)} jobs of 21")
    # Who only reads needs no lead; who would write is refused, and so is a broker that would not know where to work.
    run = lambda *words: subprocess.run([brokers.program, *words], capture_output=True, text=True)
    read = run("journal", "check", brokers.journal)
    brokers.expect(read.returncode == 0 and "sound" in read.stdout, f"check beside a leader: {read}")
    exported = run("journal", "export", brokers.journal, str(folder / "steps.jsonl"))
    brokers.expect(exported.returncode == 0, f"export beside a leader: {exported}")
    settled = run("settle", "--journal", brokers.journal, "--format", "json")
    brokers.expect(settled.returncode == 0, f"settle beside a leader: {settled}")
    said = sum(row["total"] for row in ask(brokers.socket, "GET", "/v1/cost")[1]["rows"])
    brokers.expect(json.loads(settled.stdout)["billed"]["total"] == said, f"settle beside a leader: {settled.stdout:.300}, and cost says {said}")
    imported = run("journal", "import", str(folder / "steps.jsonl"), brokers.journal)
    brokers.expect(imported.returncode == 2 and "leads it" in imported.stderr, f"import beside a leader: {imported}")
    nowhere = run("broker", "--sites", str(brokers.sites), "--journal", brokers.journal, "--socket", str(folder / "c"))
    brokers.expect(nowhere.returncode == 2 and "--folder" in nowhere.stderr, f"without --folder: {nowhere}")
    # A standby that is told to stop stops; a leader that is gives its lead up at once.
    brokers.begin("a", attempts=folder / "of-a")
    brokers.waits("a")
    brokers.running["a"].send_signal(signal.SIGTERM)
    brokers.ended("a", 0, "leads; waiting to take over.")
    brokers.begin("a", attempts=folder / "of-a")
    brokers.waits("a")
    began = time.monotonic()
    brokers.running["b"].send_signal(signal.SIGTERM)
    brokers.ended("b", 0, "stopped, and all that was taken is kept.")
    brokers.leads("a", began, "SIGTERM")
    brokers.expect(time.monotonic() - began < 4, "a lead that was given up is not taken at once")
    brokers.stop()
    return brokers.problems


def run_part(part, program, root, server):
    folder = root / part.__name__
    folder.mkdir()
    server.sql(f"CREATE DATABASE {part.__name__}")
    brokers = Brokers(program, folder, server.url(part.__name__))
    try:
        return part(brokers, folder, server)
    except (OSError, ValueError, LookupError, http.client.HTTPException) as trouble:  # a broker is gone
        logs = {name: brokers.log(name)[-500:] for name in brokers.running}
        return [*brokers.problems, f"{part.__name__}: {trouble!r}: {logs}"]
    finally:
        brokers.end_all()


def goes_on_where_it_is(brokers, folder):
    """What had ended on the first, which was frozen before it had published that, waits for the folder in which it is."""
    brokers.begin("a", attempts=folder / "of-a")
    brokers.waits("a")
    began = time.monotonic()
    brokers.running["b"].send_signal(signal.SIGTERM)
    brokers.ended("b", 0, "stopped, and all that was taken is kept.")
    brokers.leads("a", began, "SIGTERM")
    brokers.stores.reverse()
    brokers.expect(until(brokers.all_over, 20), "woken: what waited for its folder is not done when that is back")


def woken(brokers, folder, _):
    brokers.sites.write_text(SITES.replace("= 20", f"= {LEASE_S}"))
    brokers.stores = [folder / name / "store" for name in ("of-a", "of-b")]
    brokers.begin("a", attempts=folder / "of-a")
    brokers.leads("a", time.monotonic(), "the first")
    brokers.begin("b", attempts=folder / "of-b")
    brokers.waits("b")
    enough = threading.Event()
    clients = [threading.Thread(target=brokers.submit_until, args=(enough,), daemon=True),
               threading.Thread(target=brokers.submit_until, args=(enough, 1000, ("b",)), daemon=True)]
    clients[0].start()
    time.sleep(3)
    brokers.running["a"].send_signal(signal.SIGSTOP)
    brokers.leads("b", time.monotonic(), "SIGSTOP")
    clients[1].start()
    time.sleep(2)
    brokers.running["a"].send_signal(signal.SIGCONT)
    brokers.ended("a", 3, OVERTAKEN)
    time.sleep(1)
    enough.set()
    for client in clients:
        client.join(30)
    if not until(brokers.all_over, 20):
        goes_on_where_it_is(brokers, folder)
    problems = brokers.problems + check(brokers, len(brokers.acknowledged))
    results = [{str(path.relative_to(store)) for path in store.glob("results/*/*.json")} for store in brokers.stores]
    print(f"woken: {len(results[0])} results of the first, {len(results[1])} of the other")
    if both := results[0] & results[1]:
        problems.append(f"woken: in both folders: {sorted(both)[:3]}")
    if not all(results):
        problems.append(f"the test: one of the brokers did nothing: {[len(one) for one in results]}")
    return problems


def elsewhere(brokers, folder, _):
    brokers.sites.write_text(SITES.replace("= 20", f"= {LEASE_S}"))
    said = folder / "said"
    brokers.begin("a", attempts=folder / "of-a")
    brokers.leads("a", time.monotonic(), "the first")
    brokers.begin("b", attempts=folder / "of-b")
    brokers.waits("b")
    command = f"while :; do echo $HINTERLAND_ATTEMPT $(date +%s.%N) >> {said}; sleep 0.1; done"
    job = {"command": ["/bin/sh", "-c", command], "hours": 0.1, "environment": ["PATH=/usr/bin:/bin"]}
    brokers.expect(ask(brokers.socket, "POST", "/v1/jobs", job)[0] == 201, "elsewhere: not taken")
    while not said.exists():
        time.sleep(0.02)
    time.sleep(LEASE_S / 2)  # until it is known to run, and the lease was extended
    began = time.monotonic()
    brokers.running["a"].kill()
    brokers.leads("b", began, "SIGKILL")

    def times_by_folder():
        times = {}
        for line in said.read_text().splitlines():
            attempt, when = line.split()
            times.setdefault(Path(attempt).parents[2].name, []).append(float(when))
        return times

    while len(times_by_folder()) < 2 and time.monotonic() - began < 10 + 4 * LEASE_S:
        time.sleep(0.1)
    time.sleep(0.5)  # in which the first would be heard again, if it still ran
    times = times_by_folder()
    brokers.expect(list(times) == ["of-a", "of-b"], f"elsewhere: attempts ran in {list(times)}")
    if len(times) == 2:
        apart = min(times["of-b"]) - max(times["of-a"])
        print(f"elsewhere: the second attempt began {apart:.1f} s after the first had ended")
        brokers.expect(apart > 0, "elsewhere: two attempts of one task ran at once")
    ask(brokers.socket, "POST", "/v1/jobs/0/cancel")
    until(brokers.all_over, 10)
    brokers.stop()
    return brokers.problems


def main():
    program = str(Path(sys.argv[1]).resolve())
    problems = []
    with tempfile.TemporaryDirectory(prefix="hinterland-failover-") as name:
        os.chmod(name, 0o755)
        with Server(Path(name) / "pg") as server:
            with ThreadPoolExecutor() as both:
                for found in both.map(lambda part: run_part(part, program, Path(name), server), (asleep, elsewhere, woken, under_load)):
                    problems += found
    for problem in problems[:20]:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
