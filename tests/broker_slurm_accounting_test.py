#!/usr/bin/python3
"""A broker on a real Slurm cluster with slurmdbd, whose controller loses all it knew.

    broker_slurm_accounting_test.py PROGRAM

Four cores, and three pools on them: `open` by slurmrestd with tokens; `two` by slurmrestd and `half` by Slurm's commands, both under a QoS of
GrpTRES cpu=2.

    QoS          `two` and `half` have room for 2, and for 1 while somebody else has the other
    accounting   of three attempts no runner says how they ended: one times out, one is cancelled by its user, the runner of one is killed.
                 Then slurmctld is killed and its state removed. Each is billed what sacct says
    a held job   that is cancelled has no account, or one without a node: it is not said to have ended as soon as the others, nor to have never run
    slurmdbd     is frozen: the queue is looked at as before, and work is done
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deployment import ROOT, Deployment, ask, left_over, until

sys.path.insert(0, str(ROOT / "tools"))
import slurm_lab  # noqa: E402: it lies beside the benches

SCHEDULING = "sched_interval=1,batch_sched_delay=1,sched_min_interval=0"
SITES = """
policy = "least-loaded"
lease_s = 30
lost_after_s = 60
[pools.open]
site = "guian"
cores = 16
slurm = "http://127.0.0.1:{port}"
slurm_user = "root"
slurm_token = "slurm.jwt"
folder = "{folder}/open"
[pools.two]
site = "zhongwei"
cores = 16
slurm = "http://127.0.0.1:{port}"
slurm_user = "root"
slurm_token = "slurm.jwt"
qos = "two"
folder = "{folder}/two"
[pools.half]
site = "metro-shanghai"
cores = 16
slurm = "commands"
slurm_conf = "{conf}"
qos = "two"
folder = "{folder}/half"
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""


class Desk:
    def __init__(self, program, folder, slurm):
        self.slurm, self.problems = slurm, []
        self.deployment = Deployment(program, folder, 1)
        self.deployment.sites = folder / "sites.toml"
        (folder / "slurm.jwt").write_text(slurm.token())
        self.deployment.sites.write_text(SITES.format(port=slurm.rest_port, folder=folder, conf=slurm.folder / "slurm.conf"))
        self.deployment.begin()
        self.began = time.time()

    def expect(self, holds, what, seen=""):
        print(f"{time.time() - self.began:5.1f} s  {'ok' if holds else 'NOT SO'}  {what}{f': {seen}' if seen != '' and not holds else ''}", flush=True)
        if not holds:
            self.problems.append(f"{what}: {seen}")

    def cores(self, *names):
        pools = {one["name"]: one["cores"] for one in ask(self.deployment.socket, "GET", "/v1/pools")[1]["pools"]}
        return [pools[name] for name in names]

    def has_room(self, wanted, why):
        until(lambda: self.cores("two", "half") == wanted, 25)
        self.expect(self.cores("two", "half") == wanted, f"room under the QoS is {wanted}: {why}", self.cores("open", "two", "half"))

    def submit(self, key, command="sleep 300"):
        job = {"command": ["/bin/sh", "-c", command], "tasks": 1, "key": key, "hours": 0.1, "environment": ["PATH=/usr/bin:/bin"]}
        status, answer = ask(self.deployment.socket, "POST", "/v1/jobs", job)
        assert status == 201, answer
        return answer["job"]

    def queue(self, states="PD,R"):
        """Names of this broker's jobs, and how each stands."""
        lines = (line.split("|") for line in self.slurm.said("squeue", "-h", "-r", "-t", states, "-o", "%j|%i|%T|%r").splitlines())
        return {name: (number, state, reason) for name, number, state, reason in lines if name.startswith("hl-")}

    def begun(self, key):
        """Submits a task that runs on: its job's name and number. The broker waits until it has begun."""
        before = set(self.queue())
        self.submit(key)
        new = lambda: {name: one for name, one in self.queue().items() if name not in before and one[1] == "RUNNING"}
        assert until(lambda: new() and left_over(self.folder(next(iter(new())))), 15), self.queue("all")
        name, (number, _, _) = next(iter(new().items()))
        return name, number

    def folder(self, name):
        return self.deployment.folder / "open" / name.rsplit("-", 1)[1]

    def said_of(self, name):
        """What is written for a user beside what the attempt says; it moves when the attempt is over."""
        folder = self.folder(name)
        with contextlib.suppress(OSError):
            return "".join(path.read_text() for path in (folder / "stderr.log", folder.parent / "over" / folder.name / "stderr.log") if path.exists())
        return ""

    def silence(self, name):
        """Its runner cannot write how it ended, as on a node whose folder takes no more: it goes on trying until Slurm ends it."""
        (self.folder(name) / "ended.partial").mkdir()

    def kill_runner(self, name):
        for process in left_over(self.folder(name)):
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)

    def account(self, name):
        """State and seconds."""
        words = self.slurm.said("sacct", "-nPX", f"--name={name}", "-S", "now-1hour", "-o", "state,elapsedraw").split("\n")[0].split("|")
        return words[0].split(" ")[0], int(words[1]) if len(words) > 1 else None

    def jobs(self):
        return {job["id"]: job for job in ask(self.deployment.socket, "GET", "/v1/jobs")[1]["jobs"]}

    def finished(self):
        """What the journal has of each attempt's end; the broker has stopped."""
        steps = self.deployment.folder / "steps.jsonl"
        subprocess.run([self.deployment.program, "journal", "export", str(self.deployment.journal), str(steps)], check=True, capture_output=True)
        facts = [fact for line in steps.open() for fact in json.loads(line)["facts"]]
        return {fact["attempt"]: fact for fact in facts if fact["fact"] == "finished"}


