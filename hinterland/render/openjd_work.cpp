// OpenJD's job templates: what they take along, and what they run.
#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "hinterland/base/file.hpp"
#include "hinterland/render/openjd.hpp"
#include "hinterland/render/scene_work.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

Expected<std::map<std::string, std::string>> parameters_of(const SceneRequest& request) {
  std::map<std::string, std::string> values;
  for (const std::string& text : request.parameters) {
    const std::size_t split = text.find('=');
    if (split == std::string::npos || split == 0 ||
        !values.emplace(text.substr(0, split), text.substr(split + 1)).second)
      return bad_flag("--param", in_quotes(text) + " is no parameter's value, or the second one",
                      "Give each once, as NAME=VALUE.");
  }
  return values;
}

// What a template's PATH parameter brings along: a file, or all files of a folder.
Expected<void> add_template_input(const OpenJdInput& input, const fs::path& home, RenderScene& scene) {
  const fs::path file = input.given ? fs::path(input.file) : home / input.file;
  std::error_code failed;
  if (!input.folder) {
    if (!fs::is_regular_file(file, failed))
      scene.missing.push_back({.name = file.string(), .named_at = input.where});
    else
      scene.files.push_back({.name = input.place, .file = file.string()});
    return {};
  }
  if (!fs::is_directory(file, failed)) {
    scene.missing.push_back({.name = file.string(), .named_at = input.where});
    return {};
  }
  for (auto at = fs::recursive_directory_iterator(file, failed);
       !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    if (at->is_regular_file(failed))
      scene.files.push_back({.name = input.place + "/" + at->path().lexically_relative(file).string(),
                             .file = at->path().string()});
  }
  if (failed)
    return failure({.what = fmt::format("cannot be read: {}", failed.message()),
                    .where = {.file = file.string()},
                    .mend = "May you read all of it?"});
  return {};
}

}  // namespace

Expected<SceneWork> openjd_work(const SceneRequest& request) {
  const auto values = parameters_of(request);
  const auto text = read_text(request.file);
  if (!values || !text) return std::unexpected(values ? text.error() : values.error());
  auto render = parse_openjd(*text, request.file, *values);
  if (!render) return std::unexpected(render.error());
  SceneWork out{.scene = {},
                .frames = std::move(render->frames),
                .script = {},
                .image = image_or_png(request),
                .map = {}};
  out.scene.place = std::string(kSiteScript);  // a template is no file that its command reads
  for (const OpenJdInput& input : render->inputs) {
    if (auto added = add_template_input(input, fs::path(request.file).parent_path(), out.scene); !added)
      return std::unexpected(added.error());
  }
  if (!request.frames.empty())
    return bad_flag("--frames", "a template says itself which frames it has",
                    "Give its parameter with --param.");
  out.script = site_script(render->words, out.scene.place, out.image, render->files);
  out.frame_limit = render->timeout;
  out.cores = render->cores;
  out.memory_gb = render->memory_gb;
  return out;
}

}  // namespace hinterland
