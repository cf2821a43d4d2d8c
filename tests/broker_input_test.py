#!/usr/bin/python3
"""Whatever a user says to a broker: it takes it, or refuses it in words that name the field and what is allowed, and goes on.

    broker_input_test.py PROGRAM

By the command line, and by HTTP where that cannot say it. A broker that died or hangs is a problem of what was said last, and is
begun anew. At the end it must stop cleanly, with its journal sound.
"""

import re
import sys
import tempfile
from pathlib import Path

from broker_desk import NEVER_RUNS, ROOT, Desk, ask, run_parts, stops, verdict

UNPRINTABLE = "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]"  # controls, and what turns lines round


def commands(desk):
    plain, odd = desk.folder / "plain", desk.folder / "odd"
    for file, mode in ((plain, 0o644), (odd, 0o755)):
        file.write_text("echo\n")
        file.chmod(mode)
    for word, why in (("/no/such", "No such file"), (str(desk.folder), "Permission denied|folder"), (str(plain), "Permission denied"),
                      (str(odd), "format")):
        number = desk.fails({"command": [word]}, word, why)
        verb = re.search(r"`hinterland (.*?)`", desk.run("why", str(number)).stdout)
        said = desk.run(*verb[1].split()).stdout if verb else "no verb"
        desk.named(True, f"what `why {number}` names ({verb and verb[0]}) says why {word} failed", said, [word, why])
    desk.refuses(["submit", "--", ""], "command")
    desk.fails({"command": ["true"], "folder": "/no/such-folder"}, "/no/such-folder", "No such file")
    desk.denies({**NEVER_RUNS, "folder": "/tmp\0x"}, "folder")
    number = desk.submit("--wait", "--", "sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x")
    said = len(desk.run("logs", str(number)).stdout)
    desk.expect(said == 5_000_000, "`logs` prints all 5,000,000 bytes that a task said", said)
    number = desk.submit("--", "sleep", "60")
    desk.ends(number, "running")
    again = desk.run("retry", str(number))
    desk.expect(again.returncode == 1 and "over" not in again.stderr, "`retry` of a job that runs says no `over`", again.stderr)
    desk.run("cancel", str(number))
    desk.ends(number, "cancelled")


def ends(desk):
    """How a task ended is said, and no journal is written over."""
    for words, said in ((["--hours", "0.0001", "--", "sleep", "20"], "out of time"), (["--", "sh", "-c", "kill -SEGV $$"], "ended by signal 11"),
                        (["--", "false"], "it ended with status 1")):
        number = desk.submit("--wait", *words)
        desk.named(True, f"`why {number}` says how it ended", desk.run("why", str(number)).stdout, [said])
    other = desk.folder / "other.db"
    other.write_bytes(b"SQLite format 3\0and more")
    for target in (desk.journal, other):
        answer = desk.run("journal", "export", str(target), str(target))
        desk.expect(answer.returncode != 0, f"{target.name} is not exported onto itself", answer.stderr)
    desk.survives("after that")


def outputs(desk):
    for name in ("../x", "a/../../x", "a/..", "..", ".", "/etc/passwd", "", "x" * 5000, "x/" * 2500 + "x"):
        desk.denies({**NEVER_RUNS, "outputs": [name]}, "outputs", name[:30] or "''")
        desk.refuses(["submit", "--held", "--output", name, "--", "true"], "outputs", name[:30] or "''")
    outside = desk.folder / "outside"
    outside.mkdir()
    (outside / "out").write_text("SECRET")
    for script, why in ((f"ln -s {outside}/out out", "link"), ("ln -s /etc/passwd out", "link"), ("mkdir out", "no file"),
                        ("mkfifo out", "no file"), ("ln -s out out", "link"), ("true", "not there")):
        desk.fails({"command": ["sh", "-c", script], "outputs": ["out"]}, "out", why)
    desk.fails({"command": ["ln", "-s", str(outside), "sub"], "outputs": ["sub/out"]}, "sub/out", "link")
    desk.fails({"command": ["sh", "-c", f"cd .. && mv work gone && ln -s {outside} work"], "outputs": ["out"]}, "link|folder")
    kept = [one.name for one in desk.folder.glob("journal.db.d/store/objects/*") if b"SECRET" in one.read_bytes()]
    desk.expect(not kept, "no file from outside a task's folder is published", kept)


