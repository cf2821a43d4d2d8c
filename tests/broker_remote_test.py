#!/usr/bin/python3
"""Pools that are other brokers: their work is done once and paid once, whatever becomes of the line, the brokers and the tokens.

    broker_remote_test.py PROGRAM

A central broker and two others, each with pools of this machine, TLS and tokens; between them lines that are cut in the midst of what is
sent, stalled, and healed. The line is cut while an input is half sent, and stalled while an output is half fetched, both for longer than
the central broker waits, so that a second attempt is alive elsewhere when it heals; a broker there and the central one get SIGKILL; a token is
revoked. Then it must show:

    nothing lost        every job is done
    published once      one attempt of each task was published, and its result is that one's
    right               every output holds what it should
    moved once          the ledgers' stretches of each object meet; and what went over the lines is that, with a margin for headers and cuts
    billed as metered   what an attempt is billed for is what the broker there metered; what moved for it is what the ledgers say
    visible             `pools`, `why` and `show` say what is wrong, what is there and what comes back
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broker_desk import Desk, run_parts, stops, verdict
from cut_line import CutLine
from deployment import ask, until
from network_desk import NetworkDesk

MB = 1_000_000
MBPS = 32  # 4 MB/s: a part is 200 kB
GRACE_S = 4
CENTRAL = """
policy = "cheapest"
lease_s = 3
lost_after_s = {grace}
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""
POOL = """
[pools.{name}]
site = "{site}"
cores = 4
broker = "https://localhost:{port}"
broker_token = "{name}.token"
broker_ca = "{name}/cert.pem"
broker_class = "frames"
link_mbps = {mbps}
"""
THERE = """
[pools.rack]
site = "guian"
cores = 4
[work.other]
class = "log-scan"
from = "shanghai"
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
[projects.lab]
"""


class Far(NetworkDesk):
    """A broker there, and the line to it."""

    def __init__(self, program, folder, central):
        folder.mkdir()
        super().__init__(program, folder)
        self.sites = self.folder / "sites.toml"
        self.sites.write_text(THERE)
        self.line = CutLine(lambda: self.port)
        self.token_file = central / f"{folder.name}.token"
        self.token_file.write_text(self.tokens["film"])

    @property
    def port(self):
        """Of its present life."""
        found = re.findall(r"https://127\.0\.0\.1:(\d+)", (self.folder / "broker.log").read_text())
        return int(found[-1])


def make(desk, name, size):
    (desk.folder / name).write_bytes(random.Random(name).randbytes(size))
    desk.inputs[name] = size


def submit(desk, names, tasks=1, leave=50_000, then="sleep 0.3"):
    """A job whose tasks leave so much of what they read, again and again, and which they are."""
    words = [f"--input={name}={desk.folder / name}" for name in names]
    job = desk.submit("--tasks", str(tasks), "--hours", "0.02", *words, "--output", "deep/out", "--", "/bin/sh", "-c",
                      f"mkdir deep; while cat {' '.join(names)}; do :; done 2> /dev/null | head -c {leave} > deep/out; echo $HINTERLAND_JOB $HINTERLAND_TASK >> deep/out; {then}")
    desk.jobs[job] = (names, tasks, leave)
    return job


def only(desk, pool):
    """What comes goes there."""
    for name in desk.far:
        desk.run("drain", name, *([] if name != pool else ["--undo"]))


def both(desk):
    for name in desk.far:
        desk.run("drain", name, "--undo")


def pool(desk, name):
    return next(row for row in ask(desk.socket, "GET", "/v1/pools")[1]["pools"] if row["name"] == name)


def task(desk, job):
    return ask(desk.socket, "GET", f"/v1/jobs/{job}")[1]["of_tasks"][0]


def waits(desk, what, claim, seconds=20):
    desk.expect(until(what, seconds), claim, ask(desk.socket, "GET", "/v1/pools")[1]["pools"])


def troubles(desk):
    return " ".join(ask(desk.socket, "GET", "/v1/health")[1]["troubles"])


def certificates_that_end_soon(desk):
    """Those here are for two days."""
    for name, far in desk.far.items():
        waits(desk, lambda name=name: abs(pool(desk, name).get("certificate_ends_ms", 0) / 1000 - time.time() - 2 * 86_400) < 600, f"`pools` says when that of {name} ends", 5)
        desk.expect(f"Pool {name}: its broker's certificate ends at " in troubles(desk), f"health says that that of {name} ends soon", troubles(desk))
        desk.expect("This broker's certificate ends at " in troubles(far), f"so does the broker of {name}", troubles(far))


