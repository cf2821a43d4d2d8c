#!/usr/bin/python3
"""Inputs that are cut off, interrupts, full disks, and two runs at once: never a crash, half a file, or another answer.

Usage: robust_test.py PROGRAM REPOSITORY [--long] [--case PART_OF_NAME]. `make test` tries a few of each, always the
same; --long, of `make soak`, cuts each input at each hundredth and interrupts every verb that writes, for about an
hour. Programs with a planted fault must be found out. Real traces are cut where $HINTERLAND_DATA has them. A full disk
is a limit on the size of files: the same to a program, but for the word for it.
"""

import argparse
import csv
import io
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from robust_cases import RATES, cut_cases, writers

HANG_S = 120
STOP_S = 10  # from a signal to the end, on a machine that has other things to do
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)


class Place:
    """A program with a cache of its own, in a folder that goes away: `here` is where it runs."""

    def __init__(self, program, cache=None):
        self.program = program
        self.top = tempfile.TemporaryDirectory(prefix="hinterland-robust-")
        self.here, self.cache = Path(self.top.name, "here"), Path(self.top.name, "cache")
        self.here.mkdir()
        if cache:
            shutil.copytree(cache, self.cache)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.top.cleanup()

    def start(self, arguments, **more):
        environment = {**os.environ, "HINTERLAND_CACHE": str(self.cache), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        return subprocess.Popen([self.program, *arguments], cwd=self.here, stdin=subprocess.DEVNULL, env=environment,
                                **pipes)

    def run(self, arguments, **more):
        return ended(self.start(arguments, **more))

    def lay(self, files):
        for name, text in files.items():
            (self.here / name).parent.mkdir(parents=True, exist_ok=True)
            (self.here / name).write_bytes(text)

    def strays(self, outputs):
        """What should not be there: neither an output nor a year of the cache."""
        files = [path for path in Path(self.top.name).rglob("*") if path.is_file()]
        return [path.name for path in files if path.suffix != ".year" and path.name not in outputs]


def ended(process):
    """Exit code (None: it hung), standard output and standard error."""
    try:
        out, said = process.communicate(timeout=HANG_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, b"", "it hangs"
    return process.returncode, out or b"", said.decode("utf-8", "replace")


def is_whole(path):
    text = path.read_bytes()
    try:
        if path.suffix == ".toml":
            return bool(tomllib.loads(text.decode()))
        if path.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(text.decode())))
            return text.endswith(b"\n") and len({len(row) for row in rows}) == 1
        if path.suffix == ".swf":
            jobs = [line for line in text.splitlines() if line[:1] != b";"]
            return text.endswith(b"\n") and all(len(line.split()) == 18 for line in jobs)
    except ValueError:
        return False
    return text.rstrip().endswith({".html": b"</html>", ".mps": b"ENDATA"}[path.suffix])


def halves(place, outputs):
    """Outputs that are there, and neither whole nor what stood there before."""
    paths = [place.here / output for output in outputs]
    return [path.name for path in paths if path.exists() and path.read_bytes() != b"old" and not is_whole(path)]


def figures(path, name):
    """What is the same in each run: a plan's page says how long it took."""
    text = path.read_bytes()
    return re.sub(rb"[0-9.]+", b"#", text) if name.startswith("plan") and path.suffix == ".html" else text


# --- Each kind of trouble: what is wrong, as texts.


def cut_off(program, cache, case, sizes):
    _, files, cut, arguments = case
    with Place(program, cache) as place:
        place.lay(files)
        code, _, said = place.run(arguments)
        if code not in (0, 1):
            yield f"uncut: exit {code}: {said[:300]}"
        for size in sizes:
            (place.here / cut).write_bytes(files[cut][:size])
            code, out, said = place.run(arguments)
            where = f"the first {size} of {len(files[cut])} bytes: exit {code}"
            if code not in (0, 1, 2):
                yield f"{where}: {said[:300]}"
            if code == 2 and out:
                yield f"{where}, and it printed {out[:80]}"
            # A row that is cut away may be missed by another file that names it.
            if code == 2 and not any(Path(file).name in said for file in files):
                yield f"{where} without the name of a file: {said[:300]}"


def is_writing(process, folder):
    """Whether it has a file open in the folder, by a partial name or without any."""
    try:
        return any(os.readlink(link).startswith(str(folder)) for link in Path(f"/proc/{process.pid}/fd").iterdir())
    except OSError:
        return False


def wait_for(process, place, share, seconds):
    """Until a share of the time that it takes is over; with None, until it writes something."""
    end = time.monotonic() + (share if share is not None else 1.5) * seconds
    while process.poll() is None and time.monotonic() < end:
        if share is None and is_writing(process, place.top.name):
            return
        time.sleep(0.001)


def interrupted(program, cache, verb, which, share, old, seconds):
    _, arguments, outputs = verb
    with Place(program, cache) as place:
        place.lay(dict.fromkeys(outputs if old else (), b"old"))
        process = place.start(arguments, stdout=subprocess.DEVNULL)
        wait_for(process, place, share, seconds)
        sent = time.monotonic()
        process.send_signal(which)
        code, _, said = ended(process)
        if code not in (0, 1, 128 + which, -which):
            yield f"exit {code}: {said[:300]}"
        if time.monotonic() - sent > STOP_S:
            yield f"ended after {time.monotonic() - sent:.1f} s"
        yield from (f"{name} is not whole" for name in halves(place, outputs))
        left = place.strays(outputs)
        if which == signal.SIGKILL:
            left = [name for name in left if ".partial" not in name]  # as partial_name.hpp has it
        yield from (f"leaves {name}" for name in left)
        if place.run(RATES)[:2] != (0, EXPECTED_RATES):
            yield "its cache gives other rates"


