#!/usr/bin/python3
"""Times the simulator against its limits, with its peers on the same jobs in the same run.

    pinned      ten sites of 640 cores, first come first served, a bill and a meter for every job; beside it a bare heap
                oracle, SimGrid and simpy in the best idioms found for them (no bill, fewer jobs: jobs per CPU second)
    engine      the same through the engine, and with the policy `cheapest` over 10 and 18 sites, and EASY
    transfers   100,000 at once, and Poisson arrivals
    reading     the trace, and memory a job with 10,000,000 of them
    callgrind   instructions a job: a measure that a noisy machine does not move

Peers are built from $HINTERLAND_DATA/../peers; what is missing is said. Adds one JSON line a number to
bench/history/simulate.jsonl, and draws time against jobs, sites, queue and flows into BIN/bench-simulate.html.
Ends with 1 if a limit is broken.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import bench

HISTORY = bench.ROOT / "bench" / "history" / "simulate.jsonl"
GOLDEN = {100_000: 3137803939, 1_000_000: 284195621051}


def sim_bench(program, *words, times=3):
    """The best of some runs: this machine is shared, and nothing makes a run faster than it can be."""
    runs = [json.loads(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout)
            for _ in range(times)]
    return max(runs, key=lambda run: run.get("jobs_per_s", 0) or run.get("events_per_s", 0))


def cpu_of(command, timeout=300):
    """User and system seconds of a command, and what it printed."""
    before = os.times()
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=timeout).stdout
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, said


class Peers:
    """The programs beside the data; each None where it cannot be had, which is said."""

    def __init__(self, folder):
        self.programs = folder
        self.folder = folder / "bench-peers"
        self.folder.mkdir(exist_ok=True)
        data = os.environ.get("HINTERLAND_DATA")
        self.sources = Path(data).parent / "peers" if data else None
        self.gen = self.build("gen")
        self.ref = self.build("ref")
        self.simgrid = self.build("sg_jobs_pull", "-lsimgrid")

    def build(self, name, *libraries):
        program = self.folder / name
        if program.is_file():
            return program
        try:
            subprocess.run(["g++", "-O2", "-std=c++17", "-o", str(program), str(self.sources / f"{name}.cpp"), *libraries],
                           check=True, capture_output=True, text=True)
            return program
        except (TypeError, OSError, subprocess.CalledProcessError) as error:
            print(f"skipped: {name}, which could not be built: {str(error)[:100]}")
            return None

    def jobs(self, count):
        """The CSV of so many jobs, by the peers' own generator."""
        path = self.folder / f"jobs-{count}.csv"
        if self.gen is not None and not path.is_file():
            with path.open("w", encoding="ascii") as out:
                subprocess.run([str(self.gen), str(count), "10", "640", "1.02", "1"], check=True, stdout=out)
        return path

    def jobs_per_cpu_second(self, what, command, count):
        try:
            cpu, said = cpu_of([str(word) for word in command])
        except (OSError, subprocess.SubprocessError) as error:
            print(f"skipped: {what}: {str(error)[:100]}")
            return None
        total = re.search(r"sumC=(\d+)", said)
        if total and int(total[1]) != GOLDEN[count]:
            sys.exit(f"bench: {what} says {total[0]} where {GOLDEN[count]} is right")
        return count / cpu / 1e6

    def simpy(self):
        try:
            return bench.peers_python(self.programs, "simpy==4.1.1")
        except (OSError, subprocess.SubprocessError) as error:
            print(f"skipped: simpy, which could not be installed: {str(error)[:100]}")
            return None


def instructions(program, *words, jobs):
    """Instructions a job between two sizes of a run, so that what does not grow with the jobs is left out."""
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed (apt-get install valgrind)")
        return None

    def count(number):
        line = [str(word) if word != "N" else str(number) for word in words]
        said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, *line],
                              check=True, capture_output=True, text=True).stderr
        return int(re.search(r"Collected : (\d+)", said)[1])

    making = ["make", *words]
    few, many = jobs, 3 * jobs

    def made(number):
        line = [str(word) if word != "N" else str(number) for word in making]
        said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, *line],
                              check=True, capture_output=True, text=True).stderr
        return int(re.search(r"Collected : (\d+)", said)[1])

    return (count(many) - count(few) - made(many) + made(few)) / (many - few)


