#!/usr/bin/python3
"""Times the broker's core and journal against their limits, and against what this disk gives in the same run.

    submissions  durable, one at a time and 1,000 a step; beside them bare fdatasync, and bare SQLite at 1,000 rows a commit; the
                 same in PostgreSQL, beside its bare rows
    decisions    with 100,000 tasks waiting over 10 sites
    a broker     with its socket: submissions 1,000 a request and one a request, and tasks that do nothing, begun and ended
    Slurm        of one node on this machine, tuned for many small jobs (tools/slurm_lab.py), beside the same of a broker: submissions
                 by a command each, by requests over one connection, and tasks that do nothing
    recovery     of a journal of 1,000,000 jobs that are over and 100,000 that wait, and the memory that they take
    take-over    from a broker that is killed with 100,000 live jobs, each submitted by itself: until the next one answers, with SQLite and
                 with PostgreSQL (its lease of 5 s left out: it has been over for long)

Adds one JSON line a number to bench/history/broker.jsonl. Ends with 1 if a limit is broken.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench
import slurm_lab

sys.path.insert(0, str(bench.ROOT / "tests"))
from deployment import Unix, ask  # noqa: E402
from postgres_desk import Server  # noqa: E402

LIVE = 100_000
TAKEN_OVER = "100,000 live, killed: the next answers"
HISTORY = bench.ROOT / "bench" / "history" / "broker.jsonl"


SITES = """lease_s = 60
[pools.one]
site = "guian"
cores = 16
[pools.two]
site = "zhongwei"
cores = 16
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""


def begin_broker(hinterland, folder, journal):
    """It, and the seconds until it answers."""
    (folder / "sites.toml").write_text(SITES)
    began = time.perf_counter()
    broker = subprocess.Popen([hinterland, "broker", "--sites", folder / "sites.toml", "--journal", journal, "--socket", folder / "s", "--folder",
                               folder / "served.d"], stderr=subprocess.DEVNULL)
    while time.perf_counter() - began < 60:
        with contextlib.suppress(OSError):
            if ask(folder / "s", "GET", "/v1/health")[0] == 200:
                break
        time.sleep(0.02)
    return broker, time.perf_counter() - began


@contextlib.contextmanager
def a_broker(hinterland, folder):
    broker, _ = begin_broker(hinterland, folder, folder / "served.db")
    try:
        yield folder / "s"
    finally:
        broker.terminate()
        broker.wait(60)


def taken_over(program, hinterland, folder, journal, jobs):
    """Seconds until a broker answers that begins after one was killed with so many live jobs."""
    folder.mkdir()
    broker, _ = begin_broker(hinterland, folder, journal)
    try:
        subprocess.run([program, "client", folder / "s", str(jobs)], check=True, capture_output=True)
        broker.kill()
        broker.wait()
        time.sleep(6 if "://" in str(journal) else 0)
        broker, took = begin_broker(hinterland, folder, journal)
        known = ask(folder / "s", "GET", "/v1/health")[1]["jobs"]
        assert known == jobs, known
        return took
    finally:
        broker.kill()
        broker.wait()


def by_commands(command, environment):
    """Submissions a second, each by a command of its own: one at a time, and four at once."""
    rates = {}
    for name, at_once in ("one_at_a_time", 1), ("four_at_once", 4):
        began = time.perf_counter()
        subprocess.run(["xargs", "-I@", f"-P{at_once}", *command], input="@\n" * 300, env=environment, check=True,
                       capture_output=True, text=True, timeout=60)
        rates[name] = 300 / (time.perf_counter() - began)
    return rates


