"""What is installed runs from anywhere, with its own atlas and HiGHS: `cmake --install BUILD --prefix ELSEWHERE`."""

import os
import subprocess
import sys
import tempfile

build = os.path.abspath(sys.argv[1])
with tempfile.TemporaryDirectory() as prefix:
    subprocess.run(["cmake", "--install", build, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    program = os.path.join(prefix, "bin", "hinterland")
    checks = {
        "a verdict": ([program, "judge", "film-render", "--from", "shanghai", "--to", "guian", "--draws", "0"], "Move to Gui'an"),
        "a plan": ([program, "plan", os.path.join(prefix, "share/doc/hinterland/examples/edwc.toml"), "--set", "days=1"], "no plan costs less than"),
        "its own HiGHS": (["ldd", program], f"libhighs.so => {prefix}"),
    }
    failed = 0
    for name, (command, expected) in checks.items():
        run = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if expected not in run.stdout:
            failed += 1
            print(f"FAILED {name}: {run.stdout[:400]}{run.stderr[:400]}")
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
