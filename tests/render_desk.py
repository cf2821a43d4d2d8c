"""Renders that are really done, for render_frames_test.py, render_money_test.py and for those over clusters: scenes, what is lost on the way, and what must hold
afterwards whatever was.

    once      every frame came once: the manifest, the folder and the broker's results agree
    equal     its pixels are those of the same scene rendered here by its renderer alone
    film      it plays, and has as many pictures
    billed    what was billed is what the journal's attempts were metered at, `cost` says the same, and so do the runners of the time; nobody pays
              for what a site lost, but for a renderer that fails
    moved     over a path, every byte of every input went once
"""

import contextlib
import json
import os
import re
import signal
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broker_desk import Desk, run_parts, stops, verdict
from deployment import ask, left_over, measured_by_runners, until

SITES = """
policy = "least-loaded"
lease_s = 8
lost_after_s = 10
[pools.shanghai]
site = "metro-shanghai"
cores = 2
[pools.guian]
site = "guian"
cores = 2
[pools.zhongwei]
site = "zhongwei"
cores = 2
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
"""
SITES_FAULT = ("host failed", "site failed", "lost", "absent")
NEEDED = ["povray", "blender", "oiiotool", "ffmpeg", "ffprobe"]

# What a frame costs here is starting its renderer: so it is small, and there are many.
POV_SIZE, BLENDER_SIZE = (64, 36), (64, 36)

POV = """#version 3.7;
#include "colors.inc"
#include "parts/balls.inc"
global_settings { assumed_gamma 1.0 }
camera { location vrotate(<0, 4, -9>, y * 90 * clock) look_at 0 right x * image_width / image_height }
light_source { <20, 30, -20> rgb 1 }
plane { y, -1 pigment { image_map { png "maps/-ground tile.png" } rotate x * 90 scale 4 } }
Balls(7)
"""
BALLS = """#macro Balls(N) #for (I, 1, N) sphere { vrotate(<3, 0, 0>, y * 360 * I / N), 0.8
  pigment { rgb <mod(I * 37, 100) / 100, clock, 0.6> } finish { reflection 0.2 } } #end #end
"""

BLEND = """
import bpy, math, sys
file, texture = sys.argv[sys.argv.index("--") + 1:]
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = %d, %d, 100
scene.frame_start, scene.frame_end, scene.render.fps = 1, 48, 24
scene.render.engine, scene.cycles.device, scene.cycles.samples, scene.cycles.use_denoising = "CYCLES", "CPU", 1, False
scene.render.image_settings.file_format = "PNG"
material = bpy.data.materials.new("ground")
material.use_nodes = True
image = material.node_tree.nodes.new("ShaderNodeTexImage")
image.image = bpy.data.images.load(texture)
material.node_tree.links.new(image.outputs["Color"], material.node_tree.nodes["Principled BSDF"].inputs["Base Color"])
bpy.ops.mesh.primitive_plane_add(size=8)
bpy.context.object.data.materials.append(material)
bpy.ops.mesh.primitive_cube_add(size=1.5, location=(0, 0, 1))
cube = bpy.context.object
cube.rotation_euler = (0, 0, 0)
cube.keyframe_insert("rotation_euler", frame=1)
cube.keyframe_insert("location", frame=1)
cube.rotation_euler, cube.location = (0, 0, 1.2), (0, 0, 2)
cube.keyframe_insert("rotation_euler", frame=48)
cube.keyframe_insert("location", frame=48)
for curve in cube.animation_data.action.fcurves:
    for point in curve.keyframe_points:
        point.interpolation = "LINEAR"
bpy.ops.object.light_add(type="SUN", rotation=(0.8, 0.2, 0.6))
bpy.context.object.data.energy = 3
bpy.ops.object.camera_add(location=(5, -5, 4), rotation=(math.radians(62), 0, math.radians(45)))
scene.camera = bpy.context.object
bpy.ops.wm.save_as_mainfile(filepath=file, relative_remap=False)
bpy.ops.file.make_paths_relative()
bpy.ops.wm.save_mainfile()
""" % BLENDER_SIZE


def shell(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, errors="replace", timeout=300, **options)
    assert done.returncode == 0, f"{words!r:.200} ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}"
    return done.stdout


