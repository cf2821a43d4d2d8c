#!/usr/bin/python3
"""The documents tell the truth: every command in a ```console block is run, and its output is the one shown.

In such a block a line `$ command` is run by bash, in a folder that shows the repository's root, so that what a
command writes into its working folder stays out of the repository; the lines below it are its output, stdout and
stderr. A line `...` stands for any lines. `# exit 1` at a command's end says how it ends; otherwise it must end
with 0. A command without output below it is only held to how it ends. make, git, sudo and apt are not run, but the
target of make must exist. Commands with HINTERLAND_DATA in them need that variable.

The examples in every `--help` (lines `  $ hinterland ...`) are run too, and must end with 0 or 1; those of a help text with a line
that begins "Needs $HINTERLAND_DATA" need that variable too.

    /usr/bin/python3 tests/docs_test.py --bin build            # check
    /usr/bin/python3 tests/docs_test.py --bin build --update   # write what the commands print now
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_RUN = {"make", "git", "sudo", "apt", "apt-get"}
SECONDS_A_COMMAND = 120
VERBS_HEADING = re.compile(r"^(verbs|subcommands|commands)\b", re.IGNORECASE)


@dataclass
class Command:
    text: str  # what bash gets
    line: int  # of its `$`, from 1
    block: int  # which block of the document it is in
    exit: int = 0
    output_begin: int = 0  # the lines it is shown to print: [begin, end) of the document, from 0
    output: list = field(default_factory=list)


def commands_in(lines):
    """The commands of all ```console blocks."""
    found, block, inside, continued = [], 0, False, False
    for number, line in enumerate(lines):
        if not inside:
            inside = line.strip() == "```console"
            continue
        if line.strip() == "```":
            inside, continued, block = False, False, block + 1
        elif continued or line.startswith("$ "):
            text = line if continued else line[2:]
            if continued:
                found[-1].text += "\n" + text
            else:
                found.append(Command(text, number + 1, block))
            continued = text.endswith("\\")
            found[-1].output_begin = number + 1
            if ends := re.search(r"\s#\s*exit (\d+)\s*$", text):
                found[-1].exit = int(ends[1])
        elif found and found[-1].block == block:
            found[-1].output.append(line)
    return found


