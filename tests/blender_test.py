#!/usr/bin/python3
"""What a Blender scene reads is found, placed elsewhere, and renders to the same pixels there.

A scene with every kind of file (blender_scene.py), under names with blanks, Chinese and leading dashes. Then it must show:

    traced     every file that Blender itself names, and the members of sequences, tiles and folders; those that are missing; the same
               bytes each time; which image of a sequence is seen when, as Blender shows it
    moved      with its home gone, in the same arrangement and in another one with other names, frames are pixel-equal to those that Blender
               alone rendered at home, and nothing outside is named any more
    refused    a map that lacks a file, names one that is not there, or tears a sequence apart; a frame that is there already, cannot
               be rendered, written or read, or needs Python that may not run: with a status and a line, and nothing left behind
"""

import json
import os
import resource
import sys

from blender_desk import SCRIPTS, SHOT, pixels, run_test

sys.path.insert(0, str(SCRIPTS))
from named_files import Frames, Tiles, resolve

FRAMES = (1, 3)  # of four; the sequence "gap" misses its third picture

# Kind by file, of all that the shot reads.
READS = {
    "caches/bird.abc": "cache", "caches/carved.btx": "cache", "caches/wave.mdd": "cache", "caches/smoke/config/config_0001.uni": "cache",
    "caches/smoke/data/fluid_data_0001.vdb": "cache", "caches/cloud_1.vdb": "volume", "caches/cloud_2.vdb": "volume",
    "caches/cloud_3.vdb": "volume", "clip/take_07.png": "clip", "clip/take_08.png": "clip", "edit/a.png": "sequence",
    "edit/b 1.png": "sequence", "fonts/a.woff2": "font", "lib/deep/paint.blend": "library", "lib/deep/tex/paint.png": "image",
    "lib/set.blend": "library", "light/noise.osl": "script", "light/spot.ies": "light", "shots/sea/gap-1.png": "sequence",
    "shots/sea/gap-2.png": "sequence", "shots/sea/gap-3.png": "sequence", "shots/sea/gap-4.png": "sequence",
    "shots/sea/sea_0001.png": "sequence", "shots/sea/sea_0002.png": "sequence", "shots/sea/sea_0003.png": "sequence",
    "shots/sea/sea_0004.png": "sequence", "shots/tex/paint.png": "image", "sound/hum.wav": "sound", "tex/-sky.png": "image",
    "tex/lost.png": "image", "tex/墙 wall.1001.png": "image", "tex/墙 wall.1002.png": "image",
}
CLOTH = "shots/blendcache_-第 1 镜"  # whose files Blender names after the object
MISSING = ["shots/sea/gap-3.png", "tex/lost.png"]

# Properties of Blender's that hold a path, and are read by no render: where it writes, what only the window shows, what repeats another.
NOT_READ = {
    "BakeSettings.filepath", "BlendData.filepath", "Brush.icon_filepath", "CompositorNodeOutputFile.base_path",
    "DynamicPaintSurface.image_output_path", "Image.filepath_raw", "ImagePackedFile.filepath", "LibraryWeakReference.filepath",
    "LibraryWeakReference.id_name", "MovieClipProxy.directory", "PathCompare.path", "PointCacheItem.filepath", "RenderSettings.filepath",
    "SequenceEditor.proxy_dir", "SequenceProxy.directory", "SequenceProxy.filepath", "StudioLight.path", "StudioLight.path_irr_cache",
    "StudioLight.path_sh_cache", "UserAssetLibrary.path", "VolumeGrids.frame_filepath", "FileBrowserFSMenuEntry.path",
    "FileSelectEntry.relative_path",
}
READ = {
    "CacheFile.filepath", "CacheFileLayer.filepath", "FluidDomainSettings.cache_directory", "Image.filepath", "ImageSequence.directory",
    "Library.filepath", "MeshCacheModifier.filepath", "MovieClip.filepath", "MovieSequence.filepath", "MultiresModifier.filepath",
    "OceanModifier.filepath", "PointCache.filepath", "ShaderNodeScript.filepath", "ShaderNodeTexIES.filepath", "Sound.filepath",
    "VectorFont.filepath", "Volume.filepath",
}
SAY_PATHS = """
import bpy, json
def say(*_):
    print("PATHS", json.dumps([bpy.utils.blend_paths(absolute=True), sorted(
        f"{name}.{p.identifier}" for name in dir(bpy.types) if "_OT_" not in name and not name.startswith("Preferences")
        for p in getattr(getattr(bpy.types, name), "bl_rna", bpy.types.ID.bl_rna).properties
        if p.type == "STRING" and p.subtype in ("FILE_PATH", "DIR_PATH"))]))
"""


