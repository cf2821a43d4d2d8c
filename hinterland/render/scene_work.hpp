// What each renderer makes of a scene: which of its files go along, which frames it has, and the script that renders them where they
// come to.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"
#include "hinterland/render/render_folder.hpp"
#include "hinterland/render/scene.hpp"
#include "hinterland/render/scene_request.hpp"

namespace hinterland {

struct SceneWork {
  RenderScene scene;
  Frames frames;
  std::string script, image;
  std::string map;  // of a Blender scene's files
  std::optional<Duration> frame_limit;
  std::optional<double> cores, memory_gb;
};

// Where Blender is asked: the folder of what runs inside it (render/blender), and who is told what may look otherwise elsewhere.
struct BlenderDesk {
  std::string scripts;
  std::function<void(const std::string& note)> tell;
};

// --image, or what most renderers write.
std::string image_or_png(const SceneRequest& request);

// By Blender, which is asked here what the scene reads.
Expected<SceneWork> blender_work(const SceneRequest& request, const RenderFolder& folder,
                                 const BlenderDesk& desk);
// Tells over which frames the clock runs, where nobody said so and the scene asks for it.
Expected<SceneWork> povray_work(const SceneRequest& request, const PixelSize& size,
                                const std::function<void(const std::string& note)>& tell);
Expected<SceneWork> openjd_work(const SceneRequest& request);
Expected<SceneWork> command_work(const SceneRequest& request);

}  // namespace hinterland
