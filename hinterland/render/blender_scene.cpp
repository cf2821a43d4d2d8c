#include "hinterland/render/blender_scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "hinterland/render/json_view.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostPixels = 65'536, kMostFrame = 1'048'574, kMostPercent = 32'767;  // Blender's own
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kFormats = {
    {{"PNG", "png"},
     {"OPEN_EXR", "exr"},
     {"OPEN_EXR_MULTILAYER", "exr"},
     {"JPEG", "jpg"},
     {"TIFF", "tif"},
     {"TARGA", "tga"},
     {"BMP", "bmp"},
     {"HDR", "hdr"},
     {"WEBP", "webp"},
     {"JPEG2000", "jp2"},
     {"CINEON", "cin"},
     {"DPX", "dpx"},
     {"TARGA_RAW", "tga"},
     {"FFMPEG", "png"},
     {"AVI_JPEG", "png"}}};

// The deepest folder that holds all of them.
fs::path common_folder(const std::vector<std::string>& files) {
  fs::path common = fs::path(files.front()).parent_path();
  for (const std::string& file : files) {
    const fs::path folder = fs::path(file).parent_path();
    const auto [end, other] = std::ranges::mismatch(common, folder);
    fs::path shared;
    for (auto part = common.begin(); part != end; ++part) shared /= *part;
    common = std::move(shared);
  }
  return common;
}

std::string frames_of(const JsonView& top) {
  const auto range = top.wholes("frames", -kMostFrame, kMostFrame);
  if (range.size() == 3 && range[2] > 0 && range[0] <= range[1])
    return fmt::format("{}-{}:{}", range[0], range[1], range[2]);
  top.complain("frames", "are no first, last and step");
  return "1";
}

}  // namespace

PixelSize scaled(const PixelSize& size, int percent) {
  const auto part = [&](std::uint32_t pixels) {
    return static_cast<std::uint32_t>(std::uint64_t{pixels} * static_cast<std::uint64_t>(percent) / 100);
  };
  return {.width = part(size.width), .height = part(size.height)};
}

Expected<BlenderTrace> parse_blender_trace(std::string_view json, const std::string& file) {
  JsonDocument document{.file = file, .mend = "trace.py did not write it.", .errors = {}};
  const auto parsed = parse_json_object(json, document);
  if (!parsed) return std::unexpected(parsed.error());
  const JsonView top(*parsed, document);
  BlenderTrace out;
  out.scene = top.text("scene");
  out.fps = top.number("fps", 0.001, 1e6);
  out.format = top.object("output").text("format");
  const auto resolution = top.wholes("resolution", 1, kMostPixels);
  if (resolution.size() == 3 && resolution[2] <= kMostPercent) {
    out.full_size = {.width = static_cast<std::uint32_t>(resolution[0]),
                     .height = static_cast<std::uint32_t>(resolution[1])};
    out.size = scaled(out.full_size, static_cast<int>(resolution[2]));
  } else {
    top.complain("resolution", "is no width, height and percent");
  }
  if (auto frames = parse_frames(frames_of(top), "frames"))
    out.frames = std::move(*frames);
  else
    top.complain("frames", frames.error().front().what);
  for (const JsonView& one : top.list("assets")) {
    out.assets.push_back(
        {.path = one.text("path"), .used_by = one.text("used_by"), .exists = one.truth("exists")});
    if (!out.assets.back().path.starts_with('/')) one.complain("path", "is no whole path");
  }
  if (!out.scene.starts_with('/')) top.complain("scene", "is no whole path");
  if (!document.errors.empty()) return std::unexpected(std::move(document.errors));
  return out;
}

RenderScene blender_scene(const BlenderTrace& trace) {
  std::set<std::string> there = {trace.scene};
  RenderScene out;
  for (const BlenderAsset& asset : trace.assets) {
    std::error_code failed;
    if (!asset.exists) {
      out.missing.push_back(
          {.name = asset.path,
           .named_at = {.file = trace.scene, .line = 0, .column = 0, .field = asset.used_by}});
    } else if (!fs::is_directory(asset.path, failed)) {
      there.insert(asset.path);
    }
  }
  const std::vector<std::string> files(there.begin(), there.end());
  const fs::path folder = common_folder(files);
  for (const std::string& file : files)
    out.files.push_back(
        {.name = ("scene" / fs::path(file).lexically_relative(folder)).string(), .file = file});
  out.place = std::ranges::find(out.files, trace.scene, &SceneFile::file)->name;
  out.size = trace.size;
  out.fps = trace.fps;
  return out;
}

std::string blender_map(const BlenderTrace& trace, const RenderScene& scene) {
  Json files = Json::object(), missing = Json::array();
  for (const SceneFile& one : scene.files) {
    if (one.file != trace.scene) files[one.file] = "../" + one.name;
  }
  for (const MissingFile& one : scene.missing) missing.push_back(one.name);
  return Json{{"scene", trace.scene}, {"files", std::move(files)}, {"missing", std::move(missing)}}.dump(1) +
         "\n";
}

std::string image_of_blender(std::string_view format) {
  const auto* const found =
      std::ranges::find(kFormats, format, &std::pair<std::string_view, std::string_view>::first);
  return found == kFormats.end() ? "" : std::string(found->second);
}

std::string blender_format_of(std::string_view image) {
  const auto* const found =
      std::ranges::find(kFormats, image, &std::pair<std::string_view, std::string_view>::second);
  return found == kFormats.end() ? "" : std::string(found->first);
}

std::vector<SiteWord> blender_words(const std::string& program, const std::vector<SiteWord>& arguments,
                                    const std::string& image, const std::string& format, int percent) {
  const auto text = [](std::string words) {
    return SiteWord{{.part = WordPart::text, .text = std::move(words)}};
  };
  const auto joined = [](std::string before, WordPart part, std::string after) {
    SiteWord word;
    if (!before.empty()) word.push_back({.part = WordPart::text, .text = std::move(before)});
    word.push_back({.part = part, .text = {}});
    if (!after.empty()) word.push_back({.part = WordPart::text, .text = std::move(after)});
    return word;
  };
  std::vector<SiteWord> words = {text(program)};
  // What lets Python of the scene run is heeded before it is opened only.
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.push_back(text("-b"));
  words.push_back(joined("", WordPart::scene, ""));
  for (const char* const word : {"--factory-startup", "--python-exit-code", "70", "--python"})
    words.push_back(text(word));
  words.push_back(joined("", WordPart::folder, "/hinterland/blender/render.py"));
  words.push_back(text("--"));
  words.push_back(joined("", WordPart::folder, "/hinterland/map.json"));
  words.push_back(joined("--frames=", WordPart::frame, ""));
  words.push_back(joined("--output=", WordPart::output, "########." + image));
  words.push_back(joined("--times=", WordPart::folder, "/hinterland/times"));
  words.push_back(joined("--threads=", WordPart::cores, ""));
  if (!format.empty()) words.push_back(text("--format=" + format));
  if (percent > 0) words.push_back(text(fmt::format("--percent={}", percent)));
  return words;
}

}  // namespace hinterland
