#!/usr/bin/python3
"""A broker over three real Slurm clusters to which things happen, and the ledger afterwards.

    broker_slurm_test.py PROGRAM [JOBS [SEED]] [--for SECONDS [--plot FILE.svg]]

Two clusters are spoken to by slurmrestd with tokens, through a line that can be cut; one by Slurm's commands. While JOBS jobs run:

    controller     of the first cluster: SIGKILL within 3 s of submissions that it has acknowledged, and a new one; twice. Then it
                   and that of the third are frozen for longer than the broker waits for an answer of slurmrestd, and of a command
    answers        of the second to two submissions that it carries out: resets instead
    line           to the second: silent for longer than the lease and the grace time, and then whole again, with both attempts alive
    node           of the third: drains itself, for its Prolog fails, and is let back later
    slurmrestd     of the first: ended, and begun anew

The ledger is that of broker_kill_test.py, from the journal and the store alone: what was acknowledged is there, no task is done twice, each
result is that of the attempt which the journal calls done, and bills are what the attempts metered. Besides, by what attempts themselves
wrote: none was begun twice, and none is left in any cluster. All read the same scene, and every tenth one the same set; by each site's ledger
of what moved there, their bytes moved once.

With --for all of that is done again, JOBS jobs each time, until so many seconds are over. Then the broker's memory and open files are held
against what it has to keep (broker_watch.py), with a table and a plot.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from broker_staging_test import ledger
from broker_watch import Watch, plot, sees_leaks, table, verdict
from cut_line import CutLine
from deployment import ROOT, Deployment, Unix, ask, check, until

sys.path.insert(0, str(ROOT / "tools"))
import slurm_lab  # noqa: E402: it lies beside the benches

LEASE_S, LOST_AFTER_S = 4, 8
LISTED_S = 30  # of jobs that are over, with --for: so that lists are as long after the warm-up as at the end
MOST_S = 180  # of the work and all that happens meanwhile, once
PATIENCE_S = 15  # of the broker, for a cluster's answer
LONG_S = LOST_AFTER_S + 22  # of tasks that are alive at both ends of a line that was cut
SCHEDULING = "sched_interval=1,batch_sched_delay=1,sched_min_interval=0,default_queue_depth=1000"
SITES = """
policy = "least-loaded"
lease_s = {lease}
lost_after_s = {lost_after}
[pools.guian]
site = "guian"
cores = 16
slurm = "http://127.0.0.1:{guian}"
slurm_user = "root"
slurm_token = "guian.jwt"
folder = "{folder}/guian"
link_mbps = 100
[pools.zhongwei]
site = "zhongwei"
cores = 16
slurm = "http://127.0.0.1:{zhongwei}"
slurm_user = "root"
slurm_token = "zhongwei.jwt"
folder = "{folder}/zhongwei"
link_mbps = 100
[pools.shanghai]
site = "metro-shanghai"
cores = 16
slurm = "commands"
slurm_conf = "{conf}"
folder = "{folder}/shanghai"
link_mbps = 100
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""


SCENE, SETS, SET = 400_000, 10, 100_000  # bytes of the scene, sets, bytes of each


def put_inputs(deployment):
    """As blobs; to the broker they are their hashes."""
    for name, size in [("scene", SCENE)] + [(f"set-{one}", SET) for one in range(SETS)]:
        content = random.Random(name).randbytes(size)
        deployment.inputs[name] = hashlib.blake2b(content, digest_size=32).hexdigest()
        connection = Unix(deployment.socket)
        connection.request("PUT", "/v1/blobs/" + deployment.inputs[name], content)
        answer = connection.getresponse()
        assert answer.status in (200, 201, 204), answer.read()
        connection.close()


def moved_once(deployment, cluster):
    """What moved to a site, and what is wrong with it."""
    sizes = {hash: SCENE if name == "scene" else SET for name, hash in deployment.inputs.items()}
    stretches, _ = ledger(deployment.folder / cluster / "inputs")
    moved = sum(last - first for parts in stretches.values() for first, last in parts)
    problems = []
    for hash, parts in stretches.items():
        at = 0
        for first, last in parts:
            if first != at:
                problems.append(f"moved once: {cluster} got {hash[:8]} from {first} on after {at} bytes of it")
            at = last
        if at != sizes[hash]:
            problems.append(f"moved once: {cluster} got {at} of {sizes[hash]} bytes of {hash[:8]}")
    if not stretches:
        problems.append(f"the test: nothing moved to {cluster}")
    return moved, problems