def measure(folder):
    """One row a number: what, value, unit, limit, whether more is better, peers and their values."""
    program = str(folder / "sim_bench")
    hinterland = str(folder / "hinterland")
    peers = Peers(folder)
    rows = []

    def row(what, value, unit, limit, more, **beside):
        rows.append((what, value, unit, limit, more, {name: known for name, known in beside.items() if known is not None}))

    small, large = peers.jobs(100_000), peers.jobs(1_000_000)
    heap = simgrid = simpy = None
    if peers.ref is not None and large.is_file():
        heap = peers.jobs_per_cpu_second("ref", [peers.ref, large, 10, 640], 1_000_000)
        said = subprocess.run([str(peers.ref), str(large), "10", "640"], check=True, capture_output=True, text=True).stdout
        heap = float(re.search(r"jobs/s=(\d+)", said)[1]) / 1e6  # without reading
    if peers.simgrid is not None and small.is_file():
        simgrid = peers.jobs_per_cpu_second("SimGrid", [peers.simgrid, small, 10, 640, 1, "sleep"], 100_000)
    if small.is_file() and (python := peers.simpy()) is not None:
        simpy = peers.jobs_per_cpu_second("simpy", [python, peers.sources / "simpy_jobs.py", small, 10, 640, "pull"], 100_000)

    pinned = sim_bench(program, "pinned", 1_000_000)
    assert pinned["sum_completion_s"] == GOLDEN[1_000_000], pinned
    row("FCFS, pinned, bill and meter", pinned["jobs_per_s"] / 1e6, "M jobs/s", 10, True, heap_without_bill=heap,
        simgrid_without_bill=simgrid, simpy_without_bill=simpy)
    full = sim_bench(program, "full", 1_000_000)
    assert full["sum_completion_s"] == GOLDEN[1_000_000], full
    row("FCFS through the engine", full["jobs_per_s"] / 1e6, "M jobs/s", 2, True, pinned=pinned["jobs_per_s"] / 1e6)
    for sites, limit in ((10, 2), (18, 1.5)):
        said = sim_bench(program, "policy", "cheapest", 1_000_000, sites)
        row(f"cheapest over {sites} sites, data moved", said["jobs_per_s"] / 1e6, "M jobs/s", limit, True)
    easy = sim_bench(program, "easy", 1_000_000, 0.9)
    row("EASY at load 0.9", easy["jobs_per_s"] / 1e6, "M jobs/s", 1.5, True)
    short, long = sim_bench(program, "easy", 1_000_000, 0.8), sim_bench(program, "easy", 2_000_000, 1.3)
    row(f"EASY, queue of {long['mean_queue_a_site']:.0f} against {short['mean_queue_a_site']:.0f}",
        short["jobs_per_s"] / long["jobs_per_s"], "times slower", 3, False)
    row("100,000 transfers at once", sim_bench(program, "burst", 100_000)["run_s"], "s", 0.6, False)
    row("transfers, Poisson at load 0.8", sim_bench(program, "poisson", 200_000, 0.8)["events_per_s"] / 1e6, "M events/s", 0.4, True)

    if peers.gen is not None:
        many = peers.jobs(10_000_000)
        verb = [hinterland, "simulate", "examples/peers.toml", "--set", f"trace={many}", "--json"]
        said = json.loads(subprocess.run(verb, check=True, capture_output=True, text=True, cwd=bench.ROOT).stdout)
        row("memory beside the trace, 10M jobs", said["peak_bytes_per_job"], "B a job", 16, False)
        row("reading 10M jobs", 1e-6 * said["jobs"] / said["trace_s"], "M jobs/s", None, True,
            simulating_them=said["jobs_per_s"] / 1e6)
        said = subprocess.run(["/usr/bin/time", "-v", *verb], capture_output=True, text=True, cwd=bench.ROOT)
        if found := re.search(r"Maximum resident set size \(kbytes\): (\d+)", said.stderr):
            row("peak memory of the whole, 10M jobs", int(found[1]) / 1024, "MB", None, False)
        many.unlink()

    for what, words, goal in (("FCFS", ("pinned", "N"), 400), ("cheapest over 10 sites", ("policy", "cheapest", "N", 10), 1200),
                              ("EASY at load 0.9", ("easy", "N", 0.9), 1500)):
        counted = instructions(program, *words, jobs=50_000)
        if counted is not None:
            row(f"instructions a job, {what}", counted, "", None, False, goal=goal)
    return rows


def main():
    parser = argparse.ArgumentParser(description="Times the simulator against its limits and peers.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the programs")
    folder = parser.parse_args().bin.resolve()
    rows = measure(folder)
    broken = bench.keep(rows, HISTORY)
    subprocess.run([str(folder / "sim_bench"), "curves", str(folder / "bench-simulate.html")], check=True)
    print(f"{len(rows)} numbers, {broken} over their limit; drawn in {folder.name}/bench-simulate.html")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
