#include "hinterland/render/scene_request.hpp"

#include <filesystem>

namespace hinterland {

std::string render_name(const SceneRequest& request) {
  return request.name.empty() ? std::filesystem::path(request.file).stem().string() : request.name;
}

std::unexpected<Errors> bad_flag(const char* flag, std::string what, std::string mend) {
  return failure({.what = std::move(what), .where = {.file = flag}, .mend = std::move(mend)});
}

}  // namespace hinterland
