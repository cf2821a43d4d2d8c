#!/usr/bin/python3
"""A broker over three real Slurm clusters to which things happen, and the ledger afterwards.

    broker_slurm_test.py PROGRAM [JOBS [SEED]] [--for SECONDS [--plot FILE.svg]]

Two clusters are spoken to by slurmrestd with tokens, through a line that can be cut; one by Slurm's commands. While JOBS jobs run:

    controller     of the first cluster: SIGKILL within 3 s of submissions that it has acknowledged, and a new one; twice. Then it
                   is frozen for longer than the broker waits for an answer
    line           to the second: silent for longer than the lease and the grace time, and then whole again, with both attempts alive
    node           of the third: drained, and later let back
    slurmrestd     of the first: ended, and begun anew

The ledger is that of broker_kill_test.py, from the journal and the store alone: what was acknowledged is there, no task is done twice, each
result is that of the attempt which the journal calls done, and bills are what the attempts metered. Besides, by what attempts themselves
wrote: none was begun twice, and none is left in any cluster.

With --for all of that is done again, JOBS jobs each time, until so many seconds are over. Then the broker's memory and open files are held
against what it has to keep (broker_watch.py), with a table and a plot.
"""

import argparse
import contextlib
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from broker_kill_test import ROOT, Deployment, ask, check, until
from broker_watch import Watch, plot, sees_leaks, table, verdict

sys.path.insert(0, str(ROOT / "tools"))
import slurm_lab  # noqa: E402: it lies beside the benches

LEASE_S, LOST_AFTER_S = 4, 8
LISTED_S = 30  # of jobs that are over, with --for: so that lists are as long after the warm-up as at the end
PATIENCE_S = 15  # of the broker, for a cluster's answer
LONG_S = LOST_AFTER_S + 14  # of tasks that are alive at both ends of a line that was cut
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
[pools.zhongwei]
site = "zhongwei"
cores = 16
slurm = "http://127.0.0.1:{zhongwei}"
slurm_user = "root"
slurm_token = "zhongwei.jwt"
folder = "{folder}/zhongwei"
[pools.shanghai]
site = "metro-shanghai"
cores = 16
slurm = "commands"
slurm_conf = "{conf}"
folder = "{folder}/shanghai"
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""


