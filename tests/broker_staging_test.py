#!/usr/bin/python3
"""Inputs that are moved to a pool somewhere else: each byte goes over its path once, whoever is killed, cancelled or held when.

    broker_staging_test.py PROGRAM

A real broker, and a pool whose folder is on "another side" with a path of 8 megabits a second. Twenty tasks read the same; the
broker is killed while that moves and begun again; jobs are cancelled, held and drained away while theirs does. Then it must show:

    once       every byte of every input went over the path once: the ledger's stretches of an object meet, and none overlap
    journal    what the journal has of the attempts is what the ledger has
    billed     nobody paid for more than an input weighs, and one that was there cost nothing
    pace       in no second did more move than the path may carry
    visible    `jobs`, `show`, `why`, `pools` and /metrics say that it moves, how far it is, and when it will be there
    whole      every task read what was submitted
"""

import hashlib
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
from deployment import ask, until

MB = 1_000_000
MBPS = 8
SITES = """
policy = "cheapest"
lease_s = 8
lost_after_s = 10
[pools.zhongwei]
site = "zhongwei"
cores = 24
folder = "{other}"
link_mbps = {mbps}
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
[projects.lab]
"""


def make(desk, name, size):
    (desk.folder / name).write_bytes(random.Random(name).randbytes(size))
    desk.inputs[name] = size


def submit(desk, names, tasks=1, project="film"):
    """A job whose tasks say what they read."""
    words = [f"--input={name}={desk.folder / name}" for name in names]
    return desk.submit("--project", project, "--tasks", str(tasks), "--hours", "0.05", *words, "--output", "out", "--",
                       "/bin/sh", "-c", f"/usr/bin/cat {' '.join(names)} | /usr/bin/sha256sum > out")


def shown(desk, job):
    return json.loads(desk.run("show", str(job), "--json").stdout)


def path(desk):
    return ask(desk.socket, "GET", "/v1/pools")[1]["pools"][0]["path"]


def moves(desk, job, here, seconds=20):
    """Waits until so many bytes of a job's inputs are there, and it is still staging."""
    def far_enough():
        row = desk.job(job)
        return "staging" in row and row["staging"]["here_bytes"] >= here
    desk.expect(until(far_enough, seconds), f"job {job} is staging, with {here} bytes there", desk.job(job))


def right(desk, job, names, tasks):
    whole = hashlib.sha256(b"".join((desk.folder / name).read_bytes() for name in names)).hexdigest()
    store = desk.attempts / "store"
    for task in range(tasks):
        manifest = store / "results" / str(job) / f"{task}.json"
        said = ""
        if manifest.exists():
            said = (store / "objects" / json.loads(manifest.read_text())["outputs"][0]["hash"]).read_text()
        desk.expect(said.startswith(whole), f"task {task} of job {job} read what was submitted", said)


def twenty_tasks_and_a_kill(desk):
    make(desk, "scene", 4 * MB)
    make(desk, "sky", 2 * MB)
    job = submit(desk, ["scene", "sky"], 20)
    moves(desk, job, 1 * MB)
    tasks = shown(desk, job)["of_tasks"]
    desk.expect({task["phase"] for task in tasks} == {"staging"}, "all its tasks are staging", tasks[:2])
    first = tasks[0]["staging"]
    desk.expect(all(task["staging"]["bytes_per_s"] > 0 for task in tasks), "also for those who wait for what others move", tasks[5])
    desk.expect(first["needed_bytes"] == 6 * MB and first["bytes_per_s"] > 0 and "whole_ms" in first,
                "`show` says how much there is, how fast it comes and when all is there", first)
    desk.expect(re.search(r"on their way to zhongwei: \S+B of 6MB are there, and \S+B more a second", " ".join(desk.run("why", str(job)).stdout.split())),
                "`why` says so in words", desk.run("why", str(job)).stdout)
    desk.expect("20 staging: " in desk.run("jobs").stdout, "`jobs` says so", desk.run("jobs").stdout)
    desk.expect("20 tasks staging" in desk.run("pools").stdout, "`pools` says so", desk.run("pools").stdout)
    metrics = desk.tell("GET", "/metrics")[1]
    desk.expect('hinterland_pool_staging_attempts{pool="zhongwei"} 20' in metrics, "/metrics says so", metrics[-300:])
    desk.kill()
    at_kill = sum((desk.other / "inputs" / f"{one}.part").stat().st_size for one in hashes(desk, ["scene", "sky"]) if
                  (desk.other / "inputs" / f"{one}.part").exists())
    desk.expect(at_kill >= 0.9 * MB, "what came by then is there after a kill", at_kill)
    desk.open()
    from_there, began = path(desk)["moved_bytes"], time.time()
    samples = []
    while desk.job(job)["state"] not in ("done", "failed") and time.time() < began + 60:
        samples.append((time.time(), path(desk)["moved_bytes"]))
        time.sleep(0.1)
    desk.expect(samples[0][1] >= at_kill, "the ledger knows of it in the next life", (samples[0], at_kill))
    rate = MBPS * MB / 8
    too_fast = [(b[1] - a[1], b[0] - a[0]) for k, a in enumerate(samples) for b in samples[k + 10:k + 40]
                if b[1] - a[1] > rate * (b[0] - a[0] + 1.5)]  # what is said may be half a second old, and more on a busy machine
    desk.expect(not too_fast, "no more moves than the path may carry", too_fast[:3])
    desk.ends(job, "done", 30)
    desk.expect(path(desk)["moved_bytes"] == 6 * MB, "twenty tasks moved what they read once, through a kill", (from_there, path(desk)))
    right(desk, job, ["scene", "sky"], 20)
    again = submit(desk, ["sky", "scene"], 3, "lab")
    desk.ends(again, "done", 20)
    desk.expect(path(desk)["moved_bytes"] == 6 * MB, "what is there is not moved again", path(desk))
    cost = {row["project"]: row for row in ask(desk.socket, "GET", "/v1/cost")[1]["rows"]}
    desk.expect(cost["lab"]["moved_bytes"] == 0 and cost["lab"]["network"] == 0, "and costs nothing", cost["lab"])
    # What moved for attempts that ended with the killed broker is its site's expense.
    desk.expect(0 < cost["film"]["moved_bytes"] <= 6 * MB - at_kill, "the others paid for the rest of it once", cost["film"])