def inputs(desk):
    scene = desk.folder / "scene.txt"
    scene.write_text("a scene")
    number = desk.submit("--wait", "--input", f"in/s.txt={scene}", "--input", str(scene), "--", "cat", "in/s.txt", "scene.txt")
    desk.expect((said := desk.run("logs", str(number)).stdout) == "a scenea scene", "inputs lie where they were named", said)
    desk.expect(len(list((desk.folder / "journal.db.d/store/inputs").iterdir())) == 1, "they are in the store", None)
    scene.write_text("another")
    number = desk.submit("--wait", "--input", str(scene), "--", "cat", "scene.txt")
    desk.expect((said := desk.run("logs", str(number)).stdout) == "another", "an input is what it was when it was submitted", said)
    desk.refuses(["submit", "--input", "/no/such", "--", "true"], "/no/such", "No such file")
    desk.refuses(["submit", "--input", str(desk.folder), "--", "true"], str(desk.folder), "no file")
    desk.refuses(["submit", "--input", f"../x={scene}", "--", "true"], "inputs", "'../x'")
    desk.refuses(["submit", "--folder", "/tmp", "--input", str(scene), "--", "true"], "inputs", "folder")
    desk.denies({**NEVER_RUNS, "inputs": ["scene.txt"]}, "inputs", "'scene.txt'", "store")
    desk.denies({**NEVER_RUNS, "inputs": ["a=" + "0" * 64]}, "inputs", "store")
    desk.denies({**NEVER_RUNS, "inputs": ["a=../../../../etc/passwd"]}, "inputs", "store")


def arrays(desk):
    many = "100000"
    held = desk.submit("--tasks", many, "--held", "--name", "array", "--", "true")
    listed = desk.run("jobs").stdout
    desk.expect(re.search(rf"{held} +array .* held +0 of {many}", listed), "`jobs` lists 100,000 tasks", listed[-300:])
    desk.named(True, "`why` counts them", desk.run("why", str(held)).stdout, ["99,999 others"])
    shown = desk.run("show", str(held)).stdout
    desk.named(True, f"`show` says how many of {many} tasks it shows", shown, [f"the first 1000 of {many}"])
    running = desk.submit("--tasks", many, "--", "sleep", "0.01")
    for number in (held, running):
        ended = desk.run("cancel", str(number))
        desk.expect(ended.returncode == 0, f"`cancel {number}` of 100,000 tasks", ended.stderr)
        desk.ends(number, "cancelled")
    for tasks in ("0", "-1", "1000000000", "99999999999", "1.5", "x", ""):
        desk.refuses(["submit", "--tasks", tasks, "--", "true"], "tasks", tasks, "[1, 1000000]|whole number")


