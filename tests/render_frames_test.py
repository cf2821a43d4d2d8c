#!/usr/bin/python3
"""Renders that are really done, over three pools of one broker: by POV-Ray, by Blender, and by commands that misbehave.

    render_frames_test.py PROGRAM [PART...]

96 frames of POV-Ray and 48 of Blender, one of the pools lost for good on the way; what must hold then is in render_desk.py.
And: what is not well is rendered again and nothing else is, nothing is ever written over, a disk that fills loses nothing, whoever is
interrupted goes on, and the same command again pays for nothing twice.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import render_desk
from deployment import ask, until
from render_desk import DRAW, draw, kill_pool


def povray_and_a_lost_pool(desk):
    scene = desk.sea
    size = "x".join(map(str, render_desk.POV_SIZE))
    alone = subprocess.Popen([sys.executable, "-c", "import sys, pathlib, render_desk as d; d.povray_alone(pathlib.Path(sys.argv[1]), 96, pathlib.Path(sys.argv[2]))",
                              str(scene), str(desk.folder / "alone-pov")], cwd=Path(__file__).parent)
    desk.story([scene, "--frames", "1-96", "--size", size, "--yes", "--film", "sea.mp4", "--json", "--chunk", "4"], "sea", "sea", 96, 32, kill_pool("guian"))
    alone.wait(120)
    desk.run("drain", "guian", "--undo")
    manifest = desk.once("sea", "sea", range(1, 97))
    desk.equal("sea", "sea", sorted((desk.folder / "alone-pov").iterdir()))
    desk.films(desk.out / "sea.mp4", 96)
    first = [chunk for chunk in manifest["jobs"][0]["chunks"]]
    desk.expect(first == ["1", "49", "96", "25", "73"], "first, middle and last come first", first)
    desk.expect({one["site"] for one in manifest["tasks"]} == {"shanghai", "guian", "zhongwei"}, "all three pools had a part", manifest["tasks"])


def blender_and_a_lost_pool(desk):
    scene = render_desk.blender_scene(desk.folder / "场景 scenes" / "shots")
    out, err = desk.story([scene, "--yes", "--film", "shot.mp4", "--json"], "shot", "shot", 48, 8, kill_pool("guian"))  # its tasks are few: later none may run there
    desk.run("drain", "guian", "--undo")
    manifest = desk.once("shot", "shot", range(1, 49))
    desk.equal("shot", "shot", render_desk.blender_alone(scene, 48, desk.folder / "alone-blender"))
    desk.films(desk.out / "shot.mp4", 48)
    told = json.loads(out)["estimate"]
    desk.expect(told["measured"] == 5 and told["left"] == 43 and told["tasks"] < 43, "frames share the start of their renderer", told)
    desk.expect(told["price"]["low"] <= told["price"]["central"] <= told["price"]["high"], "the estimate has a price", told)
    sizes = [render_desk.count(chunk) for chunk in manifest["jobs"][1]["chunks"]]
    desk.expect(sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1], "the last tasks are short", manifest["jobs"][1]["chunks"])


def the_same_again_costs_nothing(desk):
    first = draw(desk, "--into", "same", "--name", "same", "--chunk", "4", frames="1-16")
    desk.expect(first.returncode == 0 and json.loads(first.stdout)["came"] == 16, "sixteen frames come", first.stderr)
    jobs = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    gone = desk.out / "same" / "same.0007.png"
    was = gone.read_bytes()
    gone.unlink()
    said = draw(desk, "--into", "same", "--name", "same", "--chunk", "4", frames="1-16")
    desk.expect(said.returncode == 0 and gone.read_bytes() == was, "a frame that was thrown away is fetched again", said.stderr)
    (desk.out / "same" / "same.render.json").unlink()
    said = draw(desk, "--into", "same", "--name", "same", "--chunk", "4", frames="1-16")
    desk.expect(said.returncode == 0 and json.loads(said.stdout)["came"] == 16, "without its manifest its frames are known by their bytes", said.stderr)
    (desk.out / "same" / "same.render.json").unlink()
    gone.write_text("mine")
    said = draw(desk, "--into", "same", "--name", "same", "--chunk", "4", frames="1-16")
    desk.named(said.returncode == 2, "and one that is another's is refused", said.stderr, ["1 frame is there", "same.0007.png"])
    gone.write_bytes(was)
    said = draw(desk, "--into", "same", "--name", "same", "--chunk", "4", frames="1-16")
    desk.expect(said.returncode == 0, "until it is put back", said.stderr)
    # From another folder, without a manifest, under another name, with other chunks: the broker knows what was asked.
    said = draw(desk, "--into", "same2", "--name", "other", "--chunk", "2", frames="1-16")
    desk.expect(said.returncode == 0 and json.loads(said.stdout)["came"] == 16, "another folder gets the same frames", said.stderr)
    desk.expect(ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"] == jobs, "and no job is submitted for that", said.stderr)
    said = draw(desk, "--into", "same", "--name", "same", "--take", "2", frames="1-16")
    desk.expect(said.returncode == 2 and "Another render is there" in said.stderr, "another render of the name is refused", said.stderr)
    said = draw(desk, "--into", "same3", "--name", "same", "--take", "2", frames="1-16")
    shown = json.loads(said.stdout)
    desk.expect(said.returncode == 0 and not {job["id"] for job in jobs} & set(shown["jobs"]), "another take is rendered anew", shown)
    for name in ("same", "same2", "same3"):
        shutil.rmtree(desk.out / name)


def only_what_is_not_well_is_rendered_again(desk):
    """Frames are black, cut off, of another size, not there, or crash, the first time; a counter beside the broker knows."""
    counts = desk.folder / "counts"
    counts.mkdir()
    script = f"""n=$(ls {counts} | grep -c "^$0[.]"); : > {counts}/$0.$n