def paths_in(said):
    line = next(line for line in said.splitlines() if line.startswith("PATHS "))
    return json.loads(line.removeprefix("PATHS "))


def names(desk):
    """What a name stands for, without any Blender."""
    for stored, base, path in (("//../tex/a.png", "/film/shots", "/film/tex/a.png"), ("//..\\tex\\a.png", "/film/shots", "/film/tex/a.png"),
                               ("//a", "/", "/a"), ("C:\\tex\\a.png", "/film", "/c/tex/a.png"), ("/x//y/../z", "/film", "/x/z")):
        desk.expect(resolve(stored, base) == path, f"{stored} in {base} is {path}", resolve(stored, base))
    for first, number, path in (("/s/sea_0001.exr", 12, "/s/sea_0012.exr"), ("/s/sea_0001.exr", 12345, "/s/sea_12345.exr"),
                                ("/s/a2-007b.exr", -7, "/s/a2--007b.exr"), ("/s/.5.png", 6, "/s/.6.png")):
        frames = Frames(first, [number])
        desk.expect(frames.needed() == [path] and frames.number(path) == number, f"frame {number} of {first} is {path}", frames.needed())
    sea = Frames("/s/sea_0001.exr")
    for path in ("/s/sea_01.exr", "/s/sea_0001.png", "/t/sea_0001.exr", "/s/sea_00001.exr", "/s/seas_0001.exr"):
        desk.expect(not sea.is_one_of(path), f"{path} is none of {sea.path}")
    desk.expect(Tiles("/t/w_<UVTILE>.png", [1012]).needed() == ["/t/w_u2_v2.png"], "tile 1012 is the second of the second row")


def traced(desk, home):
    out = desk.folder / "-trace.json"
    ran = desk.script(home / SHOT, SCRIPTS / "trace.py", out, before=SAY_PATHS + "say()")
    by_blender, properties = paths_in(ran.stdout)
    desk.expect(ran.returncode == 0, "the shot is traced", ran.stdout + ran.stderr)
    desk.expect("note: smoke is simulated and not baked" in ran.stderr, "what was not baked is said", ran.stderr)
    trace = json.loads(out.read_text(encoding="utf-8"))
    found = {os.path.relpath(asset["path"], home): asset for asset in trace["assets"]}
    cloth = {name: "cache" for name in found if os.path.dirname(name) == CLOTH}
    kinds = {name: asset["kind"] for name, asset in found.items()}
    desk.expect(len(cloth) == 4 and kinds == READS | cloth, "every file is found, and no other", kinds.items() ^ (READS | cloth).items())
    desk.expect([os.path.relpath(path, home) for path in trace["missing"]] == MISSING, "what is missing is said", trace["missing"])
    wrong = [name for name, asset in found.items() if asset["exists"] != (name not in MISSING)
             or asset["bytes"] != (os.path.getsize(home / name) if asset["exists"] else 0)]
    desk.expect(not wrong, "whether they are there, and their sizes, are right", wrong)
    desk.expect((found["lib/deep/tex/paint.png"]["stored"], found["shots/tex/paint.png"]["stored"]) == ("//tex/paint.png",) * 2,
                "two files of one name are two")
    desk.expect(found["shots/tex/paint.png"]["used_by"] == "paint.png", "the user is named", found["shots/tex/paint.png"])
    about = {key: value for key, value in trace.items() if key not in ("assets", "missing")}
    desk.expect(about == {"scene": str(home / SHOT), "frames": [1, 4, 1], "resolution": [64, 36, 50], "fps": 24.0, "engine": "CYCLES",
                          "output": {"format": "PNG", "path": "/tmp/"}}, "what is rendered is said", about)

    again = desk.folder / "again.json"
    ran = desk.script(home / SHOT, SCRIPTS / "trace.py", again, cwd=home / "shots")
    desk.expect(ran.returncode == 0 and again.read_bytes() == out.read_bytes(), "the same bytes from elsewhere", ran.stdout + ran.stderr)
    unseen = {os.path.relpath(path, home) for path in by_blender if path} - set(found) - {"tex/墙 wall.<UDIM>.png", "caches/smoke"}
    desk.expect(len(by_blender) > 20 and not unseen, "all that Blender names is found", unseen)
    desk.expect(not set(properties) ^ (READ | NOT_READ), "there is no other place for a path in this Blender", set(properties) ^ (READ | NOT_READ))
    return trace


