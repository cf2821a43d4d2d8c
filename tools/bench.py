#!/usr/bin/python3
"""Times Hinterland against its limits, with a peer beside each number, measured in the same run.

    cold start   judge a preset, from nothing until the verdict stands on the screen; beside it /bin/true, from start to end
    doubt        the same to the end: what flips it, 500 draws; then with 10,000 draws; beside it the same with none
    hours        weather and plant of one site; beside it psychrolib 2.5.0 (PyPI), which only finds the wet bulbs of as
                 many hours
    rates        hourly rates of all sites, from nothing and from their cache; beside it the other of the two
    report       the page of a verdict: its size, and how long it takes to write
    claims       all claims that are shipped, computed; beside it the whole verb
    people       the sceptic's question over 31 regions with its draws; beside it the same over two
    a million    load and judge a trace of 1,000,000 jobs; beside it awk, which only sums processors x run time

Adds one JSON line a number to bench/history/judge.jsonl. Ends with 1 if a limit is broken.
"""

import argparse
import datetime
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HISTORY = ROOT / "bench" / "history" / "judge.jsonl"
STARTS = 31
JOBS = 1_000_000
COLD_START_LIMIT_MS = 50
DOUBT_LIMIT_MS = 100
DRAWS = 10_000
DRAWS_LIMIT_S = 1
HOURS_LIMIT_MS = 10
RATES_LIMIT_MS = 300
CACHED_LIMIT_MS = 20
REPORT_LIMIT_MB = 3
REPORT_LIMIT_MS = 300
CLAIMS_LIMIT_MS = 1000
LOAD_LIMIT_S = 2
JUDGE_LIMIT_S = 2


# A year of wet bulbs by psychrolib, in a process of its own; prints the milliseconds.
WET_BULBS = """
import math, time, psychrolib
psychrolib.SetUnitSystem(psychrolib.SI)
hours = [(12 + 15 * math.sin(h / 1394) + 5 * math.sin(h / 3.8), 0.3 + 0.6 * (h % 97) / 97) for h in range(8760)]
began = time.perf_counter()
for temperature, humidity in hours:
    psychrolib.GetTWetBulbFromRelHum(temperature, humidity, 95000)
print((time.perf_counter() - began) * 1000)
"""


def peers_python(folder, *packages):
    """The Python of all benches' peers, with packages from PyPI ("name==version") in it; it raises what hinders it."""
    python = folder / "bench-peers" / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True, capture_output=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True, capture_output=True, timeout=600)
    return str(python)


