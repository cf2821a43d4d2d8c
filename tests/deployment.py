"""A broker with real processes in a folder of its own: begun, asked, killed, and held against its journal (check)."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TASKS_A_JOB = 10
MONEY = ("energy", "capacity", "network", "carbon", "water")  # of a bill


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.path)


def ask(path, method, target, body=None):
    connection = Unix(path)
    try:
        connection.request(method, target, body=None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def until(what, seconds=20):
    """Whether it came true in that time."""
    end = time.time() + seconds
    while time.time() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


class Deployment:
    def __init__(self, program, folder, seed):
        self.program, self.folder = program, Path(folder)
        self.socket, self.journal, self.attempts = self.folder / "s", self.folder / "journal.db", self.folder / "journal.db.d"
        self.stores = None  # where results are, if not in the folder of attempts
        self.random = random.Random(seed)
        self.sites = ROOT / "examples" / "local-sites.toml"
        self.tasks_a_job = TASKS_A_JOB
        self.broker = None
        self.acknowledged = {}
        self.lives = 0

    def begin(self, more=(), **options):
        log = (self.folder / "broker.log").open("ab")
        self.broker = subprocess.Popen([self.program, "broker", "--sites", str(self.sites), "--journal",
                                        str(self.journal), "--socket", str(self.socket), *map(str, more)], stdout=log, stderr=log, **options)
        self.lives += 1

    def heard(self, seconds=20):
        for _ in range(seconds * 50):
            if self.broker.poll() is not None:
                return False
            try:
                return ask(self.socket, "GET", "/v1/health")[0] == 200
            except OSError:
                time.sleep(0.02)
        return False

    def kill(self):
        self.broker.send_signal(signal.SIGKILL)
        self.broker.wait()

    def stop(self):
        self.broker.send_signal(signal.SIGTERM)
        assert self.broker.wait(30) == 0, "the broker did not stop cleanly"

    def submit_all(self, jobs):
        for key in range(jobs):
            spec = {"command": ["/bin/sh", "-c", f"echo {key} $HINTERLAND_TASK > out; sleep 0.0{key % 9}"], "outputs": ["out"],
                    "tasks": self.tasks_a_job, "key": f"key-{key}", "hours": 0.1, "environment": ["PATH=/usr/bin:/bin"]}
            while True:
                try:
                    status, answer = ask(self.socket, "POST", "/v1/jobs", spec)
                    if status == 201:
                        break
                    raise AssertionError(f"submission {key}: {answer}")
                except (OSError, http.client.HTTPException, ValueError):
                    time.sleep(0.01)
            self.acknowledged[key] = answer["job"]

    def all_over(self):
        try:
            jobs = ask(self.socket, "GET", "/v1/jobs")[1]["jobs"]
        except (OSError, http.client.HTTPException, ValueError):
            return False
        return all(job["state"] in ("done", "failed", "cancelled") for job in jobs)


def left_over(folder):
    """Processes that bear the mark of an attempt in this folder."""
    mark = f"HINTERLAND_ATTEMPT={folder}".encode()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if mark in (process / "environ").read_bytes():
                    found.append(int(process.name))
            except OSError:
                pass
    return found


def measured_by_runners(folder):
    """Of each attempt that ended in a pool below this folder, the milliseconds that its runner measured, and wrote down beside it."""
    ends = [path for over in ("*/over", "*/pools/*/over") for path in folder.glob(f"{over}/*/ended")]
    return {int(path.parent.name): int(path.read_text().split()[1]) for path in ends}


def all_jobs(path):
    """By number: page after page."""
    by_id, after = {}, None
    while True:
        listed = ask(path, "GET", "/v1/jobs" + ("" if after is None else f"?after={after}"))[1]
        by_id |= {job["id"]: job for job in listed["jobs"]}
        after = listed.get("next")
        if after is None:
            return by_id


def check(deployment, jobs):
    problems = []
    by_id = all_jobs(deployment.socket)
    for key, number in deployment.acknowledged.items():
        if number not in by_id:
            problems.append(f"acknowledged: job {number} of key {key} is not there")
    if len(by_id) != jobs:
        problems.append(f"acknowledged: {len(by_id)} jobs for {jobs} keys")
    for job in by_id.values():
        if job["state"] != "done" or job["done"] != deployment.tasks_a_job:
            problems.append(f"done: job {job['id']} is {job['state']}, {job['done']} of its tasks are done")
    cost = ask(deployment.socket, "GET", "/v1/cost")[1]

    # Of several folders that of the last broker: a dead one's waits for it. os.walk passes over what goes away meanwhile.
    swept = deployment.stores[-1].parent if deployment.stores else deployment.folder

    def worked():
        return [at for at, folders, _ in os.walk(swept) if "work" in folders and Path(at).parent.name == "over"]

    if not until(lambda: not worked(), 40):
        problems.append(f"swept: {len(worked())} attempts that are over still have what they worked with")
    deployment.stop()

    sound = subprocess.run([deployment.program, "journal", "check", str(deployment.journal)], capture_output=True, text=True)
    if sound.returncode != 0:
        return problems + [f"journal: {sound.stderr}"]
    steps = deployment.folder / "steps.jsonl"
    subprocess.run([deployment.program, "journal", "export", str(deployment.journal), str(steps)], check=True, capture_output=True)
    launched, done, billed, metered, ran = {}, {}, {}, {}, {}
    for line in steps.open():
        for fact in json.loads(line)["facts"]:
            if fact["fact"] == "launched":
                launched[fact["attempt"]] = fact["task"]
            elif fact["fact"] == "done":
                if fact["task"] in done:
                    problems.append(f"done: task {fact['task']} is done twice")
                done[fact["task"]] = None
            elif fact["fact"] == "finished":
                if fact["next"] == "publish":
                    if launched[fact["attempt"]] in metered:
                        problems.append(f"done: task {launched[fact['attempt']]} has two attempts that were to be published")
                    metered[launched[fact["attempt"]]] = fact["attempt"]
                    ran[fact["attempt"]] = fact["ran"]
                elif any(fact["bill"].values()):
                    problems.append(f"bills: attempt {fact['attempt']} left no result, ended with {fact['cause']}, and was billed")
                for part, value in fact["bill"].items():
                    billed[part] = billed.get(part, 0) + value
    # What its runner measured, and wrote down beside it.
    measured = measured_by_runners(deployment.folder)
    wrong = {attempt: (ms, measured.get(attempt)) for attempt, ms in ran.items() if ms != measured.get(attempt)}
    if wrong:
        problems.append(f"bills: of {len(wrong)} attempts another time is billed than their runners measured, such as {list(wrong.items())[:3]}")
    key_of = {number: key for key, number in deployment.acknowledged.items()}
    for task, attempt in metered.items():
        job = task // deployment.tasks_a_job
        place = Path("results") / str(job) / f"{task % deployment.tasks_a_job}.json"
        store = next((one for one in deployment.stores or [deployment.attempts / "store"] if (one / place).exists()), None)
        if store is None:
            problems.append(f"done: task {task} has no result")
            continue
        manifest = store / place
        result = json.loads(manifest.read_text())
        kept = [(store / "objects" / one["hash"]).read_text() for one in result["outputs"]]
        if kept != [f"{key_of[job]} {task % deployment.tasks_a_job}\n"]:
            problems.append(f"done: task {task} left {kept}")
        if result["attempt"] != attempt:
            problems.append(f"done: task {task} is attempt {attempt}'s, and attempt {result['attempt']} is published")
    if len(done) != jobs * deployment.tasks_a_job:
        problems.append(f"done: {len(done)} tasks of {jobs * deployment.tasks_a_job}")
    names = {"kg": "kg_co2"}
    said_of = {part: sum(row[names.get(part, part)] for row in cost["rows"]) for part in billed}
    for part, value in billed.items():
        said = said_of[part]
        if said != value:
            problems.append(f"bills: {part} is {value} by the journal's attempts and {said} by `cost`")
    if orphans := left_over(deployment.folder):
        problems.append(f"orphans: {orphans}")
    lost = len(set(deployment.acknowledged.values()) - set(by_id))
    print(f"{len(launched)} attempts of {len(done)} tasks, {deployment.lives} lives of the broker")
    print(f"ledger: {len(deployment.acknowledged)} jobs acknowledged, {lost} lost; {len(metered)} results, "
          f"{sum(problem.startswith('done: task') and 'twice' in problem for problem in problems)} twice; {len(ran)} meters, {len(wrong)} other "
          f"than the runners'; billed by attempts {sum(billed.get(part, 0) for part in MONEY)}, by `cost` {sum(row['total'] for row in cost['rows'])}")
    return problems