def on_full_disk(program, cache, verb, size, old):
    _, arguments, outputs = verb
    limits = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)), "restore_signals": False}
    with Place(program, cache) as place:
        place.lay(dict.fromkeys(outputs if old else (), b"old"))
        code, _, said = place.run(arguments, **limits)
        written = [(place.here / output).exists() and (place.here / output).stat().st_size > 3 for output in outputs]
        yield from (f"{name} is not whole" for name in halves(place, outputs))
        yield from (f"leaves {name}" for name in place.strays(outputs))
        told = code == 3 and "File too large" in said and any(name in said for name in outputs)
        if not all(written) and not told:
            yield f"exit {code}: {said[:300]}"
    with Place(program) as place, (place.here / "out").open("wb") as out:
        code, _, said = place.run(RATES, stdout=out, **limits)
        if code != 3 or "File too large" not in said:
            yield f"of standard output: exit {code}: {said[:300]}"


def two_at_once(program, cache, verb):
    name, arguments, outputs = verb
    with Place(program, cache) as alone, Place(program) as both:
        expected = alone.run(arguments)
        for process in [both.start(arguments), both.start(arguments)]:
            code, out, said = ended(process)
            if (code, said) != (expected[0], expected[2]) or (out != expected[1] and not name.startswith("plan")):
                yield f"beside another: exit {code}, or another answer: {said[:300]}"
        for output in outputs:
            if figures(both.here / output, name) != figures(alone.here / output, name):
                yield f"beside another: {output} differs"
        yield from (f"leaves {stray}" for stray in both.strays(outputs))


# --- What is tried.


def sizes_of(whole, packed, thorough):
    if not thorough:
        return sorted(random.sample(range(len(whole)), min(2, len(whole))))
    ends = set(range(min(20, len(whole)))) | set(range(max(0, len(whole) - 12), len(whole)))  # header, sum and length
    return sorted({len(whole) * percent // 100 for percent in range(100)} | (ends if packed else set()))


def tries(program, cache, verbs, thorough):
    """(name, problems) of each try; random moments are drawn here, so that threads change nothing."""

    def answer(arguments, files):
        with Place(program, cache) as place:
            place.lay(files)
            return place.run(arguments)[1]

    data = os.environ.get("HINTERLAND_DATA")
    for case in cut_cases(REPOSITORY, Path(data) if data else None, answer):
        sizes = sizes_of(case[1][case[2]], case[2].endswith(".gz"), thorough)
        yield f"cut: {case[0]}", cut_off(program, cache, case, sizes)
    shares = [None, None, None, 0.9, 1, *(i / 10 for i in range(10))] if thorough else [None, random.random()]
    for verb in verbs if thorough else verbs[:5]:
        with Place(program, cache) as place:
            began = time.monotonic()
            place.run(verb[1])
            seconds = time.monotonic() - began
        for i, (which, share) in enumerate((which, share) for which in SIGNALS for share in shares):
            name = f"interrupt: {verb[0]}: {which.name} at {'a write' if share is None else format(share, '.2f')}"
            warm = None if thorough and i % 4 == 0 else cache
            yield name, interrupted(program, warm, verb, which, share, i % 3 == 0, seconds)
        for size, old in ((4096, True), (65536, False)) if thorough else ((4096, True),):
            yield f"full disk: {verb[0]} on {size}", on_full_disk(program, cache, verb, size, old)
    for verb in verbs if thorough else verbs[3:5]:
        yield f"twice: {verb[0]}", two_at_once(program, cache, verb)


PLANTED = {
    "writes under the final name": "printf half > t.swf; exec sleep 9",
    "leaves a partial file": "trap 'exit 143' TERM; printf half > t.partial; sleep 9 2>/dev/null & wait",
    "does not stop": f"trap '' TERM; sleep {STOP_S + 1}",
    "says the wrong thing": "trap 'exit 70' TERM; sleep 9 2>/dev/null & wait",
}


def unnoticed(program, cache, script):
    """What is wrong with this test, if an interrupt finds nothing wrong with a program that does this."""
    with tempfile.TemporaryDirectory(prefix="hinterland-robust-") as folder:
        faulty = Path(folder, "faulty")
        faulty.write_text(f'#!/bin/sh\n[ "$1" = rates ] && exec {program} "$@"\n{script}\n')
        faulty.chmod(0o755)
        verb = ("", ("trace",), ("t.swf",))
        if not list(interrupted(str(faulty), cache, verb, signal.SIGTERM, share=1, old=False, seconds=0.5)):
            yield "is not noticed"


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program", type=Path)
parser.add_argument("repository", type=Path)
parser.add_argument("--long", action="store_true")
parser.add_argument("--case", default="")
options = parser.parse_args()
random.seed(1)
PROGRAM, REPOSITORY = str(options.program.resolve()), options.repository.resolve()

with Place(PROGRAM) as common:
    EXPECTED_RATES = common.run(RATES)[1]
    trace = str(common.here / "jobs.swf")
    common.run(("trace", "generate", "nasa-ipsc-1993", "--jobs", "60000", "--out", trace))
    planted = [(f"a program that {fault}", unnoticed(PROGRAM, common.cache, script))
               for fault, script in PLANTED.items()]
    chosen = [one for one in tries(PROGRAM, common.cache, writers(REPOSITORY, trace), options.long)
              if options.case in one[0]]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda one: (one[0], list(one[1])), planted + chosen))

failed = [f"FAILED {name}: {problem}" for name, problems in results for problem in problems]
for line in failed:
    print(line)
print(f"{len(PLANTED)} planted faults and {len(chosen)} troubles tried; {len(failed)} problems")
sys.exit(1 if failed or not chosen else 0)