def names(desk):
    for name in ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u05e9\u05dc\u05d5\u05dd", "e\u0301\u0323", "北京渲染", "'; &amp;\"\\"):
        number = desk.submit("--held", "--name", name, "--", "true")
        desk.expect(desk.job(number)["name"] == name, f"job {number} keeps its name {name!r}", desk.job(number)["name"])
        desk.named(True, f"`show {number}` prints it", desk.run("show", str(number)).stdout, [name])
    desk.submit("--held", "--name", "长" * 66, "--", "true")
    desk.refuses(["submit", "--held", "--name", "长" * 10_000, "--", "true"], "name", "30000 bytes", "200")
    wrong = b"caf\xe9"
    for field in ("name", "key", "project", "class", "output", "folder"):
        desk.refuses(["submit", "--held", "--" + field, wrong, "--", "true"], field, "UTF-8")
    desk.refuses(["submit", "--held", "--env", b"A=" + wrong, "--", "true"], "environment", "UTF-8")
    desk.refuses(["submit", "--held", "--", "true", wrong], "command", "UTF-8")
    desk.denies(b'{"command": ["true"], "name": "caf\xe9"}', "UTF-8", "0xe9")
    desk.denies(b'{"jobs": [{"command": ["true"], "held": 1, "name": "caf\xe9"}]}', "UTF-8")
    desk.denies('{"command": ["true"], "name": "\\ud800"}', "JSON|UTF-8")
    for bad in ("\x1b]0;title\x07\x1b[31m", "a\rb", "a\n99999  forged", "\x7f\x08"):
        desk.refuses(["submit", "--held", "--name", bad, "--", "true"], "name", "control character")
    for bad in ("\x9b31m", "\u202eback\u2066", "\u061cback"):
        number = desk.submit("--held", "--name", bad, "--", "true")
        for verb in (["jobs"], ["show", str(number)], ["why", str(number)], ["jobs", "--json"], ["show", "--json", str(number)]):
            said = desk.run(*verb).stdout
            raw = re.findall(UNPRINTABLE if "--json" not in verb else r"[\x00-\x09\x0b-\x1f]", said)
            desk.expect(not raw, f"`{' '.join(verb)}` prints nothing raw of the name {bad!r}", raw)
        for words in (["submit", "--project", bad, "--", "true"], ["submit", "--class", bad, "--", "true"], ["drain", bad]):
            said = desk.run(*words).stderr
            desk.expect(not re.search(UNPRINTABLE, said), f"an error about {words!r} prints nothing raw", said)
        desk.tell("POST", f"/v1/jobs/{number}/cancel")


def environments(desk):
    count, path = ["sh", "-c", "env | grep -c ^V"], "PATH=/usr/bin:/bin"
    large = [word for k in range(1000) for word in ("--env", f"V{k}=" + "x" * 1000)]
    number = desk.submit("--wait", *large, "--", *count)
    said = desk.run("logs", str(number)).stdout
    desk.expect(said == "1000\n", "an environment of 1 MB reaches the task", said)
    desk.fails({"command": count, "environment": [path, "VERY=" + "x" * 140_000]}, "too long")
    desk.fails({"command": count, "environment": [path] + [f"V{k}=" + "x" * 1000 for k in range(3000)]}, "too long")
    desk.denies({"command": count, "environment": [f"V{k}=" + "x" * 1000 for k in range(5000)]}, "too large", "4 MB|4000000|4,000,000")
    for variable in ("WITHOUT", "=value", ""):
        desk.denies({**NEVER_RUNS, "environment": [variable]}, "environment", f"'{variable}'", "NAME=value")
        desk.refuses(["submit", "--held", "--env", variable, "--", "true"], "environment", f"'{variable}'", "NAME=value")
    for field in ("command", "environment", "outputs"):
        desk.denies({**NEVER_RUNS, field: ["A=\0b"]}, f"job: {field}", "NUL")
    desk.denies({"command": ["true"], "environment": [path, "HINTERLAND_TASK=77"]}, "environment", "HINTERLAND_TASK")
    number = desk.takes({"command": ["printenv", "HINTERLAND_TASK"], "environment": [path]})
    desk.ends(number, "done")
    said = desk.run("logs", str(number)).stdout
    desk.expect(said == "0\n", "a task is told its number", said)


