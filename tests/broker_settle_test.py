#!/usr/bin/python3
"""A broker with pools of different owners, real tasks, and then the bill: what `settle`, `record` and `verify` make of its journal.

    broker_settle_test.py PROGRAM

    bill       what `settle` says was billed, by part, project and pool, is what the broker's own `cost` says; so do FOCUS and CSV
    balance    all statements together come to zero, and every owner and carrier that had work has one
    deals      other owners in the sites file get what is begun from then on, and nothing of before
    record     is the same each time, verifies offline, holds no value of a variable; what is changed, cut or another's does not
"""

import csv
import io
import json
import stat
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from broker_desk import Desk, verdict

SITES = """policy = "least-loaded"
lease_s = 20
lost_after_s = 30

[pools.guian]
site = "guian"
cores = 2
basis = "rented"
rate_per_server_hour = 20
owner = "{owner}"
carrier = "West Line"

[pools.zhongwei]
site = "zhongwei"
cores = 2
basis = "rented"
rate_per_server_hour = 30
owner = "Ningxia Compute"
carrier = "North Line"

[work.frames]
class = "film-render"
from = "shanghai"

[projects.film]
[projects.lab]
"""
PARTS = ("energy", "capacity", "network", "carbon", "water")
SECRET = "correct-horse-battery"


class Office(Desk):
    def __init__(self, program, folder):
        super().__init__(program, folder)
        self.sites = self.folder / "sites.toml"
        self.owner("Guizhou Racks")

    def owner(self, name):
        self.sites.write_text(SITES.format(owner=name), encoding="utf-8")

    def work(self, project, tasks):
        number = self.takes({"command": ["/bin/sh", "-c", "sleep 0.4; echo $HINTERLAND_TASK > out"], "outputs": ["out"], "tasks": tasks, "hours": 0.1,
                             "project": project, "in_gb": 0.5, "environment": ["PATH=/usr/bin:/bin", f"TOKEN={SECRET}"]})
        self.ends(number, "done", 60)
        return number

    def cost(self):
        return json.loads(self.tell("GET", "/v1/cost")[1])["rows"]

    def settle(self, *words):
        return self.run("settle", "--journal", str(self.journal), *words)

    def settled(self, *words):
        answer = self.settle("--format", "json", *words)
        self.expect(answer.returncode == 0, f"settle {words} is answered", answer.stderr)
        return json.loads(answer.stdout)

    def same(self, said, true, claim):
        self.expect(said == true, claim, f"{said} and {true}")


def totals(settled, role):
    return {one["name"]: one["total"] for one in settled["statements"] if one["role"] == role}


def bills(desk, cost):
    settled = desk.settled()
    desk.same(settled["balance"], 0, "all parties balance")
    desk.same(sum(one["total"] for one in settled["statements"]), 0, "the statements add up to nothing")
    desk.same(settled["billed"]["total"], sum(row["total"] for row in cost), "what is billed is what the broker says")
    desk.expect(settled["billed"]["total"] > 0, "something is billed", settled)
    for part in (*PARTS, "kwh", "litres"):
        desk.same(settled["billed"][part], sum(row[part] for row in cost), f"{part} is what the broker says")
    hours = sum(row["server_hours"] for row in cost)
    desk.expect(abs(settled["billed"]["server_hours"] / 1e6 - hours) < 1e-5, "so are server-hours", (settled["billed"], hours))
    for name, total in totals(settled, "project").items():
        desk.same(-total, sum(row["total"] for row in cost if row["project"] == name), f"project {name} owes what the broker took")
    for pool in {row["site"] for row in cost}:
        paid = sum(line["total"] for one in settled["statements"] if one["role"] != "project" for line in one["lines"] if line["pool"] == pool)
        desk.same(paid, sum(row["total"] for row in cost if row["site"] == pool), f"for {pool} is paid what the broker says")
    for job in settled["jobs"]:
        desk.same(sum(one["money"] for one in job["paid"]), job["total"], f"job {job['job']} is paid to somebody")
        desk.expect(job["quote"]["p50"] <= job["quote"]["p90"] <= job["quote"]["most"], f"job {job['job']} was quoted", job)
        desk.expect(0 < job["total"] <= job["quote"]["most"], f"job {job['job']} is billed no more than it could cost", job)
    return settled