def shared_inputs_and_kills(desk):
    make(desk, "scene", 4 * MB)
    make(desk, "sky", 1 * MB)
    only(desk, "b")
    other = submit(desk, ["scene", "sky"], 4)
    waits(desk, lambda: pool(desk, "b")["path"]["moved_bytes"] > 0, "inputs move to one", 10)
    desk.run("drain", "a", "--undo")
    job = submit(desk, ["scene", "sky"], 8, then="sleep 1")
    waits(desk, lambda: pool(desk, "a")["path"]["moved_bytes"] > MB and pool(desk, "b")["path"]["moved_bytes"] > MB, "inputs move to both", 10)
    desk.expect("staging" in desk.run("why", str(job)).stdout, "`why` says that they do", desk.run("why", str(job)).stdout)
    desk.kill()  # while they move
    desk.open()
    waits(desk, lambda: any("running at rack" in one.get("standing", "") for one in ask(desk.socket, "GET", f"/v1/jobs/{job}")[1]["of_tasks"]),
          "`show` says that tasks run there")
    desk.far["a"].kill()  # while tasks run
    desk.far["a"].open()
    desk.kill()
    desk.open()
    for one in (job, other):
        desk.ends(one, "done", 30)


def cut_while_a_task_runs_and_an_input_is_half_sent(desk):
    make(desk, "smoke", 6 * MB)
    only(desk, "a")
    line, before = desk.far["a"].line, pool(desk, "a")["path"]["moved_bytes"]
    long = submit(desk, ["sky"], then="sleep 60")
    waits(desk, lambda: "running" in task(desk, long).get("standing", ""), "a task runs there", 10)
    job = submit(desk, ["smoke"])
    waits(desk, lambda: pool(desk, "a")["path"]["moved_bytes"] - before > 2 * MB, "it is half sent", 10)
    line.cut_after("up", 100_000)
    waits(desk, lambda: line.state == "cut", "the line is cut in the midst of it", 5)
    both(desk)
    waits(desk, lambda: "No answer" in pool(desk, "a").get("trouble", ""), "`pools` says that it does not answer", 10)
    first, of_long = task(desk, job)["attempt"], task(desk, long)["attempt"]
    waits(desk, lambda: task(desk, job)["attempt"] > first and task(desk, job)["site"] == "b", "its task begins elsewhere when the lease is over", 10)
    waits(desk, lambda: task(desk, long)["attempt"] > of_long and "running" in task(desk, long).get("standing", ""), "so does the other, which runs there still", 10)
    desk.ends(job, "done", 20)
    line.heal()

    def is_cancelled():
        rows = ask(desk.far["a"].socket, "GET", "/v1/jobs")[1]["jobs"]
        return any(row["name"].endswith(f"-{of_long}") and row["state"] == "cancelled" for row in rows)

    waits(desk, is_cancelled, "what ran there is cancelled when it is heard again", 15)
    desk.run("cancel", str(long))
    desk.ends(long, "cancelled", 15)
    del desk.jobs[long]
    waits(desk, lambda: pool(desk, "a")["state"] == "up", "it is heard again once the line has healed", 15)
    only(desk, "a")
    again = submit(desk, ["smoke", "scene"])
    desk.ends(again, "done", 20)
    desk.expect(pool(desk, "a")["path"]["moved_bytes"] - before == 6 * MB, "what came stays, and the rest moves once", pool(desk, "a")["path"])
    both(desk)


def cut_and_stalled_while_an_output_is_half_fetched(desk):
    line = desk.far["a"].line
    only(desk, "a")
    back = pool(desk, "a")["path"]["fetched_bytes"]
    job = submit(desk, ["sky"], leave=6 * MB)
    waits(desk, lambda: pool(desk, "a")["path"]["fetched_bytes"] - back > 1 * MB, "an output is half here", 15)
    waits(desk, lambda: re.search(r"its outputs come back: \S+MB of 6MB are here", task(desk, job).get("standing", "")), "`show` says how much of it", 5)
    line.cut_after("down", 100_000)
    waits(desk, lambda: line.state == "cut", "the line is cut in the midst of it", 5)
    line.heal()
    desk.ends(job, "done", 20)
    desk.expect(pool(desk, "a")["path"]["fetched_bytes"] - back == 6 * MB + len(f"{job} 0\n"), "the rest of it came, and nothing twice", pool(desk, "a")["path"])
    desk.expect(ask(desk.socket, "GET", f"/v1/jobs/{job}")[1]["attempts"] == 1, "by the same attempt", task(desk, job))
    back = pool(desk, "a")["path"]["fetched_bytes"]
    job = submit(desk, ["sky"], leave=7 * MB)
    waits(desk, lambda: pool(desk, "a")["path"]["fetched_bytes"] - back > 1 * MB, "an output is half here", 15)
    line.stall()
    both(desk)
    first = task(desk, job)["attempt"]
    waits(desk, lambda: task(desk, job)["attempt"] > first and "there" in task(desk, job).get("standing", ""), "a second attempt is alive elsewhere", 15)
    line.heal()
    desk.ends(job, "done", 20)
    waits(desk, lambda: pool(desk, "a")["state"] == "up" and pool(desk, "a")["path"]["fetching"] == 0, "the first is given up when it is heard again", 20)


