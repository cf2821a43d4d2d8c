// For tests: all that is outside of a render. Its broker renders texts at once, as many tasks between two looks as it is told.
#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/render/claim_folder.hpp"
#include "hinterland/render/render.hpp"
#include "hinterland/render/site_script.hpp"
#include "hinterland/staging/object_hash.hpp"

namespace hinterland {

namespace fs = std::filesystem;

inline std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class TestClock final : public RenderClock {
 public:
  Duration now() override { return at_; }
  void wait(Duration time) override { at_ = at_ + time; }

 private:
  Duration at_;
};

class TestUser final : public RenderUser {
 public:
  std::size_t stop_at = std::numeric_limits<std::size_t>::max();  // step
  std::size_t chunk = 4;
  RestAnswer::Kind answer = RestAnswer::Kind::render;
  std::size_t steps = 0;
  std::vector<std::string> said;

  bool step(std::string_view, std::int64_t, std::int64_t) override { return ++steps < stop_at; }
  void say(const std::string& line) override { said.push_back(line); }
  void say_beside(const std::string&) override {}
  Expected<RestAnswer> ask_for_rest(const RenderManifest&, const Frames& rest, double) override {
    return RestAnswer{.kind = answer, .chunks = chunks_of(rest, chunk), .hours = {1}, .deadline = {}};
  }
};

class TestBroker final : public RenderBroker {
 public:
  explicit TestBroker(TestClock& clock) : clock_(clock) {}

  // What the n-th rendering of a frame leaves, from 1; empty: no image.
  std::function<std::string(Frame, std::size_t)> draw = [](Frame frame, std::size_t) {
    return "frame " + std::to_string(frame.number);
  };
  std::size_t per_look = 3;  // tasks end
  unsigned order = 0;        // of their ends; 0: as they are numbered
  double frame_cost = 1;
  Duration silent_from, silent_until;  // nobody answers
  std::size_t room =
      std::numeric_limits<std::size_t>::max();  // frames that are fetched before the disk is full
  std::map<Frame, std::size_t> rendered;        // how often
  std::size_t submitted = 0, fetched = 0, rows = 0, outputs_asked = 0;  // how much was asked
  std::vector<std::uint32_t> holds;

  void release(std::uint32_t job) { jobs_.at(job).is_held = false; }
  // Whether a job goes on though nobody looks.
  [[nodiscard]] bool is_busy() const {
    return std::ranges::any_of(jobs_, [](const Job& job) { return !job.open.empty() && !job.is_held; });
  }
  // As `hinterland retry`.
  void retry(std::uint32_t number) {
    Job& job = jobs_.at(number);
    job.is_cancelled = false;
    for (std::uint32_t task = 0; task < job.tasks.size(); ++task) {
      if (job.tasks[task].empty() && std::ranges::find(job.open, task) == job.open.end())
        job.open.push_back(task);
    }
  }
  void cancel(std::uint32_t job) { jobs_.at(job).is_cancelled = true; }

