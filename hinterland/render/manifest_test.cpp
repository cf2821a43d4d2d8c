// The manifest: what is written is read, its digest is that of what was asked, and nothing else passes for one.
#include "hinterland/render/manifest.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

const std::string kHash(64, 'a');

RenderManifest sample() {
  RenderManifest out{.name = "-雪 shot",
                     .broker = "broker.sock",
                     .ask = {.renderer = Renderer::povray,
                             .image = "png",
                             .take = "2",
                             .frames = *parse_frames("-3-1,7", ""),
                             .inputs = {{"a b.inc", {kHash, 3}}, {"hinterland/scene.pov", {kHash, 4}}}},
                     .jobs = {{3, {{{-3}, {-2}}, {{-1}, {0}, {1}}}}, {9, {{{7}}}}},
                     .tasks = {{{3, 1}, 17, "guian", {40}}},
                     .frames = {{{-1}, {3, 1}, {kHash, 99}, {120}}},
                     .faults = {{{0}, {3, 1}, FrameFault::black}, {{1}, {3, 1}, FrameFault::missing}}};
  return out;
}

std::string problems(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto read = parse_manifest(text, "m.json");
  if (read) return "read";
  std::string all;
  for (const Error& error : read.error()) all += describe(error) + "\n";
  return all;
}

std::string problems(const std::string& from, const std::string& to) {
  return problems(manifest_json(sample()), from, to);
}

}  // namespace

TEST_CASE("what is written is read") {
  const auto again = parse_manifest(manifest_json(sample()), "m.json");
  REQUIRE(again.has_value());
  CHECK(manifest_json(*again) == manifest_json(sample()));
  CHECK(again->jobs[0].chunks[1] == Chunk{{-1}, {0}, {1}});
  CHECK(again->faults.begin()->fault == FrameFault::black);
}

TEST_CASE("the digest is of what was asked: the same bytes, frames and take") {
  const RenderAsk ask = sample().ask;
  const std::string digest = digest_of(ask);
  CHECK(digest.size() == 64);
  CHECK(digest == digest_of(sample().ask));
  const auto changed = [&](auto change) {
    RenderAsk other = ask;
    change(other);
    return digest_of(other) != digest;
  };
  CHECK(changed([](RenderAsk& other) { other.take = "3"; }));
  CHECK(changed([](RenderAsk& other) { other.frames.pop_back(); }));
  CHECK(changed([](RenderAsk& other) { other.image = "exr"; }));
  CHECK(changed([](RenderAsk& other) { other.renderer = Renderer::command; }));
  CHECK(changed([](RenderAsk& other) { other.inputs[0].object.hash[0] = 'b'; }));
  CHECK(changed([](RenderAsk& other) { other.inputs[0].name = "a c.inc"; }));
}

TEST_CASE("what is wrong is said with its place") {
  CHECK(problems("\"job\": 9", "\"job\": 3").starts_with("m.json: jobs[1].job: is there twice."));
  CHECK(problems("\"task\": 1", "\"task\": 2").starts_with("m.json: tasks[0].task: is of no job"));
  CHECK(problems("\"frame\": -1", "\"frame\": 5").starts_with("m.json: frames[0].frame: was not asked for."));
  CHECK(problems("\"take\": \"2\"", "\"take\": \"3\"")
            .starts_with("m.json: digest: is not that of what was asked."));
  CHECK(problems("povray", "povrai").starts_with("m.json: asked.renderer: is none that is known."));
  CHECK(problems("black", "dim").starts_with("m.json: faults[0].fault: is none that is known."));
  CHECK(problems("\"hash\": \"a", "\"hash\": \"g").starts_with("m.json: asked.inputs[0].hash: is no hash"));
  CHECK(problems("\"-3-1,7\"", "\"-3-1,x\"").starts_with("m.json: asked.frames: names no frames: 'x'"));
  CHECK(problems("\"ms\": 120", "\"ms\": -1")
            .starts_with("m.json: frames[0].ms: is no whole number from 0 to"));
  CHECK(problems("\"ms\": 120", "\"ms\": 18446744073709551615")
            .starts_with("m.json: frames[0].ms: is no whole number"));
  CHECK(problems("\"-雪 shot\"", "\"a/b\"").starts_with("m.json: name: is no name of a file."));
  CHECK(problems("\"-雪 shot\"", "\"a\\u0000b\"")
            .starts_with("m.json: name: is too long, or holds control characters."));
  CHECK(problems("\"site\": \"guian\",", "").starts_with("m.json: tasks[0].site: is missing."));
  CHECK(problems("\"jobs\": [", "\"jobs\": [5, ").starts_with("m.json: jobs[0]: is no object."));
}

TEST_CASE("another version, and what is no manifest") {
  CHECK(problems("\"hinterland_render\": 1", "\"hinterland_render\": 2")
            .starts_with("m.json: hinterland_render: is of version 2, and this program reads 1."));
  CHECK(describe(parse_manifest("{\n \"a\": }", "m.json").error().front()).starts_with("m.json:2:"));
  CHECK(problems("\"ms\": 120", "\"ms\": 1e999").starts_with("m.json: holds a number that is too large."));
  for (const char* text : {"", "[]", "3", "{}", "{\"hinterland_render\": 1}"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_manifest(text, "m.json").has_value());
  }
  CHECK(describe(parse_manifest("{\"a\":" + std::string(100'000, '['), "m.json").error().front())
            .starts_with("m.json"));
}

TEST_CASE("gaps, in the order in which frames were asked for, and tries") {
  CHECK(frames_text(gaps(sample())) == "-3--2,0-1,7");
  CHECK(failed_tries(sample()) == std::map<Frame, std::size_t>{{{0}, 1}, {{1}, 1}});
}

TEST_CASE("of a frame that failed twice the later fault is told") {
  RenderManifest manifest = sample();
  manifest.faults.insert({{0}, {9, 0}, FrameFault::unreadable});
  const auto last = last_faults(manifest, {{7}, {1}, {0}});
  REQUIRE(last.size() == 2);
  CHECK(last[0].fault == FrameFault::missing);
  CHECK(last[1].fault == FrameFault::unreadable);
}

TEST_CASE("files by their frames") {
  CHECK(frame_file("shot", {7}, "png") == "shot.0007.png");
  CHECK(frame_file("shot", {-7}, "exr") == "shot.-0007.exr");
  CHECK(frame_file("shot", {123456}, "png") == "shot.123456.png");
}
