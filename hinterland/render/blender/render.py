"""Renders frames of a scene whose files were placed somewhere else:

    blender -b SCENE --factory-startup --python-exit-code 70 --python render.py -- MAP.json --frames=1,51,-3 --output=shot_####.png

MAP.json is described in place.py. --output is the name of a frame, # its digits; a file that is there already is not overwritten. What
compositing nodes write goes beside it, into a folder of the node's name. --times=FILE gets a line for each frame that is there and
whole, `FRAME MILLISECONDS`. A frame that fails does not keep the others from being rendered.

Blender ends with status 0 whatever became of a frame, so this looks: 2 if files are not where the map says, or the map is wrong;
3 if a frame was not rendered, not written whole, or would look otherwise because Python in the scene may not run; all said on stderr.
A frame has its name once it is whole, and what is left of another goes. Blender 3.4 says nothing when a disk fills under an EXR or a
TIFF: so a frame is read again, and the disk asked for room, as its readers of HDR, Targa, WebP, IRIS and layered EXR take what they get.
"""

import argparse
import os
import re
import sys
import time

import bpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from ending import end
from place import Map, Unplaced, place
from scene_files import nodes

FORMATS = bpy.types.ImageFormatSettings.bl_rna.properties["file_format"].enum_items.keys()
MOVIES = ("AVI_JPEG", "AVI_RAW", "FFMPEG")  # of which no frame can be rendered alone
LAYERS = "OPEN_EXR_MULTILAYER"


class NotRendered(Exception):
    """A frame that is not there, or not as it should be."""


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def options(words):
    parser = argparse.ArgumentParser(prog="render.py", allow_abbrev=False)
    parser.add_argument("map")
    parser.add_argument("--frames", type=lambda text: [int(part) for part in text.split(",")], required=True, metavar="1,51,-3")
    parser.add_argument("--output", required=True, metavar="NAME_####.png")
    parser.add_argument("--format", choices=sorted({*FORMATS} - {*MOVIES}), help="else the scene's; PNG for one that makes a movie")
    parser.add_argument("--percent", type=positive, help="of the scene's resolution")
    parser.add_argument("--threads", type=positive)
    parser.add_argument("--times", default=os.devnull, metavar="FILE")
    asked = parser.parse_args(words)
    if len(asked.frames) > 1 and "#" not in os.path.basename(asked.output):
        parser.error(f"--output {asked.output}: {len(asked.frames)} frames cannot have one name; write ####")
    return asked


def name_of(frame, output):
    folder, name = os.path.split(output)
    digits = re.search("#+", name)
    if not digits:
        return output
    sign = "-" if frame < 0 else ""
    return os.path.join(folder, f"{name[: digits.start()]}{sign}{abs(frame):0{len(digits[0])}}{name[digits.end():]}")


def prepare(scene, asked):
    render = scene.render
    if asked.format or render.image_settings.file_format in MOVIES:
        render.image_settings.file_format = asked.format or "PNG"
    if asked.percent:
        render.resolution_percentage = asked.percent
    if asked.threads:
        render.threads_mode, render.threads = "FIXED", asked.threads
    render.use_file_extension = True  # for what nodes write; a frame gets the name that was asked for
    folder = os.path.dirname(os.path.abspath(asked.output))
    for _, node in nodes():
        if node.type == "OUTPUT_FILE":
            layers = "layers_" if node.format.file_format == LAYERS else ""
            node.base_path = os.path.join(folder, node.name.replace("/", "_"), layers)


def render_frame(scene, frame, path):
    if os.path.lexists(path):
        raise NotRendered(f"{path}: is there already")
    scene.frame_set(frame)
    if scene.frame_current != frame:
        raise NotRendered(f"Blender's frames end at {scene.frame_current}")
    folder, name = os.path.split(os.path.abspath(path))
    part = os.path.join(folder, f".{name}.part{scene.render.file_extension}")
    scene.render.filepath = part
    try:
        bpy.ops.render.render(write_still=True)
        check_frame(part, scene.render.image_settings.file_format)
        os.rename(part, path)
    except (OSError, RuntimeError, NotRendered) as error:
        if os.path.isfile(part):
            os.remove(part)
        raise NotRendered(str(error).strip().removeprefix("Error: ")) from error


def check_frame(path, file_format):
    if bpy.app.autoexec_fail:
        raise NotRendered(f"Python in the scene was not run ({bpy.app.autoexec_fail_message}); to let it, give Blender -y before the scene")
    if not os.path.isfile(path):
        raise NotRendered(f"{path}: Blender says that it was rendered, and it is not there")
    if os.statvfs(path).f_bavail == 0:
        raise NotRendered(f"{path}: the disk is full, and it may have been cut short")
    if file_format != LAYERS:  # of which Blender reads no pixels
        image = bpy.data.images.load(path)
        whole = len(image.pixels) > 0
        bpy.data.images.remove(image)
        if not whole:
            raise NotRendered(f"{path}: is not whole, Blender itself cannot read it")


def main(words):
    asked = options(words)
    scene = bpy.context.scene
    try:
        place(Map(asked.map))
    except Unplaced as error:
        print(f"render.py: {error}", file=sys.stderr)
        return 2
    prepare(scene, asked)
    failed = False
    for frame in asked.frames:
        began = time.monotonic()
        try:
            render_frame(scene, frame, name_of(frame, asked.output))
        except NotRendered as error:
            print(f"render.py: frame {frame}: {error}", file=sys.stderr)
            failed = True
            continue
        with open(asked.times, "a", encoding="utf-8") as times:
            times.write(f"{frame} {(time.monotonic() - began) * 1000:.0f}\n")
    return 3 if failed else 0


end(main)
