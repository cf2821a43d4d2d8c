#include "hinterland/render/render_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

#include "hinterland/render/site_script.hpp"
#include "hinterland/render/task_report.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr Duration kPatience{600'000};  // for a broker that does not answer
constexpr Duration kAskAgain{1'000}, kLookAgain{200}, kSaveEvery{2'000};
constexpr std::int64_t kShare = 20;  // a twentieth of the time

// Asks whether to stop and tells nothing: what is told is how far the whole render is.
class Unseen final : public Progress {
 public:
  explicit Unseen(RenderWatch& whole) : whole_(whole) {}
  bool step(std::string_view, std::int64_t, std::int64_t) override { return whole_.tell(); }

 private:
  RenderWatch& whole_;
};

}  // namespace

// An answer that nobody gives is not the end: a broker is begun anew, a line comes back. What is located in the folder is the disk's.
template <class T>
Expected<T> RenderWatch::patiently(const std::function<Expected<T>()>& ask) {
  const auto is_brokers = [&](const Error& error) {
    const std::string& at = error.where.file;
    return error.outside && (at == ports_.broker.place() || !at.starts_with(folder_.path()));
  };
  const Duration began = ports_.clock.now();
  bool told_silent = false;
  while (true) {
    auto answer = ask();
    if (answer && told_silent) ports_.user.say("the broker answers again.");
    if (answer || !std::ranges::all_of(answer.error(), is_brokers) ||
        ports_.clock.now() - began > kPatience || !tell())
      return answer;
    if (!std::exchange(told_silent, true))
      ports_.user.say("the broker does not answer: it is asked again and again, for ten minutes.");
    ports_.user.say_beside("the broker does not answer");
    ports_.clock.wait(kAskAgain);
  }
}

double RenderWatch::spent() const {
  double sum = 0;
  for (const auto& [job, cost] : costs_) sum += cost;
  return sum;
}

bool RenderWatch::tell() {
  const auto came = static_cast<std::int64_t>(manifest_.frames.size() - came_before_);
  const auto asked = static_cast<std::int64_t>(manifest_.ask.frames.size() - came_before_);
  return ports_.user.step("rendering", came, asked);
}

Expected<void> RenderWatch::save() {
  const Duration began = ports_.clock.now();
  auto saved = folder_.save(manifest_);
  const Duration now = ports_.clock.now();
  save_at_ = now + std::max(kSaveEvery, Duration{kShare * (now - began).ms});
  return saved;
}

Expected<void> RenderWatch::save_if_due() {
  if (save_at_ && ports_.clock.now() < *save_at_) return {};
  return save();
}

// Those of which a frame has neither come nor is noted as a fault; and those that failed: they may have been begun anew since.
std::set<std::uint32_t> RenderWatch::open_tasks(const RenderJob& job) const {
  std::set<std::uint32_t> open;
  for (std::uint32_t task = 0; task < job.chunks.size(); ++task) {
    const TaskPlace place{.job = job.job, .task = task};
    const bool has_left = manifest_.tasks.contains(place);
    const bool is_taken = std::ranges::all_of(job.chunks[task], [&](Frame frame) {
      return manifest_.frames.contains(frame) ||
             (has_left && manifest_.faults.contains({.frame = frame, .from = place}));
    });
    if (!is_taken) open.insert(open.end(), task);
  }
  return open;
}

Expected<RenderWatch::Image> RenderWatch::fetch(const TaskPlace& from, Frame frame, const Object& object,
                                                Duration took) {
  Image image{.frame = {.frame = frame, .from = from, .object = object, .took = took},
              .file = folder_.frame_at(manifest_.ask, frame)};
  if (const auto there = name_file(image.file); there && there->hash == object.hash) return image;
  const std::string file = frame_file(folder_.name(), frame, manifest_.ask.image);
  image.file = folder_.scratch(fmt::format("{}.{}.{}", from.job, from.task, file));
  std::error_code failed;
  fs::remove(image.file, failed);
  const auto fetched = patiently<void>([&] {
    Unseen unseen(*this);
    return ports_.broker.fetch(object, image.file, unseen);
  });
  if (!fetched) return std::unexpected(fetched.error());
  return image;
}

