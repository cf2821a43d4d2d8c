#!/usr/bin/python3
"""Bad input ends in exit code 2, with what is wrong, where, and what would mend it; never in a crash or in half a file.

bad_input_cases.py, bad_assess_cases.py, bad_hours_cases.py, bad_model_cases.py, bad_scenario_cases.py and bad_study_cases.py hold the cases. Usage: bad_input_test.py PROGRAM REPOSITORY
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bad_assess_cases  # noqa: F401 (it adds its cases)
import bad_claims_cases  # noqa: F401 (it adds its cases)
import bad_hours_cases  # noqa: F401
import bad_model_cases  # noqa: F401 (its cases join the table)
import bad_scenario_cases  # noqa: F401
import bad_study_cases  # noqa: F401
from bad_input_cases import ATLAS, CASES, COUNTS, GOODS

PROGRAM = str(Path(sys.argv[1]).resolve())
LIMIT_S = 10


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(folder.rglob("*"))}


def run(prepare, arguments):
    """Exit code, standard output, standard error, and whether the folder is as it was."""
    with tempfile.TemporaryDirectory(prefix="hinterland-bad-") as name:
        folder = Path(name)
        prepare(folder)
        before = contents(folder)
        done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, timeout=LIMIT_S, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"})
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"), contents(folder) == before


def problems_of_good(prepare, arguments):
    code, _, said, _ = run(prepare, arguments)
    return [] if code in (0, 1) else [f"exit code {code}: {said[:600]}"]


def problems_of(prepare, arguments, fragments):
    try:
        code, out, said, untouched = run(prepare, arguments)
    except subprocess.TimeoutExpired:
        return [f"did not end within {LIMIT_S} s"]
    lines = said.splitlines()
    problems = [] if code == 2 else [f"exit code {code}"]
    if out:
        problems.append(f"standard output: {out[:200]!r}")
    if not untouched:
        problems.append("the folder is not as it was")
    for fragment in fragments:
        if not any(fragment in line for line in lines):
            problems.append(f"no line has {fragment!r}")
    for line in lines:
        if line.startswith("hinterland: ") and not line.endswith((".", "?")):
            problems.append(f"a line does not end with what mends it: {line[:200]!r}")
        if len(line) > 1000:
            problems.append(f"a line of {len(line)} characters: {line[:200]!r}")
    if not lines or not lines[-1].endswith((".", "?")):
        problems.append("the message does not end with a sentence")
    return problems + ([f"it said: {said[:600]}"] if problems else [])


def count_problems(prepare, listed, more):
    code, _, said, _ = run(prepare, ATLAS)
    lines = said.splitlines()
    counted = [int(found.group(1)) for found in re.finditer(r": (\d+) more problem\(s\)", said)]
    if code == 2 and len(lines) == listed + len(counted) and counted == ([more] if more else []):
        return []
    return [f"exit code {code}, {len(lines)} lines, counted {counted}; meant were {listed} lines and {more} more"]


def main():
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda one: (one[0], problems_of(*one[1:])), CASES))
        results += pool.map(lambda one: (one[0], count_problems(*one[1:])), COUNTS)
        results += pool.map(lambda one: ("good: " + one[0], problems_of_good(*one[1:])), GOODS)
    failures = [(name, problems) for name, problems in results if problems]
    for name, problems in failures:
        print(f"FAILED {name}: " + "\n  ".join(problems))
    print(f"{len(results) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