def matches(shown, printed):
    """Whether the lines printed are those shown; '...' stands for any number of lines."""
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(matches(shown[1:], printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and matches(shown[1:], printed[1:])


def tidy(lines):
    """Without spaces at the ends of lines, and without empty lines at the end."""
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


class Shell:
    """A folder that looks like the repository's root, with our program first on PATH."""

    def __init__(self, programs, root):
        self.folder = tempfile.TemporaryDirectory()
        for entry in root.iterdir():
            if not entry.name.startswith((".", "build")):
                (Path(self.folder.name) / entry.name).symlink_to(entry)
        self.environment = os.environ | {
            "PATH": f"{programs.resolve()}:{os.environ['PATH']}", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "COLUMNS": "100",
        }

    def run(self, text):
        """Exit status and lines printed."""
        try:
            done = subprocess.run(["bash", "-c", text], cwd=self.folder.name, env=self.environment, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  errors="replace", timeout=SECONDS_A_COMMAND, check=False)
        except subprocess.TimeoutExpired:
            return 124, [f"(still running after {SECONDS_A_COMMAND} s)"]
        return done.returncode, tidy(done.stdout.split("\n"))


def check_not_run(command, root):
    """`make X` names a target that exists; the others are taken on trust."""
    words = command.text.split("#")[0].split()
    if words[0] != "make":
        return []
    rules = (root / "Makefile").read_text(encoding="utf-8")
    return [f"there is no target '{word}' in Makefile" for word in words[1:]
            if re.fullmatch(r"[a-z][a-z0-9-]*", word) and not re.search(rf"^{word}:", rules, re.MULTILINE)]


def check_command(command, shell, update):
    """Problems of one command, and its new output where an update wants one."""
    status, printed = shell.run(command.text)
    problems = []
    if status != command.exit:
        problems.append(f"ends with {status}, not {command.exit}:\n" + "\n".join(f"    {line}" for line in printed))
    shown = tidy(command.output)
    if not shown or matches(shown, printed):
        return problems, None
    if update and "..." not in (line.strip() for line in shown):
        return problems, printed
    problems.append("prints something else:\n" + "\n".join(f"  - {line}" for line in shown) + "\n"
                    + "\n".join(f"  + {line}" for line in printed))
    return problems, None


def check_document(path, programs, root, update=False):
    """Runs the commands of one document; returns how many, and the problems. May rewrite the document."""
    name = path.relative_to(root).as_posix()
    lines = path.read_text(encoding="utf-8").split("\n")
    commands = commands_in(lines)
    problems, changes = [], []
    shell = Shell(programs, root)
    kept = {c.block for c in commands if any(line.strip() == "..." for line in c.output)}
    for command in commands:
        if command.text.split()[0] in NOT_RUN:
            found = check_not_run(command, root)
        elif "HINTERLAND_DATA" in command.text and "HINTERLAND_DATA" not in os.environ:
            found = ["needs HINTERLAND_DATA, which is not set"] if os.environ.get("HINTERLAND_NO_SKIP") else []
            print(f"{name}:{command.line}: skipped, HINTERLAND_DATA is not set")
        else:
            found, printed = check_command(command, shell, update and command.block not in kept)
            if printed is not None:
                changes.append((command, printed))
        problems += [f"{name}:{command.line}: `{command.text}` {problem}" for problem in found]
    for command, printed in reversed(changes):
        begin = command.output_begin
        lines[begin:begin + len(tidy(command.output))] = printed
    if changes:
        path.write_text("\n".join(lines), encoding="utf-8")
        print(f"{name}: the output of {len(changes)} commands is rewritten")
    return len(commands), problems


def verbs_in(help_lines):
    """The names under 'Verbs:' or 'Subcommands:' in a help text."""
    names, inside = [], False
    for line in help_lines:
        if not line.startswith(" "):
            inside = bool(VERBS_HEADING.match(line)) or (inside and not line)
        elif inside and (named := re.match(r"^ {2,4}([a-z][a-z0-9-]*)(\s{2,}\S.*)?$", line)):
            names.append(named[1])
    return names


def check_help(verb, shell):
    """Runs the examples of one help text and of the verbs it lists; returns how many examples, and the problems."""
    text = " ".join(["hinterland", *verb, "--help"])
    status, printed = shell.run(text)
    if status != 0:
        return 0, [f"`{text}` ends with {status}: {' '.join(printed[:3])}"]
    examples = [found[1] for line in printed if (found := re.match(r"^  +\$ (hinterland\b.*)$", line))]
    problems = [] if examples else [f"`{text}` shows no example (a line `  $ hinterland ...`)"]
    if "HINTERLAND_DATA" not in os.environ and any(line.startswith("Needs $HINTERLAND_DATA") for line in printed):
        problems += [f"`{text}` needs HINTERLAND_DATA, which is not set"] if os.environ.get("HINTERLAND_NO_SKIP") else []
        print(f"`{text}`: skipped, HINTERLAND_DATA is not set")
        examples = []
    for example in examples:
        status, said = shell.run(example)
        if status not in (0, 1):
            problems.append(f"`{text}` has the example `{example}`, which ends with {status}:\n    " + "\n    ".join(said))
    count = len(examples)
    verbs = verbs_in(printed)
    if not verb and not verbs:
        problems.append(f"`{text}` lists no verbs under 'Verbs:'")
    for inner in verbs:
        more, found = check_help([*verb, inner], shell)
        count, problems = count + more, problems + found
    return count, problems


@contextlib.contextmanager
def a_broker(shell):
    """A broker for those examples that speak to one, and a journal that nobody has open."""
    shell.environment["HINTERLAND_BROKER"] = f"{shell.folder.name}/broker.sock"
    shell.run("hinterland journal import examples/two-owners.jsonl broker.db")
    broker = subprocess.Popen(["hinterland", "broker", "--sites", "examples/local-sites.toml", "--journal", "served.db"],
                              cwd=shell.folder.name, env=shell.environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            if shell.run("hinterland jobs")[0] == 0:
                break
            time.sleep(0.05)
        yield
    finally:
        broker.terminate()
        broker.wait(30)


HONEST = """```console
$ echo a; echo b >&2
a
b
$ seq 9
1
...
9
$ exit 3   # exit 3
$ make build
anything
```
"""
LIES = [
    ("$ echo a\nb", "prints something else"),
    ("$ echo a\na\nb", "prints something else"),
    ("$ seq 9\n1\n...\n8", "prints something else"),
    ("$ false", "ends with 1, not 0"),
    ("$ true # exit 1", "ends with 0, not 1"),
    ("$ make nothing", "no target 'nothing'"),
]


def try_the_rules():
    """What the rules miss, or blame without cause, in small documents."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        root, page = Path(folder), Path(folder) / "README.md"
        (root / "Makefile").write_text("build: ## x\n", encoding="utf-8")
        page.write_text(HONEST, encoding="utf-8")
        count, found = check_document(page, root, root)
        problems += [f"self-test: blames an honest document: {problem}" for problem in found]
        if count != 4:
            problems.append(f"self-test: sees {count} of 4 commands")
        for lie, expected in LIES:
            page.write_text(f"```console\n{lie}\n```\n", encoding="utf-8")
            if not any(expected in problem for problem in check_document(page, root, root)[1]):
                problems.append(f"self-test: believes {lie!r}")
        fake = root / "hinterland"
        fake.write_text("#!/bin/sh\n[ $# = 1 ] && printf 'Verbs:\\n  judge   x\\n\\nExamples:\\n  $ hinterland judge\\n'\n"
                        "[ $# = 2 ] && printf 'Examples:\\n  $ hinterland a b c\\n'\n[ $# = 3 ] && exit 2\nexit 0\n",
                        encoding="utf-8")
        fake.chmod(0o755)
        count, found = check_help([], Shell(root, root))
        if count != 2 or len(found) != 1 or "ends with 2" not in found[0]:
            problems.append(f"self-test: takes a help text's wrong example for right ({count}, {found})")
    return problems


def main():
    parser = argparse.ArgumentParser(description="Runs the commands that the documents show.")
    parser.add_argument("--bin", type=Path, default=ROOT / "build", help="folder of the program")
    parser.add_argument("--update", action="store_true", help="write what the commands print now into the documents")
    options = parser.parse_args()

    # Hours that an older program kept must not come into the documents.
    cache = tempfile.TemporaryDirectory()
    os.environ["HINTERLAND_CACHE"] = cache.name
    problems = try_the_rules()
    documents = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")]
    problems += [f"{path.name}: is not there" for path in documents if not path.is_file()]
    documents = [path for path in documents if path.is_file()] + sorted((ROOT / "docs").rglob("*.md"))
    commands = 0
    for document in documents:
        count, found = check_document(document, options.bin, ROOT, options.update)
        commands, problems = commands + count, problems + found
    shell = Shell(options.bin, ROOT)
    with a_broker(shell):
        examples, found = check_help([], shell)
    problems += found
    for problem in problems:
        print(problem)
    print(f"{commands} commands in {len(documents)} documents, {examples} examples in help texts; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