Expected<void> RenderWatch::take(Image image, const std::optional<FrameFault>& fault) {
  const Frame frame = image.frame.frame;
  if (fault) {
    manifest_.faults.insert({.frame = frame, .from = image.frame.from, .fault = *fault});
    return {};
  }
  const std::string place = folder_.frame_at(manifest_.ask, frame);
  if (image.file != place) {
    const auto kept = keep_file(image.file, place);
    if (!kept) return std::unexpected(kept.error());
    if (*kept == Kept::other) {
      displaced_.push_back(std::move(image.file));
      return {};
    }
  }
  manifest_.frames.insert(std::move(image.frame));
  return {};
}

// Of a task that is done: what it says of itself, and its images.
Expected<void> RenderWatch::take_in(const RenderJob& job, const TaskRow& row) {
  const TaskPlace place{.job = job.job, .task = row.task};
  const Chunk& chunk = job.chunks[row.task];
  const auto outputs = patiently<std::vector<RenderInput>>([&] { return ports_.broker.outputs(place); });
  if (!outputs) return std::unexpected(outputs.error());
  const auto output = [&](std::string_view name) {
    const auto found = std::ranges::find(*outputs, name, &RenderInput::name);
    return found == outputs->end() ? Object{} : found->object;
  };
  TaskReport report;
  if (const Object said = output(kSiteReport); said.bytes > 0) {
    const auto text = patiently<std::string>([&] { return ports_.broker.read(said); });
    if (!text) return std::unexpected(text.error());
    // One that makes no sense says nothing of times; the images speak for themselves.
    if (auto read = parse_task_report(*text, chunk, fmt::format("job {}, task {}", job.job, row.task)))
      report = std::move(*read);
  }
  Frames missing;
  std::vector<Image> images;
  std::vector<std::string> files;
  for (std::size_t k = 0; k < chunk.size(); ++k) {
    if (manifest_.frames.contains(chunk[k])) continue;
    const Object object = output(slot_of(k));
    if (object.bytes == 0) {
      missing.push_back(chunk[k]);
      continue;
    }
    const Duration took = k < report.frames.size() ? report.frames[k].took : Duration{};
    auto image = fetch(place, chunk[k], object, took);
    if (!image) return std::unexpected(std::move(image.error()));
    files.push_back(image->file);
    images.push_back(std::move(*image));
  }
  const auto checked = ports_.check(files, wanted_);
  if (!checked) return std::unexpected(checked.error());
  if (const auto before = manifest_.tasks.find(place); before != manifest_.tasks.end())
    manifest_.tasks.erase(before);
  manifest_.tasks.insert(
      {.place = place, .attempt = row.attempt, .site = row.site, .start_up = report.start_up});
  const auto [first, last] = manifest_.faults.equal_range(place);
  manifest_.faults.erase(first, last);
  for (const Frame frame : missing) manifest_.faults.insert({.frame = frame, .from = place});
  for (std::size_t k = 0; k < images.size(); ++k) {
    if (auto taken = take(std::move(images[k]), (*checked)[k]); !taken) return taken;
  }
  return save_if_due();
}

void RenderWatch::note_missing(const RenderJob& job, const TaskRow& row) {
  const TaskPlace place{.job = job.job, .task = row.task};
  for (const Frame frame : job.chunks[row.task]) manifest_.faults.insert({.frame = frame, .from = place});
}

Expected<WatchEnd> RenderWatch::left(WatchEnd end) {
  if (auto saved = save(); !saved) return std::unexpected(std::move(saved.error()));
  return end;
}

