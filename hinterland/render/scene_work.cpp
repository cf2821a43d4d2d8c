#include "hinterland/render/scene_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "hinterland/render/povray_files.hpp"
#include "hinterland/render/site_script.hpp"

namespace hinterland {

std::string image_or_png(const SceneRequest& request) {
  return request.image.empty() ? "png" : request.image;
}

namespace {

namespace fs = std::filesystem;

// --frames, for a scene that does not say which it has.
Expected<Frames> asked_frames(const SceneRequest& request) {
  if (request.frames.empty())
    return bad_flag("--frames", "which frames are to be rendered is not said", "Give them, as 1-100.");
  return parse_frames(request.frames, "--frames");
}

// POV-Ray's own request (manual of 3.7, "Command-Line and INI-File Options"). One frame of the animation at a time: the clock is the
// same as if all were rendered at once.
Expected<std::vector<std::string>> povray_words(const SceneRequest& request, const Frames& frames,
                                                const PixelSize& size, const std::string& place) {
  static const std::map<std::string, std::string> kFormats = {
      {"png", "+FN8"}, {"exr", "+FE"}, {"jpg", "+FJ"}};
  const auto format = kFormats.find(image_or_png(request));
  if (format == kFormats.end())
    return bad_flag("--image", "POV-Ray does not write it", "Give png, exr or jpg.");
  if (size == PixelSize{})
    return bad_flag("--size", "a POV-Ray scene does not say how large its frames are",
                    "Give it as 1920x1080.");
  const auto [least, most] = std::ranges::minmax(frames);
  Frames clock = {least, most};
  if (!request.animation.empty()) {
    const auto given = parse_frames(request.animation, "--animation");
    if (!given) return std::unexpected(given.error());
    clock = {std::ranges::min(*given), std::ranges::max(*given)};
  }
  if (clock[0].number < 0)
    return bad_flag("--frames", "POV-Ray has no frames before 0", "Begin at 0 or later.");
  if (least < clock[0] || most > clock[1])
    return bad_flag("--animation", "does not hold all frames",
                    "Give the first and the last over which the clock runs from 0 to 1.");
  std::vector<std::string> words = {request.program.empty() ? "povray" : request.program,
                                    "+I" + place,
                                    "+Ohinterland/new/frame." + image_or_png(request),
                                    format->second,
                                    fmt::format("+W{}", size.width),
                                    fmt::format("+H{}", size.height),
                                    "-D",
                                    "-P",
                                    "+WT{cores}"};
  if (clock[0] < clock[1])
    for (const std::string& word :
         {fmt::format("+KFI{}", clock[0].number), fmt::format("+KFF{}", clock[1].number),
          std::string("+SF{frame}"), std::string("+EF{frame}")})
      words.push_back(word);
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  return words;
}

// One who says the clock himself needs no animation.
bool says_clock(const SceneRequest& request) {
  return !request.animation.empty() || std::ranges::any_of(request.arguments, [](const std::string& word) {
    return word.starts_with("+K") || word.starts_with("+k") || word.starts_with("Clock");
  });
}

// A shot in parts, or a frame of it alone, would silently be other pictures than the same frames of the whole.
Expected<void> heed_clock(const SceneRequest& request, const Frames& frames,
                          const std::function<void(const std::string& note)>& tell) {
  const auto [least, most] = std::ranges::minmax(frames);
  if (least == most)
    return bad_flag("--animation",
                    "the scene asks for the clock, and one frame alone does not say how it runs",
                    "Give the first and the last frame over which it runs from 0 to 1, as 1-100.");
  if (tell)
    tell(fmt::format("{}: the clock runs from 0 to 1 over frames {}-{}; --animation says otherwise",
                     request.file, least.number, most.number));
  return {};
}

RenderScene command_scene(const SceneRequest& request) {
  RenderScene scene;
  scene.place = fs::path(request.file).filename().string();
  scene.files.push_back({.name = scene.place, .file = request.file});
  return scene;
}

}  // namespace

Expected<SceneWork> povray_work(const SceneRequest& request, const PixelSize& size,
                                const std::function<void(const std::string& note)>& tell) {
  auto scene = povray_scene(request.file, povray_folders());
  if (!scene) return std::unexpected(scene.error());
  const auto frames = asked_frames(request);
  if (!frames) return std::unexpected(frames.error());
  const auto words = povray_words(request, *frames, size, scene->place);
  if (!words) return std::unexpected(words.error());
  if (scene->has_clock && !says_clock(request)) {
    if (const auto heeded = heed_clock(request, *frames, tell); !heeded)
      return std::unexpected(heeded.error());
  }
  const auto read = parse_site_words(*words, "--arg");
  if (!read) return std::unexpected(read.error());
  std::string script = site_script(*read, scene->place, image_or_png(request));
  return SceneWork{.scene = std::move(*scene),
                   .frames = *frames,
                   .script = std::move(script),
                   .image = image_or_png(request),
                   .map = {}};
}

Expected<SceneWork> command_work(const SceneRequest& request) {
  const auto frames = asked_frames(request);
  const auto words = parse_site_words(request.command, "--");
  if (!frames || !words) return std::unexpected(frames ? words.error() : frames.error());
  if (!mentions(*words, WordPart::frame) || !mentions(*words, WordPart::output))
    return bad_flag("--", "the command does not say where the frame's number and its file go",
                    "Put {frame} and {output} into it.");
  RenderScene scene = command_scene(request);
  std::string script = site_script(*words, scene.place, image_or_png(request));
  return SceneWork{.scene = std::move(scene),
                   .frames = *frames,
                   .script = std::move(script),
                   .image = image_or_png(request),
                   .map = {}};
}

}  // namespace hinterland