def revoked_token(desk):
    far = desk.far["a"]
    only(desk, "a")
    job = submit(desk, ["sky"], then="sleep 1")
    waits(desk, lambda: "running" in task(desk, job).get("standing", ""), "it runs there", 10)
    subprocess.run([desk.program, "token", "revoke", "film", "--file", far.file], check=True, capture_output=True)
    waits(desk, lambda: "The token is not known" in pool(desk, "a").get("trouble", ""), "`pools` says that the token is not known", 8)
    desk.expect("Pool a: " in troubles(desk) and "The token is not known" in troubles(desk), "so does health", troubles(desk))
    far.token_file.write_text(far.token("film2", "submitter", "--project", "film"))
    desk.ends(job, "done", 20)
    waits(desk, lambda: "trouble" not in pool(desk, "a"), "a new token mends it", 10)
    both(desk)


# --- the ledger, once all have stopped

def facts_of(desk):
    steps = desk.folder / "steps.jsonl"
    subprocess.run([desk.program, "journal", "export", str(desk.journal), str(steps)], check=True, capture_output=True)
    return [fact for line in steps.open() for fact in json.loads(line)["facts"]]


def ledger(folder):
    """Of moved.log: of each object its stretches, and of each attempt its bytes."""
    stretches, moved, began = {}, {}, {}
    for line in (folder / "moved.log").read_text().splitlines():
        words = line.split()
        if words[0] == "from":
            began[words[1], words[2]] = int(words[3])
        if words[0] in ("upto", "least"):
            first, last = began.pop((words[1], words[2])), int(words[3])
            stretches.setdefault(words[2], []).append((first, last))
            moved[int(words[1])] = moved.get(int(words[1]), 0) + last - first
    return stretches, moved


