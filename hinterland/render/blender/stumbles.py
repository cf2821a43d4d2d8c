"""What lets a scene look otherwise elsewhere, though all of its files are there."""

import bpy


def stumbles(scene):
    """A line each, in an order that does not change."""
    if bpy.app.autoexec_fail:  # Blender has tried, when it opened the scene
        yield f"it runs Python of its own ({bpy.app.autoexec_fail_message}), which is off until Blender is told -y"
    for name in unbaked():
        yield f"{name} is simulated and not baked: what a frame shows depends on which ones were rendered before it"
    if scene.render.engine != "CYCLES":
        yield f"{scene.render.engine} may need a GPU and a display, which a server may not have; Cycles needs neither"
    if scene.render.use_stamp:
        yield "its frames are stamped: with the time, say, no two of them are the same"


def unbaked():
    for thing in bpy.data.objects:
        caches = [system.point_cache for system in thing.particle_systems]
        caches += [modifier.point_cache for modifier in thing.modifiers if modifier.type in ("CLOTH", "SOFT_BODY")]
        domains = [modifier.domain_settings for modifier in thing.modifiers
                   if modifier.type == "FLUID" and modifier.fluid_type == "DOMAIN"]
        if not all([cache.is_baked or cache.use_external for cache in caches] + [domain.has_cache_baked_any for domain in domains]):
            yield thing.name_full
    for scene in bpy.data.scenes:
        world = scene.rigidbody_world
        if world and world.enabled and not world.point_cache.is_baked:
            yield f"{scene.name_full}'s rigid bodies"
