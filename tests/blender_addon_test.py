#!/usr/bin/python3
"""The Blender add-on, installed as a user would, gives the open scene to the program and shows what that says.

    blender_addon_test.py [PROGRAM]

Against a program that only writes down what it was told, and copies the scene that it was given. Then it must show:

    told       exactly these words, no shell between; the panel's, or those of the call; the token's file, never the token
    the scene  as it is now, not as it was saved; its relative files still found, its cache on disk too; the same bytes for the same scene
    said       what the program says on the panel; its failure, or that it is not there, as an error that a script sees and status tells
    watched    from the panel it returns at once, looks again and again, can be stopped, and ends with what was said

And once with PROGRAM (build/hinterland) and a broker of one pool: frames come, with the pixels of the scene as it is open.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import render_desk
from blender_desk import ROOT, SCRIPTS, SHOT, pixels, run_test
from deployment import ask

PROGRAM = """#!/usr/bin/python3
import json, os, shutil, signal, sys, time
folder = os.environ["FAKE_FOLDER"]
number = len(os.listdir(folder))
copy = os.path.join(folder, f"{number}.blend")
shutil.copy(sys.argv[2], copy)
with open(os.path.join(folder, f"{number}.json"), "w") as out:
    json.dump({"argv": sys.argv[1:], "cwd": os.getcwd(), "stdin": sys.stdin.read()}, out)
print("It would cost 3.20 CNY", flush=True)
if "--frames=7" in sys.argv:
    print("error: the budget is 1.00 CNY", file=sys.stderr)
    sys.exit(1)
if "--frames=8" in sys.argv:
    sys.exit(5)
if "--frames=9" in sys.argv:
    signal.signal(signal.SIGINT, lambda *_: (print("It goes on without you", flush=True), os._exit(130)))
    time.sleep(60)
"""

# In a Blender that has the scene open. What holds is printed as a line of JSON.
INSIDE = """
import sys, time, types, bpy, json
program, folder, zip_file = json.loads({given!r})
held = {{}}
if zip_file:
    bpy.ops.preferences.addon_install(filepath=zip_file)
    bpy.ops.preferences.addon_enable(module="hinterland")
    chosen = bpy.context.preferences.addons["hinterland"].preferences
    chosen.program, chosen.broker, chosen.token_file = program, "https://broker.example:8443", folder + "/my token"

def fails(call, *parts):
    try:
        call()
    except RuntimeError as error:
        return all(part in str(error) for part in parts)
    return False

{body}
print("HELD", json.dumps(held))
"""

CALLS = """
ops, scene, asked = bpy.ops.hinterland, bpy.context.scene, bpy.context.window_manager.hinterland
held["estimates"] = ops.estimate() == {"FINISHED"}
asked.frames, asked.deadline, asked.budget, asked.chunk = "-3--1,2; rm -rf x", "06:00", "20", "auto"
held["submits"] = ops.submit() == {"FINISHED"}
held["submits again"] = ops.submit() == {"FINISHED"}
held["calls win"] = ops.submit(frames="5", budget="1", into="//帧", allow_missing=True) == {"FINISHED"}
scene.camera.location.x = 1.5
held["moved"] = ops.submit(frames="5", budget="1") == {"FINISHED"}
held["refusal is an error"] = fails(lambda: ops.submit(frames="7"), "It would cost 3.20 CNY", "the budget is 1.00 CNY")
held["silence is an error"] = fails(lambda: ops.submit(frames="8"), "It would cost 3.20 CNY")
chosen.program = folder + "/not there"
held["no program is an error"] = fails(ops.submit, "not there", "preferences")
chosen.program = program

import hinterland
class Layout:
    def __init__(self, seen): self.seen = seen
    def prop(self, thing, name): getattr(thing, name); self.seen.append(name)
    def operator(self, name): self.seen.append(name)
    def label(self, text): self.seen.append(text)
    def row(self): return self
def panel():
    seen = []
    hinterland.RENDER_PT_hinterland.draw(types.SimpleNamespace(layout=Layout(seen)), bpy.context)
    return seen
held["panel"] = panel() == ["broker", "frames", "chunk", "deadline", "budget", "into", "allow_missing",
                                "hinterland.estimate", "hinterland.submit", "It would cost 3.20 CNY"]