case $0.$n in
  2.0) oiiotool --pattern constant:color=0,0,0 8x4 3 -o "$1" ;;
  3.0) {DRAW}; head -c 60 "$1" > "$1.part"; mv "$1.part" "$1" ;;
  5.0) oiiotool --pattern constant:color=1,1,1 8x5 3 -o "$1" ;;
  6.0) exit 0 ;;
  8.0) exit 7 ;;
  9.*) kill -9 $$ ;;
  *) {DRAW} ;;
esac"""
    said = draw(desk, "--size", "8x4", "--chunk", "4", "--into", "bad", "--name", "bad", script=script, frames="1-9")
    shown = json.loads(said.stdout)
    desk.expect(said.returncode == 1 and shown["missing"] == "9" and shown["came"] == 8, "all come but the one that never does", said.stdout + said.stderr)
    times = {n: len(list(counts.glob(f"{n}.*"))) for n in range(1, 10)}
    # 9 is one of the first, one a task: its task fails three times at the broker, and again, and again.
    desk.expect({n: times[n] for n in range(1, 9)} == {1: 1, 2: 2, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1, 8: 2},
                "only what was not well was rendered again", times)
    faults = {(one["frame"], one["fault"]) for one in desk.manifest("bad", "bad")["faults"]}
    desk.expect(faults >= {(2, "black"), (3, "unreadable"), (5, "wrong size"), (6, "missing"), (8, "missing"), (9, "missing")}, "each by its fault", faults)
    shutil.rmtree(desk.out / "bad")


def nothing_is_written_over(desk):
    """Two renders of other frames, begun at once for one name in one folder; and files that somebody put there."""
    slow = f"sleep 0.3; {DRAW}"
    (desk.out / "s.txt").write_text("a scene\n")
    first, second = [desk.begin_render("s.txt", "--frames", "1-6", "--yes", "--json", "--into", "both", "--name", "both", "--take", take, "--", "sh", "-c", slow,
                                       "{frame}", "{output}") for take in "ab"]
    ends = sorted(process.communicate(timeout=100) and process.returncode for process in (first, second))
    desk.expect(ends == [0, 2], "one of two renders of a name has it, the other is refused", ends)
    kept = {path.name: path.read_bytes() for path in (desk.out / "both").iterdir() if path.is_file()}
    desk.expect(len(kept) == 7, "its frames are whole", sorted(kept))
    # Somebody's file comes in between, after the folder was found free.
    (desk.out / "mine").mkdir()
    process = desk.begin_render("s.txt", "--frames", "1-6", "--yes", "--json", "--into", "mine", "--name", "m", "--", "sh", "-c", slow, "{frame}", "{output}")
    until(lambda: (desk.out / "mine" / "m.render.json").exists(), 30)
    (desk.out / "mine" / "m.0005.png").write_text("mine")
    out, err = process.communicate(timeout=100)
    shown = json.loads(out)
    desk.expect(process.returncode == 1 and shown["came"] == 5 and len(shown["displaced"]) == 1, "a frame whose place is taken is kept apart", out + err)
    desk.expect((desk.out / "mine" / "m.0005.png").read_text() == "mine", "and what has its place is left", err)
    apart = desk.out / shown["displaced"][0] if shown["displaced"] else Path("none")
    desk.expect(apart.exists(), "it is where it is said to be", shown)
    (desk.out / "mine" / "m.0005.png").unlink()
    again = desk.render("s.txt", "--frames", "1-6", "--yes", "--json", "--into", "mine", "--name", "m", "--", "sh", "-c", slow, "{frame}", "{output}")
    desk.expect(again.returncode == 0 and json.loads(again.stdout)["came"] == 6, "once its place is free it comes", again.stderr)
    (desk.out / "theirs").mkdir()
    (desk.out / "theirs" / "t.0003.png").write_text("theirs")
    said = draw(desk, "--into", "theirs", "--name", "t")
    desk.expect(said.returncode == 2 and "t.0003.png" in said.stderr, "frames of nobody knows which render stop it before it begins", said.stderr)
    for name in ("both", "mine", "theirs"):
        shutil.rmtree(desk.out / name)


def interrupted_and_gone_on(desk):
    words = ["s.txt", "--frames", "1-12", "--yes", "--json", "--into", "int", "--name", "int", "--", "sh", "-c", f"sleep 0.5; {DRAW}", "{frame}", "{output}"]
    (desk.out / "s.txt").write_text("a scene\n")
    process = desk.begin_render(*words)
    until(lambda: len(desk.frames("int", "int")) >= 6, 60)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    desk.expect(process.returncode == 130 and "goes on at the broker" in err and "The same command again" in err, "Ctrl-C says what goes on and how to come back", err)
    jobs = json.loads(out)["jobs"]
    process = desk.begin_render(*words)
    time.sleep(0.3)
    process.kill()  # with no word
    process.communicate()
    said = desk.render(*words)
    shown = json.loads(said.stdout)
    desk.expect(said.returncode == 0 and shown["came"] == 12, "the same command goes on to the end", said.stderr)
    desk.expect(shown["jobs"] == jobs, "with the same jobs", (jobs, shown["jobs"]))
    shutil.rmtree(desk.out / "int")


TEMPLATE = """specificationVersion: jobtemplate-2023-09
name: "{{Param.Title}}"
parameterDefinitions:
- {name: Title, type: STRING, default: a shot}
- {name: Frames, type: STRING, default: "1-5:2"}
- {name: Scene, type: PATH, objectType: FILE, dataFlow: IN, default: "-scene 图.txt"}
- {name: Colours, type: PATH, dataFlow: IN, default: colours}
- {name: Out, type: PATH, dataFlow: OUT, default: frames}
steps:
- name: Frames
  parameterSpace:
    taskParameterDefinitions:
    - {name: Frame, type: INT, range: "{{Param.Frames}}"}
  script:
    embeddedFiles:
    - name: Draw
      type: TEXT
      runnable: true
      data: |
        #!/bin/sh
        # Frame {{Task.Param.Frame}} of "{{RawParam.Scene}}"
        [ "$(cat "{{Param.Scene}}")" = "a scene" ] || exit 3
        exec oiiotool --pattern constant:color=0.{{Task.Param.Frame}},$(cat "{{Param.Colours}}/deep/g") 8x4 3 -d uint8 -o "$1"
    actions:
      onRun:
        command: "{{Task.File.Draw}}"
        args: ["{{Param.Out}}/picture_{{Task.Param.Frame}}.png"]
        timeout: 60
