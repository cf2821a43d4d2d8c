#!/usr/bin/python3
"""Two renders over three real Slurm clusters, one of which is cut off for good.

    render_slurm_test.py PROGRAM

48 frames of Blender and 96 of POV-Ray are asked for at once, in two classes that have their users in Beijing and in Shanghai; each has its
nearest cluster (nearest), and the others where that one is full. Beijing's takes fewer at a time, so that it works longest. When a third of the frames is here and others are being rendered at the cluster
that is nearest to Beijing, the line to it goes silent and stays so: what runs there runs on, and nobody hears of it. Every frame must come once,
with the pixels of one machine alone; the films play; bills are what was metered; and to each site each byte of the scenes went once
(render_desk.py).

Which cluster is nearest does not depend on seconds. Which of them have room does, at the moment at which a task is placed, or placed anew. So the
sea comes when the snow has taken all room; then only tasks that end just before or after the line is cut may go another way in the simulator.
When both came at once, 68 to 100 % of 44 placements agreed, and one scene more that moved to a site was a quarter of the bill.

Then the simulator runs that day again, fitted on another one over the same clusters, half of both scenes. What is measured is printed; it fails beyond

    placement   85 % of the tasks are put where they ran        (95 % is aimed at; 91 to 100 % on six days)
    makespan    off by 20 %                                     (10 %; -10 to +8 %)
    cost        off by 6 %                                      (3 %; -0.3 to +1.1 %)
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import render_desk
from broker_desk import verdict
from broker_slurm_test import SCHEDULING, renew_tokens
from cut_line import CutLine
from deployment import ROOT, ask, until
from render_desk import RenderDesk

sys.path.insert(0, str(ROOT / "tools"))
import slurm_lab  # noqa: E402: it lies beside the benches

NAMES = ("guian", "zhongwei", "shanghai")
SITES = """
policy = "nearest"
lease_s = 4
lost_after_s = 8
[pools.guian]
site = "guian"
cores = 4
slurm = "http://127.0.0.1:{guian}"
slurm_user = "root"
slurm_token = "guian.jwt"
folder = "{folder}/guian"
link_mbps = 100
[pools.zhongwei]
site = "zhongwei"
cores = 2
slurm = "http://127.0.0.1:{zhongwei}"
slurm_user = "root"
slurm_token = "zhongwei.jwt"
folder = "{folder}/zhongwei"
link_mbps = 100
[pools.shanghai]
site = "metro-shanghai"
cores = 4
slurm = "commands"
slurm_conf = "{conf}"
folder = "{folder}/shanghai"
link_mbps = 100
[work.sea]
class = "film-render"
from = "shanghai"
[work.snow]
class = "film-render"
from = "beijing"
[projects.film]
"""
FRAMES = {"snow": 48, "sea": 96}
CHUNKS = {"snow": 1, "sea": 4}
LEAST_AGREEMENT, MOST_MAKESPAN, MOST_COST = 0.85, 0.20, 0.06


def begin_all(desk, scenes, frames):
    """The sea when all of the snow is asked for and has taken all room, so that no second decides where either goes."""
    words = {"sea": [scenes["sea"], "--size", "x".join(map(str, render_desk.POV_SIZE))], "snow": [scenes["snow"]]}
    renders = {}
    for name, count in frames.items():
        desk.expect(not renders or until(lambda: len(ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]) == 2, 60), "all of the snow is asked for", list(renders))
        renders[name] = desk.begin_render(*words[name], "--frames", f"1-{count}", "--chunk", str(CHUNKS[name]), "--yes", "--json", "--film",
                                          f"{name}.mp4", "--into", name, "--name", name, "--class", name)
    return renders


def states(desk):
    return {pool["name"]: pool["state"] for pool in ask(desk.socket, "GET", "/v1/pools")[1]["pools"]}


def a_short_render(desk, scenes):
    for name, process in begin_all(desk, scenes, {name: count // 2 for name, count in FRAMES.items()}).items():
        out, err = process.communicate(timeout=300)
        desk.expect(process.returncode == 0, f"{name}: half of the frames came (status {process.returncode})", out + err)


def two_renders_and_a_line_that_is_cut(desk, scenes, clusters, line):
    began = time.time()
    renders = begin_all(desk, scenes, FRAMES)

    def run_there():
        return clusters["zhongwei"].said("squeue", "-h", "-r", "-t", "R", "-o", "%i").split()

    def third():
        for name, process in renders.items():
            assert process.poll() in (None, 0), process.communicate()
        here = [len(desk.frames(name, name)) for name in FRAMES]
        return all(here) and sum(here) >= sum(FRAMES.values()) // 3 and run_there()

    desk.expect(until(third, 200), "a third of the frames comes, and others are rendered where the line is cut", {name: len(desk.frames(name, name)) for name in FRAMES})
    running = run_there()
    arrays = [name for name, cluster in clusters.items() if "_" in cluster.said("squeue", "-h", "-r", "--states=all", "-o", "%i")]
    desk.expect(arrays, "tasks of a job are arrays of a cluster", arrays)
    line.stall()
    print(f"after {time.time() - began:.1f} s a third is here, and the line to zhongwei goes silent; {len(running)} tasks run there")
    desk.expect(until(lambda: states(desk)["zhongwei"] == "lost", 60), "its pool is given up on", states(desk))
    for name, process in renders.items():
        out, err = process.communicate(timeout=300)
        desk.expect(process.returncode == 0, f"{name}: all frames came (status {process.returncode})", out + err)
        print(f"{name}: {FRAMES[name]} frames after {time.time() - began:.1f} s, of sites {json.loads(out)['sites'] if out.startswith('{') else out}")
    desk.expect(len(running) > 0 or any(task["site"] == "zhongwei" for name in FRAMES for task in desk.manifest(name, name)["tasks"]),
                "the cluster that was cut off had a part", running)
    alone = {"sea": render_desk.povray_alone(scenes["sea"], 96, desk.folder / "alone-sea"), "snow": render_desk.blender_alone(scenes["snow"], 48, desk.folder / "alone-snow")}
    for name, count in FRAMES.items():
        desk.once(name, name, range(1, count + 1))
        desk.equal(name, name, alone[name])
        desk.films(desk.out / f"{name}.mp4", count)


def run_again(desk, day_before):
    """The day of `desk` by the simulator, as it is and fitted on the day before."""
    said = desk.run("replay", "--fit", str(day_before.journal), "--out", str(desk.folder / "books"), str(desk.journal), "--json")
    desk.expect(said.returncode == 0, "the day is run again", said.stderr)
    if said.returncode != 0:
        return
    both = json.loads(said.stdout)
    for name, fidelity in (("as it is", both["before"]), ("after fitting", both["fidelity"])):
        print(f"run again, {name:14} placement {fidelity['placement_agreement']:7.2%} of {fidelity['tasks']} tasks   makespan "
              f"{fidelity['makespan']['error']:+7.2%}   cost {fidelity['cost']['error']:+7.2%}   end of a task, median {fidelity['finish_s']['median']:.2f} s")
    after = both["fidelity"]
    desk.expect(after["tasks"] == both["tasks"] and after["compared"] == after["tasks"], "all tasks are compared", after)
    desk.expect(after["placement_agreement"] >= LEAST_AGREEMENT, "its placements agree", after["placement_agreement"])
    desk.expect(abs(after["makespan"]["error"]) < MOST_MAKESPAN, "its makespan is near", after["makespan"])
    desk.expect(abs(after["cost"]["error"]) < MOST_COST, "its cost is near", after["cost"])
    desk.expect(0 < both["clairvoyant"]["bound"] <= both["as_it_was"]["bill"], "its bound is one", both["clairvoyant"])


def main():
    program = str(Path(sys.argv[1]).resolve())
    missing = [name for name in ("povray", "blender", "oiiotool", "ffmpeg", "ffprobe") if shutil.which(name) is None]
    with contextlib.ExitStack() as stack:
        try:
            if missing:
                raise slurm_lab.Absent(f"not installed: {', '.join(missing)}")
            clusters = {name: stack.enter_context(slurm_lab.running(("n1",), 4, SCHEDULING, tokens=name != "shanghai")) for name in NAMES}
        except slurm_lab.Absent as why:
            print(f"skipped: {why}; run tools/setup.sh render test")
            return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hinterland-render-")))
        line = CutLine(lambda: clusters["zhongwei"].rest_port)
        scenes = {"sea": render_desk.povray_scene(folder / "场景 scenes" / "pov"),
                  "snow": render_desk.blender_scene(folder / "场景 scenes" / "blend")}
        days = []
        for name, happens in (("before", a_short_render), ("day", lambda *of: two_renders_and_a_line_that_is_cut(*of, clusters, line))):
            (folder / name).mkdir()
            desk = RenderDesk(program, folder / name, SITES.format(guian=clusters["guian"].rest_port, zhongwei=line.port, folder=folder / name,
                                                                   conf=clusters["shanghai"].folder / "slurm.conf"))
            days.append(desk)
            renew_tokens(desk.folder, clusters)
            desk.open()
            desk.expect(until(lambda: set(states(desk).values()) == {"up"}, 30), "three clusters are heard", states(desk))
            happens(desk, scenes)
            desk.stop_and_settle()
        sent = {name: desk.moved_once(desk.folder / name) for name in NAMES}
        print(f"bytes of inputs that moved, once: {sent}")
        run_again(desk, days[0])
        return verdict(*days)


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    sys.exit(main())
