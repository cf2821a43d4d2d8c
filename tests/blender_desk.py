"""A Blender in the background, and what was wrong with what it did, for blender_test.py and blender_addon_test.py."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "hinterland/render/blender"
SHOT = "shots/-第 1 镜.blend"  # of blender_scene.py
PATIENCE_S = 60


class BlenderDesk:
    """Blender with a home of its own, so that nobody's settings count."""

    def __init__(self, folder):
        self.folder, self.problems, self.checks = folder, [], 0
        self.environment = {**os.environ, "HOME": str(folder / "user"), "XDG_CACHE_HOME": str(folder / "user/cache"), "LC_ALL": "C.UTF-8",
                            "TMPDIR": str(folder / "tmp")}
        (folder / "tmp").mkdir()
        for kind in ("CONFIG", "SCRIPTS", "DATAFILES"):
            place = folder / "user" / kind.lower()
            place.mkdir(parents=True)
            self.environment[f"BLENDER_USER_{kind}"] = str(place)

    def expect(self, good, claim, said=""):
        self.checks += 1
        if not good:
            self.problems.append(f"{claim}\n    it said: {str(said)[-900:]!r}")

    def blender(self, *words, **more):
        return subprocess.run(["blender", "-b", *map(str, words)], capture_output=True, text=True, timeout=PATIENCE_S,
                              env=self.environment, check=False, **more)

    def script(self, scene, script, *words, first=(), before=None, **more):
        """A script of ours with a scene. `first` are words of Blender's own, `before` is Python to run before the script."""
        express = ["--python-expr", before] if before else []
        return self.blender(*first, scene, "--factory-startup", "--python-exit-code", "70", *express, "--python", script, "--", *words, **more)

    def make_scene(self):
        home = self.folder / "片 场 home"
        made = self.blender("--factory-startup", "--python-exit-code", "70", "--python", ROOT / "tests/blender_scene.py", "--", home)
        assert made.returncode == 0, made.stdout + made.stderr
        return home

    def refused(self, ran, status, *parts):
        """It ended with this status, and each part is in what it says on stderr."""
        missing = [part for part in parts if part not in ran.stderr]
        self.expect(ran.returncode == status and not missing, f"{ran.args[-4:]} ends with {status}, naming {parts}",
                    f"{ran.returncode}: {ran.stdout[-200:]}{ran.stderr}")


def pixels(path):
    """A hash of an image's pixels; what oiiotool says if it has none."""
    said = subprocess.run(["oiiotool", "--hash", str(path)], capture_output=True, text=True, check=False)
    found = re.search(r"SHA-1: ([0-9A-F]{40})", said.stdout)
    return found[1] if found else said.stdout + said.stderr


def run_test(test):
    for program in ("blender", "oiiotool"):
        if not which(program):
            print(f"skipped: {program} is not installed")
            sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") == "1" else 77)
    with tempfile.TemporaryDirectory() as folder:
        desk = BlenderDesk(Path(folder))
        try:
            test(desk)
        except (OSError, ValueError, LookupError, StopIteration) as trouble:  # after what went wrong before
            desk.expect(False, "the test comes to its end", repr(trouble))
    print(*desk.problems, f"{desk.checks} checks, {len(desk.problems)} problems", sep="\n")
    sys.exit(1 if desk.problems else 0)