def cancelled(desk):
    make(desk, "lights", 3 * MB)
    before = path(desk)["moved_bytes"]
    job = submit(desk, ["lights"], 2)
    moves(desk, job, 1 * MB)
    desk.run("cancel", str(job))
    desk.ends(job, "cancelled", 5)
    came = path(desk)["moved_bytes"] - before
    time.sleep(1)
    desk.expect(path(desk)["moved_bytes"] - before == came < 3 * MB, "a cancelled job gives back the path at once", (came, path(desk)))
    after = submit(desk, ["lights"])
    desk.ends(after, "done", 20)
    desk.expect(path(desk)["moved_bytes"] - before == 3 * MB, "the next one moves the rest", path(desk))
    right(desk, after, ["lights"], 1)


def held_and_drained(desk):
    make(desk, "smoke", 3 * MB)
    before = path(desk)["moved_bytes"]
    job = submit(desk, ["smoke", "scene"], 4)
    moves(desk, job, 5 * MB)
    desk.run("hold", str(job))
    desk.expect(until(lambda: desk.job(job)["state"] == "held", 5), "a held job stops staging", desk.job(job))
    desk.run("release", str(job))
    moves(desk, job, 5.5 * MB)
    desk.run("drain", "zhongwei")
    desk.expect(until(lambda: path(desk)["staging"] == 0, 5), "nothing is moved to a drained pool", path(desk))
    desk.run("drain", "zhongwei", "--undo")
    desk.ends(job, "done", 30)
    desk.expect(path(desk)["moved_bytes"] - before == 3 * MB, "what was moved before a hold and a drain is not moved again", path(desk))
    right(desk, job, ["smoke", "scene"], 4)


def hashes(desk, names):
    return [hashlib.blake2b((desk.folder / name).read_bytes(), digest_size=32).hexdigest() for name in names]


def ledger(folder):
    """Of moved.log: of each object its stretches, and of each attempt its bytes."""
    stretches, moved, began = {}, {}, {}
    for line in (folder / "moved.log").read_text().splitlines():
        words = line.split()
        if words[0] == "from":
            began[words[1], words[2]] = int(words[3])
        if words[0] == "upto":
            first, last = began.pop((words[1], words[2])), int(words[3])
            stretches.setdefault(words[2], []).append((first, last))
            moved[int(words[1])] = moved.get(int(words[1]), 0) + last - first
    return stretches, moved


def books(desk):
    """Once the broker has stopped."""
    stretches, moved = ledger(desk.other / "inputs")
    names = dict(zip(hashes(desk, desk.inputs), desk.inputs))
    print("object    bytes    stretches over the path")
    for one, parts in stretches.items():
        size, at = desk.inputs[names[one]], 0
        for first, last in parts:
            desk.expect(first == at, f"the stretches of {names[one]} meet", parts)
            at = last
        desk.expect(at == size, f"all of {names[one]} moved", parts)
        print(f"{names[one]:8} {size:8}  " + ", ".join(f"{first}-{last}" for first, last in parts if last > first))
    total, distinct = sum(moved.values()), sum(desk.inputs.values())
    print(f"{total} bytes over the path, {distinct} in {len(desk.inputs)} distinct inputs")
    desk.expect(total == distinct and len(stretches) == len(desk.inputs), "bytes over the path are those of the distinct inputs, once",
                (total, distinct))
    steps = desk.folder / "steps.jsonl"
    subprocess.run([desk.program, "journal", "export", str(desk.journal), str(steps)], check=True, capture_output=True)
    said = {}
    for line in steps.open():
        for fact in json.loads(line)["facts"]:
            if fact["fact"] == "staged":
                said[fact["attempt"]] = fact["inputs"]["moved"]
    known = {attempt: bytes for attempt, bytes in moved.items() if bytes}
    desk.expect({attempt: bytes for attempt, bytes in said.items() if bytes} == known,
                "the journal has of each attempt what the ledger has", (said, moved))


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-staging-") as folder:
        desk = Desk(program, folder)
        desk.inputs, desk.other = {}, desk.folder / "other"
        desk.sites = desk.folder / "sites.toml"
        desk.sites.write_text(SITES.format(other=desk.other, mbps=MBPS))
        desk.open()
        run_parts(desk, [twenty_tasks_and_a_kill, cancelled, held_and_drained])
        stops(desk, [])
        books(desk)
        return verdict(desk)


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    sys.exit(main())
