// A render's manifest, NAME.render.json beside its frames: what was asked, of what bytes, and what came.
//
//   asked    the renderer, the frames, and every file of the task's folder by its hash: scene, textures, script
//   digest   BLAKE2b-256 of that. The same bytes asked for the same frames are the same render: its jobs are submitted under keys that
//            begin with it, so whoever says the same again goes on with them, and pays for nothing twice. `take` is a word of the
//            user's, to have it rendered anew all the same.
//   jobs     of the broker, each with its chunks: what its tasks render
//   tasks    whose outputs were taken in
//   frames   that came and are well: the file is NAME.0007.png (frame_file())
//   faults   of images that came and are not, or did not come
//
// What it says of the broker's, the broker knows too: where one was lost, frames are known by their bytes (claim_folder.hpp), and what is not
// there comes again and costs nothing.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/render/chunks.hpp"
#include "hinterland/render/image_check.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

enum class Renderer { blender, povray, command };
const char* name_of(Renderer renderer);

// A file in the task's folder.
struct RenderInput {
  std::string name;
  Object object;
};

struct RenderAsk {
  Renderer renderer = Renderer::command;
  std::string image = "png";  // the ending of each frame's file
  std::string take;
  Frames frames;
  std::vector<RenderInput> inputs;  // by name
};

// 64 hex digits.
std::string digest_of(const RenderAsk& ask);

struct RenderJob {
  std::uint32_t job = 0;
  std::vector<Chunk> chunks;
};

// Which task of the broker's.
struct TaskPlace {
  std::uint32_t job = 0, task = 0;
  auto operator<=>(const TaskPlace&) const = default;
};

struct RenderedTask {
  TaskPlace place;
  std::uint64_t attempt = 0;
  std::string site;
  Duration start_up;
};

struct RenderedFrame {
  Frame frame;
  TaskPlace from;
  Object object;
  Duration took;
};

struct FaultyFrame {
  Frame frame;
  TaskPlace from;
  FrameFault fault = FrameFault::missing;
};

// What came is found by what it is, among a million frames too; faults by their task as well, all of them.
struct ByFrame {
  using is_transparent = void;
  static Frame key(Frame frame) { return frame; }
  static Frame key(const RenderedFrame& one) { return one.frame; }
  bool operator()(const auto& a, const auto& b) const { return key(a) < key(b); }
};
struct ByTask {
  using is_transparent = void;
  static TaskPlace key(TaskPlace place) { return place; }
  static TaskPlace key(const RenderedTask& one) { return one.place; }
  bool operator()(const auto& a, const auto& b) const { return key(a) < key(b); }
};
struct ByTaskAndFrame {
  using is_transparent = void;
  bool operator()(const FaultyFrame& a, const FaultyFrame& b) const {
    return a.from != b.from ? a.from < b.from : a.frame < b.frame;
  }
  bool operator()(const FaultyFrame& a, TaskPlace b) const { return a.from < b; }
  bool operator()(TaskPlace a, const FaultyFrame& b) const { return a < b.from; }
};

struct RenderManifest {
  std::string name, broker;  // what frames are called, and where it was submitted
  RenderAsk ask;
  std::vector<RenderJob> jobs;  // in the order in which they were submitted
  std::set<RenderedTask, ByTask> tasks;
  std::set<RenderedFrame, ByFrame> frames;  // each once
  std::set<FaultyFrame, ByTaskAndFrame> faults;
};

// Fails, all problems listed with their paths, for what manifest_json() does not write: another version, a digest that is not that
// of what was asked, frames that were not asked for, tasks of no job.
Expected<RenderManifest> parse_manifest(std::string_view json, const std::string& file);
std::string manifest_json(const RenderManifest& manifest);

// "NAME.0007.png", "NAME.-0007.png"
std::string frame_file(const std::string& name, Frame frame, const std::string& image);

// Those that were asked for and have not come, in the order in which they were asked for.
Frames gaps(const RenderManifest& manifest);
// How often each was rendered and was not well; those that never were are not in it.
std::map<Frame, std::size_t> failed_tries(const RenderManifest& manifest);
// The last fault of each of `frames` that has one, in their order.
std::vector<FaultyFrame> last_faults(const RenderManifest& manifest, const Frames& frames);

}  // namespace hinterland
