#include "hinterland/render/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "hinterland/render/json_view.hpp"
#include "hinterland/staging/object_hash.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::int64_t kMostNumber = UINT32_MAX, kMostBytes = 9'007'199'254'740'991,
                       kMostMs = 3'200'000'000'000;
constexpr std::array kRenderers = {"blender", "povray", "command"};

Json json_of(const RenderAsk& ask) {
  Json inputs = Json::array();
  for (const RenderInput& input : ask.inputs)
    inputs.push_back({{"name", input.name}, {"hash", input.object.hash}, {"bytes", input.object.bytes}});
  return {{"renderer", name_of(ask.renderer)},
          {"image", ask.image},
          {"take", ask.take},
          {"frames", frames_text(ask.frames)},
          {"inputs", std::move(inputs)}};
}

Json json_of(const TaskPlace& place) { return {{"job", place.job}, {"task", place.task}}; }

class Reader {
 public:
  Reader(const JsonView& top, JsonDocument& document) : top_(top), document_(document) {}

  RenderManifest read() {
    RenderManifest out;
    out.name = top_.text("name");
    if (out.name.empty() || out.name.contains('/')) top_.complain("name", "is no name of a file");
    out.broker = top_.text("broker");
    out.ask = ask(top_.object("asked"));
    // Of what is wrong anyhow, no digest is right.
    if (document_.errors.empty() && top_.text("digest") != digest_of(out.ask))
      top_.complain("digest", "is not that of what was asked");
    asked_ = {out.ask.frames.begin(), out.ask.frames.end()};
    for (const JsonView& one : top_.list("jobs")) out.jobs.push_back(job(one));
    for (const JsonView& one : top_.list("tasks"))
      out.tasks.insert({.place = place(one),
                        .attempt = static_cast<std::uint64_t>(one.whole("attempt", 0, kMostBytes)),
                        .site = one.text("site"),
                        .start_up = {one.whole("start_up_ms", 0, kMostMs)}});
    for (const JsonView& one : top_.list("frames")) {
      const bool is_first = out.frames
                                .insert({.frame = frame(one),
                                         .from = place(one),
                                         .object = object(one),
                                         .took = {one.whole("ms", 0, kMostMs)}})
                                .second;
      if (!is_first) one.complain("frame", "came twice");
    }
    for (const JsonView& one : top_.list("faults")) out.faults.insert(fault(one));
    return out;
  }

 private:
  Frames frames(const JsonView& view, const char* name, const std::string& text) {
    auto frames = parse_frames(text, "");
    if (frames) return *frames;
    view.complain(name, "names no frames: " + frames.error().front().what);
    return {};
  }

  Object object(const JsonView& view) {
    Object object{.hash = view.text("hash"),
                  .bytes = static_cast<std::uint64_t>(view.whole("bytes", 0, kMostBytes))};
    if (!is_object_hash(object.hash)) view.complain("hash", "is no hash of 64 digits");
    return object;
  }

  RenderAsk ask(const JsonView& view) {
    RenderAsk out;
    const std::string renderer = view.text("renderer");
    const auto* const known = std::ranges::find(kRenderers, renderer);
    if (known == kRenderers.end())
      view.complain("renderer", "is none that is known");
    else
      out.renderer = static_cast<Renderer>(known - kRenderers.begin());
    out.image = view.text("image");
    if (out.image.empty() || out.image.contains('/')) view.complain("image", "is no ending of a file");
    out.take = view.text("take");
    out.frames = frames(view, "frames", view.text("frames"));
    for (const JsonView& one : view.list("inputs")) {
      out.inputs.push_back({.name = one.text("name"), .object = object(one)});
      if (out.inputs.size() > 1 && out.inputs.end()[-2].name >= out.inputs.back().name)
        one.complain("name", "is out of its order, or there twice");
    }
    return out;
  }

  RenderJob job(const JsonView& view) {
    RenderJob out{.job = static_cast<std::uint32_t>(view.whole("job", 0, kMostNumber)), .chunks = {}};
    for (const std::string& text : view.texts("chunks")) {
      out.chunks.push_back(frames(view, "chunks", text));
      for (const Frame frame : out.chunks.back()) {
        if (!asked_.contains(frame))
          return view.complain("chunks", "hold frames that were not asked for"), out;
      }
    }
    if (!tasks_.try_emplace(out.job, out.chunks.size()).second) view.complain("job", "is there twice");
    return out;
  }

  TaskPlace place(const JsonView& view) {
    const TaskPlace out{.job = static_cast<std::uint32_t>(view.whole("job", 0, kMostNumber)),
                        .task = static_cast<std::uint32_t>(view.whole("task", 0, kMostNumber))};
    const auto found = tasks_.find(out.job);
    if (found == tasks_.end() || out.task >= found->second)
      view.complain("task", "is of no job that is here");
    return out;
  }