"""


def openjd_templates(desk):
    home = desk.folder / "template"
    (home / "colours" / "deep").mkdir(parents=True)
    (home / "colours" / "deep" / "g").write_text("0.25,1")
    (home / "-scene 图.txt").write_text("a scene")
    (home / "job.yaml").write_text(TEMPLATE)
    said = desk.render(home / "job.yaml", "--yes", "--json", "--into", "ojd", "--param", "Frames=7,1-5:2")
    shown = json.loads(said.stdout)
    desk.expect(said.returncode == 0 and shown["came"] == 4, "a template's frames come", said.stdout + said.stderr)
    told = [render_desk.shell("oiiotool", "--stats", path).split("Stats Avg: ")[1].split()[:2] for path in desk.frames("ojd", "job")]
    desk.expect([round(float(red)) for red, _ in told] == [26, 77, 128, 179] and {green for _, green in told} == {"64.00"}, "each as the template draws it", told)
    (home / "-scene 图.txt").rename(home / "scene")
    said = desk.render(home / "job.yaml", "--yes", "--json", "--into", "ojd2")
    desk.named(said.returncode == 2, "a file that it names and is not here is said", said.stderr, ["job.yaml:6:", "-scene 图.txt' is not here"])
    said = desk.render(home / "job.yaml", "--yes", "--json", "--into", "ojd2", "--param", f"Scene={home}/scene", "--param", "Title=")
    desk.named(said.returncode == 2, "a name that it cannot have too", said.stderr, ["job.yaml:2:", "is no name of a job"])
    shutil.rmtree(desk.out / "ojd")


def refusals(desk):
    (desk.out / "s.txt").write_text("a scene\n")
    (desk.out / "s.mp4").write_text("mine")
    before = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    for words, parts in [
        ([], ["--frames"]), (["--frames", "1-9,5"], ["--frames:1:5", "frame 5 is there already"]),
        (["--frames", "1-3", "--deadline", "yesterday"], ["--deadline"]),
        (["--frames", "1-3", "--from", "atlantis"], ["--from", "'atlantis' is no region of this atlas"]),
        (["--frames", "1-3", "--atlas", "nowhere"], ["nowhere"]),
        (["--frames", "1-3", "--report", "nosuch/r.html"], ["--report", "'nosuch/r.html' lies in no folder"]),
        (["--frames", "1-3", "--film", "nosuch/f.mp4"], ["--film", "lies in no folder"]),
        (["--frames", "1-3", "--film", "f.gif"], ["--film", "no ending of a film"]),
        (["--frames", "1-3", "--film", "s.mp4"], ["--film", "is there already"]),
        (["--frames", "1-3", "--name", ".."], ["--name", "is no name of a file"]),
    ]:
        said = desk.render("s.txt", *words, "--yes", "--into", "no", "--", "sh", "-c", DRAW, "{frame}", "{output}")
        desk.named(said.returncode == 2, f"{words!r} is refused (got {said.returncode})", said.stderr, parts)
    desk.expect(ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"] == before, "and nothing is submitted for it", before)
    scene = desk.sea
    texture = scene.parent / "maps" / "-ground tile.png"
    texture.rename(scene.parent / "away.png")
    before = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    said = desk.render(scene, "--frames", "1-3", "--size", "8x8", "--yes", "--into", "no", "--name", "no")
    desk.named(said.returncode == 2, "what a scene names and is not here is said before anything is sent", said.stderr, ["-海 sea.pov:7:", "'maps/-ground tile.png' is not here"])
    said = desk.render(scene, "--frames", "1-3", "--size", "8x8", "--yes", "--into", "no", "--name", "no", "--allow-missing")
    desk.named(said.returncode == 2, "which POV-Ray cannot do without", said.stderr, ["Put it there: POV-Ray"])
    (scene.parent / "away.png").rename(texture)
    late = draw(desk, "--into", "late", "--name", "late", "--deadline", "0.0002", script=f"sleep 0.2; {DRAW}", frames="1-40")
    desk.named(late.returncode == 1, "what cannot be in time is not rendered", late.stderr, ["--deadline", "the rest takes|it has passed"])
    dear = draw(desk, "--into", "dear", "--name", "dear", "--budget", "0.000000001", script=f"sleep 0.1; {DRAW} ", frames="1-40")
    desk.named(dear.returncode == 1, "what costs more than it may is not rendered", dear.stderr, ["--budget|budget"])
    after = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    desk.expect(len(after) <= len(before) + 2, "but for the first frames", [job["name"] for job in after[len(before):]])
    no = draw(desk, "--into", "none", "--name", "none", script="exit 3", frames="1-40")
    desk.named(no.returncode == 1, "where the first frames do not come, the others are not asked for", no.stderr, ["Too few of the first frames are well", "logs"])
    for name in ("late", "dear", "none", "no"):
        shutil.rmtree(desk.out / name, ignore_errors=True)


def a_blend_misses_a_file(desk):
    """What a scene of Blender's links and is not here is said before a byte is sent; Blender can do without it, if that is said."""
    scene = render_desk.blender_scene(desk.folder / "less" / "shots")
    (desk.folder / "less" / "贴图 maps" / "-ground tile.png").unlink()

    def sent():
        return [path for path in (desk.attempts / "store").rglob("*") if path.is_file()], ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]

    words = [scene, "--frames", "1", "--yes", "--into", "less", "--name", "less"]
    missing = ["-雪 shot.blend: -ground tile.png: '", "贴图 maps/-ground tile.png' is not here"]
    before = sent()
    said = desk.render(*words)
    desk.named(said.returncode == 2, f"what a .blend links and is not here ends it with 2 (got {said.returncode})", said.stderr, [*missing, "--allow-missing"])
    desk.expect(sent() == before and not (desk.out / "less").exists(), "before anything is sent, submitted or made", sent())
    said = desk.render(*words, "--allow-missing")
    desk.named(said.returncode == 0, f"with --allow-missing it goes on (got {said.returncode})", said.stderr, missing)
    desk.once("less", "less", [1])
    shutil.rmtree(desk.out / "less")


