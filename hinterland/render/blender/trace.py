"""What a scene reads from disk: blender -b SCENE --factory-startup --python-exit-code 70 --python trace.py -- OUT.json

OUT.json says what is rendered, and with which files: of each its place, whether it is there, how large it is, and who uses it. Files of linked
libraries too, and those of theirs; nothing that is packed. Sorted, so that the same scene gives the same bytes. On stderr, a line
each, what a render elsewhere may stumble over. Exit status 0, also if files are missing; 2 for wrong use; 3 if it cannot be written down.
"""

import json
import os
import sys

import bpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from ending import end
from named_files import resolve
from scene_files import references
from stumbles import stumbles


def blend_of(library):
    scene = os.path.abspath(bpy.data.filepath)
    return resolve(library.filepath, os.path.dirname(scene)) if library else scene


def user_of(reference):
    if reference.kind != "library":
        return reference.owner.name_full
    return reference.owner.parent.name if reference.owner.parent else os.path.basename(bpy.data.filepath)


def assets(frames):
    """By path; a file that is used twice is one, with the first of its users."""
    found = {}
    for reference in references(frames):
        files = reference.files(blend_of)
        for path in {*files.needed(), *files.present()}:
            row = {"path": path, "stored": reference.stored(blend_of), "kind": reference.kind, "exists": os.path.exists(path),
                   "bytes": os.path.getsize(path) if os.path.isfile(path) else 0, "used_by": user_of(reference)}
            found[path] = min(found.get(path, row), row, key=lambda row: (row["used_by"], row["kind"], row["stored"]))
    return [found[path] for path in sorted(found)]


def trace():
    scene, render = bpy.context.scene, bpy.context.scene.render
    output = resolve(render.filepath, os.path.dirname(blend_of(None)))
    rows = assets(range(scene.frame_start, scene.frame_end + 1, scene.frame_step))
    return {
        "scene": blend_of(None),
        "frames": [scene.frame_start, scene.frame_end, scene.frame_step],
        "resolution": [render.resolution_x, render.resolution_y, render.resolution_percentage],
        "output": {"format": render.image_settings.file_format, "path": output + "/" * render.filepath.endswith(("/", "\\"))},
        "fps": render.fps / render.fps_base,
        "engine": render.engine,
        "assets": rows,
        "missing": [row["path"] for row in rows if not row["exists"]],
    }


def main(words):
    if len(words) != 1 or not bpy.data.filepath:
        print("trace.py: blender -b SCENE --factory-startup --python trace.py -- OUT.json", file=sys.stderr)
        return 2
    for line in stumbles(bpy.context.scene):
        print(f"note: {line}", file=sys.stderr)
    try:
        with open(words[0], "w", encoding="utf-8") as out:
            json.dump(trace(), out, ensure_ascii=False, indent=1)
            out.write("\n")
    except UnicodeEncodeError as error:
        print(f"trace.py: {error.object[:200]!a}: a name that is not UTF-8; rename it", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"trace.py: {error}", file=sys.stderr)
        return 3
    return 0


end(main)
