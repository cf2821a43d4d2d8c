"""Every place where the open scene, or a library that it links, names files that a render reads.

trace.py lists them, place.py points them elsewhere: what one sees the other does. What is packed into the .blend is none, nor is what
nobody uses, texts (their words are in the .blend), proxies, and where a scene writes to.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

import bpy
from named_files import Folder, Frames, Listed, OneFile, Tiles, resolve


@dataclass
class Reference:
    kind: str  # image, sequence, movie, library, volume, cache, sound, font, clip, light, script
    owner: bpy.types.ID  # the data-block; `//` is the folder of its file
    holder: object  # what has the path ...
    attribute: str  # ... as this attribute; "" if it follows from where the .blend lies
    family: Callable  # of a resolved path, the files that it stands for

    def stored(self, blend_of):
        """As the .blend has it. A cache on disk without a path lies beside the .blend, in a folder called after it."""
        if self.attribute:
            return getattr(self.holder, self.attribute)
        return f"//blendcache_{os.path.splitext(os.path.basename(blend_of(self.library())))[0]}"

    def library(self):
        """What `//` is the folder of: a library, or None, which is the scene."""
        if self.kind == "library" or not (self.attribute or self.holder.use_library_path):
            return None  # Blender has rewritten the path of a library in a library: it is the scene's
        return self.owner.library

    def files(self, blend_of):
        """`blend_of` says of a library, or of None, where its .blend lies."""
        return self.family(resolve(self.stored(blend_of), os.path.dirname(blend_of(self.library()))))

    def point_to(self, path):
        setattr(self.holder, self.attribute, path)


def references(frames):
    """All of them; `frames` are the numbers of the scene's frames, which say what of a sequence it needs."""
    for library in bpy.data.libraries:
        if not library.packed_file:
            yield Reference("library", library, library, "filepath", OneFile)
    users = image_users()
    for image in used(bpy.data.images):
        yield from image_references(image, users.get(image, []), frames)
    for clip in used(bpy.data.movieclips):
        yield Reference("clip", clip, clip, "filepath", Frames if clip.source == "SEQUENCE" else OneFile)
    for sound in used(bpy.data.sounds):
        if not sound.packed_file:
            yield Reference("sound", sound, sound, "filepath", OneFile)
    for font in used(bpy.data.fonts):
        if not font.packed_file and font.filepath != "<builtin>":
            yield Reference("font", font, font, "filepath", OneFile)
    for volume in used(bpy.data.volumes):
        if volume.filepath and not volume.packed_file:
            yield Reference("volume", volume, volume, "filepath", volume_family(volume, frames))
    for cache in used(bpy.data.cache_files):
        for holder in [cache, *cache.layers]:
            yield Reference("cache", cache, holder, "filepath", Frames if cache.is_sequence else OneFile)
    for owner, node in nodes():
        if node.type in ("TEX_IES", "SCRIPT") and node.mode == "EXTERNAL" and node.filepath:
            yield Reference("light" if node.type == "TEX_IES" else "script", owner, node, "filepath", OneFile)
    for thing in used(bpy.data.objects):
        yield from simulations(thing)
    for scene in bpy.data.scenes:
        if scene.rigidbody_world:
            yield from point_cache(scene, scene.rigidbody_world.point_cache)
        for strip in scene.sequence_editor.sequences_all if scene.sequence_editor else []:
            if strip.type == "IMAGE":
                names = [element.filename for element in strip.elements if element.filename]
                yield Reference("sequence", scene, strip, "directory", lambda folder, names=names: Listed(folder, names))
            elif strip.type == "MOVIE":
                yield Reference("movie", scene, strip, "filepath", OneFile)


def used(blocks):
    return [block for block in blocks if block.users]