def begun_anew_at_the_site(desk):
    """What kept frames away is mended where they are rendered, and `hinterland retry` begins them anew there."""
    ill = desk.folder / "ill-site"
    for frames, name, retries in (("1-3", "none", "2"), ("1-6", "some", "0")):
        ill.touch()
        script = f"test -e {ill} && test $0 -ne {1 if name == 'some' else 0} && exit 4; {DRAW}"
        words = ("--into", name, "--name", name, "--retries", retries, "--chunk", "1")
        said = draw(desk, *words, script=script, frames=frames)
        desk.named(said.returncode == 1, f"{name} of the first frames comes", said.stderr, ["Too few of the first frames are well", "`hinterland retry"])
        jobs = json.loads(said.stdout)["jobs"]
        desk.expect(len(jobs) == 1, "and nothing more is submitted", jobs)
        ill.unlink()
        desk.run("retry", str(jobs[0]))
        said = draw(desk, *words, script=script, frames=frames)
        desk.expect(said.returncode == 0 and json.loads(said.stdout)["missing"] == "", "begun anew they come with the same command", said.stdout + said.stderr)
        desk.expect(json.loads(said.stdout)["jobs"][0] == jobs[0], "of the same job", said.stdout)
        shutil.rmtree(desk.out / name)


def the_broker_dies(desk):
    """SIGKILL under a render, and begun again: nothing is lost, and both are said once."""
    (desk.out / "s.txt").write_text("a scene\n")
    process = desk.begin_render("s.txt", "--frames", "1-24", "--chunk", "1", "--yes", "--json", "--into", "dies", "--name", "dies", "--", "sh", "-c",
                                f"sleep 0.3; {DRAW}", "{frame}", "{output}")
    until(lambda: len(desk.frames("dies", "dies")) >= 8, 60)
    desk.kill()
    time.sleep(3)
    desk.open()
    out, err = process.communicate(timeout=120)
    desk.expect(process.returncode == 0 and json.loads(out)["came"] == 24, "all frames come", out + err)
    desk.expect(err.count("the broker does not answer") == 1 and err.count("the broker answers again") == 1, "that it was away is said, and that it is back", err)
    desk.once("dies", "dies", range(1, 25))
    shutil.rmtree(desk.out / "dies")


