#include "hinterland/executor/slurm_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "hinterland/executor/run_program.hpp"
#include "hinterland/policy/server_size.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kPatience = 15'000;  // ms; the commands themselves try for up to half a minute
constexpr std::string_view kJobs = "%i|%T|%r|%V|%N|%C|%j";

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Up to the separator, which is taken too.
std::string_view next_of(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

class Commands final : public SlurmCluster {
 public:
  Commands(std::string conf, SlurmPlace place) : place_(std::move(place)) {
    if (!conf.empty()) variables_.push_back("SLURM_CONF=" + conf);
  }

  Expected<std::string> submit(const SlurmAsk& ask) override {
    std::vector<std::string> words = {
        "sbatch",
        "--parsable",
        "--hold",
        "--no-requeue",
        "--export=NIL",
        "--nodes=1",
        "--ntasks=1",
        "--output=/dev/null",
        "--error=/dev/null",
        "--chdir=" + ask.folder,
        "--job-name=" + ask.name,
        fmt::format("--cpus-per-task={}", std::max<std::int64_t>(1, ask.size.cores)),
        fmt::format("--time={}", ask.minutes)};
    const auto with = [&](const char* flag, const std::string& value) {
      if (!value.empty()) words.push_back(fmt::format("--{}={}", flag, value));
    };
    with("partition", place_.partition);
    with("account", place_.account);
    with("qos", place_.qos);
    with("array", ask.count > 1 ? fmt::format("0-{}", ask.count - 1) : "");
    with("mem", ask.size.memory_gb > 0 ? fmt::format("{}G", ask.size.memory_gb) : "");
    const std::int64_t gpus = (ask.size.gpus + kGpuParts - 1) / kGpuParts;
    with("gres", gpus > 0 ? fmt::format("gpu:{}", gpus) : "");
    with("exclude", fmt::format("{}", fmt::join(ask.avoid, ",")));
    const auto end = run_program(words, variables_, ask.script, kPatience);
    if (!end) return std::unexpected(end.error());
    if (end->status != 0) return std::unexpected(trouble("sbatch", *end));
    std::string_view said = end->out;
    return std::string(next_of(said, '\n').substr(0, said.find(';')));
  }

  Expected<std::vector<SlurmJob>> jobs(const std::string& prefix) override {
    const auto end =
        said({"squeue", "--noheader", "--array", "--states=all", "--me", fmt::format("--format={}", kJobs)});
    if (!end) return std::unexpected(end.error());
    std::vector<SlurmJob> jobs = parse_squeue(*end);
    std::erase_if(jobs, [&](const SlurmJob& job) { return !job.name.starts_with(prefix); });
    return jobs;
  }

  Expected<void> release(const std::string& number) override { return tell({"scontrol", "release", number}); }
  Expected<void> cancel(const std::string& number) override { return tell({"scancel", number}); }

  Expected<SlurmRoom> room() override {
    std::vector<std::string> words = {"sinfo", "--noheader", "--Node", "--format=%n|%T|%C"};
    if (!place_.partition.empty()) words.push_back("--partition=" + place_.partition);
    const auto text = said(words);
    if (!text) return std::unexpected(text.error());
    return parse_sinfo(*text);
  }

 private:
  // What it prints, if it ends well.
  Expected<std::string> said(const std::vector<std::string>& words) {
    auto end = run_program(words, variables_, "", kPatience);
    if (!end) return std::unexpected(std::move(end.error()));
    if (end->status != 0) return std::unexpected(trouble(words.front(), *end));
    return std::move(end->out);
  }
  Expected<void> tell(const std::vector<std::string>& words) {
    const auto done = said(words);
    return done ? Expected<void>() : std::unexpected(done.error());
  }

  static bool said_no(const std::string& text) { return text.contains("submission failed: "); }
  // A refusal is the controller's answer; all else (no answer, no munge, a reset) says nothing of what it did.
  static Errors trouble(const std::string& program, const ProgramRun& end) {
    std::string_view said = end.err;
    const std::string what(next_of(said, '\n'));
    static constexpr std::array<std::string_view, 8> kNoAnswer = {
        "Unable to contact", "timed out",    "Zero Bytes",      "Connection re",
        "authentication",    "Unexpected m", "in standby mode", "temporarily"};
    const bool refused = said_no(end.err) && std::ranges::none_of(kNoAnswer, [&](std::string_view part) {
                           return end.err.contains(part);
                         });
    return {{.what = what.empty() ? fmt::format("It ended with status {}.", end.status) : what,
             .where = {.file = program},
             .mend = "",
             .outside = !refused}};
  }

  SlurmPlace place_;
  std::vector<std::string> variables_;
};

}  // namespace

SlurmPhase slurm_phase(std::string_view state, std::string_view reason) {
  if (state == "PENDING") return reason.starts_with("JobHeld") ? SlurmPhase::held : SlurmPhase::waiting;
  static constexpr std::array<std::string_view, 11> kRuns = {
      "RUNNING",  "COMPLETING", "CONFIGURING", "SUSPENDED",   "STAGE_OUT",   "SIGNALING",
      "RESIZING", "STOPPED",    "REQUEUED",    "REQUEUE_FED", "REQUEUE_HOLD"};
  return std::ranges::find(kRuns, state) != kRuns.end() ? SlurmPhase::running : SlurmPhase::over;
}

std::vector<SlurmJob> parse_squeue(std::string_view text) {
  std::vector<SlurmJob> jobs;
  while (!text.empty()) {
    std::string_view line = next_of(text, '\n');
    if (std::ranges::count(line, '|') < 6) continue;
    SlurmJob job;
    job.number = next_of(line, '|');
    if (const auto part = job.number.find('_'); part != std::string::npos)
      job.index = static_cast<std::uint32_t>(number_in(std::string_view(job.number).substr(part + 1)));
    job.state = next_of(line, '|');
    job.reason = next_of(line, '|');
    job.submitted = next_of(line, '|');
    job.node = next_of(line, '|');
    job.cpus = number_in(next_of(line, '|'));
    job.name = line;
    job.phase = slurm_phase(job.state, job.reason);
    jobs.push_back(std::move(job));
  }
  return jobs;
}

SlurmRoom parse_sinfo(std::string_view text) {
  SlurmRoom room;
  std::set<std::string_view> seen;  // a node stands there once for each of its partitions
  while (!text.empty()) {
    std::string_view line = next_of(text, '\n');
    if (!seen.insert(next_of(line, '|')).second) continue;
    const std::string_view state = next_of(line, '|');
    const std::int64_t busy = number_in(next_of(line, '/'));
    const std::int64_t idle = number_in(next_of(line, '/'));
    room.busy += busy;
    // A node that is drained ends what it has and takes no more: what is idle there is not to be had.
    const bool open = state.starts_with("idle") || state.starts_with("mixed") ||
                      state.starts_with("allocated") || state.starts_with("completing");
    const bool silent = state.ends_with('*');
    room.cpus += busy + (open && !silent ? idle : 0);
  }
  return room;
}

std::unique_ptr<SlurmCluster> slurm_by_commands(std::string conf, SlurmPlace place) {
  return std::make_unique<Commands>(std::move(conf), std::move(place));
}

}  // namespace hinterland