def texture(file, size=16):
    """A picture of stripes that no two pixels of a row share."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shell("oiiotool", "--pattern", "fill:topleft=1,0.2,0:topright=0,1,0.2:bottomleft=0.1,0,1:bottomright=1,1,0", f"{size}x{size}", 3,
          "-d", "uint8", "-o", file)


def povray_scene(folder):
    """A scene with an include, a texture, and a name that options and shells stumble over."""
    folder.mkdir(parents=True)
    scene = folder / "-海 sea.pov"
    scene.write_text(POV)
    (folder / "parts").mkdir()
    (folder / "parts" / "balls.inc").write_text(BALLS)
    texture(folder / "maps" / "-ground tile.png")
    return scene


def blender_scene(folder):
    folder.mkdir(parents=True)
    texture(folder.parent / "贴图 maps" / "-ground tile.png")
    scene, maker = folder / "-雪 shot.blend", folder.parent / "make.py"
    maker.write_text(BLEND)
    shell("blender", "-b", "--factory-startup", "--python-exit-code", 1, "--python", maker, "--", scene, folder.parent / "贴图 maps" / "-ground tile.png")
    return scene


def povray_alone(scene, frames, folder):
    """The frames 1 to `frames` of one process."""
    folder.mkdir(parents=True)
    plain = scene.parent / "alone.pov"
    plain.write_bytes(scene.read_bytes())
    shell("povray", "+Ialone.pov", f"+O{folder}/alone.png", "+FN8", *(f"+{key}{n}" for key, n in zip("WH", POV_SIZE)), "-D", "-P", "+WT1",
          "+KFI1", f"+KFF{frames}", cwd=scene.parent, stdin=subprocess.DEVNULL)
    plain.unlink()
    return sorted(folder.iterdir())


def blender_alone(scene, frames, folder):
    folder.mkdir(parents=True)
    shell("blender", "-b", scene.parent / "." / scene.name, "--factory-startup", "-t", 1, "-o", f"{folder}/####", "-F", "PNG", "-x", 1, "-s", 1, "-e",
          frames, "-a")
    return sorted(folder.iterdir())


def count(frames):
    """Of a text as "1-9:2,12"."""
    total = 0
    for part in frames.split(","):
        first, last, step = re.fullmatch(r"(-?\d+)(?:-(-?\d+)(?::(-?\d+))?)?", part).groups()
        total += 1 if last is None else (int(last) - int(first)) // int(step or 1) + 1
    return total


def pixels(files):
    """The SHA-1 of each file's pixels."""
    hashes = []
    for k in range(0, len(files), 50):
        hashes += re.findall(r"SHA-1: ([0-9A-F]{40})", shell("oiiotool", "--wildcardoff", "--hash", *files[k:k + 50]))
    assert len(hashes) == len(files), (len(hashes), len(files))
    return hashes


def pictures(film):
    said = shell("ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", f"file:{film}")
    return int(said.strip().strip(","))