  [[nodiscard]] const std::string& place() const override { return place_; }
  Expected<bool> has(const std::string& hash) override {
    if (is_silent()) return no_answer();
    return blobs_.contains(hash);
  }
  Expected<Object> send(const std::string& file, Progress& progress) override {
    if (is_silent()) return no_answer();
    if (!progress.step("sending", 0, 1)) return failure({.what = "Interrupted.", .where = {}, .mend = ""});
    return keep(text_of(file));
  }
  Expected<std::string> read(const Object& object) override {
    if (is_silent()) return no_answer();
    return blobs_.at(object.hash);
  }
  Expected<void> fetch(const Object& object, const std::string& file, Progress& progress) override {
    if (is_silent()) return no_answer();
    if (!progress.step("fetching", 0, 1))
      return failure({.what = "Interrupted.", .where = {.file = file}, .mend = "", .outside = true});
    if (fetched == room)
      return failure({.what = "No space left.", .where = {.file = file}, .mend = "", .outside = true});
    ++fetched;
    std::ofstream(file, std::ios::binary) << blobs_.at(object.hash);
    return {};
  }
  Expected<std::optional<std::uint32_t>> submit(const RenderSubmission& submission) override {
    if (is_silent()) return no_answer();
    const std::string& list = submission.command.at(3);
    const auto known = std::ranges::find(jobs_, submission.key, &Job::key);
    const auto number = static_cast<std::uint32_t>(known - jobs_.begin());
    if (known != jobs_.end()) {
      if (known->command.at(3) != list) return std::optional<std::uint32_t>();
      return std::optional(number);
    }
    ++submitted;
    Job job{.key = submission.key, .name = submission.name, .command = submission.command, .chunks = {}};
    job.chunks = parse_chunks_text(blobs_.at(list), "").value();
    REQUIRE(job.chunks.size() == submission.tasks);
    job.tasks.resize(job.chunks.size());
    for (std::uint32_t k = 0; k < job.chunks.size(); ++k) job.open.push_back(k);
    std::ranges::reverse(job.open);
    if (order > 0) std::ranges::shuffle(job.open, std::mt19937(order));
    jobs_.push_back(std::move(job));
    return std::optional(number);
  }
  Expected<std::vector<FoundJob>> jobs_ending_in(const std::string& mark) override {
    if (is_silent()) return no_answer();
    std::vector<FoundJob> out;
    for (std::uint32_t k = 0; k < jobs_.size(); ++k) {
      if (jobs_[k].name.ends_with(mark)) out.push_back({.job = k, .command = jobs_[k].command});
    }
    return out;
  }
  Expected<JobProgress> look(std::uint32_t number) override {
    if (is_silent()) return no_answer();
    Job& job = jobs_.at(number);
    for (std::size_t k = 0; k < per_look && !job.open.empty() && !job.is_held && !job.is_cancelled; ++k)
      end_one(job);
    return JobProgress{.is_over = job.open.empty() || job.is_cancelled,
                       .is_cancelled = job.is_cancelled,
                       .is_held = job.is_held,
                       .tasks = job.tasks.size(),
                       .done = job.tasks.size() - job.open.size(),
                       .cost = job.cost,
                       .currency = "CNY"};
  }
  Expected<std::vector<TaskRow>> tasks(std::uint32_t number, std::uint32_t from) override {
    constexpr std::size_t most = 1000;
    if (is_silent()) return no_answer();
    const Job& job = jobs_.at(number);
    std::vector<TaskRow> out;
    for (std::uint32_t k = from; k < job.tasks.size() && out.size() < most; ++k)
      out.push_back({.task = k, .is_done = !job.tasks[k].empty(), .site = "guian", .attempt = k});
    rows += out.size();
    clock_.wait({static_cast<std::int64_t>(out.size() / 100)});  // it takes a while to tell so much
    return out;
  }
  Expected<std::vector<RenderInput>> outputs(const TaskPlace& place) override {
    if (is_silent()) return no_answer();
    ++outputs_asked;
    return jobs_.at(place.job).tasks.at(place.task);
  }
  Expected<bool> hold(std::uint32_t job) override {
    if (is_silent()) return no_answer();
    if (jobs_.at(job).open.empty()) return false;
    holds.push_back(job);
    jobs_.at(job).is_held = true;
    return true;
  }

 private:
  struct Job {
    std::string key, name;
    std::vector<std::string> command;
    std::vector<Chunk> chunks;
    std::vector<std::vector<RenderInput>> tasks{};  // what each has left; empty: nothing yet, or it failed
    std::vector<std::uint32_t> open{};              // the last one ends next
    double cost = 0;
    bool is_held = false, is_cancelled = false;
  };

  [[nodiscard]] bool is_silent() const { return clock_.now() >= silent_from && clock_.now() < silent_until; }
  [[nodiscard]] std::unexpected<Errors> no_answer() const {
    return failure({.what = "No answer.", .where = {.file = place_}, .mend = "", .outside = true});
  }
  Object keep(const std::string& text) {
    ObjectHash hash;
    hash.add(text.data(), text.size());
    Object object{.hash = hash.name(), .bytes = text.size()};
    blobs_[object.hash] = text;
    return object;
  }
  void end_one(Job& job) {
    const std::uint32_t task = job.open.back();
    job.open.pop_back();
    const Chunk& chunk = job.chunks[task];
    std::string report = "hinterland-frames 1\n";
    std::vector<RenderInput> left;
    bool any = false;
    for (std::size_t k = 0; k < chunk.size(); ++k) {
      const std::string image = draw(chunk[k], ++rendered[chunk[k]]);
      any = any || !image.empty();
      report += std::to_string(chunk[k].number) + " 0 100\n";
      left.push_back({.name = slot_of(k), .object = keep(image)});
    }
    job.cost += frame_cost * static_cast<double>(chunk.size());
    report += "all " + std::to_string(100 * chunk.size() + 20) + "\n";
    left.push_back({.name = std::string(kSiteReport), .object = keep(report)});
    if (any) job.tasks[task] = std::move(left);
  }

