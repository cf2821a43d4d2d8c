// A scene as it lies on this machine: what it reads, and what it says of itself.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/render/frames.hpp"
#include "hinterland/render/image_check.hpp"

namespace hinterland {

// A file that goes along.
struct SceneFile {
  std::string name;  // in the task's folder
  std::string file;  // here
};

// One that is named and is not here.
struct MissingFile {
  std::string name;
  Location named_at;  // or who names it, where the scene is no text
};

struct RenderScene {
  std::string place;                 // of the scene's own file, in the task's folder
  std::vector<SceneFile> files;      // the scene's own among them
  std::vector<MissingFile> missing;  // in the order in which they are named
  std::vector<Location> unseen;  // where a name is worked out when it is rendered: nobody can say here which
  bool has_clock = false;        // what a frame shows depends on how the animation's clock runs, by its text
  PixelSize size;                // of its frames; 0: nobody knows
  double fps = 0;                // 0: it does not say
};

}  // namespace hinterland