def results(desk):
    store = desk.attempts / "store"
    for job, (names, tasks, leave) in desk.jobs.items():
        read = b"".join((desk.folder / name).read_bytes() for name in names)
        read = (read * (leave // len(read) + 1))[:leave]
        for number in range(tasks):
            manifest = json.loads((store / "results" / str(job) / f"{number}.json").read_text())
            left = (store / "objects" / manifest["outputs"][0]["hash"]).read_bytes()
            desk.expect(left == read + b"%d %d\n" % (job, number), f"task {number} of job {job} left what it should", len(left))
            yield job, number, manifest["attempt"]


def published(desk, facts):
    """Of each task one attempt was chosen, and its result is that one's."""
    attempts, chosen, first = {}, {}, {}
    jobs = tasks = 0
    for fact in facts:
        if fact["fact"] == "accepted":
            first[jobs] = tasks
            jobs, tasks = jobs + 1, tasks + fact["job"]["tasks"]
        if fact["fact"] == "launched":
            attempts[fact["attempt"]] = fact["task"]
        if fact["fact"] == "finished" and fact["next"] == "publish":
            chosen.setdefault(attempts[fact["attempt"]], []).append(fact["attempt"])
    for job, number, attempt in results(desk):
        desk.expect(chosen.get(first[job] + number) == [attempt], f"task {number} of job {job} was published once", (chosen.get(first[job] + number), attempt))
    desk.expect(len(chosen) == sum(tasks for _, tasks, _ in desk.jobs.values()), "and nothing else was", len(chosen))
    return attempts


def metered(desk, facts):
    """What the central broker was told is what the brokers there metered, by the names of their jobs."""
    there = {}
    for name, far in desk.far.items():
        jobs, of_task, of_attempt = [], [], {}
        for fact in facts_of(far):
            if fact["fact"] == "accepted":
                jobs.append(json.loads(fact["job"]["what"])["name"])
                of_task += [jobs[-1]] * fact["job"]["tasks"]
                desk.expect(jobs.count(jobs[-1]) == 1, "each key is one job", jobs[-1])
            if fact["fact"] == "launched":
                of_attempt[fact["attempt"]] = of_task[fact["task"]]
            if fact["fact"] == "finished" and fact["cause"] not in ("host failed", "site failed", "lost", "absent"):
                attempt = int(of_attempt[fact["attempt"]].rsplit("-", 1)[1])
                there[attempt] = there.get(attempt, 0) + fact["ran"]
    billed = {fact["attempt"]: fact["ran"] for fact in facts if fact["fact"] == "finished" and fact["cause"] in ("done", "killed")}
    known = {attempt: ran for attempt, ran in billed.items() if ran}
    desk.expect(known and all(there.get(attempt) == ran for attempt, ran in known.items()), "what is billed is what was metered there", (known, there))
    print(f"{len(known)} attempts ran and were billed for {sum(known.values()) / 1000:.1f} s, as metered there; "
          f"{sum(there.values()) / 1000 - sum(known.values()) / 1000:.1f} s of others were lost with their line")


def moved(desk, facts):
    lost = {fact["attempt"] for fact in facts if fact["fact"] == "finished" and fact["cause"] in ("lost", "absent")}
    for name, far in desk.far.items():
        folder = desk.attempts / "pools" / name
        over = {}
        for way, what in (("up", "inputs"), ("down", "outputs")):
            stretches, of_attempt = ledger(folder / what)
            twice = {one: parts for one, parts in stretches.items() if any(a[1] != b[0] for a, b in zip(parts, parts[1:])) or parts[0][0] != 0}
            desk.expect(not twice, f"the stretches of {what} of {name} meet", twice)
            over[way] = sum(of_attempt.values())
            fact = "staged" if what == "inputs" else "fetched"
            said = {one["attempt"]: one[what]["moved"] for one in facts if one["fact"] == fact and one["attempt"] in of_attempt and one["attempt"] not in lost}
            desk.expect(all(of_attempt[attempt] == bytes for attempt, bytes in said.items()), f"the journal has of each attempt that was not lost what the ledger of {name} has",
                        (said, of_attempt))
        # Requests and answers: 1 kB for each part, and 2 kB a second of looking; a part and what sockets hold for each of three cuts; of what
        # was on its way when the central broker was killed, a sixteenth of an object and a part may be on nobody's account.
        for way in over:
            margin = over[way] * (0.02 + 1_000 / 200_000) + 3 * (200_000 + 300_000) * (name == "a") + (6 * MB / 16 + 200_000) * (way == "up") + 2_500 * (time.time() - desk.began)
            seen = far.line.bytes[way]
            print(f"pool {name} {way:4}: {over[way]:9} bytes in the ledger, {seen:9} on the line, {seen - over[way]:7} more, {margin:7.0f} allowed")
            desk.expect(over[way] <= seen <= over[way] + margin, f"{name}, {way}: no more went over the line", (seen, over[way], margin))


def books(desk):
    facts = facts_of(desk)
    published(desk, facts)
    metered(desk, facts)
    moved(desk, facts)
    finished = [fact for fact in facts if fact["fact"] == "finished"]
    billed = sum(fact["bill"][part] for fact in finished for part in ("energy", "capacity", "carbon", "water", "network"))
    desk.expect(billed == sum(row["total"] for row in desk.cost["rows"]), "bills are their attempts'", (billed, desk.cost["rows"]))
    faults = [fact["cause"] for fact in finished if sum(fact["bill"].values()) == 0]
    desk.expect(set(faults) <= {"lost", "absent", "host failed", "killed"}, "what its site lost nobody pays", faults)


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-remote-") as folder:
        desk = Desk(program, folder)
        desk.began, desk.inputs, desk.jobs = time.time(), {}, {}
        desk.far = {name: Far(program, desk.folder / name, desk.folder) for name in ("a", "b")}
        desk.sites = desk.folder / "sites.toml"
        desk.sites.write_text(CENTRAL.format(grace=GRACE_S) + "".join(
            POOL.format(name=name, site=site, port=desk.far[name].line.port, mbps=MBPS) for name, site in (("a", "guian"), ("b", "zhongwei"))))
        for far in desk.far.values():
            far.open()
        desk.open()
        waits(desk, lambda: all(pool(desk, name)["state"] == "up" for name in desk.far), "both are up")
        run_parts(desk, [certificates_that_end_soon, shared_inputs_and_kills, cut_while_a_task_runs_and_an_input_is_half_sent, cut_and_stalled_while_an_output_is_half_fetched,
                         revoked_token])
        desk.cost = ask(desk.socket, "GET", "/v1/cost")[1]
        for one in (desk, *desk.far.values()):
            stops(one, [])
        books(desk)
        return verdict(desk, *desk.far.values())


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    sys.exit(main())