def submit(deployment, key, long):
    """A job of a task, which says which attempt it is when it begins, and fails without its inputs."""
    seconds = LONG_S if long else 0.2 + 0.1 * (key % 7)
    command = (f"echo $HINTERLAND_ATTEMPT {key} >> {deployment.folder}/begun; [ $(cat scene set | wc -c) = {SCENE + SET} ] || exit 9; "
               f"echo {key} $HINTERLAND_TASK > out; sleep {seconds}")
    inputs = [f"scene={deployment.inputs['scene']}", f"set={deployment.inputs[f'set-{key % SETS}']}"]
    job = {"inputs": inputs, "command": ["/bin/sh", "-c", command], "outputs": ["out"], "tasks": deployment.tasks_a_job, "key": f"key-{key}", "hours": 0.02,
           "environment": ["PATH=/usr/bin:/bin"]}
    status, answer = ask(deployment.socket, "POST", "/v1/jobs", job)
    assert status == 201, answer
    deployment.acknowledged[key] = answer["job"]
    return answer["job"]


def pool(deployment, name):
    return next(one for one in ask(deployment.socket, "GET", "/v1/pools")[1]["pools"] if one["name"] == name)


def newest(slurm):
    return max((int(line.split("_")[0]) for line in slurm.said("squeue", "-h", "--states=all", "-o", "%i").split()), default=0)


def listed(slurm, states="all"):
    """Jobs by number, when they were submitted and name: numbers are given again."""
    return set(slurm.said("squeue", "-h", "-r", "--states=" + states, "-o", "%i|%V|%j").split())


def numbers(jobs):
    """Of arrays, theirs."""
    return {job.split("|")[0].split("_")[0] for job in jobs}


def closed_partitions(deployment, slurms, names):
    """Idle nodes of a partition that begins nothing are no room: by slurmrestd, and by Slurm's commands."""
    def cores():
        return {name: pool(deployment, name)["cores"] for name in names}
    problems = []
    for state, wanted in (("DOWN", 0), ("UP", 16)):
        for slurm in slurms:
            slurm.said("scontrol", "update", "PartitionName=all", f"State={state}")
        if not until(lambda wanted=wanted: set(cores().values()) == {wanted}, 25):
            problems.append(f"room: partitions are {state}, and pools have {cores()}")
    return problems


def running(slurm):
    """Attempts, and what Slurm calls them."""
    jobs = (line.split() for line in slurm.said("squeue", "-h", "-r", "-t", "R", "-o", "%i %j %K").splitlines())
    # A name ends with its first attempt's number; the others of an array count on.
    return {int(name.rsplit("-", 1)[1]) + (int(index) if index.isdigit() else 0): number for number, name, index in jobs}


def cancel_one(slurm):
    """As whoever runs the cluster might: nobody told the broker."""
    until(lambda: running(slurm), 20)
    attempt, number = next(iter(running(slurm).items()))
    slurm.said("scancel", number)
    return {attempt}


def at_the_sites_expense(deployment, cancelled):
    """What is wrong with attempts that were cancelled at a site, by the journal."""
    facts = (fact for line in (deployment.folder / "steps.jsonl").open() for fact in json.loads(line)["facts"])
    ended = {fact["attempt"]: fact for fact in facts if fact["fact"] == "finished" and fact["attempt"] in cancelled}
    lost = [fact for fact in ended.values() if fact["next"] != "publish"]
    problems = [f"cancelled: what was cancelled at a site is not at its expense: {fact}" for fact in lost
                if fact["cause"] != "host failed" or any(fact["bill"].values())]
    return problems if lost else ["the test: what was cancelled had ended before"]


def kill_controller(slurm):
    """Right after it has acknowledged submissions: it has saved none of them yet. The jobs that it has forgotten."""
    before = newest(slurm)
    until(lambda: newest(slurm) > before, 20)
    there = listed(slurm, "PD,R")
    slurm.end("slurmctld", signal.SIGKILL)
    slurm.begin_controller()
    return there - listed(slurm)


def resume_drained(slurm):
    """Nodes that begin nothing, and now do again."""
    nodes = slurm.drained()
    for node in nodes:
        slurm.said("scontrol", "update", f"NodeName={node}", "State=RESUME")
    return nodes


def freeze_controllers(slurms, seconds):
    """For longer than anybody waits for an answer: what was submitted meanwhile is carried out when nobody waits for it any more."""
    for slurm in slurms:
        slurm.programs["slurmctld"].send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    for slurm in slurms:
        slurm.programs["slurmctld"].send_signal(signal.SIGCONT)


