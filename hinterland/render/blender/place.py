"""Makes the open scene read its files from where they were placed.

A map says what lay where, and where it lies now, below its own folder or anywhere:

    {"scene": "/film/shots/s1.blend",
     "files": {"/film/tex/wall.png": "tex/wall.png", "/film/lib/props.blend": "lib/props.blend"},
     "missing": ["/film/tex/lost.png"]}

Keyed by where a file lay, not by what the .blend calls it: two libraries may both call theirs `//tex/wall.png`. The scene and its
libraries resolve their names as if they still lay at home; what they read must be in the map, or missing there too, so that nothing is read
that happens to lie under the same path here. Files of one sequence, set of tiles or folder stay together under their names, and a
cache without a path beside its .blend, which keeps its name; libraries may lie anywhere. Keeping the arrangement of all files does all of that.
"""

import bisect
import json
import os

import bpy
from named_files import Folder, OneFile, resolve
from scene_files import references

MOST_SAID = 20


class Unplaced(Exception):
    """What the map lacks, or has wrong; a line each."""

    def __init__(self, lines):
        more = [f"and {len(lines) - MOST_SAID} more"] if len(lines) > MOST_SAID else []
        super().__init__("\n".join(lines[:MOST_SAID] + more))


class Map:
    def __init__(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                read = json.load(file)
            folder = os.path.dirname(os.path.abspath(path))
            self.scene = os.path.abspath(read["scene"])
            self.placed = {home: os.path.abspath(os.path.join(folder, here)) for home, here in read["files"].items()}
            self.missing = list(read.get("missing", []))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unplaced([f"{path}: no map of files: {error!r}"]) from error
        self.homes = sorted(self.placed)
        self.folder = folder

    def absent(self):
        return [f"{here}: is not there; it is to be {home}" for home, here in sorted(self.placed.items()) if not os.path.isfile(here)]

    def files_of(self, files):
        """Those of a family, as they lay at home."""
        if isinstance(files, OneFile):
            return [files.path] if files.path in self.placed else []
        first = bisect.bisect_left(self.homes, files.folder + os.sep)
        last = bisect.bisect_left(self.homes, files.folder + chr(ord(os.sep) + 1))
        return [home for home in self.homes[first:last] if files.is_one_of(home)]

    def is_missing(self, files):
        return any(path == files.path or files.is_one_of(path) for path in self.missing)


def place(placed_map):
    """Raises Unplaced with all that is wrong."""
    if absent := placed_map.absent():
        raise Unplaced(absent)
    homes = place_libraries(placed_map)
    problems = []

    def home_of(library):
        return homes[lies_at(library)] if library else placed_map.scene

    for number, reference in enumerate(references(range(0))):
        if reference.kind != "library" and (problem := place_one(placed_map, reference, home_of, number)):
            problems.append(problem)
    if problems:
        raise Unplaced(problems)


def lies_at(library):
    return resolve(library.filepath, os.path.dirname(bpy.data.filepath)) if library else os.path.abspath(bpy.data.filepath)


def place_libraries(placed_map):
    """Where each lay at home, by where it lies here. One that is loaded brings its own, so parents come first."""
    homes = {}
    while waiting := [library for library in bpy.data.libraries if lies_at(library) not in homes]:
        library = next(one for one in waiting if not one.parent or lies_at(one.parent) in homes)
        home = home_of_library(library, homes, placed_map.scene)
        here = placed_map.placed.get(home)
        if here is None and not library.packed_file and home not in placed_map.missing:
            raise Unplaced([f"{home}: the scene links it, and the map does not say where it lies"])
        homes[here or lies_at(library)] = home
        if here and here != lies_at(library):
            library.filepath = here
            library.reload()
    return homes


def home_of_library(library, homes, scene):
    stored = library.filepath
    if library.parent and stored.startswith("//"):  # Blender has rewritten it for the scene: back, as its parent has it
        beside = os.path.relpath(lies_at(library), os.path.dirname(lies_at(library.parent)))
        return resolve("//" + beside, os.path.dirname(homes[lies_at(library.parent)]))
    return resolve(stored, os.path.dirname(scene))


def place_one(placed_map, reference, home_of, number):
    """What is wrong with it; None if nothing."""
    files = reference.files(home_of)
    homes = placed_map.files_of(files)
    if not homes and placed_map.is_missing(files):
        return None  # as it is at home
    if not homes and isinstance(files, Folder):  # of a simulation that is yet to run: here, not where home had it
        folders = {os.path.join(placed_map.folder, f"cache-{number}")}
    elif not homes:
        return f"{files.path}: {reference.owner.name_full} reads it, and the map does not say where it lies"
    elif isinstance(files, OneFile):
        reference.point_to(placed_map.placed[files.path])
        return None
    else:
        folders = {folder_above(placed_map.placed[home], os.path.relpath(home, files.folder)) for home in homes}
    if len(folders) > 1 or None in folders:
        return f"{files.path}: its files are not placed together under their own names"
    folder = folders.pop()
    if reference.attribute:
        reference.point_to(os.path.normpath(os.path.join(folder, os.path.relpath(files.path, files.folder))))
    elif homes and folder != (beside := reference.files(lies_at).folder):
        return f"{files.path}: a cache that lies beside its .blend; place it at {beside}"
    return None


def folder_above(path, name):
    """The folder from which a path is called so; None if it is not."""
    return path[: -len(name) - 1] if path.endswith(os.sep + name) else None
