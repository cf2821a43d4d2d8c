// The scene that was named, made ready to go: which files go along, and what runs where they come to.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/progress.hpp"
#include "hinterland/render/estimate.hpp"
#include "hinterland/render/manifest.hpp"
#include "hinterland/render/render_folder.hpp"
#include "hinterland/render/scene.hpp"
#include "hinterland/render/scene_request.hpp"
#include "hinterland/render/scene_work.hpp"

namespace hinterland {

struct PreparedRender {
  RenderAsk ask;
  std::vector<SceneFile> files;  // one for each of ask.inputs, in their order
  std::vector<MissingFile> missing;
  std::vector<Location> unseen;
  ImageWanted wanted;
  double fps = 24;
  TaskSize task;
  std::optional<Duration> frame_limit;  // what a frame may take, where the scene itself says so
};

// Reads the scene and whatever it reads, and writes the script beside what is on its way. Fails, all problems listed, for what
// cannot be rendered elsewhere; missing files are for the caller to judge.
Expected<PreparedRender> prepare_render(const SceneRequest& request, const RenderFolder& folder,
                                        const BlenderDesk& desk, Progress& progress);

}  // namespace hinterland
