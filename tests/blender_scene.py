"""A scene with every kind of file that a render reads, made by Blender: blender -b --factory-startup --python blender_scene.py -- FOLDER

    FOLDER/shots/-第 1 镜.blend   the shot: a linked set and a material of it, an image sequence, tiles, a world, a font, a baked cloth ...
    FOLDER/lib/set.blend          the set, and its own library
    FOLDER/lib/deep/paint.blend   its paint; //tex/paint.png is not the one that the shot calls so
    FOLDER/shots/bare.blend       no camera
    FOLDER/shots/driven.blend     a driver that asks Blender, and nodes that write files

Small and noisy: 32x18, two samples, so that any difference is a difference.
"""

import os
import shutil
import sys
import wave

import bpy

ROOT = sys.argv[sys.argv.index("--") + 1]
SHOT = "shots/-第 1 镜.blend"


def at(name):
    path = os.path.join(ROOT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def picture(name, colour):
    image = bpy.data.images.new("x", 8, 8)
    image.pixels = [part for k in range(64) for part in (colour[0] * (k % 3) / 2, colour[1], colour[2] * (k % 5) / 4, 1)]
    image.filepath_raw, image.file_format = at(name), "PNG"
    image.save()
    bpy.data.images.remove(image)


def file(name, text="x"):
    with open(at(name), "w", encoding="utf-8") as out:
        out.write(text)


def begin(name):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.save_as_mainfile(filepath=at(name))


def material(name, image_name, source="FILE"):
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree = made.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(at(image_name))
    texture.image.source = source
    texture.image.filepath = bpy.path.relpath(at(image_name))
    tree.links.new(texture.outputs[0], tree.nodes["Principled BSDF"].inputs["Base Color"])
    return made, texture


def plane(x, y, paint, size=2.0):
    bpy.ops.mesh.primitive_plane_add(size=size, location=(x, y, 0))
    bpy.context.object.data.materials.append(paint)
    return bpy.context.object


def library():
    picture("lib/deep/tex/paint.png", (1, 0, 0))
    begin("lib/deep/paint.blend")
    material("paint", "lib/deep/tex/paint.png")[0].use_fake_user = True
    bpy.ops.wm.save_mainfile()
    begin("lib/set.blend")
    with bpy.data.libraries.load(at("lib/deep/paint.blend"), link=True, relative=True) as (_, into):
        into.materials = ["paint"]
    bpy.ops.mesh.primitive_cube_add(size=1, location=(0, 0, 0.5))
    bpy.context.object.data.materials.append(bpy.data.materials["paint"])
    stage = bpy.data.collections.new("Set")
    stage.objects.link(bpy.context.object)
    stage.use_fake_user = True
    bpy.ops.wm.save_mainfile()


def link_set(scene):
    """The set itself, an override of its box, and its paint once more, so that the paint's library is linked twice."""
    with bpy.data.libraries.load(at("lib/set.blend"), link=True, relative=True) as (_, into):
        into.collections, into.objects = ["Set"], ["Cube"]
    with bpy.data.libraries.load(at("lib/deep/paint.blend"), link=True, relative=False) as (_, into):
        into.materials = ["paint"]
    stage = bpy.data.objects.new("stage", None)
    stage.instance_type, stage.instance_collection = "COLLECTION", bpy.data.collections["Set"]
    scene.collection.objects.link(stage)
    box = bpy.data.objects["Cube"].override_create()
    box.location = (-2, 2, 0.5)
    scene.collection.objects.link(box)
    plane(2, 2, bpy.data.materials["paint"])


def textures(scene):
    picture("shots/tex/paint.png", (0, 0, 1))
    plane(-2, -2, material("blue", "shots/tex/paint.png")[0])
    for frame in range(1, 5):
        picture(f"shots/sea/sea_{frame:04d}.png", (0, frame / 4, 1))
    paint, texture = material("sea", "shots/sea/sea_0001.png", "SEQUENCE")
    texture.image_user.frame_duration, texture.image_user.use_auto_refresh = 4, True
    plane(0, -2, paint)
    for frame in (1, 2, 4):
        picture(f"shots/sea/gap-{frame}.png", (1, frame / 4, 0))
    paint, texture = material("gap", "shots/sea/gap-1.png", "SEQUENCE")
    texture.image_user.frame_duration, texture.image_user.use_auto_refresh = 4, True
    plane(0, 2, paint)
    for tile in (1001, 1002):
        picture(f"tex/墙 wall.{tile}.png", (tile % 2, 1, 0))
    paint, texture = material("wall", "tex/墙 wall.1001.png")
    texture.image.source = "TILED"
    texture.image.filepath = bpy.path.relpath(at("tex/墙 wall.<UDIM>.png"))
    texture.image.tiles.new(1002)
    wall = plane(2, -2, paint)
    for corner in wall.data.uv_layers[0].data:
        corner.uv.x *= 2
    picture("tex/lost.png", (1, 1, 1))
    plane(-2, 0, material("lost", "tex/lost.png")[0])
    picture("tex/packed.png", (1, 0, 1))
    paint, texture = material("packed", "tex/packed.png")
    texture.image.pack()
    plane(2, 0, paint)
    picture("tex/-sky.png", (0.3, 0.6, 1))
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    scene.world.cycles.sampling_method = "NONE"  # a map of where the light is would take most of the time
    sky = scene.world.node_tree.nodes.new("ShaderNodeTexEnvironment")
    sky.image = bpy.data.images.load(at("tex/-sky.png"))
    scene.world.node_tree.links.new(sky.outputs[0], scene.world.node_tree.nodes["Background"].inputs[0])


def lamp_text_and_sound(scene):
    file("light/spot.ies", "IESNA:LM-63-1995\n[TEST] made\nTILT=NONE\n1 1000 1 3 1 1 2 0 0 0\n1 1 100\n0 45 90\n0\n1000 200 0\n")
    bpy.ops.object.light_add(type="POINT", location=(0, 0, 4))
    lamp = bpy.context.object.data
    lamp.energy, lamp.use_nodes = 2000, True
    beam = lamp.node_tree.nodes.new("ShaderNodeTexIES")
    beam.mode, beam.filepath = "EXTERNAL", bpy.path.relpath(at("light/spot.ies"))
    lamp.node_tree.links.new(beam.outputs[0], lamp.node_tree.nodes["Emission"].inputs["Strength"])
    script = bpy.data.materials["blue"].node_tree.nodes.new("ShaderNodeScript")
    script.mode, script.filepath = "EXTERNAL", bpy.path.relpath(at("light/noise.osl"))
    file("light/noise.osl", "shader noise(output float Out = 1) {}\n")
    shutil.copy(os.path.join(bpy.utils.system_resource("DATAFILES", path="fonts"), "DejaVuSansMono.woff2"), at("fonts/a.woff2"))
    bpy.ops.object.text_add(location=(-1, 0, 2), rotation=(1, 0, 0.7))
    bpy.context.object.data.font = bpy.data.fonts.load(at("fonts/a.woff2"))
    bpy.context.object.data.font.filepath = bpy.path.relpath(at("fonts/a.woff2"))
    with wave.open(at("sound/hum.wav"), "wb") as hum:
        hum.setparams((1, 2, 8000, 0, "NONE", ""))
        hum.writeframes(bytes(800))
    speaker = bpy.data.objects.new("speaker", bpy.data.speakers.new("speaker"))
    speaker.data.sound = bpy.data.sounds.load(at("sound/hum.wav"))
    scene.collection.objects.link(speaker)


def simulated(scene):
    """What is baked or cached; only the cloth is seen."""
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=4, y_subdivisions=4, size=2, location=(0, 2, 2), rotation=(0, 0.3, 0))
    cloth = bpy.context.object.modifiers.new("cloth", "CLOTH")
    cloth.point_cache.frame_start, cloth.point_cache.frame_end, cloth.point_cache.use_disk_cache = 1, 4, True
    bpy.ops.ptcache.bake_all(bake=True)

    def hidden(name):
        thing = bpy.data.objects.new(name, bpy.data.meshes.new(name))
        thing.hide_render = thing.hide_viewport = True
        scene.collection.objects.link(thing)
        return thing

    for name in ("data/fluid_data_0001.vdb", "config/config_0001.uni"):
        file(f"caches/smoke/{name}")
    smoke = hidden("smoke").modifiers.new("smoke", "FLUID")
    smoke.fluid_type = "DOMAIN"
    smoke.domain_settings.cache_directory = bpy.path.relpath(at("caches/smoke"))
    file("caches/wave.mdd")
    hidden("wave").modifiers.new("wave", "MESH_CACHE").filepath = bpy.path.relpath(at("caches/wave.mdd"))
    for frame in range(1, 4):
        file(f"caches/cloud_{frame}.vdb")
    cloud = bpy.data.objects.new("cloud", bpy.data.volumes.new("cloud"))
    cloud.hide_render = cloud.hide_viewport = True
    scene.collection.objects.link(cloud)
    cloud.data.filepath, cloud.data.is_sequence = bpy.path.relpath(at("caches/cloud_1.vdb")), True
    cloud.data.frame_start, cloud.data.frame_duration = 1, 3
    bpy.ops.mesh.primitive_plane_add(location=(0, 12, 0))
    bpy.context.object.modifiers.new("carved", "MULTIRES")
    bpy.ops.object.multires_subdivide(modifier="carved")
    bpy.ops.object.multires_external_save(filepath=at("caches/carved.btx"), modifier="carved")
    for frame in (7, 8):
        picture(f"clip/take_{frame:02d}.png", (1, 1, 1))
    scene.active_clip = bpy.data.movieclips.load(at("clip/take_07.png"))
    file("caches/bird.abc")
    bpy.ops.cachefile.open(filepath=at("caches/bird.abc"))
    flock = hidden("flock").modifiers.new("flock", "MESH_SEQUENCE_CACHE")
    flock.cache_file = bpy.data.cache_files[0]