class RenderDesk(Desk):
    """A broker, and renders that it is given."""

    def __init__(self, program, folder, sites):
        super().__init__(program, folder)
        self.sites = self.folder / "sites.toml"
        self.sites.write_text(sites)
        self.out = self.folder / "out"
        self.out.mkdir()

    def environment(self):
        return {**os.environ, "HINTERLAND_BROKER": str(self.socket)}

    def render(self, *words, seconds=200):
        return subprocess.run([self.program, "render", *map(str, words)], cwd=self.out, capture_output=True, text=True, errors="replace",
                              timeout=seconds, env=self.environment(), stdin=subprocess.DEVNULL)

    def begin_render(self, *words):
        return subprocess.Popen([self.program, "render", *map(str, words)], cwd=self.out, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, errors="replace", env=self.environment(), stdin=subprocess.DEVNULL)

    def manifest(self, into, name):
        return json.loads((self.out / into / f"{name}.render.json").read_text())

    def frames(self, into, name):
        return sorted((self.out / into).glob(f"{name}.[0-9]*.png"))

    def story(self, words, into, name, frames, after, lose):
        """Renders, loses what `lose` takes away once so many of the frames are here, and waits for the end."""
        process, began, lost = self.begin_render(*words, "--into", into, "--name", name), time.time(), False
        while process.poll() is None and time.time() < began + 400:
            if not lost and len(self.frames(into, name)) >= after:
                lost = True
                lose(self)
            time.sleep(0.05)
        out, err = process.communicate(timeout=10)
        self.expect(lost, f"{name}: {after} frames came before the end", out + err)
        self.expect(process.returncode == 0, f"{name}: all frames came (status {process.returncode})", out + err)
        print(f"{name}: {frames} frames in {time.time() - began:.1f} s, of sites {json.loads(out)['sites'] if out.startswith('{') else out!r:.300}")
        return out, err

    def once(self, into, name, frames):
        manifest = self.manifest(into, name)
        here = [path.name for path in self.frames(into, name)]
        wanted = [f"{name}.{frame:04}.png" for frame in frames]
        self.expect(here == sorted(wanted), f"{name}: each frame is there once, and no other", here)
        came = [one["frame"] for one in manifest["frames"]]
        self.expect(sorted(came) == sorted(frames), f"{name}: the manifest has each frame once", came)
        results = self.attempts / "store" / "results"
        for one in manifest["frames"]:
            task = json.loads((results / str(one["job"]) / f"{one['task']}.json").read_text())
            self.expect(one["hash"] in [output["hash"] for output in task["outputs"]],
                        f"{name}: frame {one['frame']} is what task {one['task']} of job {one['job']} left", task)
        leftover = [path for path in (self.out / into).iterdir() if path.name.startswith(".")]
        self.expect(not leftover, f"{name}: nothing is left of the way", leftover)
        return manifest

    def equal(self, into, name, alone):
        here = self.frames(into, name)
        different = [path.name for path, one, other in zip(here, pixels(here), pixels(alone)) if one != other]
        self.expect(len(here) == len(alone) and not different, f"{name}: pixels are those of one machine alone", different)
        self.expect(len(set(pixels(here))) == len(here), f"{name}: and no two frames are alike", here)

    def films(self, film, frames):
        self.expect(film.exists() and pictures(film) == frames, f"{film.name} plays {frames} pictures", film)

    def stop_and_settle(self):
        """Stops the broker. What was billed is what was metered: of the journal's attempts and of `cost`, to the millionth, and for what their runners
        wrote down of the time, to the millisecond."""
        rows = ask(self.socket, "GET", "/v1/cost")[1]["rows"]
        stops(self, [])
        file, billed, ran, for_nothing = self.folder / "steps.jsonl", {}, {}, []
        shell(self.program, "journal", "export", self.journal, file)
        for line in file.open():
            for fact in json.loads(line)["facts"]:
                if fact["fact"] != "finished":
                    continue
                for part, value in fact["bill"].items():
                    billed[part] = billed.get(part, 0) + value
                if fact["cause"] in ("done", "failed"):
                    ran[fact["attempt"]] = fact["ran"]
                if fact["cause"] in SITES_FAULT and any(fact["bill"].values()):
                    for_nothing.append(fact)
        names = {"kg": "kg_co2"}
        for part, value in billed.items():
            said = sum(row[names.get(part, part)] for row in rows)
            self.expect(said == value, f"{part}: `cost` says what the journal's attempts come to", (said, value))
        self.expect(sum(billed.values()) > 0, "something was billed", billed)
        measured = measured_by_runners(self.folder)
        other = {attempt: (ms, measured.get(attempt)) for attempt, ms in ran.items() if ms != measured.get(attempt)}
        self.expect(ran and not other, "each attempt is billed for the time that its runner measured", other)
        self.expect(not for_nothing, "nobody is billed for what a site lost", for_nothing)

    def moved_once(self, pool_folder):
        """Of a pool that is somewhere else: the ledger's stretches of each object meet, none overlap, and they come to what it weighs in the broker's
        store, unless it was on its way when its line was cut."""
        reached, on_its_way = {}, set()
        for line in (Path(pool_folder) / "inputs" / "moved.log").read_text().splitlines():
            words = line.split()
            if words[0] == "from":
                on_its_way.add(words[2])
                self.expect(int(words[3]) == reached.get(words[2], 0), f"{words[2]:.12} goes on where it stopped", line)
            if words[0] in ("upto", "least"):
                reached[words[2]] = int(words[3])
            if words[0] == "upto":
                on_its_way.discard(words[2])
        self.expect(reached, "something moved", pool_folder)
        kept = self.attempts / "store" / "inputs"
        sizes = {hash: (kept / hash).stat().st_size for hash in reached if (kept / hash).exists()}
        wrong = {hash: (reached[hash], size) for hash, size in sizes.items()
                 if reached[hash] > size or (reached[hash] < size and hash not in on_its_way)}
        self.expect(sizes and not wrong, "as much of each input moved as it weighs", wrong or sorted(reached))
        return sum(reached.values())


def kill_pool(pool):
    """A pool of this machine is gone for good, and all that ran there with it."""
    def lose(desk):
        def kill_all():
            running = left_over(f"{desk.attempts}/pools/{pool}/")
            for process in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            return running

        desk.expect(until(kill_all), f"something runs in {pool} when it is lost", pool)
        said = desk.run("drain", pool, "--down")
        desk.expect(said.returncode == 0, f"{pool} is said to be down", said.stderr)
    return lose


# A renderer of a line of shell: frames are pictures of one colour, their number in it.
DRAW = 'oiiotool --pattern constant:color=0.$(($0 % 9 + 1)),0.5,0.2 8x4 3 -d uint8 -o "$1"'


def draw(desk, *words, script=DRAW, frames="1-6", scene="s.txt"):
    (desk.out / scene).write_text("a scene\n")
    return desk.render(scene, "--frames", frames, "--yes", "--json", *words, "--", "sh", "-c", script, "{frame}", "{output}", "{scene}")


def main(parts):
    """For a test whose first word is the program, and the others, if any, which of its parts are done."""
    os.environ["NO_COLOR"] = "1"
    program = str(Path(sys.argv[1]).resolve())
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} missing; run tools/setup.sh render test")
        return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
    if names := sys.argv[2:]:
        parts = [part for part in parts if part.__name__ in names]
    with tempfile.TemporaryDirectory(prefix="hinterland-render-") as folder:
        desk = RenderDesk(program, folder, SITES)
        desk.sea = povray_scene(desk.folder / "场景 scenes" / "pov")
        desk.open()
        began = time.time()

        def timed(part):
            def run(at):
                start = time.time()
                part(at)
                print(f"{part.__name__}: {time.time() - start:.1f} s")
            run.__name__ = part.__name__
            return run

        run_parts(desk, [timed(part) for part in parts])
        desk.stop_and_settle()
        print(f"{time.time() - began:.1f} s in all")
        return verdict(desk)
