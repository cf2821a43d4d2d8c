"""The open scene as a file of its own, to be given away.

A scene that has not changed is given as the same bytes, so that who submits what was estimated, or submits twice, comes back to the
same render. Blender writes the state of its windows into each .blend: a new copy that differs in nothing else gives way to the old one.
"""

import hashlib
import os
import struct

import bpy

WINDOWS = {b"WM\0\0", b"WS\0\0", b"SR\0\0", b"TEST"}  # blocks of the window manager, workspaces and screens; the thumbnail
HEADER = b"BLENDER-v"  # 8-byte pointers, little-endian
BLOCK = struct.Struct("<4siQii")  # code, length, address, type, count
PART = 1 << 20


def save_copy():
    """Its path, always the same for the same scene; paths in it are made to hold there."""
    original = bpy.data.filepath or f"untitled-{os.getpid()}.blend"
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(cache, "hinterland", "scenes", hashlib.sha256(os.fsencode(original)).hexdigest()[:16])
    os.makedirs(folder, exist_ok=True)
    copy = os.path.join(folder, os.path.basename(original))
    before = copy + ".before"
    if os.path.exists(copy):
        os.replace(copy, before)
    bpy.ops.wm.save_as_mainfile(filepath=copy, copy=True, compress=False, check_existing=False)
    if os.path.exists(before) and scene_digest(before) == scene_digest(copy):
        os.replace(before, copy)
    link_disk_caches(original, copy)
    return copy


def scene_digest(path):
    """Of all but the windows. A block of data belongs to what was named last."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        start = file.read(12)  # with the version
        digest.update(start)
        if not start.startswith(HEADER):
            return digest.digest() + file.read()  # another way of writing: all of it
        owner = b""
        while len(head := file.read(BLOCK.size)) == BLOCK.size:
            code, length, *_ = BLOCK.unpack(head)
            owner = owner if code == b"DATA" else code
            if owner in WINDOWS:
                file.seek(length, os.SEEK_CUR)
                continue
            digest.update(head)
            for left in range(length, 0, -PART):
                digest.update(file.read(min(left, PART)))
    return digest.digest()


def link_disk_caches(original, copy):
    """Simulations that are kept on disk lie beside the scene, in a folder called after it."""
    name = f"blendcache_{os.path.splitext(os.path.basename(copy))[0]}"
    beside, here = (os.path.join(os.path.dirname(path), name) for path in (os.path.abspath(original), copy))
    if os.path.lexists(here):
        os.remove(here)
    if os.path.isdir(beside):
        os.symlink(beside, here)
