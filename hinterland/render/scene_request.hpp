// Which scene is to be rendered and how, in the user's words: as the flags of `hinterland render` have it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct SceneRequest {
  std::string file;      // the scene's own
  std::string renderer;  // blender, povray, openjd, command; empty: by the file's ending
  std::string frames;    // parse_frames(); empty: as the scene has it
  std::string name;      // what frames are called; empty: as the scene
  std::string take, size, animation, image, program;
  std::vector<std::string> command, arguments, inputs, parameters;
  std::optional<double> fps;
  std::optional<std::uint32_t> cores;
  double memory_gb = 0;
  std::uint32_t percent = 0;
  bool may_be_black = false;
};

// What its frames are called.
std::string render_name(const SceneRequest& request);

// An error of the flag in which it was said.
std::unexpected<Errors> bad_flag(const char* flag, std::string what, std::string mend);

}  // namespace hinterland