def open_jobs(deployment):
    """Those that are not over, without a list of all that ever were."""
    return [job for state in ("queued", "running", "held") for job in ask(deployment.socket, "GET", f"/v1/jobs?state={state}")[1]["jobs"]]


class Round:
    """Work and faults, once: JOBS jobs, and all that happens meanwhile."""

    def __init__(self, deployment, clusters, line, jobs):
        self.deployment, self.clusters, self.line, self.jobs = deployment, clusters, line, jobs
        self.first = len(deployment.acknowledged)
        self.problems = []
        self.forgotten = set()  # by the first cluster's controller: number, time and name
        self.given_again = 0  # of their numbers, to others
        self.duplicates = 0  # nodes that drained themselves, for such a number
        self.alive = set()  # jobs that ran behind the line and elsewhere when it was healed
        self.cancelled = set()  # attempts

    def submit_all(self):
        for key in range(self.jobs):
            submit(self.deployment, self.first + key, long=key < self.jobs / 10 and key % 4 == 0)
            time.sleep(self.deployment.random.uniform(0, 80 / self.jobs))

    def does(self):
        client = threading.Thread(target=self.submit_all, daemon=True)
        client.start()
        time.sleep(2)
        self.happens()
        client.join()
        if not until(lambda: not open_jobs(self.deployment), 120):
            self.is_stuck()
        for name, cluster in self.clusters.items():
            if not until(lambda cluster=cluster: not cluster.said("squeue", "-h", "-o", "%i").split(), 40):
                self.problems.append(f"orphans: {name} still has {cluster.said('squeue', '-h', '-o', '%i %j %T').split()[:3]}")
        self.mend_nodes()
        return self

    def mend_nodes(self):
        """Of the first cluster: one that is given a job by a number that it knows as another's drains itself."""
        nodes = resume_drained(self.clusters["guian"])
        self.duplicates = len(nodes)
        if not until(lambda: pool(self.deployment, "guian")["cores"] == 16, 30):
            self.problems.append(f"the test: {nodes} were resumed, and the pool has {pool(self.deployment, 'guian')['cores']} cores")

    def at_both_ends(self, behind, others):
        begun = [line.split() for line in (self.deployment.folder / "begun").read_text().splitlines()]
        key_of = {int(Path(words[0]).name): words[1] for words in begun if len(words) > 1}
        keys = [{key_of.get(attempt) for attempt in attempts} for attempts in (running(behind), set().union(*map(running, others)))]
        return set.intersection(*keys) - {None}

    def happens(self):
        guian, zhongwei, shanghai = self.clusters.values()
        self.line.lose_answers(b"/job/submit", 2)
        self.forgotten |= kill_controller(guian)
        self.cancelled = cancel_one(shanghai)
        self.line.stall()
        if not until(lambda: pool(self.deployment, "zhongwei")["state"] == "lost", LOST_AFTER_S + 15):
            self.problems.append("line: the pool was not given up on")
        shanghai.fail_next_prolog()
        until(lambda: self.at_both_ends(zhongwei, (guian, shanghai)), 25)
        self.alive = self.at_both_ends(zhongwei, (guian, shanghai))
        self.line.heal()
        if not until(lambda: pool(self.deployment, "zhongwei")["state"] == "up", 40):
            self.problems.append("line: the pool did not come back")
        guian.end("slurmrestd")
        time.sleep(2)
        guian.begin_rest_with_tokens()
        self.forgotten |= kill_controller(guian)
        freeze_controllers((guian, shanghai), PATIENCE_S + 4)
        self.let_back(shanghai)
        self.given_again = len(numbers(self.forgotten) & numbers(listed(guian) - self.forgotten))

    def let_back(self, cluster):
        """The node that drained itself."""
        drained = resume_drained(cluster)
        if len(drained) != 1:
            self.problems.append(f"the test: one node was to drain itself, and {drained} did")

    def is_stuck(self):
        waiting = open_jobs(self.deployment)
        self.problems.append(f"liveness: {len(waiting)} jobs are not over")
        self.problems += [f"    {ask(self.deployment.socket, 'GET', '/v1/jobs/%d/why' % job['id'])[1]['tasks']}" for job in waiting[:3]]
        self.problems += [f"    {one}" for one in ask(self.deployment.socket, "GET", "/v1/pools")[1]["pools"]]
        for cluster in self.clusters.values():
            self.problems.append("    " + cluster.said("squeue", "-h", "-r", "--states=all", "-t", "PD,R,CG", "-o", "%i|%j|%T|%r").replace("\n", " "))


