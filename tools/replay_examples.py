#!/usr/bin/python3
"""Writes examples/monday.jsonl and examples/tuesday.jsonl anew: two days of a broker over three pools of this machine, exported.

    tools/replay_examples.py PROGRAM
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from broker_desk import stops  # noqa: E402: the tests lie beside this
from replay_days_test import first_day, third_day  # noqa: E402
from replay_desk import Day  # noqa: E402


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-replay-") as folder:
        days = {"monday": first_day, "tuesday": third_day}
        kept = {name: Day(program, Path(folder) / name) for name in days}
        with ThreadPoolExecutor(len(days)) as together:
            for run in [together.submit(days[name], kept[name]) for name in days]:
                run.result()
        for name, day in kept.items():
            stops(day.desk, [])
            subprocess.run([program, "journal", "export", day.desk.journal, ROOT / "examples" / f"{name}.jsonl"], check=True)


if __name__ == "__main__":
    main()