def by_slurm():
    """What Slurm does a second: submissions by sbatch and by slurmrestd, held like those to the broker, and tasks of an array.

    Slurm saves a submission some seconds after it has acknowledged it; the broker saves it before.
    """
    with slurm_lab.running() as slurm:
        script = slurm.folder / "true"
        script.write_text("#!/bin/true\n")
        sbatch = ["sbatch", "--output=/dev/null"]
        commands = by_commands([*sbatch, "--hold", script], slurm.environment)
        connection = Unix(slurm.rest)
        job = {"name": "true", "hold": True, "current_working_directory": "/", "standard_output": "/dev/null",
               "environment": {"PATH": "/bin"}}
        body = json.dumps({"script": script.read_text(), "job": job})
        began = time.perf_counter()
        for _ in range(1000):
            connection.request("POST", "/slurm/v0.0.38/job/submit", body=body, headers={"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 200 and json.loads(said)["job_id"], said
        requests = 1000 / (time.perf_counter() - began)
        connection.close()
        held = len(slurm.said("squeue", "--noheader").splitlines())
        assert held == 1600, held
        began = time.perf_counter()
        array = slurm.said(*sbatch, "--parsable", "--array=1-1000", script).split()[0]
        while slurm.said("squeue", "--noheader", "--states=PENDING,RUNNING,COMPLETING", "--jobs", array):
            time.sleep(0.2)
            if time.perf_counter() - began > 45:
                raise TimeoutError("its 1,000 tasks are not over after 45 s")
        tasks = 1000 / (time.perf_counter() - began)
        done = slurm.said("squeue", "--noheader", "--array", "--states=COMPLETED", "--jobs", array).splitlines()
        assert len(done) == 1000, len(done)
    return commands, requests, tasks


def beside_slurm(commands, requests, ran):
    """The rows of a broker's figures with Slurm's beside them."""
    try:
        its_commands, its_requests, its_tasks = by_slurm()
        sbatch = {"sbatch": max(its_commands.values())} | {f"sbatch_{name}": rate for name, rate in its_commands.items()}
        restd, array = {"slurmrestd": its_requests}, {"Slurm": its_tasks, "with": slurm_lab.SETTINGS}
    except (slurm_lab.Absent, OSError, subprocess.SubprocessError) as error:
        sbatch = restd = array = {"Slurm": f"skipped: {error}"}
    yield "a submission a command, beside sbatch", max(commands.values()), "/s", None, True, commands | sbatch
    yield "one a request, beside slurmrestd", requests, "/s", None, True, restd
    yield "tasks begun and ended, beside Slurm's", ran, "/s", None, True, array


def served(program, hinterland, folder):
    """Submissions and tasks a second of a whole broker."""
    held = {"command": ["true"], "held": 1}
    with a_broker(hinterland, folder) as path:
        connection = Unix(path)

        def post(body):
            connection.request("POST", "/v1/jobs", body=json.dumps(body))
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status == 201, said
            return json.loads(said)

        began = time.perf_counter()
        for _ in range(20):
            post({"jobs": [held] * 1000})
        batched = 20_000 / (time.perf_counter() - began)
        connection.close()
        single = json.loads(subprocess.run([program, "client", path, "4000"], check=True, capture_output=True, text=True).stdout)
        commands = by_commands([hinterland, "submit", "--held", "--", "true"], os.environ | {"HINTERLAND_BROKER": str(path)})
        connection.connect()
        tasks = 3000
        began = time.perf_counter()
        job = post({"command": ["/bin/true"], "tasks": tasks})["job"]
        while (state := ask(path, "GET", f"/v1/jobs/{job}?tasks=0")[1]["state"]) != "done":
            assert state != "failed", f"job {job} has failed"
            time.sleep(0.05)
        ran = tasks / (time.perf_counter() - began)
    began = time.perf_counter()
    for _ in range(tasks // 10):
        os.waitpid(os.posix_spawn("/bin/true", ["/bin/true"], os.environ), 0)
    bare = tasks / 10 / (time.perf_counter() - began)
    return batched, single, commands, ran, bare


def in_postgres(said, program, hinterland, folder):
    """The rows of a journal in a server of this bench's own, where there is one."""
    rates = {}
    with tempfile.TemporaryDirectory(prefix="hinterland-bench-") as there:
        os.chmod(there, 0o755)
        with Server(Path(there) / "pg") as server:
            server.sql("CREATE DATABASE live")
            took = taken_over(program, hinterland, folder / "live-postgres", server.url("live"), LIVE)
            for batch, count in (1, 5000), (1000, 200_000):
                server.sql(f"CREATE DATABASE bench{batch}")
                url = server.url(f"bench{batch}")
                rates[batch] = said("postgres", url, count, batch)["per_s"], said("submit", url, count, batch)
    for batch, what in (1, "one at a time"), (1000, "1,000 a step"):
        rows, ours = rates[batch]
        yield f"the same in PostgreSQL, {what}", ours["per_s"], "/s", None, True, {"PostgreSQL_rows": rows, "p99_ms": ours["p99_ms"]}
    yield TAKEN_OVER + ", PostgreSQL", took, "s", 5, False, {}


def measure(program, hinterland, folder):
    """One row a number: what, value, unit, limit, whether more is better, others and their values."""

    def said(*words):
        return json.loads(subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout)

    disk = said("fdatasync", folder / "raw", 3000)["per_s"]
    rows = said("sqlite", folder / "rows", 300_000, 1000)["per_s"]
    single = said("submit", folder / "journal", 5000, 1)
    batched = said("submit", folder / "journal", 200_000, 1000)
    yield "durable submissions, one at a time", single["per_s"], "/s", 2000, True, {"fdatasync": disk, "p99_ms": single["p99_ms"]}
    yield "durable submissions, 1,000 a step", batched["per_s"], "/s", 20_000, True, {"SQLite_rows": rows, "p99_ms": batched["p99_ms"]}
    if shutil.which("setpriv") and list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        yield from in_postgres(said, program, hinterland, folder)
    many, one, commands, ran, bare = served(program, hinterland, folder)
    yield "by the socket, 1,000 a request", many, "/s", 20_000, True, {"without_it": batched["per_s"]}
    yield "by the socket, one a request", one["per_s"], "/s", 2000, True, {"fdatasync": disk, "p99_ms": one["p99_ms"]}
    yield "local tasks, begun, ended, published", ran, "/s", 500, True, {"bare_spawn_and_wait": bare}
    yield from beside_slurm(commands, one["per_s"], ran)
    decided = said("decide", 100_000, 10)
    yield "a decision, 99 of 100, 100,000 waiting", decided["p99_us"] / 1e3, "ms", 1, False, {"median_us": decided["p50_us"], "most_us": decided["most_us"]}
    yield TAKEN_OVER + ", SQLite", taken_over(program, hinterland, folder / "live", folder / "live.db", LIVE), "s", 5, False, {}
    known = said("recover", folder / "journal", 1_000_000, 100_000)
    assert known["jobs"] == 1_100_000, known
    yield "1M jobs over, 100,000 live: recovered", known["ready_s"], "s", 5, False, {"all_steps": known["read_all_s"]}
    yield "and resident", known["resident_mb"], "MB", 1024, False, {"file_MB": known["file_mb"]}


def main():
    parser = argparse.ArgumentParser(description="Times the broker against its limits and this disk.")
    parser.add_argument("--bin", type=Path, default=bench.ROOT / "build", help="folder of the programs")
    programs = parser.parse_args().bin.resolve()
    with tempfile.TemporaryDirectory(dir=programs) as folder:
        rows = list(measure(str(programs / "broker_bench"), str(programs / "hinterland"), Path(folder)))
    broken = bench.keep(rows, HISTORY)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
