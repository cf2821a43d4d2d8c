"""Renders the open scene over the sites of a Hinterland broker: a panel in the Output properties, and operators for scripts.

    bpy.ops.hinterland.estimate(frames="1-100")              # what it would cost
    bpy.ops.hinterland.submit(frames="1-100", budget="20")   # until its frames are there; raises if that fails

The program `hinterland` does all of it; this saves a copy of the scene, gives it to the program, and shows what that says. Where the
broker is, which program, and the token are preferences: a .blend that somebody sends you cannot name them. Without preferences (`blender
--addons hinterland` has none) it is the `hinterland` of $PATH, and the program asks $HINTERLAND_BROKER and $HINTERLAND_TOKEN.
"""

import bpy
from bpy.props import BoolProperty, StringProperty

from .errand import Errand, NotBegun

bl_info = {
    "name": "Hinterland",
    "description": "Renders the scene over the sites of a Hinterland broker",
    "author": "The Hinterland authors",
    "version": (1, 0, 0),
    "blender": (3, 4, 0),
    "location": "Properties > Output > Hinterland",
    "category": "Render",
}

LINES_SHOWN = 12
LOOK_EVERY_S = 0.5

FIELDS = {
    "frames": ("Frames", "Which ones, as 1-100:2,110; empty: those of the scene"),
    "chunk": ("Chunk", "How many frames a task renders; empty: as measured"),
    "deadline": ("Deadline", "When all of them must be there; empty: none"),
    "budget": ("Budget", "What it may cost at most, in the broker's currency; empty: no limit"),
    "into": ("Into", "The folder of the frames; empty: one called as the scene, beside it"),
}
MISSING = "allow_missing"


def fields():
    made = {name: StringProperty(name=title, description=text) for name, (title, text) in FIELDS.items()}
    return made | {MISSING: BoolProperty(name="Allow missing", description="Render without the files that are not here")}


class HinterlandPreferences(bpy.types.AddonPreferences):
    bl_idname = __name__
    __annotations__ = {
        "program": StringProperty(name="Program", description="The program hinterland", default="hinterland", subtype="FILE_PATH"),
        "broker": StringProperty(name="Broker", description="Its socket, or https://HOST:PORT; empty: $HINTERLAND_BROKER"),
        "token_file": StringProperty(name="Token file", description="For https; empty: $HINTERLAND_TOKEN", subtype="FILE_PATH"),
    }

    def draw(self, _context):
        for name in ("program", "broker", "token_file"):
            self.layout.prop(self, name)


class HinterlandSettings(bpy.types.PropertyGroup):
    """What is asked for. The window's, not the scene's: so another budget does not make another scene of it."""

    __annotations__ = fields()


def preferences(context):
    """None if it has none."""
    addon = context.preferences.addons.get(__name__)
    return addon.preferences if addon else None


def words(context, operator):
    """The program, and what it is told but for the scene."""
    scene, settings, chosen = context.scene, context.window_manager.hinterland, preferences(context)
    asked = {name: getattr(operator, name) or getattr(settings, name) for name in FIELDS}
    asked["frames"] = asked["frames"] or f"{scene.frame_start}-{scene.frame_end}:{scene.frame_step}"
    asked["into"] = bpy.path.abspath(asked["into"])
    if chosen:
        asked["broker"], asked["token-file"] = chosen.broker, bpy.path.abspath(chosen.token_file)
    told = [f"--{name}={value}" for name, value in asked.items() if value] + [operator.extra]
    told += ["--allow-missing"] * (operator.allow_missing or settings.allow_missing)
    return bpy.path.abspath(chosen.program) if chosen else "hinterland", told


class Asks:
    """What both operators do. From a script it waits and raises; from the panel it watches, and Blender stays usable."""

    __annotations__ = fields()

    @classmethod
    def poll(cls, _context):
        return not Errand.is_running()

    def begin(self, context):
        try:
            Errand.begin(*words(context, self))
        except NotBegun as error:
            self.report({"ERROR"}, str(error))
            return False
        return True

    def execute(self, context):
        return self.end(Errand.last.wait()) if self.begin(context) else {"CANCELLED"}

    def invoke(self, context, _event):
        if not self.begin(context):
            return {"CANCELLED"}
        self.timer = context.window_manager.event_timer_add(LOOK_EVERY_S, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        for area in context.screen.areas if context.screen else []:
            area.tag_redraw()
        if Errand.is_running():
            return {"PASS_THROUGH"}
        context.window_manager.event_timer_remove(self.timer)
        return self.end(Errand.last.wait())

    def end(self, status):
        said = Errand.last.said().strip()
        if status:
            self.report({"ERROR"}, said or f"{Errand.last.program} ended with status {status} and said nothing")
            return {"CANCELLED"}
        self.report({"INFO"}, said)
        return {"FINISHED"}


class HINTERLAND_OT_estimate(Asks, bpy.types.Operator):
    """What rendering these frames would cost, from a few of them; nothing else is rendered"""

    bl_idname, bl_label = "hinterland.estimate", "Estimate"
    extra = "--estimate"


class HINTERLAND_OT_submit(Asks, bpy.types.Operator):
    """Render these frames over the broker's sites"""

    bl_idname, bl_label = "hinterland.submit", "Submit"
    extra = "--yes"


class HINTERLAND_OT_stop(bpy.types.Operator):
    """Watch it no longer, as Ctrl-C would: what goes on and how to come back is said below"""

    bl_idname, bl_label = "hinterland.stop", "Stop watching"

    @classmethod
    def poll(cls, _context):
        return Errand.is_running()

    def execute(self, _context):
        Errand.last.interrupt()
        return {"FINISHED"}


class RENDER_PT_hinterland(bpy.types.Panel):
    bl_label, bl_space_type, bl_region_type, bl_context = "Hinterland", "PROPERTIES", "WINDOW", "output"

    def draw(self, context):
        layout = self.layout
        layout.use_property_split = True
        if preferences(context):
            layout.prop(preferences(context), "broker")
        for name in [*FIELDS, MISSING]:
            layout.prop(context.window_manager.hinterland, name)
        row = layout.row()
        row.operator(HINTERLAND_OT_estimate.bl_idname)
        row.operator(HINTERLAND_OT_submit.bl_idname)
        if Errand.is_running():
            layout.operator(HINTERLAND_OT_stop.bl_idname)
        if Errand.last:
            for line in Errand.last.said().splitlines()[-LINES_SHOWN:]:
                layout.label(text=line)


CLASSES = (HinterlandPreferences, HinterlandSettings, HINTERLAND_OT_estimate, HINTERLAND_OT_submit, HINTERLAND_OT_stop, RENDER_PT_hinterland)


def register():
    for one in CLASSES:
        bpy.utils.register_class(one)
    bpy.types.WindowManager.hinterland = bpy.props.PointerProperty(type=HinterlandSettings)


def unregister():
    del bpy.types.WindowManager.hinterland
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)
