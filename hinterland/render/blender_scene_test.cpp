// What Blender says of a scene, read; and where its files lie in a task's folder.
#include "hinterland/render/blender_scene.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

const std::string kTrace = R"({
 "scene": "/film/shots/-雪 s1.blend",
 "frames": [-2, 9, 3],
 "resolution": [1920, 1081, 50],
 "output": {"format": "OPEN_EXR", "path": "/film/out/"},
 "fps": 23.976,
 "engine": "CYCLES",
 "assets": [
  {"path": "/film/lib/set.blend", "stored": "//../lib/set.blend", "kind": "library", "exists": true, "bytes": 3, "used_by": "s1.blend"},
  {"path": "/film/shots/tex/a b.png", "stored": "//tex/a b.png", "kind": "image", "exists": true, "bytes": 3, "used_by": "wall"},
  {"path": "/film/tex/lost.png", "stored": "x", "kind": "image", "exists": false, "bytes": 0, "used_by": "floor"}
 ],
 "missing": ["/film/tex/lost.png"]
})";

BlenderTrace trace() {
  const auto read = parse_blender_trace(kTrace, "reads.json");
  REQUIRE(read.has_value());
  return *read;
}

std::string problem(const std::string& from, const std::string& to) {
  std::string text = kTrace;
  text.replace(text.find(from), from.size(), to);
  const auto read = parse_blender_trace(text, "reads.json");
  return read ? "read" : describe(read.error().front());
}

std::vector<std::string> texts(const std::vector<SiteWord>& words) {
  std::vector<std::string> out;
  for (const SiteWord& word : words) out.push_back(shell_text(word));
  return out;
}

}  // namespace

TEST_CASE("frames, size, format and files of a scene") {
  CHECK(frames_text(trace().frames) == "-2-7:3");
  CHECK(trace().size == PixelSize{.width = 960, .height = 540});
  CHECK(trace().format == "OPEN_EXR");
  CHECK(trace().fps == 23.976);
  CHECK(trace().assets.size() == 3);
}

TEST_CASE("files keep their arrangement from the deepest folder that holds them all") {
  const RenderScene scene = blender_scene(trace());
  CHECK(scene.place == "scene/shots/-雪 s1.blend");
  REQUIRE(scene.files.size() == 3);
  CHECK(scene.files[0].name == "scene/lib/set.blend");
  CHECK(scene.files[1].name == "scene/shots/-雪 s1.blend");
  CHECK(scene.files[2].name == "scene/shots/tex/a b.png");
  CHECK(scene.files[2].file == "/film/shots/tex/a b.png");
  REQUIRE(scene.missing.size() == 1);
  CHECK(describe({.what = "x", .where = scene.missing[0].named_at, .mend = ""}) ==
        "/film/shots/-雪 s1.blend: floor: x");
  CHECK(blender_map(trace(), scene) == R"({
 "scene": "/film/shots/-雪 s1.blend",
 "files": {
  "/film/lib/set.blend": "../scene/lib/set.blend",
  "/film/shots/tex/a b.png": "../scene/shots/tex/a b.png"
 },
 "missing": [
  "/film/tex/lost.png"
 ]
}
)");
}

TEST_CASE(
    "a scene that reads nothing lies alone, and folders that share a beginning of a name share nothing") {
  BlenderTrace alone{.scene = "/a/s.blend"};
  CHECK(blender_scene(alone).place == "scene/s.blend");
  alone.assets = {{.path = "/ab/t.png", .used_by = "t", .exists = true}};
  CHECK(blender_scene(alone).place == "scene/a/s.blend");
  CHECK(blender_scene(alone).files[1].name == "scene/ab/t.png");
}

TEST_CASE("what trace.py does not write is refused with its place") {
  CHECK(problem("[-2, 9, 3]", "[9, -2, 3]").starts_with("reads.json: frames: are no first, last and step."));
  CHECK(problem("[-2, 9, 3]", "[1, 2, 0]").starts_with("reads.json: frames: "));
  CHECK(problem("[-2, 9, 3]", "[1, 2]").starts_with("reads.json: frames: "));
  CHECK(problem("[-2, 9, 3]", "[1, 1048575, 1]").starts_with("reads.json: frames: holds something else"));
  CHECK(problem("[-2, 9, 3]", "[1, 1048574, 1]")
            .starts_with("reads.json: frames: names more than 1000000 frames"));
  CHECK(problem("[1920, 1081, 50]", "[0, 1081, 50]").starts_with("reads.json: resolution: "));
  CHECK(problem("\"exists\": true", "\"exists\": 1")
            .starts_with("reads.json: assets[0].exists: is neither true nor false"));
  CHECK(problem("/film/lib/set.blend", "lib/set.blend")
            .starts_with("reads.json: assets[0].path: is no whole path"));
  CHECK(problem("23.976", "\"x\"").starts_with("reads.json: fps: is no number"));
  CHECK(problem("{\"format\"", "[\"format\"").starts_with("reads.json:5:"));
}

TEST_CASE("formats by the endings of their files, and films as pictures") {
  CHECK(image_of_blender("PNG") == "png");
  CHECK(image_of_blender("OPEN_EXR_MULTILAYER") == "exr");
  CHECK(image_of_blender("FFMPEG") == "png");
  CHECK(image_of_blender("IRIZ").empty());
  CHECK(blender_format_of("exr") == "OPEN_EXR");
  CHECK(blender_format_of("png") == "PNG");
  CHECK(blender_format_of("gif").empty());
}

TEST_CASE("Blender's words: what is the user's comes before the scene, and files by their whole paths") {
  const auto words =
      texts(blender_words("blender", {{{.part = WordPart::text, .text = "-y"}}}, "png", "PNG", 25));
  CHECK(words[1] == "'-y'");
  CHECK(words[3] == "\"$scene\"");
  CHECK(words.at(8) == "\"$PWD\"'/hinterland/blender/render.py'");
  CHECK(words.at(12) == "'--output='\"$output\"'########.png'");
  CHECK(words.back() == "'--percent=25'");
  CHECK(blender_words("blender", {}, "png", "", 0).size() == words.size() - 3);
}
