#!/usr/bin/python3
"""What the types forbid does not compile.

Each file of tests/compile_fail/ compiles as it stands, and fails with -DWRONG at the line marked `// error` and at no
other line of it. Usage: compile_fail_test.py COMPILER (run in the repository's root).
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDER = Path("tests/compile_fail")
FLAGS = ["-fsyntax-only", "-std=c++23", "-I."]


def compile_file(compiler, path, *flags):
    done = subprocess.run([compiler, *FLAGS, *flags, str(path)], capture_output=True, text=True, check=False,
                          timeout=120, env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stderr


def marked_line(path):
    lines = [i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if line.endswith("// error")]
    return lines[0] if len(lines) == 1 else None


def problem_of(compiler, path):
    """What is wrong with the file; None if it does as it should."""
    line = marked_line(path)
    if line is None:
        return "has not just one line that ends with `// error`"
    code, said = compile_file(compiler, path)
    if code != 0:
        return f"does not compile even without WRONG:\n{said}"
    code, said = compile_file(compiler, path, "-DWRONG")
    if code == 0:
        return f"line {line} compiles, and must not"
    # The message may begin in a header (a static_assert); it must name this line on the way.
    blamed = {int(number) for number in re.findall(rf"{re.escape(str(path))}:(\d+):\d+: (?:error|fatal error)", said)}
    if blamed - {line} or not re.search(rf"{re.escape(str(path))}:{line}:", said):
        return f"fails, but not at line {line} alone:\n{said}"
    return None


def main():
    compiler = sys.argv[1]
    paths = sorted(FOLDER.glob("*.cpp"))
    if not paths:
        sys.exit("no file in tests/compile_fail: run this in the repository's root")
    with ThreadPoolExecutor(2) as pool:
        problems = list(pool.map(lambda path: problem_of(compiler, path), paths))
    for path, problem in zip(paths, problems):
        if problem:
            print(f"FAILED {path}: {problem}")
    failed = sum(1 for problem in problems if problem)
    print(f"{len(paths) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