# What Blender does when the button is pressed; in the background it has no loop of events.
reports = []
class Pressed(hinterland.Asks):
    extra = "--yes"
    frames, chunk, deadline, budget, into, allow_missing = "9", "", "", "", "", False
    def report(self, kind, text): reports.append((kind, text))
window = types.SimpleNamespace(hinterland=asked, event_timer_add=lambda *_, **__: "timer", event_timer_remove=reports.append, modal_handler_add=lambda _: None)
context = types.SimpleNamespace(scene=scene, preferences=bpy.context.preferences, window_manager=window, window=None,
                                screen=types.SimpleNamespace(areas=[]))
tick = types.SimpleNamespace(type="TIMER")
button = Pressed()
held["watches"] = button.invoke(context, None) == {"RUNNING_MODAL"} and button.modal(context, tick) == {"PASS_THROUGH"}
held["one at a time"] = not ops.submit.poll() and "hinterland.stop" in panel()
while "3.20" not in hinterland.Errand.last.said(): time.sleep(0.05)
held["stops"] = ops.stop() == {"FINISHED"}
hinterland.Errand.last.wait()
held["ends"] = button.modal(context, tick) == {"CANCELLED"} and reports[0] == "timer" and "It goes on without you" in reports[1][1]
held["and again"] = ops.submit.poll() and not ops.stop.poll()
bpy.ops.preferences.addon_disable(module="hinterland")
held["leaves nothing"] = not hasattr(bpy.types.WindowManager, "hinterland") and not hasattr(bpy.types, "RENDER_PT_hinterland")
"""

# Another scene than was saved: the cube is larger. What Blender itself makes of it is rendered after it was submitted.
REALLY = """
chosen.program, chosen.broker, chosen.token_file = {program!r}, {broker!r}, ""
scene = bpy.context.scene
scene.objects["Cube"].scale = (2, 2, 2)
held["submits"] = bpy.ops.hinterland.submit(frames="1-2", into={into!r}) == {{"FINISHED"}}
import hinterland
held["says what came"] = "2 of 2 frames" in hinterland.Errand.last.said() and "spent" in hinterland.Errand.last.said()
scene.frame_start, scene.frame_end, scene.render.filepath = 1, 2, {alone!r}
bpy.ops.render.render(animation=True)
"""
ONE_POOL = """
[pools.guian]
site = "guian"
cores = 2
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""


class Office:
    """The program that writes down, and Blenders that call it."""

    def __init__(self, desk):
        self.desk, self.folder = desk, desk.folder / "told"
        self.folder.mkdir()
        self.program = desk.folder / "bin 程序" / "-hinterland"
        self.program.parent.mkdir()
        self.program.write_text(PROGRAM)
        self.program.chmod(0o755)
        desk.environment["FAKE_FOLDER"] = str(self.folder)
        self.zip_file = shutil.make_archive(str(desk.folder / "add-on"), "zip", ROOT / "addons/blender", "hinterland")

    def run(self, scene, body, *words, install=False):
        given = json.dumps([str(self.program), str(self.desk.folder), self.zip_file if install else None])
        script = INSIDE.format(given=given, body=body)
        return self.desk.blender(*scene, "--factory-startup", *words, "--python-exit-code", "3", "--python-expr", script)

    def held(self, ran):
        line = [line for line in ran.stdout.splitlines() if line.startswith("HELD ")]
        self.desk.expect(line, "the calls come to their end", ran.stdout + ran.stderr)
        for claim, good in json.loads(line[0].removeprefix("HELD ")).items() if line else []:
            self.desk.expect(good, f"inside Blender: {claim}", ran.stdout + ran.stderr)

    def told(self):
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"), key=lambda path: int(path.stem))]

    def copy(self, number):
        return self.folder / f"{2 * number}.blend"


def words_of(told):
    return [word for word in told["argv"][2:] if not word.startswith(("--broker", "--token-file"))]