// Whether it is held now.
bool RenderWatch::held(const RenderJob& job) {
  const auto held = ports_.broker.hold(job.job);
  if (!held)
    ports_.user.say(
        fmt::format("job {} could not be held, and goes on without anybody who watches its budget: {}",
                    job.job, describe(held.error().front())));
  return held.value_or(false);
}

Expected<WatchEnd> RenderWatch::watch(const RenderJob& job) {
  auto end = follow(job);
  if (!end && !tell())
    end = left(WatchEnd::interrupted);
  else if (!end)
    std::ignore = save();  // What came is known then. Where the disk is full, that is said already.
  const bool is_stopped = end && *end == WatchEnd::interrupted;
  // One of which nothing was heard may be another's.
  if (budget_ && (is_stopped || (!end && costs_.contains(job.job)))) is_held_ = held(job);
  return end;
}

// Takes in what has ended. False: the user wants it to stop.
Expected<bool> RenderWatch::take_ended(const RenderJob& job, bool is_over, std::set<std::uint32_t>& open) {
  Duration asking;
  for (auto next = open.begin(); next != open.end();) {
    const std::uint32_t from = *next;
    const Duration began = ports_.clock.now();
    const auto rows = patiently<std::vector<TaskRow>>([&] { return ports_.broker.tasks(job.job, from); });
    asking = asking + (ports_.clock.now() - began);
    ask_at_ = ports_.clock.now() + Duration{kShare * asking.ms};
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) return true;
    for (const TaskRow& row : *rows) {
      // One that failed may be tried again until its job is over.
      if (!open.contains(row.task) || (!row.is_done && !is_over)) continue;
      open.erase(row.task);  // and if its frame has no place, it is not fetched again and again
      if (!row.is_done) {
        note_missing(job, row);
      } else if (const auto in = take_in(job, row); !in) {
        return std::unexpected(in.error());
      }
      if (!tell()) return false;
    }
    next = open.upper_bound(std::max(rows->back().task, from));
  }
  return true;
}

Expected<WatchEnd> RenderWatch::follow(const RenderJob& job) {
  std::set<std::uint32_t> open = open_tasks(job);
  std::optional<std::uint64_t> seen_done;
  bool told_held = false;
  while (true) {
    const auto now = patiently<JobProgress>([&] { return ports_.broker.look(job.job); });
    if (!tell()) return left(WatchEnd::interrupted);
    if (!now) return std::unexpected(now.error());
    if (now->tasks != job.chunks.size())
      return failure(
          {.what = fmt::format("It has {}, and this render's job has {}.",
                               counted(static_cast<long long>(now->tasks), "task"), job.chunks.size()),
           .where = {.file = fmt::format("job {}", job.job)},
           .mend = "Is that the broker to which it was submitted?"});
    costs_[job.job] = now->cost;
    currency_ = now->currency;
    ports_.user.say_beside(fmt::format("{} {} so far", compact(spent()), currency_));
    const bool is_due = !ask_at_ || ports_.clock.now() >= *ask_at_;
    if ((seen_done != now->done && is_due) || now->is_over) {
      // One that was cancelled may be begun anew, and so may its tasks.
      const auto all = take_ended(job, now->is_over && !now->is_cancelled, open);
      if (!all) return std::unexpected(all.error());
      if (!*all) return left(WatchEnd::interrupted);
      seen_done = now->done;
    }
    if (now->is_over) return left(now->is_cancelled ? WatchEnd::cancelled : WatchEnd::over);
    if (budget_ && spent() > *budget_) {
      const auto held = patiently<bool>([&] { return ports_.broker.hold(job.job); });
      if (!held) return std::unexpected(held.error());
      return left(WatchEnd::over_budget);
    }
    if (now->is_held && !std::exchange(told_held, true))
      ports_.user.say(
          fmt::format("job {} is held: `hinterland release {}` lets it go on.", job.job, job.job));
    if (!tell()) return left(WatchEnd::interrupted);
    ports_.clock.wait(kLookAgain);
  }
}

}  // namespace hinterland
