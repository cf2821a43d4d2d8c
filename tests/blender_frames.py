"""Which files of a sequence Blender reads in which frame, and what scene_files.py says of it; a line for each difference.

    blender -b --factory-startup --python blender_frames.py -- SCRIPTS FOLDER

Pictures by a compositor that shows them: picture N of the sequence is of the colour N. Volumes by the number that Blender says.
"""

import os
import sys
from itertools import product

import bpy

SCRIPTS, FOLDER = sys.argv[sys.argv.index("--") + 1:]
sys.path.insert(0, SCRIPTS)
sys.dont_write_bytecode = True
from scene_files import image_number, volume_family

COUNT = 8
FRAMES = range(-4, 10)
NO_FRAME = 2**31 - 1  # of a volume that shows nothing


def write_pictures():
    for number in range(COUNT):
        image = bpy.data.images.new("x", 4, 4, float_buffer=True)
        image.colorspace_settings.name = "Raw"
        image.pixels = [number, 0, 0, 1] * 16
        image.filepath_raw, image.file_format = os.path.join(FOLDER, f"n_{number:03d}.exr"), "OPEN_EXR"
        image.save()


def compositor(scene):
    scene.use_nodes = True
    scene.render.resolution_x = scene.render.resolution_y = 4
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.view_settings.view_transform = "Raw"
    scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene.collection.objects.link(scene.camera)
    scene.render.engine, scene.cycles.samples, scene.cycles.use_denoising = "CYCLES", 1, False
    tree = scene.node_tree
    node = tree.nodes.new("CompositorNodeImage")
    node.image = bpy.data.images.load(os.path.join(FOLDER, "n_001.exr"))
    node.image.source, node.image.colorspace_settings.name = "SEQUENCE", "Raw"
    tree.links.new(node.outputs[0], tree.nodes.new("CompositorNodeComposite").inputs[0])
    return node


def shown(scene, frame):
    scene.frame_set(frame)
    scene.render.filepath = os.path.join(FOLDER, "shown.exr")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    image.colorspace_settings.name = "Raw"
    colour = image.pixels[0]
    bpy.data.images.remove(image)
    return round(colour)


def pictures(scene):
    write_pictures()
    node = compositor(scene)
    for cyclic, (start, duration, offset) in product((False, True), ((1, 2, 0), (3, 3, 1))):
        node.frame_start, node.frame_duration, node.frame_offset, node.use_cyclic = start, duration, offset, cyclic
        for frame in FRAMES:
            yield f"picture {start} {duration} {offset} {cyclic} {frame}", image_number(node, frame), shown(scene, frame)


def volumes(scene):
    volume = bpy.data.volumes.new("cloud")
    volume.filepath, volume.is_sequence = os.path.join(FOLDER, "cloud_001.vdb"), True
    scene.collection.objects.link(bpy.data.objects.new("cloud", volume))
    for mode, (start, duration, offset) in product(("CLIP", "EXTEND", "REPEAT", "PING_PONG"), ((1, 2, 0), (3, 3, 1))):
        volume.frame_start, volume.frame_duration, volume.frame_offset, volume.sequence_mode = start, duration, offset, mode
        for frame in FRAMES:
            scene.frame_set(frame)
            seen = bpy.data.objects["cloud"].evaluated_get(bpy.context.evaluated_depsgraph_get()).data.grids.frame
            numbers = volume_family(volume, [frame])(volume.filepath).numbers
            yield f"volume {mode} {start} {duration} {offset} {frame}", numbers, [seen] if seen != NO_FRAME else []


tried = 0
for case, said, read in [*pictures(bpy.context.scene), *volumes(bpy.context.scene)]:
    tried += 1
    if said != read:
        print(f"DIFFERS {case}: {said}, and Blender reads {read}")
print(f"tried {tried}")