def edit():
    """A second scene, with strips."""
    strips = bpy.data.scenes.new("edit").sequence_editor_create().sequences
    for name in ("b 1.png", "a.png"):
        picture(f"edit/{name}", (1, 1, 0))
    strip = strips.new_image("stills", at("edit/b 1.png"), 1, 1)
    strip.elements.append("a.png")


def film(scene):
    scene.frame_start, scene.frame_end, scene.render.engine = 1, 4, "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising = 2, False
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 64, 36, 50
    bpy.ops.object.camera_add(location=(0, -6, 6), rotation=(0.75, 0, 0))
    scene.camera = bpy.context.object


def write_layers(scene):
    scene.use_nodes = True
    tree = scene.node_tree
    for name, file_format in (("a/b", "PNG"), ("all", "OPEN_EXR_MULTILAYER")):
        node = tree.nodes.new("CompositorNodeOutputFile")
        node.name, node.format.file_format, node.base_path = name, file_format, os.path.join(ROOT, "elsewhere/x")
        tree.links.new(tree.nodes["Render Layers"].outputs[0], node.inputs[0])


def main():
    library()
    begin(SHOT)
    scene = bpy.context.scene
    film(scene)
    link_set(scene)
    textures(scene)
    lamp_text_and_sound(scene)
    simulated(scene)
    edit()
    bpy.ops.wm.save_mainfile()
    os.remove(at("tex/lost.png"))
    os.remove(at("tex/packed.png"))

    begin("shots/driven.blend")
    film(bpy.context.scene)
    curve = bpy.context.scene.camera.driver_add("location", 0)
    curve.driver.expression = "bpy.context.scene.frame_current"
    write_layers(bpy.context.scene)
    bpy.ops.wm.save_mainfile()
    begin("shots/bare.blend")
    bpy.ops.wm.save_mainfile()


main()
