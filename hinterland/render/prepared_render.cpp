#include "hinterland/render/prepared_render.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/render/site_script.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// In the words of --renderer.
Expected<std::string> renderer_of(const SceneRequest& request) {
  static const std::map<std::string, std::string> kEndings = {{".blend", "blender"},
                                                              {".pov", "povray"},
                                                              {".yaml", "openjd"},
                                                              {".yml", "openjd"},
                                                              {".json", "openjd"}};
  const auto known = kEndings.find(fs::path(request.file).extension().string());
  const std::string by_ending =
      known == kEndings.end() || !request.command.empty() ? "command" : known->second;
  std::string named = request.renderer.empty() ? by_ending : request.renderer;
  if (named == "command" && request.command.empty())
    return bad_flag("SCENE", "it is neither a .blend, a .pov nor a template, and no command is given",
                    "Give the command after --, with {frame} and {output} in it.");
  if (named != "command" && !request.command.empty())
    return bad_flag("--", "a command goes with --renderer command",
                    "Leave it out, or give --arg for what the renderer shall be told.");
  return named;
}

// Before anybody is asked what it reads.
Expected<void> is_there(const std::string& scene) {
  std::error_code failed;
  const auto fail = [&](const char* what) {
    return failure({.what = what, .where = {.file = scene}, .mend = "Is that the scene's name?"});
  };
  if (!fs::exists(scene, failed)) return fail("is not here");
  if (!fs::is_regular_file(scene, failed)) return fail("is no file");
  const std::string ending = fs::path(scene).extension().string();
  if ((ending == ".pov" || ending == ".blend") && fs::file_size(scene, failed) == 0) return fail("is empty");
  return {};
}

// "640x360"
Expected<PixelSize> size_of(const std::string& text) {
  if (text.empty()) return PixelSize{};
  constexpr std::int64_t most = 65'535;
  const std::size_t split = text.find('x');
  const std::int64_t width = parse_integer(text.substr(0, split)).value_or(0);
  const std::int64_t height =
      split == std::string::npos ? 0 : parse_integer(text.substr(split + 1)).value_or(0);
  if (width < 1 || height < 1 || width > most || height > most)
    return bad_flag("--size", in_quotes(text) + " is no size in pixels", "Give it as 1920x1080.");
  return PixelSize{.width = static_cast<std::uint32_t>(width), .height = static_cast<std::uint32_t>(height)};
}

// Files that the user names beside those that the scene does: NAME=FILE, or FILE as it lies from the scene's folder.
Expected<void> add_inputs(const SceneRequest& request, RenderScene& scene) {
  Errors errors;
  for (const std::string& text : request.inputs) {
    const std::size_t split = text.find('=');
    const std::string file = split == std::string::npos ? text : text.substr(split + 1);
    std::string name = split == std::string::npos ? file : text.substr(0, split);
    if (name == file) {
      const fs::path folder = fs::absolute(request.file).parent_path();
      name = fs::absolute(file).lexically_normal().lexically_relative(folder.lexically_normal()).string();
    }
    const bool leads_out = name.starts_with("..") || fs::path(name).is_absolute();
    if (leads_out || name.starts_with("hinterland/")) {
      add_error(errors, {.what = leads_out ? "lies outside the scene's folder"
                                           : "would lie where the task has its own files",
                         .where = at_flag("--input", text),
                         .mend = "Say where it shall lie beside the scene: --input NAME=FILE."});
      continue;
    }
    const fs::path beside =
        scene.place.starts_with("hinterland/") ? fs::path() : fs::path(scene.place).parent_path();
    scene.files.push_back({.name = (beside / name).string(), .file = file});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

// What a task has beside the scene.
Expected<void> add_own_files(const SceneWork& work, const RenderFolder& folder, const std::string& scripts,
                             std::vector<SceneFile>& files) {
  const auto add = [&](const std::string& name, const std::string& text) -> Expected<void> {
    const std::string file = folder.own(fs::path(name).filename().string());
    files.push_back({.name = name, .file = file});
    return write_text(file, text);
  };
  if (auto added = add(std::string(kSiteScript), work.script); !added) return added;
  if (work.map.empty()) return {};
  if (auto added = add("hinterland/map.json", work.map); !added) return added;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(scripts, failed)) {
    if (entry.path().extension() == ".py")
      files.push_back(
          {.name = "hinterland/blender/" + entry.path().filename().string(), .file = entry.path().string()});
  }
  return {};
}

// Each of the task's files by its hash.
Expected<void> name_inputs(PreparedRender& out, Progress& progress) {
  std::ranges::sort(out.files, {}, &SceneFile::name);
  Errors errors;
  std::int64_t done = 0;
  for (std::size_t k = 0; k < out.files.size(); ++k) {
    const SceneFile& one = out.files[k];
    if (k > 0 && out.files[k - 1].name == one.name) {
      add_error(errors, {.what = "comes to the place of another file, " + in_quotes(one.name),
                         .where = {.file = one.file},
                         .mend = "Name each once."});
      continue;
    }
    if (!check_text(one.name, one.file)) {
      add_error(errors, {.what = "its name is not UTF-8",
                         .where = {.file = in_quotes(one.file)},
                         .mend = "Rename the file, or bring it along by --input NAME=FILE."});
      continue;
    }
    auto object = name_file(one.file);
    if (!object) {
      add_errors(errors, object.error());
      continue;
    }
    out.ask.inputs.push_back({.name = one.name, .object = std::move(*object)});
    if (!progress.step("reading files", ++done, static_cast<std::int64_t>(out.files.size())))
      return failure({.what = "Interrupted: nothing was submitted.", .where = {}, .mend = ""});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

}  // namespace

Expected<PreparedRender> prepare_render(const SceneRequest& request, const RenderFolder& folder,
                                        const BlenderDesk& desk, Progress& progress) {
  if (const auto there = is_there(request.file); !there) return std::unexpected(there.error());
  const auto renderer = renderer_of(request);
  const auto size = size_of(request.size);
  if (!renderer || !size) return std::unexpected(renderer ? size.error() : renderer.error());
  auto job = *renderer == "blender"  ? blender_work(request, folder, desk)
             : *renderer == "povray" ? povray_work(request, *size, desk.tell)
             : *renderer == "openjd" ? openjd_work(request)
                                     : command_work(request);
  if (!job) return std::unexpected(job.error());
  if (const auto added = add_inputs(request, job->scene); !added) return std::unexpected(added.error());
  PreparedRender out;
  out.ask = {.renderer = *renderer == "blender"  ? Renderer::blender
                         : *renderer == "povray" ? Renderer::povray
                                                 : Renderer::command,
             .image = job->image,
             .take = request.take,
             .frames = std::move(job->frames),
             .inputs = {}};
  out.missing = std::move(job->scene.missing);
  out.unseen = std::move(job->scene.unseen);
  out.files = std::move(job->scene.files);
  out.wanted = {.size = *size == PixelSize{} ? job->scene.size : *size, .may_be_black = request.may_be_black};
  out.fps = request.fps.value_or(job->scene.fps > 0 ? job->scene.fps : out.fps);
  out.task = {
      .cores = request.cores ? static_cast<double>(*request.cores) : std::ceil(job->cores.value_or(1)),
      .memory_gb = request.memory_gb > 0 ? request.memory_gb : job->memory_gb.value_or(0)};
  out.frame_limit = job->frame_limit;
  if (const auto added = add_own_files(*job, folder, desk.scripts, out.files); !added)
    return std::unexpected(added.error());
  if (const auto named = name_inputs(out, progress); !named) return std::unexpected(named.error());
  return out;
}

}  // namespace hinterland