def limits(desk):
    slurm = desk.slurm
    desk.has_room([2, 2], "of 4 cores GrpTRES lets 2 be used")
    others = slurm.said("sbatch", "--parsable", "--qos=two", "-c1", "--output=/dev/null", "--wrap", "sleep 300").strip()
    desk.has_room([1, 1], "somebody else has one")
    slurm.said("scancel", others)


def lose_all(slurm):
    slurm.end("slurmctld", signal.SIGKILL)
    for path in sorted((slurm.folder / "state").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    slurm.begin_controller()


def held_and_cancelled(desk):
    """An attempt that waits for a partition, is held by whoever runs the cluster, and cancelled."""
    slurm = desk.slurm
    slurm.said("scontrol", "update", "PartitionName=all", "State=DOWN")
    before = set(desk.queue("all"))
    desk.submit("held", "echo held")
    waits = lambda: {name: one for name, one in desk.queue("PD").items() if name not in before and not one[2].startswith("JobHeld")}
    assert until(waits, 10), desk.queue("all")
    name, (number, _, _) = next(iter(waits().items()))
    slurm.said("scontrol", "hold", number)
    slurm.said("scancel", number)
    return name


def accounts(desk):
    slurm, deployment = desk.slurm, desk.deployment
    assert until(lambda: min(desk.cores("open", "two", "half")) > 0, 15), ask(deployment.socket, "GET", "/v1/pools")
    late, late_number = desk.begun("late")
    desk.silence(late)
    slurm.said("scontrol", "update", f"JobId={late_number}", "EndTime=now")  # of which the controller takes note every 30 s
    limits(desk)
    for name in ("two", "half"):  # they were there to be looked at
        assert ask(deployment.socket, "POST", f"/v1/pools/{name}/drain")[0] == 200
    unwanted, _ = desk.begun("unwanted")
    killed, _ = desk.begun("killed")
    desk.silence(unwanted)
    desk.expect(until(lambda: desk.account(late)[0] == "TIMEOUT", 35), "a job has timed out", desk.account(late))
    assert ask(deployment.socket, "POST", "/v1/jobs/1/cancel")[0] == 200
    desk.expect(until(lambda: desk.account(unwanted)[0] == "CANCELLED", 10), "a job is cancelled", desk.account(unwanted))
    desk.kill_runner(killed)
    # Its script ends well all the same: nobody but the runner knows how its command ended.
    desk.expect(until(lambda: desk.account(killed)[0] == "COMPLETED", 10), "a job has lost its runner", desk.account(killed))
    held = held_and_cancelled(desk)
    until(lambda: not desk.queue("CG"), 5)
    lose_all(slurm)
    desk.expect(not desk.queue("all"), "the controller has forgotten all of them", desk.queue("all"))
    never = slurm.said("sbatch", "--parsable", "--hold", "-J", "hl-never-0-1", "--wrap", "true").strip()
    slurm.said("scancel", never)
    ended = lambda: [desk.said_of(name).count("its accounting says") for name in (late, unwanted, killed)]
    desk.expect(until(lambda: ended() == [1, 1, 1], 30), "three attempts have ended by the accounting",
                (ended(), ask(deployment.socket, "GET", "/v1/pools")[1], ask(deployment.socket, "GET", "/v1/jobs/0/why")))
    desk.expect(desk.folder(held).exists() and not desk.said_of(held), "of the held one nothing is concluded", desk.said_of(held))
    desk.expect(not slurm.said("sacct", "-nPX", "--name=hl-never-0-1", "-S", "now-1hour"), "what was held from the first and cancelled is in no account")
    return late, unwanted, killed, held


def frozen_accounting(desk):
    desk.slurm.programs["slurmdbd"].send_signal(signal.SIGSTOP)
    began = time.time()
    job = desk.submit("beside", "true")
    desk.expect(until(lambda: desk.jobs()[job]["state"] == "done", 20), "slurmdbd is frozen, and work is done", desk.jobs()[job])
    desk.slurm.programs["slurmdbd"].send_signal(signal.SIGCONT)
    return time.time() - began


def a_command_that_fails(desk):
    job = desk.submit("wrong", "exit 3")
    desk.expect(until(lambda: desk.jobs()[job]["state"] == "failed", 40), "a command has failed", desk.jobs()[job])


def bills(desk, late, unwanted, killed, held):
    desk.deployment.stop()
    finished = desk.finished()
    for name, cause in ((late, "out of time"), (unwanted, "killed"), (killed, "host failed")):
        state, seconds = desk.account(name)
        fact = finished.get(int(name.rsplit("-", 1)[1]), {})
        said = f"{state} after {seconds} s is {fact.get('cause')!r} after {fact.get('ran')} ms, bill {fact.get('bill')}"
        desk.expect(fact.get("cause") == cause and fact.get("ran") == 1000 * seconds, f"as accounted: {said}", cause)
        desk.expect(any(fact.get("bill", {}).values()) == (cause != "host failed"), f"who pays for {cause!r}", fact.get("bill"))
    # Slurm's word for it is the raw wait status, 768.
    wrong = {fact["status"] for fact in finished.values() if fact["cause"] == "failed"}
    desk.expect(wrong == {3}, "its status is the command's", finished)
    desk.expect(int(held.rsplit("-", 1)[1]) not in finished, "the held one's attempt has no end yet", finished)


def main():
    program = str(Path(sys.argv[1]).resolve())
    started = time.time()
    with contextlib.ExitStack() as stack:
        try:
            slurm = stack.enter_context(slurm_lab.running(("n1",), 4, SCHEDULING, tokens=True, accounting=True))
        except slurm_lab.Absent as why:
            print(f"skipped: {why}; run tools/setup.sh test")
            return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
        conf = slurm.folder / "slurm.conf"
        conf.write_text(conf.read_text() + "KillWait=2\n")
        slurm.said("scontrol", "reconfigure")
        slurm.said("sacctmgr", "-i", "add", "qos", "two", "GrpTRES=cpu=2")
        slurm.said("sacctmgr", "-i", "modify", "user", "root", "set", "qos+=two")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hinterland-accounting-")))
        desk = Desk(program, folder, slurm)
        stack.callback(lambda: desk.deployment.broker.kill())
        assert desk.deployment.heard(), (folder / "broker.log").read_text()
        names = accounts(desk)
        frozen_accounting(desk)
        a_command_that_fails(desk)
        bills(desk, *names)
    print(f"{len(desk.problems)} problems in {time.time() - started:.0f} s")
    return 1 if desk.problems else 0


if __name__ == "__main__":
    sys.exit(main())