def what_was_wrong_here_is_looked_at_again(desk):
    """Nobody pays twice for what this machine, or what was asked of an image, was to blame for."""
    black = 'oiiotool --pattern constant:color=0,0,0 8x4 3 -d uint8 -o "$1"'
    said = draw(desk, "--into", "night", "--name", "night", "--retries", "0", script=black, frames="1-3")
    desk.named(said.returncode == 1, "black frames are not well", said.stderr + said.stdout, ["black"])
    jobs = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    said = draw(desk, "--into", "night", "--name", "night", "--retries", "2", "--allow-black", script=black, frames="1-3")
    desk.expect(said.returncode == 0 and json.loads(said.stdout)["came"] == 3, "unless they may be: then those that came are taken", said.stderr)
    desk.expect("; 0 files with 0B are new to the broker" in said.stderr, "no byte of them is sent again", said.stderr)

    ill = desk.out / "ill"
    ill.mkdir()
    (ill / "oiiotool").write_text("#!/bin/sh\nkill -9 $$\n")
    (ill / "oiiotool").chmod(0o755)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{ill}:{path}"
    try:
        said = draw(desk, "--into", "killed", "--name", "killed", "--take", "killed", frames="1-3")
    finally:
        os.environ["PATH"] = path
    desk.named(said.returncode == 3, "who looks at frames and is killed says nothing of them", said.stderr, ["oiiotool was ended by signal 9"])
    before = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    said = draw(desk, "--into", "killed", "--name", "killed", "--take", "killed", frames="1-3")
    after = ask(desk.socket, "GET", "/v1/jobs")[1]["jobs"]
    desk.expect(said.returncode == 0 and len(after) == len(before) == len(jobs) + 1, "and they are not rendered again", (said.stderr, len(after)))

    real = desk.out / "real"
    real.mkdir()
    (desk.out / "link").symlink_to(real)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other_disk:
        film = Path(other_disk) / "film.mp4"
        said = draw(desk, "--into", "link", "--name", "linked", "--film", str(film), frames="1-3")
        desk.expect(said.returncode == 0, "a film may be on another disk", said.stderr)
        desk.films(film, 3)
        desk.expect(os.listdir(other_disk) == ["film.mp4"], "and nothing else is left there", os.listdir(other_disk))
    desk.expect((desk.out / "link").is_symlink() and len(desk.frames("real", "linked")) == 3, "a link to a folder stays one", said.stderr)
    for name in ("night", "killed", "ill", "real"):
        shutil.rmtree(desk.out / name)
    (desk.out / "link").unlink()