def numbered(desk, _home):
    (desk.folder / "numbered").mkdir()
    ran = desk.blender("--factory-startup", "--python-exit-code", "70", "--python", SCRIPTS.parents[2] / "tests/blender_frames.py", "--",
                       SCRIPTS, desk.folder / "numbered")
    wrong = [line for line in ran.stdout.splitlines() if line.startswith("DIFFERS")]
    desk.expect(ran.returncode == 0 and "tried 168" in ran.stdout and not wrong, "sequences are counted as Blender does", wrong or ran.stderr)


class Site:
    """The files of a trace in a folder of their own, and the map that says where."""

    def __init__(self, desk, name, trace, home, place_of):
        self.desk, self.folder, self.home = desk, desk.folder / name, home
        files = [asset["path"] for asset in trace["assets"] if asset["exists"]]
        self.placed = {path: place_of(os.path.relpath(path, home)) for path in files}
        self.scene, self.missing = place_of(SHOT), trace["missing"]
        for path, place in {**self.placed, str(home / SHOT): self.scene}.items():
            (self.folder / place).parent.mkdir(parents=True, exist_ok=True)
            os.link(path, self.folder / place)

    def render(self, *words, without=(), instead=None, **more):
        placed = {path: place for path, place in (self.placed | (instead or {})).items() if path not in without}
        wanted = {"scene": str(self.home / SHOT), "files": placed, "missing": self.missing}
        (self.folder / "map.json").write_text(json.dumps(wanted, ensure_ascii=False), encoding="utf-8")
        return self.desk.script(self.folder / self.scene, SCRIPTS / "render.py", "map.json", *words, cwd=self.folder, **more)


def moved(desk, site, right):
    """Renders there what was rendered at home."""
    ran = site.render(f"--frames={FRAMES[0]},{FRAMES[1]}", "--output=帧/-f_####.png", "--times=times", "--threads=1",
                      before=SAY_PATHS + "bpy.app.handlers.render_post.append(say)")
    desk.expect(ran.returncode == 0, f"{site.folder.name} renders", ran.stdout[-300:] + ran.stderr)
    for frame in FRAMES:
        got = pixels(site.folder / f"帧/-f_{frame:04d}.png")
        desk.expect(got == right[frame], f"frame {frame} of {site.folder.name} is pixel-equal to home's", got)
    times = [line.split() for line in (site.folder / "times").read_text().splitlines()]
    desk.expect([int(frame) for frame, _ in times] == list(FRAMES) and all(int(ms) > 0 for _, ms in times), "times are written", times)
    named = {path.replace("<UDIM>", "1001") for path in paths_in(ran.stdout)[0] if os.path.basename(path) not in ("", "lost.png", "packed.png")}
    lost = [path for path in named if not path.startswith(str(site.folder) + "/") or not os.path.exists(path)]
    desk.expect(len(named) > 18 and not lost, f"{site.folder.name} names only what is there", lost)


def scattered(name):
    """Other folders and names for all that may have them."""
    folder, last = os.path.split(name)
    alone = {SHOT: os.path.basename(SHOT), "lib/set.blend": "-套.blend", "lib/deep/paint.blend": "l/2.blend", "tex/-sky.png": "天 空",
             "lib/deep/tex/paint.png": "a/1", "shots/tex/paint.png": "a/2", "sound/hum.wav": "a/3", "caches/wave.mdd": "-4"}
    if folder == CLOTH:
        return f"{os.path.basename(CLOTH)}/{last}"
    if name.startswith("caches/smoke/"):
        return name.replace("caches/smoke", "烟")
    return alone.get(name) or f"{sum(map(ord, folder))}/{last}"