  Frame frame(const JsonView& view) {
    const Frame out{static_cast<std::int32_t>(view.whole("frame", -kMostFrameNumber, kMostFrameNumber))};
    if (!asked_.contains(out)) view.complain("frame", "was not asked for");
    return out;
  }

  FaultyFrame fault(const JsonView& view) {
    const auto fault = frame_fault_of(view.text("fault"));
    if (!fault) view.complain("fault", "is none that is known");
    return {.frame = frame(view), .from = place(view), .fault = fault.value_or(FrameFault::missing)};
  }

  const JsonView& top_;
  JsonDocument& document_;
  std::set<Frame> asked_;
  std::map<std::uint32_t, std::size_t> tasks_;  // of each job
};

}  // namespace

const char* name_of(Renderer renderer) { return kRenderers.at(static_cast<std::size_t>(renderer)); }

std::string digest_of(const RenderAsk& ask) {
  const std::string text = json_of(ask).dump();
  ObjectHash hash;
  hash.add(text.data(), text.size());
  return hash.name();
}

Expected<RenderManifest> parse_manifest(std::string_view json, const std::string& file) {
  JsonDocument document{.file = file,
                        .mend =
                            "It was not written by `hinterland render`: put it and its frames away, and they "
                            "come again for nothing.",
                        .errors = {}};
  const auto parsed = parse_json_object(json, document);
  if (!parsed) return std::unexpected(parsed.error());
  const JsonView top(*parsed, document);
  if (const auto version = top.whole("hinterland_render", 0, INT32_MAX);
      document.errors.empty() && version != kVersion)
    return failure({.what = fmt::format("is of version {}, and this program reads {}", version, kVersion),
                    .where = {.file = file, .line = 0, .column = 0, .field = "hinterland_render"},
                    .mend = "Use the program that wrote it."});
  RenderManifest manifest = Reader(top, document).read();
  if (!document.errors.empty()) return std::unexpected(std::move(document.errors));
  return manifest;
}

std::string manifest_json(const RenderManifest& manifest) {
  Json jobs = Json::array(), tasks = Json::array(), frames = Json::array(), faults = Json::array();
  for (const RenderJob& one : manifest.jobs) {
    Json chunks = Json::array();
    for (const Chunk& chunk : one.chunks) chunks.push_back(frames_text(chunk));
    jobs.push_back({{"job", one.job}, {"chunks", std::move(chunks)}});
  }
  for (const RenderedTask& one : manifest.tasks) {
    Json row = json_of(one.place);
    row["attempt"] = one.attempt;
    row["site"] = one.site;
    row["start_up_ms"] = one.start_up.ms;
    tasks.push_back(std::move(row));
  }
  for (const RenderedFrame& one : manifest.frames) {
    Json row = {{"frame", one.frame.number}};
    row.update(json_of(one.from));
    row["hash"] = one.object.hash;
    row["bytes"] = one.object.bytes;
    row["ms"] = one.took.ms;
    frames.push_back(std::move(row));
  }
  for (const FaultyFrame& one : manifest.faults) {
    Json row = {{"frame", one.frame.number}};
    row.update(json_of(one.from));
    row["fault"] = name_of(one.fault);
    faults.push_back(std::move(row));
  }
  const Json json = {
      {"hinterland_render", kVersion},     {"name", manifest.name},          {"broker", manifest.broker},
      {"digest", digest_of(manifest.ask)}, {"asked", json_of(manifest.ask)}, {"jobs", std::move(jobs)},
      {"tasks", std::move(tasks)},         {"frames", std::move(frames)},    {"faults", std::move(faults)}};
  return json.dump(1) + "\n";
}

std::string frame_file(const std::string& name, Frame frame, const std::string& image) {
  return fmt::format("{}.{}{:04}.{}", name, frame.number < 0 ? "-" : "", std::abs(frame.number), image);
}

Frames gaps(const RenderManifest& manifest) {
  Frames came;
  for (const RenderedFrame& one : manifest.frames) came.push_back(one.frame);
  return without(manifest.ask.frames, came);
}

std::map<Frame, std::size_t> failed_tries(const RenderManifest& manifest) {
  std::map<Frame, std::size_t> tries;
  for (const FaultyFrame& one : manifest.faults) ++tries[one.frame];
  return tries;
}

std::vector<FaultyFrame> last_faults(const RenderManifest& manifest, const Frames& frames) {
  std::map<Frame, FaultyFrame> last;  // the broker counts its jobs upwards
  for (const FaultyFrame& one : manifest.faults) last[one.frame] = one;
  std::vector<FaultyFrame> out;
  for (const Frame frame : frames) {
    if (const auto found = last.find(frame); found != last.end()) out.push_back(found->second);
  }
  return out;
}

}  // namespace hinterland
