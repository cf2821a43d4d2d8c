#!/usr/bin/python3
"""What renders cost, and who says so: quoted before, asked for, said while they go, held at a budget, and never paid for unasked.

    render_money_test.py PROGRAM [PART...]
"""

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import render_desk
from deployment import ask, until
from render_desk import DRAW, RenderDesk, draw

# Racks of others, at rates far apart.
RATED = """
policy = "least-loaded"
lease_s = 8
lost_after_s = 10
[pools.guian]
site = "guian"
basis = "rented"
rate_per_server_hour = 1.5
cores = 2
[pools.zhongwei]
site = "zhongwei"
basis = "rented"
rate_per_server_hour = 6
cores = 2
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""


def listen(terminal):
    """What is said on it, piece by piece, until nobody has it open."""
    with contextlib.suppress(OSError):  # its end is an error of the terminal
        while piece := os.read(terminal, 4096):
            yield piece
    os.close(terminal)


def nobody_pays_unasked(desk):
    """The first frames are rendered; for the rest somebody has to say so."""
    (desk.out / "s.txt").write_text("a scene\n")
    words = ["s.txt", "--frames", "1-12", "--into", "asked", "--name", "asked", "--", "sh", "-c", DRAW, "{frame}", "{output}", "{scene}"]
    said = desk.render(*words)
    desk.named(said.returncode == 1, "without a terminal and --yes the rest is not rendered", said.stderr, ["--yes"])
    desk.expect(len(desk.frames("asked", "asked")) == 5, "the first frames are here", desk.frames("asked", "asked"))
    for answer, code, frames in (("n", 1, 5), ("y", 0, 12)):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([desk.program, "render", *words], cwd=desk.out, env=desk.environment(), stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        heard = b""
        for piece in listen(ours):
            if b"?" in piece and b"Render the other" in heard + piece and b"Render the other" not in heard:
                os.write(ours, f"{answer}\n".encode())
            heard += piece
        process.communicate()
        desk.expect(process.returncode == code and len(desk.frames("asked", "asked")) == frames,
                    f"the answer {answer} ends it with {code} and {frames} frames", (process.returncode, heard[-400:]))
    shutil.rmtree(desk.out / "asked")


def how_far_it_is(desk):
    """On a terminal a bar says which share of all frames is here, how long the others take at that pace, and what is spent; the end says it of all."""
    (desk.out / "s.txt").write_text("a scene\n")
    picture = desk.folder / "bar.png"
    render_desk.texture(picture)
    before = len(ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"])
    ours, theirs = pty.openpty()
    started = time.time()
    process = subprocess.Popen([desk.program, "render", "s.txt", "--frames", "1-10", "--chunk", "1", "--yes", "--into", "bar", "--name", "bar", "--", "sh", "-c",
                                f'sleep 0.$0; cp {picture} "$1"', "{frame}", "{output}"], cwd=desk.out, env=desk.environment(), stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    heard, bars = "", []  # of bars: when, share, seconds left, money
    for piece in listen(ours):
        heard += piece.decode(errors="replace")
        seen = re.findall(r"rendering +(\d+) % +(\d+) s left +([\d.e-]+) CNY so far", heard)
        bars += [(time.time(), int(share) / 100, int(left), float(money)) for share, left, money in seen[len(bars):]]
        if "The rest" not in heard:
            of_first = len(bars)
    process.communicate()
    desk.expect(process.returncode == 0 and len(bars) > 5, "it draws a bar and comes to its end", (process.returncode, heard[-400:]))
    began, shares, spent = bars[0][0], [bar[1] for bar in bars], [bar[3] for bar in bars]
    desk.expect(shares == sorted(shares) and max(shares[:of_first]) <= 0.5 and shares[-1] >= 0.8, "the bar goes from none to all; the first five of ten are half", shares)
    # Of the first five alone: with the others the bar begins to count its seconds anew. Its clock began before it was first seen, and after
    # the command did; what it says is seen within a second.
    paced = [(left, *((at - origin) * (1 - share) / share for origin in (began + 1, started))) for at, share, left, _ in bars[:of_first] if share > 0]
    desk.expect(paced and all(least - 1 <= left <= most + 1 for left, least, most in paced) and any(left for left, _, _ in paced),
                "the seconds that are left are those at the pace so far", paced)
    jobs = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"][before:]
    cost = sum(job["cost"] for job in jobs)
    desk.expect(len(jobs) == 2 and spent == sorted(spent) and 0 < spent[-1] <= cost + 1e-9, "what is spent so far grows up to what it costs", (spent, cost))
    end = re.search(r"10 of 10 frames are in bar\..*spent +([\d.e-]+) CNY", heard[heard.rfind("so far"):], re.DOTALL)
    desk.expect(end and abs(float(end[1]) - cost) <= 1e-6, "the end says all frames, and all that they cost", (cost, heard[-400:]))
    shutil.rmtree(desk.out / "bar")


def a_budget_that_runs_out(desk):
    """The frames that are left take as long as nobody could have told: those that run come to the budget, however fast this machine is."""
    slow = desk.folder / "slow"
    script = f"while test -e {slow}; do sleep 0.1; done; {DRAW}"
    words = ("--into", "budget", "--name", "budget", "--chunk", "1")
    said = draw(desk, *words, "--estimate", script=script, frames="1-24")
    desk.expect(said.returncode == 0, "what it costs is said after the first frames", said.stderr)
    shown = json.loads(said.stdout)
    slow.touch()
    most = shown["spent"] + 2 * shown["estimate"]["price"]["high"]
    said = draw(desk, *words, "--budget", f"{most:.12f}", script=script, frames="1-24")
    desk.named(said.returncode == 1, "what has cost more than it may is held", said.stderr, ["come to the budget", "hinterland release"])
    job = json.loads(said.stdout)["jobs"][-1]

    def row():
        return ask(desk.socket, "GET", f"/v1/jobs/{job}")[1]

    desk.expect(len(desk.frames("budget", "budget")) == 5, "of the others none came", desk.frames("budget", "budget"))
    slow.unlink()
    # By attempts, for one that nobody has seen begin yet costs nothing.
    until(lambda: row()["done"] == row()["attempts"], 30)
    before = row()["done"]
    time.sleep(2)
    desk.expect(row()["state"] == "held", "its job is held", row()["state"])
    desk.expect(0 < row()["done"] == before < 19, "what ran ends, and nothing more of it begins", (before, row()["done"]))
    released = desk.run("release", str(job))
    desk.expect(released.returncode == 0, "it is released", released.stderr)
    said = draw(desk, *words, "--budget", f"{1000 * most:.12f}", script=script, frames="1-24")
    desk.expect(said.returncode == 0 and len(desk.frames("budget", "budget")) == 24, "with a larger one it goes on", said.stderr)
    desk.expect(json.loads(said.stdout)["jobs"][-1] == job, "as the same job", said.stdout)
    shutil.rmtree(desk.out / "budget")


def nobody_watches_a_budget(desk):
    """Ctrl-C under a budget holds the job: nobody else would."""
    (desk.out / "s.txt").write_text("a scene\n")
    slow = desk.folder / "slow-left"
    words = ["s.txt", "--frames", "1-16", "--budget", "100", "--yes", "--json", "--chunk", "1", "--into", "left", "--name", "left", "--", "sh", "-c",
             f"while test -e {slow}; do sleep 0.1; done; {DRAW}", "{frame}", "{output}"]
    first = json.loads(desk.render("--estimate", *words).stdout)["jobs"]
    slow.touch()
    process = desk.begin_render(*words)
    until(lambda: ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"][-1]["id"] > first[-1], 60)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    job = json.loads(out)["jobs"][-1]
    desk.named(process.returncode == 130, "Ctrl-C under a budget says that the job is held", err, [f"job {job} is held", f"`hinterland release {job}`"])
    slow.unlink()
    until(lambda: ask(desk.socket, "GET", f"/v1/jobs/{job}")[1]["state"] == "held", 10)  # once what runs has ended
    desk.run("release", str(job))
    said = desk.render(*words)
    desk.expect(said.returncode == 0 and json.loads(said.stdout)["came"] == 16, "released, the same command goes on with it", said.stderr)
    desk.expect(json.loads(said.stdout)["jobs"][-1] == job, "as the same job", said.stdout)
    said = desk.render(*["0" if word == "100" else "none" if word == "left" else word for word in words], "--take", "none")
    desk.expect(said.returncode == 1 and not json.loads(said.stdout)["jobs"], "of a budget of 0 nothing is rendered", said.stderr + said.stdout)
    shutil.rmtree(desk.out / "left")


def pools_of_two_rates(desk):
    """What is billed lies between what was quoted before, and both rates are in that."""
    with tempfile.TemporaryDirectory(prefix="hinterland-rates-") as folder:
        other = RenderDesk(desk.program, folder, RATED)
        other.open()
        said = draw(other, "--into", "rates", "--name", "rates", "--chunk", "2", script=f"sleep 0.4; {DRAW}", frames="1-25")
        desk.expect(said.returncode == 0, "all frames come", said.stderr)
        shown = json.loads(said.stdout)
        price = shown["estimate"]["price"]
        billed = ask(other.socket, "GET", f"/v1/jobs/{shown['jobs'][-1]}")[1]["cost"]
        print(f"quoted {price['low']:.6f} to {price['high']:.6f}, billed {billed:.6f} {price['currency']}")
        desk.expect(price["low"] <= billed <= price["high"], "what is billed was quoted", (price, billed))
        desk.expect(price["high"] > 3 * price["low"], "by each pool's own rate", price)
        desk.expect(len(shown["sites"]) == 2, "of which both had a part", shown["sites"])
        other.stop_and_settle()
        desk.problems += other.problems


if __name__ == "__main__":
    sys.exit(render_desk.main([nobody_pays_unasked, how_far_it_is, a_budget_that_runs_out, nobody_watches_a_budget, pools_of_two_rates]))