def refused(desk, site, home):
    """What is wrong with a map is said all at once."""
    font, sea = str(home / "fonts/a.woff2"), str(home / "shots/sea/sea_0002.png")
    os.link(site.folder / site.placed[sea], site.folder / "sea_0002.png")
    cloth = {path: f"x/{os.path.basename(path)}" for path in site.placed if CLOTH in path}
    (site.folder / "x").mkdir()
    for path, place in cloth.items():
        os.link(site.folder / site.placed[path], site.folder / place)
    ran = site.render("--frames=1", "--output=no.png", without=[font], instead=cloth | {sea: "sea_0002.png"})
    desk.refused(ran, 2, f"{font}: DejaVu", "sea_0001.png: its files are not placed together", f"place it at {site.folder}/")
    library = str(home / "lib/set.blend")
    desk.refused(site.render("--frames=1", "--output=no.png", without=[library]), 2, f"{library}: the scene links it")
    ran = site.render("--frames=1", "--output=no.png", instead={font: "gone.ttf"})
    desk.refused(ran, 2, f"{site.folder}/gone.ttf: is not there; it is to be {font}")
    desk.refused(site.render("--frames=1,2", "--output=no.png"), 2, "2 frames cannot have one name")
    desk.expect(not (site.folder / "no.png").exists(), "no frame is rendered with a wrong map")

    there = site.folder / "f_0001.png"
    there.write_text("mine")
    ran = site.render("--frames=1,-2", "--output=f_####.png", "--times=some")
    desk.refused(ran, 3, "render.py: frame 1: f_0001.png: is there already")
    desk.expect(there.read_text() == "mine" and (site.folder / "some").read_text().startswith("-2 "), "the others are rendered all the same")
    full = site.render("--frames=1", "--output=full.exr", "--format=OPEN_EXR", restore_signals=False,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    desk.refused(full, 3, "is not whole, Blender itself cannot read it")
    left = [name for name in os.listdir(site.folder) if "full" in name]
    desk.expect(not left, "what is not whole goes", left)


def alone(desk, home):
    """Scenes that read nothing."""
    wanted = desk.folder / "alone.json"
    for name, first, status, said in (("bare", [], 3, "frame 1: Cannot render, no camera"), ("driven", ["-y"], 0, ""),
                                      ("driven", [], 3, "to let it, give Blender -y before the scene")):
        scene = home / f"shots/{name}.blend"
        wanted.write_text(json.dumps({"scene": str(scene), "files": {}}))
        output = desk.folder / f"{name}{status}.png"
        ran = desk.script(scene, SCRIPTS / "render.py", wanted, "--frames=1", f"--output={output}", "--percent=25", first=first)
        desk.refused(ran, status, said)
        desk.expect(output.exists() == (status == 0), f"{output.name} is there only if it is right")
    for name in ("a_b/Image0001.png", "all/layers_0001.exr"):
        desk.expect((desk.folder / name).is_file(), f"what nodes write lies beside the frame: {name}", os.listdir(desk.folder))
    desk.expect(not (home / "elsewhere").exists(), "and nowhere else")
    got = pixels(desk.folder / "driven0.png")
    desk.expect(len(got) == 40, "a quarter of its size can be read", got)
    wanted.write_text('{"scene": 1}')
    desk.refused(desk.script(scene, SCRIPTS / "render.py", wanted, "--frames=1", "--output=x"), 2, "no map of files")
    desk.refused(desk.script(scene, SCRIPTS / "trace.py", desk.folder / "no/x.json"), 3, "no/x.json")


def test(desk):
    names(desk)
    home = desk.make_scene()
    trace = traced(desk, home)
    numbered(desk, home)
    shown = ",".join(map(str, FRAMES))
    desk.blender(home / SHOT, "--factory-startup", "-o", desk.folder / "right/####", "-F", "PNG", "-x", "1", "-f", shown)
    right = {frame: pixels(desk.folder / f"right/{frame:04d}.png") for frame in FRAMES}
    desk.expect(all(len(one) == 40 for one in right.values()) and len(set(right.values())) == len(FRAMES), "home renders", right)
    same = Site(desk, "同 same", trace, home, lambda name: name)
    other = Site(desk, "-other", trace, home, scattered)
    gone = home.rename(desk.folder / "gone")
    moved(desk, same, right)
    moved(desk, other, right)
    refused(desk, other, home)
    alone(desk, gone)
    left = [name for name in os.listdir(desk.folder / "tmp") if name.startswith("blender")]
    desk.expect(not left, "no temporary folder is left", left)


if __name__ == "__main__":
    run_test(test)