def image_references(image, users, frames):
    if image.source not in ("FILE", "SEQUENCE", "MOVIE", "TILED") or not image.filepath:
        return
    if image.packed_file or image.packed_files:
        return
    if image.source == "SEQUENCE":
        needed = {image_number(user, frame) for user in users for frame in frames}
        most = {n for user in users for n in range(user.frame_offset, user.frame_offset + user.frame_duration + 1)}
        yield Reference("sequence", image, image, "filepath", lambda path: Frames(path, sorted(needed), most or None))
    elif image.source == "TILED":
        numbers = [tile.number for tile in image.tiles]
        yield Reference("image", image, image, "filepath", lambda path: Tiles(path, numbers))
    else:
        yield Reference("movie" if image.source == "MOVIE" else "image", image, image, "filepath", OneFile)


def image_number(user, frame):
    """Which image of a sequence a user sees in a frame: before its first, number 0; after its last, the last; or round and round."""
    count = frame - user.frame_start + 1
    if user.use_cyclic and user.frame_duration:
        count = (count - 1) % user.frame_duration + 1
    return min(max(count, 0), user.frame_duration) + user.frame_offset


def image_users():
    """Who says which image of a sequence is seen when, by image."""
    users = {}
    for _, node in nodes():
        if getattr(node, "image", None):
            user = node if node.type == "IMAGE" and hasattr(node, "frame_start") else getattr(node, "image_user", None)
            users.setdefault(node.image, []).append(user)
    for texture in bpy.data.textures:
        if texture.type == "IMAGE" and texture.image:
            users.setdefault(texture.image, []).append(texture.image_user)
    return {image: by for image, by in users.items() if None not in by}  # else nobody knows


def nodes():
    """Of every tree, with the data-block that has it."""
    trees = [bpy.data.materials, bpy.data.worlds, bpy.data.lights, bpy.data.linestyles, bpy.data.textures, bpy.data.scenes]
    for owner in [block for blocks in trees for block in blocks if block.node_tree] + list(bpy.data.node_groups):
        for node in getattr(owner, "node_tree", owner).nodes:
            yield owner, node


def volume_family(volume, frames):
    if not volume.is_sequence:
        return OneFile
    counts = {volume_count(volume, frame) for frame in frames} - {None}
    most = range(volume.frame_offset, volume.frame_offset + volume.frame_duration + 1)
    return lambda path: Frames(path, sorted(count + volume.frame_offset for count in counts), most)


def volume_count(volume, frame):
    """Which volume of a sequence is seen in a frame, counted from 1; None if none is."""
    count, last = frame - volume.frame_start + 1, volume.frame_duration
    there_and_back = max(2 * last - 2, 1)
    if last == 0 or (volume.sequence_mode == "CLIP" and not 1 <= count <= last):
        return None
    if volume.sequence_mode == "REPEAT":
        return (count - 1) % last + 1
    if volume.sequence_mode == "PING_PONG":
        count = (count - 1) % there_and_back + 1
        return min(count, 2 * last - count)
    return min(max(count, 1), last)


def simulations(thing):
    for modifier in thing.modifiers:
        if modifier.type == "FLUID" and modifier.fluid_type == "DOMAIN":
            domain = modifier.domain_settings
            needed = domain.has_cache_baked_any
            yield Reference("cache", thing, domain, "cache_directory", lambda path, needed=needed: Folder(path, needed))
        elif modifier.type == "OCEAN" and modifier.is_cached:
            yield Reference("cache", thing, modifier, "filepath", Folder)
        elif modifier.type == "MESH_CACHE" and modifier.filepath or modifier.type == "MULTIRES" and modifier.is_external:
            yield Reference("cache", thing, modifier, "filepath", OneFile)
        elif modifier.type in ("CLOTH", "SOFT_BODY"):
            yield from point_cache(thing, modifier.point_cache)
        elif modifier.type == "DYNAMIC_PAINT" and modifier.canvas_settings:
            for surface in modifier.canvas_settings.canvas_surfaces:
                yield from point_cache(thing, surface.point_cache)
    for system in thing.particle_systems:
        yield from point_cache(thing, system.point_cache)


def point_cache(owner, cache):
    if cache.use_external:
        yield Reference("cache", owner, cache, "filepath", Folder)
    elif cache.use_disk_cache:
        yield Reference("cache", owner, cache, "", lambda path: Folder(path, cache.is_baked))