class Line:
    """To a port of loopback, for as long as it is not cut: then nothing passes, and nobody is told."""

    def __init__(self, port):
        self.port, self.is_cut, self.open = port, threading.Event(), []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near):
        with contextlib.suppress(OSError), near:
            while self.is_cut.is_set():
                time.sleep(0.1)
            with socket.create_connection(("127.0.0.1", self.port), 5) as far:
                far.settimeout(None)
                back = threading.Thread(target=self.pour, args=(far, near), daemon=True)
                back.start()
                self.pour(near, far)
                back.join()

    def pour(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                while self.is_cut.is_set():
                    time.sleep(0.1)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


def submit(deployment, key, long):
    """A job of a task, which says which attempt it is when it begins."""
    seconds = LONG_S if long else 0.2 + 0.1 * (key % 7)
    command = f"echo $HINTERLAND_ATTEMPT >> {deployment.folder}/begun; echo {key} $HINTERLAND_TASK > out; sleep {seconds}"
    job = {"command": ["/bin/sh", "-c", command], "outputs": ["out"], "tasks": deployment.tasks_a_job, "key": f"key-{key}", "hours": 0.02,
           "environment": ["PATH=/usr/bin:/bin"]}
    status, answer = ask(deployment.socket, "POST", "/v1/jobs", job)
    assert status == 201, answer
    deployment.acknowledged[key] = answer["job"]
    return answer["job"]


def pool(deployment, name):
    return next(one for one in ask(deployment.socket, "GET", "/v1/pools")[1]["pools"] if one["name"] == name)


def newest(slurm):
    return max((int(line.split("_")[0]) for line in slurm.said("squeue", "-h", "--states=all", "-o", "%i").split()), default=0)


def kill_controller(slurm):
    """Right after it has acknowledged submissions: it has saved none of them yet. How many numbers it has forgotten."""
    before = newest(slurm)
    until(lambda: newest(slurm) > before, 20)
    seen = newest(slurm)
    slurm.end("slurmctld", signal.SIGKILL)
    slurm.begin_controller()
    return seen - newest(slurm)


def freeze_controller(slurm, seconds):
    """For longer than anybody waits for an answer: what was submitted meanwhile is carried out when nobody waits for it any more."""
    slurm.programs["slurmctld"].send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    slurm.programs["slurmctld"].send_signal(signal.SIGCONT)


def open_jobs(deployment):
    """Those that are not over, without a list of all that ever were."""
    return [job for state in ("queued", "running", "held") for job in ask(deployment.socket, "GET", f"/v1/jobs?state={state}")[1]["jobs"]]


class Round:
    """Work and faults, once: JOBS jobs, and all that happens meanwhile."""

    def __init__(self, deployment, clusters, line, jobs):
        self.deployment, self.clusters, self.line, self.jobs = deployment, clusters, line, jobs
        self.first = len(deployment.acknowledged)
        self.problems, self.alive, self.forgotten = [], 0, 0

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
        if not self.alive or self.forgotten == 0:
            self.problems.append(f"the test: {self.alive} tasks were behind the line, {self.forgotten} submissions forgotten: nothing was shown")
        return self

    def happens(self):
        guian, zhongwei, shanghai = self.clusters.values()
        self.forgotten = kill_controller(guian)
        self.line.is_cut.set()
        if not until(lambda: pool(self.deployment, "zhongwei")["state"] == "lost", LOST_AFTER_S + 15):
            self.problems.append("line: the pool was not given up on")
        shanghai.said("scontrol", "update", "NodeName=n2", "State=DRAIN", "Reason=itself")
        time.sleep(2)
        self.alive = zhongwei.said("squeue", "-h", "-r", "-o", "%T").split().count("RUNNING")
        self.line.is_cut.clear()
        if not until(lambda: pool(self.deployment, "zhongwei")["state"] == "up", 40):
            self.problems.append("line: the pool did not come back")
        guian.end("slurmrestd")
        time.sleep(2)
        guian.begin_rest_with_tokens()
        self.forgotten += kill_controller(guian)
        freeze_controller(guian, PATIENCE_S + 4)
        shanghai.said("scontrol", "update", "NodeName=n2", "State=RESUME")

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
            clusters = {name: stack.enter_context(slurm_lab.running(("n1", "n2"), 8, SCHEDULING, tokens=name != "shanghai", **listed))
                        for name in ("guian", "zhongwei", "shanghai")}
        except slurm_lab.Absent as why:
            print(f"skipped: {why}")
            return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 0
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hinterland-slurm-")))
        line = Line(clusters["zhongwei"].rest_port)
        deployment = Deployment(str(Path(asked.program).resolve()), folder, asked.seed)
        deployment.tasks_a_job = 1
        deployment.sites = folder / "sites.toml"
        renew_tokens(folder, clusters)
        deployment.sites.write_text(SITES.format(lease=LEASE_S, lost_after=LOST_AFTER_S, guian=clusters["guian"].rest_port, zhongwei=line.own_port,
                                                 folder=folder, conf=clusters["shanghai"].folder / "slurm.conf"))
        deployment.begin()
        stack.callback(lambda: deployment.broker.kill())
        assert deployment.heard(), (folder / "broker.log").read_text()
        assert until(lambda: all(pool(deployment, name)["state"] == "up" for name in clusters), 20), ask(deployment.socket, "GET", "/v1/pools")
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
        begun = (folder / "begun").read_text().split()
        if len(begun) != len(set(begun)):
            problems.append(f"one begin: {len(begun) - len(set(begun))} attempts were begun twice")
        print(f"{sum(one.alive for one in rounds)} tasks were alive behind the line when it was given up on; the killed controllers forgot "
              f"{sum(one.forgotten for one in rounds)} submissions; {len(begun)} attempts began; {time.time() - started:.0f} s")
    for problem in problems:
        print(problem)
    print(f"{jobs} jobs on three clusters, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