def exports(desk, settled):
    rows = list(csv.DictReader(io.StringIO(desk.settle("--format", "focus", "--issuer", "House").stdout)))
    desk.same(sum(Decimal(row["BilledCost"]) for row in rows), Decimal(settled["billed"]["total"]) / 1_000_000, "FOCUS rows come to the bill")
    desk.expect({row["PublisherName"] for row in rows} == {"Guizhou Racks", "Ningxia Compute", "West Line", "North Line"}, "FOCUS says who is paid", rows[:2])
    lines = list(csv.DictReader(io.StringIO(desk.settle("--format", "csv").stdout)))
    desk.same(sum(Decimal(line["total"]) for line in lines), 0, "the lines of the CSV come to zero")
    one = desk.settled("--project", "lab", "--party", "Ningxia Compute")
    desk.same([statement["name"] for statement in one["statements"]], ["Ningxia Compute"], "a party's own statement")
    page = desk.folder / "page.html"
    answer = desk.settle("--report", str(page))
    desk.expect(answer.returncode == 0 and "Settlement" in page.read_text(encoding="utf-8"), "there is a page", answer.stderr)
    answer = desk.settle("--from", "2001-01-01", "--to", "2001-02-01T00:00Z")
    desk.expect("Nothing" in answer.stdout, "nothing ended in 2001", answer.stdout)
    for words, part in ((["--party", "Ningxia"], "--party"), (["--project", "x"], "--project"), (["--from", "soon"], "--from"),
                        (["--from", "2026-02-30"], "--from"), (["--to", "2001-01-01", "--from", "2002-01-01"], "--to")):
        desk.refuses(["settle", "--journal", str(desk.journal), *words], part)


def records(desk, job):
    key, run = desk.folder / "house.key", desk.folder / "run.json"
    answer = desk.run("key", "new", "--out", str(key))
    desk.expect(answer.returncode == 0 and stat.S_IMODE(key.stat().st_mode) == 0o600, "a key is made, for its owner alone", answer.stderr)
    before = key.read_bytes()
    desk.refuses(["key", "new", "--out", str(key)], "already")
    desk.same(key.read_bytes(), before, "no key is written over")
    words = ["record", str(job), "--journal", str(desk.journal), "--key", str(key)]
    answer = desk.run(*words)
    desk.expect(answer.returncode == 0, "a record is made", answer.stderr)
    run.write_text(answer.stdout, encoding="utf-8")
    desk.same(desk.run(*words).stdout, answer.stdout, "and made again it is the same")
    desk.expect(SECRET not in answer.stdout and "TOKEN" in answer.stdout, "it holds no value of a variable", answer.stdout)
    record = json.loads(answer.stdout)
    desk.same(sum(one["money"] for one in record["parties"]), 0, "its parties balance")

    def verify(text, pub, status, part):
        run.write_text(text, encoding="utf-8")
        said = desk.run("verify", str(run), "--key", str(pub))
        desk.named(said.returncode == status, f"verify ends with {status} (got {said.returncode})", said.stdout + said.stderr, [part])

    pub = f"{key}.pub"
    verify(answer.stdout, pub, 0, "its sums hold")
    verify(answer.stdout.replace('"done"', '"gone"', 1), pub, 1, "not what was signed")
    verify(answer.stdout[:-2], pub, 2, "JSON")
    verify(answer.stdout.replace('"unit"', '"unit":"x","unit"'), pub, 2, "twice")
    verify(answer.stdout, key, 2, "public key")
    desk.run("key", "new", "--out", str(desk.folder / "other"))
    verify(answer.stdout, desk.folder / "other.pub", 1, "another key")
    key.chmod(0o644)
    desk.refuses(words, "chmod 600")
    key.chmod(0o600)
    desk.refuses(["record", "99", "--journal", str(desk.journal), "--key", str(key)], "no job 99")
    return words, answer.stdout


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-settle-") as folder:
        desk = Office(program, folder)
        desk.open()
        first = desk.work("film", 8)
        desk.work("lab", 4)
        cost = desk.cost()
        desk.stop()
        settled = bills(desk, cost)
        desk.same(sorted(totals(settled, "owner")), ["Guizhou Racks", "Ningxia Compute"], "both owners are paid")
        desk.same(sorted(totals(settled, "carrier")), ["North Line", "West Line"], "both carriers are paid")
        exports(desk, settled)
        words, record = records(desk, first)

        desk.owner("New Racks")
        desk.open()
        desk.work("film", 8)
        waits = desk.takes({"command": ["true"], "held": 1})
        cost = desk.cost()
        desk.stop()
        later = bills(desk, cost)
        owners = totals(later, "owner")
        desk.same(owners["Guizhou Racks"], totals(settled, "owner")["Guizhou Racks"], "the owner before is paid what it was")
        desk.expect(owners["New Racks"] > 0, "the new one what came after", owners)
        desk.same(desk.run(*words).stdout, record, "an old job's record is what it was")
        answer = desk.run("record", str(waits), *words[2:])
        desk.expect(answer.returncode == 1 and "not over" in answer.stderr, "a job that is not over has none", answer.stderr)
    return verdict(desk)


if __name__ == "__main__":
    sys.exit(main())