def renew_tokens(folder, clusters):
    for name in ("guian", "zhongwei"):
        fresh = folder / f"{name}.jwt.new"
        fresh.write_text(clusters[name].token())
        fresh.rename(folder / f"{name}.jwt")


def watched(watch, file):
    """What the broker took while it worked: printed, drawn, and judged."""
    watch.stop()
    problems, lines = verdict(watch.samples)
    if not sees_leaks():
        problems.append("the watch: it does not notice a leak, or sees one where there is none")
    if watch.samples:
        print(table(watch.samples))
    print("\n".join(lines))
    if file and watch.samples:
        Path(file).write_text(plot(watch.samples, watch.marks, lines))
        print(f"{file}: memory and open files over time")
    return problems


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("jobs", type=int, nargs="?", default=500)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--for", dest="seconds", type=float, default=0)
    parser.add_argument("--plot")
    return parser.parse_args()


def main():
    asked = arguments()
    problems, rounds = [], []
    started = time.time()
    listed = {"listed_s": LISTED_S} if asked.seconds else {}
    with contextlib.ExitStack() as stack:
        try:
            clusters = {name: stack.enter_context(slurm_lab.running(("n1", "n2"), 8, SCHEDULING, tokens=name != "shanghai",
                                                                     prolog=name == "shanghai", **listed))
                        for name in ("guian", "zhongwei", "shanghai")}
        except slurm_lab.Absent as why:
            print(f"skipped: {why}")
            return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hinterland-slurm-")))
        line = CutLine(lambda: clusters["zhongwei"].rest_port)
        deployment = Deployment(str(Path(asked.program).resolve()), folder, asked.seed)
        deployment.tasks_a_job, deployment.inputs = 1, {}
        deployment.sites = folder / "sites.toml"
        renew_tokens(folder, clusters)
        deployment.sites.write_text(SITES.format(lease=LEASE_S, lost_after=LOST_AFTER_S, guian=clusters["guian"].rest_port, zhongwei=line.port,
                                                 folder=folder, conf=clusters["shanghai"].folder / "slurm.conf"))
        deployment.begin()
        stack.callback(lambda: deployment.broker.kill())
        assert deployment.heard(), (folder / "broker.log").read_text()
        assert until(lambda: all(pool(deployment, name)["state"] == "up" for name in clusters), 20), ask(deployment.socket, "GET", "/v1/pools")
        problems += closed_partitions(deployment, [clusters["guian"], clusters["shanghai"]], ["guian", "shanghai"])
        put_inputs(deployment)
        started = time.time()
        watch = Watch(deployment.broker.pid, lambda: len(deployment.acknowledged))
        while not rounds or (time.time() - started < asked.seconds and not problems):
            watch.mark()
            renew_tokens(folder, clusters)
            rounds.append(Round(deployment, clusters, line, asked.jobs).does())
            problems += rounds[-1].problems
        if asked.seconds:
            problems += watched(watch, asked.plot)
        watch.stop()
        jobs = asked.jobs * len(rounds)
        problems += check(deployment, jobs)
        problems += at_the_sites_expense(deployment, set().union(*(one.cancelled for one in rounds)))
        twice = sum(len(one.alive) for one in rounds)
        shown = {"jobs ran behind the line and elsewhere when it was healed": twice,
                 "submissions were forgotten by killed controllers": sum(len(one.forgotten) for one in rounds),
                 "of their numbers were given to others": sum(one.given_again for one in rounds),
                 "submissions were answered by a reset": line.resets}
        print(f"{sum(one.duplicates for one in rounds)} nodes drained themselves for a number that was given again")
        problems += [f"the test: no {what}: nothing was shown" for what, times in shown.items() if not times]
        for name in clusters:
            moved, wrong = moved_once(deployment, name)
            problems += wrong
            print(f"{name}: {moved} bytes moved there, of {SCENE + SETS * SET} in {1 + SETS} inputs")
        begun = [line.split()[0] for line in (folder / "begun").read_text().splitlines()]
        if len(begun) != len(set(begun)):
            problems.append(f"one begin: {len(begun) - len(set(begun))} attempts were begun twice")
        took = time.time() - started
        print("; ".join(f"{times} {what}" for what, times in shown.items()) + f"; {len(begun)} attempts began; {took:.0f} s")
        # Under a sanitizer all takes longer.
        if not asked.seconds and took > MOST_S and "ASAN_OPTIONS" not in os.environ:
            problems.append(f"the test: it took {took:.0f} s, and {MOST_S} is what it may")
    for problem in problems:
        print(problem)
    print(f"{jobs} jobs on three clusters, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