def wet_bulbs_ms(folder):
    """psychrolib's milliseconds; None where it cannot be installed."""
    try:
        python = peers_python(folder, "psychrolib==2.5.0")
        return float(subprocess.run([python, "-c", WET_BULBS], check=True, capture_output=True, text=True).stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        print(f"skipped: psychrolib, which could not be installed or run: {error}")
        return None


def run(command, output=subprocess.DEVNULL):
    """Wall seconds, peak resident MB and stderr of one run; `hinterland judge` may well say no (1)."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        errors = said.read()
    if process.returncode not in (0, 1):
        sys.exit(f"bench: `{' '.join(command)}` ends with {process.returncode}: {errors.strip()[:500]}")
    return wall, used.ru_maxrss / 1024, errors


def timing(command):
    """What `--timing` says on stderr: {"load_s": ..., "judge_s": ...}, and the peak resident MB."""
    _, peak_mb, errors = run([*command, "--timing"])
    for line in errors.splitlines():
        if line.startswith("{"):
            said = json.loads(line)
            return said.get("timing", said), peak_mb
    sys.exit(f"bench: `{' '.join(command)} --timing` prints no line of JSON on stderr")


def write_trace(path):
    """A year of jobs as a cluster sees them: Poisson arrivals, log-normal run times, powers of two of cores."""
    draw = random.Random(20240315)
    partial = path.with_suffix(".partial")
    second = 0.0
    with partial.open("w", encoding="ascii") as out:
        out.write("; Version: 2.2\n; UnixStartTime: 1704067200\n")
        for job in range(1, JOBS + 1):
            second += draw.expovariate(JOBS / (365 * 86400))
            seconds = min(int(math.exp(draw.gauss(6.5, 2.0))) + 1, 7 * 86400)
            cores = 1 << draw.randrange(8)
            out.write(f"{job} {int(second)} {draw.randrange(600)} {seconds} {cores} -1 -1 {cores} {2 * seconds} -1 "
                      f"{1 if draw.random() < 0.9 else 0} {draw.randrange(1, 401)} -1 -1 1 -1 -1 -1\n")
    partial.rename(path)


def processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def commit():
    said = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "none"


def until_printed(command):
    """Milliseconds until the first of a command's output can be read; the rest is read to its end."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        os.read(process.stdout.fileno(), 1)
        printed = time.perf_counter() - began
        process.stdout.read()
    return printed * 1000


def cold_start(program):
    """Medians in ms of the verdict, of the verdict with its doubt, and of /bin/true; they take turns on one machine."""
    judge = [program, "judge", "film-render", "--from", "shanghai"]
    printed, whole, floor = [], [], []
    run(judge)  # the files come into the page cache
    for _ in range(STARTS):
        floor.append(run(["/bin/true"])[0] * 1000)
        printed.append(until_printed(judge))
        whole.append(run(judge)[0] * 1000)
    return statistics.median(printed), statistics.median(whole), statistics.median(floor)


def middle(command, *keys, times=9):
    """The median of what a command's --timing says, the keys added up, in ms."""
    return statistics.median(1000 * sum(timing(command)[0][key] for key in keys) for _ in range(times))


def measure_hours(program, folder):
    """Weather, plants, rates and the page: the rows of step 2."""
    hours = middle([program, "pue", "metro-shanghai", "--system", "evaporative"], "weather_s", "plant_s")
    yield "8,760 h of one site's PUE and WUE", hours, "ms", HOURS_LIMIT_MS, "psychrolib: wet bulbs only", wet_bulbs_ms(folder)
    os.environ["HINTERLAND_CACHE"] = ""
    anew = middle([program, "rates", "guian"], "rates_s")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["HINTERLAND_CACHE"] = cache
        run([program, "rates", "guian"])
        kept = middle([program, "rates", "guian"], "rates_s")
    del os.environ["HINTERLAND_CACHE"]
    yield "hourly rates of 18 sites, from nothing", anew, "ms", RATES_LIMIT_MS, "from cache", kept
    yield "hourly rates of 18 sites, from cache", kept, "ms", CACHED_LIMIT_MS, "from nothing", anew
    page = folder / "bench-report.html"
    judge = [program, "judge", "film-render", "--from", "shanghai"]
    wrote = middle([*judge, "--report", str(page)], "report_s")
    whole = statistics.median(run(judge)[0] for _ in range(5)) * 1000
    yield "report of a verdict: written", wrote, "ms", REPORT_LIMIT_MS, "the whole verb without it", whole
    yield "report of a verdict: size", page.stat().st_size / 1e6, "MB", REPORT_LIMIT_MB, None, None


def measure_regions(program):
    """Claims, and where people go."""
    check = [program, "claims", "check"]
    whole = statistics.median(run(check)[0] for _ in range(5)) * 1000
    yield "claims check: 50 claims", middle(check, "claims_s"), "ms", CLAIMS_LIMIT_MS, "the whole verb", whole
    people = [program, "assess", "people", "--draws", "300", "--model"]
    each, two = (statistics.median(run([*people, model])[0] for _ in range(5)) for model in ("each", "two"))
    yield "assess people: 31 regions, 300 draws", each, "s", None, "two regions", two


def measure(program, trace):
    """One row a number: what, value, unit, limit, peer, peer's value."""
    printed, whole, floor = cold_start(program)
    yield "judge a preset, cold start to its verdict", printed, "ms", COLD_START_LIMIT_MS, "/bin/true", floor
    yield "and to the end, with flips and 500 draws", whole, "ms", DOUBT_LIMIT_MS, "to its verdict", printed
    for preset in ("film-render", "log-scan", "batch-inference"):
        judge = [program, "judge", preset, "--from", "shanghai", "--draws"]
        drawn = statistics.median(run([*judge, str(DRAWS)])[0] for _ in range(5))
        plain = statistics.median(run([*judge, "0"])[0] for _ in range(5))
        yield f"{preset}, 10,000 draws", drawn, "s", DRAWS_LIMIT_S, "without draws", plain
    yield from measure_hours(program, trace.parent)
    yield from measure_regions(program)
    info, info_mb = timing([program, "trace", "info", str(trace), "--json"])
    said, judge_mb = timing([program, "judge", str(trace), "--as", "batch-inference", "--from", "shanghai", "--json"])
    awk_s, awk_mb, _ = run(["awk", "!/^;/ {sum += $4 * $5} END {print sum}", str(trace)])
    peer = "awk sums columns 4 x 5"
    yield "trace info of 1M jobs: load", info["load_s"], "s", LOAD_LIMIT_S, peer, awk_s
    yield "judge 1M jobs: load", said["load_s"], "s", LOAD_LIMIT_S, peer, awk_s
    yield "judge 1M jobs: judge", said["judge_s"], "s", JUDGE_LIMIT_S, peer, awk_s
    yield "trace info of 1M jobs: peak memory", info_mb, "MB", None, peer, awk_mb
    yield "judge 1M jobs: peak memory", judge_mb, "MB", None, peer, awk_mb


def beside(peer, value, unit):
    return "" if value is None else f"{peer}: {value:.3f} {unit}"


def keep(rows, history):
    """Prints rows (what, value, unit, limit, whether more is better, peers' values) and adds them to a history file;
    returns how many broke their limit."""
    about = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit(), "cpu": processor()}
    broken = 0
    history.parent.mkdir(parents=True, exist_ok=True)
    with history.open("a", encoding="utf-8") as out:
        for what, value, unit, limit, more, beside in rows:
            over = limit is not None and (value < limit if more else value > limit)
            broken += over
            bound = "" if limit is None else f"{'at least' if more else 'at most'} {limit}"
            others = ", ".join(f"{name.replace('_', ' ')} {known if isinstance(known, str) else f'{known:.3g}'}" for name, known in beside.items())
            print(f"{'OVER' if over else 'ok  '} {what:42} {value:10.3f} {unit:12} {bound:14} {others}")
            out.write(json.dumps(about | {"what": what, "value": round(value, 4), "unit": unit, "limit": limit, "beside": beside}) + "\n")
    return broken


def main():
    parser = argparse.ArgumentParser(description="Times Hinterland against its limits and peers.")
    parser.add_argument("--bin", type=Path, default=ROOT / "build", help="folder of the program")
    programs = parser.parse_args().bin.resolve()

    trace = programs / "bench-1m.swf"
    if not trace.is_file():
        print(f"writing {trace.name}, once", flush=True)
        write_trace(trace)
    about = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
             "commit": commit(), "cpu": processor()}
    broken = 0
    rows = []
    for what, value, unit, limit, peer, peer_value in measure(str(programs / "hinterland"), trace):
        over = limit is not None and value > limit
        broken += over
        rows.append(about | {"what": what, "value": round(value, 4), "unit": unit, "limit": limit, "peer": peer,
                             "peer_value": None if peer_value is None else round(peer_value, 4)})
        bound = "" if limit is None else f"limit {limit} {unit}"
        print(f"{'OVER' if over else 'ok  '} {what:40} {value:9.3f} {unit:2}  {bound:12}  {beside(peer, peer_value, unit)}")
    HISTORY.parent.mkdir(parents=True, exist_ok=True)
    with HISTORY.open("a", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    print(f"{len(rows)} numbers, {broken} over their limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