def dependencies(desk):
    own = ask(desk.socket, "GET", "/v1/health")[1]["jobs"]
    desk.denies({**NEVER_RUNS, "after": [own]}, "after", str(own))
    desk.refuses(["submit", "--after", "4000000", "--", "true"], "after", "4000000")
    desk.refuses(["submit", "--after", "-1", "--", "true"], "after", "-1")
    desk.denies({**NEVER_RUNS, "after": [0.5]}, "after", "0.5", "no job's number")
    desk.denies({**NEVER_RUNS, "after": [0] * 1001}, "after", "1000")
    own = ask(desk.socket, "GET", "/v1/health")[1]["jobs"]
    cycle = [{**NEVER_RUNS, "after": [own + 1]}, {**NEVER_RUNS, "after": [own]}]
    said = desk.tell("POST", "/v1/jobs", {"jobs": cycle})[1]
    desk.expect(said.count('"error"') == 3, "of a cycle neither job is taken: each would come after one that is not there yet", said)
    first = desk.takes(NEVER_RUNS)
    second = desk.takes({"command": ["true"], "after": [first, first]})
    third = desk.takes({"command": ["true"], "after": [second, first]})
    desk.named(True, f"`why {third}` names what it waits for", desk.run("why", str(third)).stdout, [str(first), str(second)])
    desk.tell("POST", f"/v1/jobs/{first}/release")
    for number in (first, second, third):
        desk.ends(number, "done")


def limits(desk):
    wrong = {"hours": ("above 0, at most 876000", "-1 0 nan inf 1e+308"), "may_wait_hours": ("from 0 to 8760", "-1 nan inf 9000"),
             "deadline_hours": ("above 0, at most 876000", "0 -1 inf nan"), "cores": ("from 1 to 1000000", "0 -1 nan 1.5 1000001"),
             "gpus": ("from 0 to 1000000", "-1 nan inf"), "memory_gb": ("from 0 to 1000000", "-1 nan 1e+300"),
             "priority": ("from 0 to 7", "8 -1 0.5 nan x")}
    for field, (allowed, values) in wrong.items():
        option = "--" + field.replace("_", "-")
        for value in (*values.split(), ""):
            desk.refuses(["submit", "--held", option, value, "--", "true"], option, f"'{value}'", allowed)
            if value not in ("nan", "inf", "x", ""):
                desk.denies({**NEVER_RUNS, field: float(value)}, field, "out of range|whole number")
    desk.denies('{"command": ["true"], "held": 1, "hours": 1e400}', "a number that is too large")
    most = {"hours": 876_000, "may_wait_hours": 8760, "deadline_hours": 876_000, "in_gb": 1e9, "out_gb": 1e9, "late_per_hour": 1e9,
            "priority": 7}
    for field in most:  # what `hinterland fields job` allows
        desk.takes({**NEVER_RUNS, field: most[field]})
    for field, asked, said in (("cores", 3, "3 cores"), ("memory_gb", 900_000, "900000 GB"), ("gpus", 1, "1 GPU")):
        desk.denies({"command": ["true"], field: asked}, said, "guian (2 cores, 16 GB)")


def sites_files(desk):
    whole = (ROOT / "examples" / "local-sites.toml").read_text()
    place = desk.folder / "sites.toml"
    wrong = {"budget = 100": ("budget = -1", "budget = nan", "budget = inf", "budget = 1e308", 'budget = "much"', "budgett = 1"),
             "share = 2": ("share = 0", "share = -1", "share = 1.5", "share = 1001"),
             "cores = 2": ("cores = 0", "cores = -2", "cores = nan", "cores = 1.5", "cores = true"),
             "lease_s = 20": ("lease_s = 0", "lease_s = -1", "lease_s = inf", "lease_s = 1e9"),
             'site = "guian"': ('site = "guiam"', "site = 5"), 'queue = "fair"': ('queue = "unfair"',),
             "[projects.film]": ("[project.film]",), 'policy = "cheapest"': ('policy = "dearest"', "policy = 5")}
    for good, bad in wrong.items():
        for line in bad:
            place.write_text(whole.replace(good, line, 1))
            desk.refuses(["broker", "--sites", str(place), "--check"], str(place), re.split(r"[ .\]]", line.strip("["))[0])


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="hinterland-input-") as folder:
        desk = Desk(program, folder)
        desk.open()
        run_parts(desk, (commands, ends, outputs, inputs, arrays, names, environments, dependencies, limits, sites_files))
        stops(desk, [])
    return verdict(desk)


if __name__ == "__main__":
    sys.exit(main())
