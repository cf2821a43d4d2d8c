// Blender's scenes: what they read, Blender says.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "hinterland/executor/run_program.hpp"
#include "hinterland/render/blender_scene.hpp"
#include "hinterland/render/scene_work.hpp"
#include "hinterland/render/site_script.hpp"
#include "hinterland/render/tool_environment.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// What Blender itself says of the scene.
Expected<BlenderTrace> trace_blender(const SceneRequest& request, const std::string& program,
                                     const RenderFolder& folder, const BlenderDesk& desk) {
  constexpr std::int64_t patience_ms = 1'800'000;
  const std::string reads = folder.own("reads.json");
  const auto run =
      run_program({program, "-b", fs::absolute(request.file).lexically_normal().string(), "--factory-startup",
                   "--python-exit-code", "70", "--python", desk.scripts + "/trace.py", "--", reads},
                  tool_environment(), "", patience_ms);
  if (!run) {
    Errors errors = run.error();
    errors.front().mend = "A .blend is looked at by Blender: install it, or name it with --program.";
    return std::unexpected(std::move(errors));
  }
  const auto cannot = [&](std::string what) {
    return failure(
        {.what = std::move(what), .where = {.file = request.file}, .mend = "Does Blender open it?"});
  };
  std::istringstream lines(run->err);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("note: ")) desk.tell(fmt::format("{}: {}", request.file, line));
  }
  // Blender ends with 0 for a scene that it cannot open, too.
  std::ifstream file(reads, std::ios::binary);
  if (run->status != 0 || !file)
    return cannot(
        fmt::format("Blender ended with status {}: {}", run->status, last_line(run->err + run->out)));
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  auto trace = parse_blender_trace(json, request.file);
  fs::remove(reads);
  return trace;
}

}  // namespace

Expected<SceneWork> blender_work(const SceneRequest& request, const RenderFolder& folder,
                                 const BlenderDesk& desk) {
  const std::string program = request.program.empty() ? "blender" : request.program;
  const auto trace = trace_blender(request, program, folder, desk);
  const auto arguments = parse_site_words(request.arguments, "--arg");
  if (!trace || !arguments) return std::unexpected(trace ? arguments.error() : trace.error());
  const std::string image = request.image.empty() ? image_of_blender(trace->format) : request.image;
  const std::string format = request.image.empty() ? "" : blender_format_of(request.image);
  if (image.empty() || (!request.image.empty() && format.empty()))
    return bad_flag("--image",
                    request.image.empty() ? "no frame can be of the scene's format, " + trace->format
                                          : "Blender does not write it",
                    "Give png, exr, jpg, tif, tga, bmp, hdr or webp.");
  SceneWork out{
      .scene = blender_scene(*trace), .frames = trace->frames, .script = {}, .image = image, .map = {}};
  if (!request.frames.empty()) {
    auto frames = parse_frames(request.frames, "--frames");
    if (!frames) return std::unexpected(frames.error());
    out.frames = std::move(*frames);
  }
  const auto percent = static_cast<int>(request.percent);
  if (percent > 0) out.scene.size = scaled(trace->full_size, percent);
  out.script = site_script_of_lists(blender_words(program, *arguments, image, format, percent),
                                    out.scene.place, image);
  out.map = blender_map(*trace, out.scene);
  return out;
}

}  // namespace hinterland
