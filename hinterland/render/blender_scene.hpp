// A Blender scene, as Blender itself says what it reads (blender/trace.py), and as a task finds it.
//
// Files keep their arrangement, from the deepest folder that holds all of them:
//
//   /film/shots/s1.blend, /film/tex/wall.png   ->   scene/shots/s1.blend, scene/tex/wall.png
//
// so members of a sequence stay together and a cache lies beside its scene. hinterland/map.json says which file was which at home; by
// it blender/place.py makes the scene and its libraries read them from where they are now, and nothing else.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/render/scene.hpp"
#include "hinterland/render/site_word.hpp"

namespace hinterland {

struct BlenderAsset {
  std::string path, used_by;
  bool exists = false;
};

struct BlenderTrace {
  std::string scene;  // its whole path
  Frames frames;
  PixelSize size, full_size;  // as it is rendered, and at 100 percent
  std::string format;         // in Blender's words: PNG, OPEN_EXR
  double fps = 24;
  std::vector<BlenderAsset> assets;
};

// Fails, all problems listed with their paths in it, for what trace.py does not write.
Expected<BlenderTrace> parse_blender_trace(std::string_view json, const std::string& file);

// Its files that are there, those that are not, and what it says of itself.
RenderScene blender_scene(const BlenderTrace& trace);
// The text of hinterland/map.json for that scene.
std::string blender_map(const BlenderTrace& trace, const RenderScene& scene);

// "png" for PNG; "png" too for what is a film, whose frames are rendered as PNGs. Empty: a format that no frame can have.
std::string image_of_blender(std::string_view format);
// "PNG" for png; empty: Blender writes none.
std::string blender_format_of(std::string_view image);

// What a task runs once for all its frames (site_script_of_lists()). `format`: put over the scene's own; empty: not. `percent`: of the
// scene's resolution; 0: its own.
std::vector<SiteWord> blender_words(const std::string& program, const std::vector<SiteWord>& arguments,
                                    const std::string& image, const std::string& format, int percent);

// Blender's size of a picture: whole pixels, the rest dropped.
PixelSize scaled(const PixelSize& size, int percent);

}  // namespace hinterland