def a_disk_that_fills(desk):
    """Frames arrive on a disk of 2 MB, on which there is room for some of them."""
    disk = desk.out / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, check=False).returncode != 0:
        desk.expect(not os.environ.get("HINTERLAND_NO_SKIP"), "a small disk can be mounted", "it cannot, and that is not to be left out")
        print("skipped: no small disk can be mounted here")
        return
    try:
        big = 'oiiotool --pattern noise:seed=$0 400x300 3 -d uint8 --compression none -o "$1"'
        words = ["s.txt", "--frames", "1-12", "--yes", "--json", "--into", "disk/full", "--name", "full", "--", "sh", "-c", big, "{frame}", "{output}"]
        (desk.out / "s.txt").write_text("a scene\n")
        said = desk.render(*words)
        here = {path.name: path.read_bytes() for path in desk.frames("disk/full", "full")}
        desk.named(said.returncode == 3, f"a full disk ends it with 3 (got {said.returncode})", said.stderr, ["No space left", "The same command again"])
        desk.expect(0 < len(here) < 12, "some frames are there", sorted(here))
        subprocess.run(["mount", "-o", "remount,size=40m", str(disk)], check=True)
        said = desk.render(*words)
        desk.expect(said.returncode == 0 and len(desk.frames("disk/full", "full")) == 12, "with room for them all frames come", said.stderr)
        desk.expect(all((disk / "full" / name).read_bytes() == was for name, was in here.items()), "and those before are as they were", sorted(here))
        desk.once("disk/full", "full", range(1, 13))
    finally:
        subprocess.run(["umount", str(disk)], check=False)


if __name__ == "__main__":
    sys.exit(render_desk.main([povray_and_a_lost_pool, blender_and_a_lost_pool, the_same_again_costs_nothing, only_what_is_not_well_is_rendered_again,
                               nothing_is_written_over, interrupted_and_gone_on, openjd_templates, refusals, a_blend_misses_a_file, begun_anew_at_the_site, the_broker_dies,
                               what_was_wrong_here_is_looked_at_again, a_disk_that_fills]))