  TestClock& clock_;
  std::string place_ = "test.sock";
  std::map<std::string, std::string> blobs_;
  std::vector<Job> jobs_;
};

// A text passes for an image, unless it says "black" or "torn".
inline Expected<Checked> check_texts(const std::vector<std::string>& files, const ImageWanted&) {
  Checked out;
  for (const std::string& file : files) {
    const std::string text = text_of(file);
    out.push_back(text == "black"  ? std::optional(FrameFault::black)
                  : text == "torn" ? std::optional(FrameFault::unreadable)
                                   : std::nullopt);
  }
  return out;
}

// A render of texts into a folder, run as often as wanted.
struct TestRender {
  fs::path home;
  TestClock clock;
  TestBroker broker{clock};
  TestUser user;
  PreparedRender prepared;
  RenderLimits limits;
  // Of the last run:
  RenderManifest manifest;
  double spent = 0;
  std::vector<std::string> displaced;
  bool is_held = false;

  explicit TestRender(const std::string& frames) {
    // Each frame is made durable: on a disk, that is what would take the time.
    const fs::path fast = "/dev/shm";
    home = (fs::is_directory(fast) ? fast : fs::temp_directory_path()) /
           ("hinterland-render-" + std::to_string(getpid()));
    fs::remove_all(home);
    fs::create_directories(home);
    std::ofstream(home / "s.txt") << "a scene";
    prepared.files = {{.name = "s.txt", .file = (home / "s.txt").string()}};
    prepared.ask.inputs = {{.name = "s.txt", .object = name_file(prepared.files[0].file).value()}};
    prepared.ask.frames = parse_frames(frames, "").value();
  }
  TestRender(const TestRender&) = delete;
  TestRender& operator=(const TestRender&) = delete;
  ~TestRender() { fs::remove_all(home); }

  [[nodiscard]] std::string out() const { return (home / "out").string(); }
  [[nodiscard]] std::string frame(int number) const {
    return (home / "out" / frame_file("shot", {number}, "png")).string();
  }

  // Fails where the folder cannot be had.
  Expected<RenderEnd> run() {
    const auto folder = RenderFolder::open(out(), "shot");
    if (!folder) return std::unexpected(folder.error());
    auto claimed = claim_folder(*folder, prepared.ask, "test", broker);
    if (!claimed) return std::unexpected(claimed.error());
    manifest = std::move(*claimed);
    Render render({.broker = broker, .user = user, .clock = clock, .check = check_texts}, *folder, prepared,
                  limits, manifest);
    const RenderOutcome outcome = render.run();
    spent = render.spent();
    displaced = render.displaced();
    is_held = outcome.is_held;
    return outcome.end;
  }

  // Whether all frames are there as they were drawn, and nothing is beside them but the manifest, which says the same.
  [[nodiscard]] bool is_whole() const {
    std::set<std::string> wanted = {"shot.render.json"}, there;
    for (const Frame one : prepared.ask.frames) {
      if (text_of(frame(one.number)) != "frame " + std::to_string(one.number)) return false;
      wanted.insert(frame_file("shot", one, "png"));
    }
    for (const auto& entry : fs::directory_iterator(out())) there.insert(entry.path().filename().string());
    const std::string file = (home / "out" / "shot.render.json").string();
    const auto saved = parse_manifest(text_of(file), file);
    return wanted == there && saved && gaps(*saved).empty() &&
           manifest_json(*saved) == manifest_json(manifest);
  }
  [[nodiscard]] bool each_was_rendered_once() const {
    return std::ranges::all_of(prepared.ask.frames, [&](Frame one) {
      const auto found = broker.rendered.find(one);
      return found != broker.rendered.end() && found->second == 1;
    });
  }
};

}  // namespace hinterland