def called(desk, office, home):
    office.held(office.run([home / SHOT], CALLS, install=True))
    told = office.told()
    panel = ["--frames=-3--1,2; rm -rf x", "--chunk=auto", "--deadline=06:00", "--budget=20", "--yes"]
    call = ["--frames=5", "--chunk=auto", "--deadline=06:00", "--budget=1"]
    more = [f"--into={home / 'shots/帧'}", "--yes", "--allow-missing"]
    expected = [["--frames=1-4:1", "--estimate"], panel, panel, call + more, [*call, "--yes"]]
    desk.expect([words_of(one) for one in told[:5]] == expected, "it is told what the panel and the calls say", told)
    desk.expect(len(told) == 8, "each call is one run", len(told))
    for one in told:
        scene = Path(one["argv"][1])
        desk.expect(one["argv"][0] == "render" and scene.is_absolute() and scene.name == os.path.basename(SHOT), "a scene of that name", one)
        beside = {"--broker=https://broker.example:8443", f"--token-file={desk.folder}/my token"}
        desk.expect(beside < set(one["argv"]) and one["cwd"] == str((home / SHOT).parent) and one["stdin"] == "", "where from and whose", one)
    desk.expect(len({one["argv"][1] for one in told}) == 1, "one scene is copied to one place")
    copies = [office.copy(number).read_bytes() for number in range(5)]
    desk.expect(copies[0] == copies[1] == copies[2] == copies[3] != copies[4], "unchanged it has the same bytes, and changed others",
                [len(one) for one in copies])
    return Path(told[0]["argv"][1])


def copied(desk, home, copy):
    """The copy, where it was made, reads what the scene reads."""
    out = desk.folder / "copy.json"
    desk.script(copy, SCRIPTS / "trace.py", out)
    desk.script(home / SHOT, SCRIPTS / "trace.py", desk.folder / "home.json")
    of_copy, of_home = (json.loads(path.read_text()) for path in (out, desk.folder / "home.json"))
    found, right = ({(asset["path"], asset["exists"]) for asset in trace["assets"]} for trace in (of_copy, of_home))
    beside = str(copy.parent / f"blendcache_{copy.stem}")
    moved = {(path.replace(beside, str((home / SHOT).parent / f"blendcache_{copy.stem}")), there) for path, there in found}
    desk.expect(len(right) > 30 and moved == right and found != right, "the copy reads what the scene reads", moved ^ right)


def unsaved(desk, office):
    """A scene that was never saved, by the add-on without preferences; and an error that is not caught ends Blender with a status."""
    before = len(office.told())
    (office.program.parent / "hinterland").symlink_to(office.program)
    desk.environment["PATH"] += f":{office.program.parent}"
    ran = office.run([], "held['unsaved'] = bpy.ops.hinterland.estimate(frames='2') == {'FINISHED'}\nbpy.ops.hinterland.submit(frames='7')",
                     "--addons", "hinterland")
    desk.expect(ran.returncode == 3 and "the budget is 1.00 CNY" in ran.stdout + ran.stderr, "what fails is seen from outside", ran.stdout + ran.stderr)
    told = office.told()[before:]
    desk.expect([one["argv"][2:] for one in told] == [["--frames=2", "--estimate"], ["--frames=7", "--yes"]], "an unsaved scene is given too", told)


def really_rendered(desk, office, program):
    """Its words are the program's own, and a broker has the job: both frames come, of the scene as it is open."""
    folder = desk.folder / "real"
    folder.mkdir()
    broker = render_desk.RenderDesk(program, folder, ONE_POOL)
    broker.open()
    scene = render_desk.blender_scene(folder / "场景" / "shots")
    into, alone = folder / "帧 frames", folder / "alone"
    body = REALLY.format(program=str(program), broker=str(broker.socket), into=str(into), alone=f"{alone}/####")
    office.held(office.run([scene.parent / "." / scene.name], body, install=True))
    jobs = ask(broker.socket, "GET", "/v1/jobs")[1]["jobs"]
    desk.expect([job["state"] for job in jobs] == ["done"], "the broker has one job, and it is done", jobs)
    came, right = ([(path.name[-8:], pixels(path)) for path in sorted(where.glob("*.png"))] for where in (into, alone))
    desk.expect(came == right and len(dict(map(reversed, came))) == 2, "both frames come, and are those of the open scene", (came, right))
    broker.stop_and_settle()
    desk.problems += broker.problems
    desk.checks += broker.checks


def test(desk):
    office, home = Office(desk), desk.make_scene()
    copy = called(desk, office, home)
    copied(desk, home, copy)
    unsaved(desk, office)
    really_rendered(desk, office, Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/hinterland").resolve())


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    run_test(test)
