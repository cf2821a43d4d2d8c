#include "hinterland/executor/slurm_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "hinterland/executor/run_program.hpp"
#include "hinterland/executor/slurm_accounting.hpp"
#include "hinterland/executor/slurm_qos.hpp"
#include "hinterland/executor/slurm_words.hpp"
#include "hinterland/policy/server_size.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kPatience = 15'000;  // ms; the commands themselves try for up to half a minute
constexpr std::int64_t kAccountingPatience = 5'000;
constexpr std::string_view kJobs = "%i|%T|%r|%V|%N|%C|%M|%j";

// "1-02:03:04", "03:04"; what is longer than a thousand years is not believed.
std::int64_t seconds_in(std::string_view text) {
  constexpr std::int64_t most_days = 365'000, seconds_a_day = 86'400, sixty = 60;
  std::int64_t days = 0, rest = 0;
  if (text.contains('-')) days = std::min(slurm_number_in(slurm_next_of(text, '-')), most_days);
  for (int part = 0; part < 3 && !text.empty(); ++part)
    rest = rest * sixty + std::min(slurm_number_in(slurm_next_of(text, ':')), most_days);
  return days * seconds_a_day + rest;
}

// This process's, without what somebody set for Slurm's commands: it would change what they ask and say.
std::vector<std::string> own_environment() {
  static constexpr std::array<std::string_view, 7> kTheirs = {"SLURM_",    "SBATCH_", "SQUEUE_", "SCANCEL_",
                                                              "SCONTROL_", "SINFO_",  "SACCT"};
  std::vector<std::string> out;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    const bool theirs =
        std::ranges::any_of(kTheirs, [&](std::string_view prefix) { return text.starts_with(prefix); });
    if (!theirs || text.starts_with("SLURM_CONF=")) out.emplace_back(text);
  }
  return out;
}

class Commands final : public SlurmCluster {
 public:
  Commands(const std::string& conf, SlurmPlace place)
      : place_(std::move(place)), environment_(own_environment()) {
    if (!conf.empty()) {
      std::erase_if(environment_, [](const std::string& one) { return one.starts_with("SLURM_CONF="); });
      environment_.push_back("SLURM_CONF=" + conf);
    }
    environment_.emplace_back("SLURM_TIME_FORMAT=%s");
  }

  Expected<void> submit(const SlurmAsk& ask) override {
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
    const auto end = run_program(words, environment_, ask.script, kPatience);
    if (!end) return std::unexpected(end.error());
    if (end->status != 0) return std::unexpected(trouble("sbatch", *end));
    return {};
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
  Expected<void> cancel(const SlurmJob& job) override {
    return tell({"scancel", "--name=" + job.name, job.number});
  }

  Expected<SlurmRoom> room() override {
    std::vector<std::string> words = {"sinfo", "--noheader", "--Node", "--format=%N|%T|%C|%a"};
    if (!place_.partition.empty()) words.push_back("--partition=" + place_.partition);
    const auto text = said(words);
    if (!text) return std::unexpected(text.error());
    if (text->empty())
      return SlurmRoom{.trouble = place_.partition.empty()
                                      ? "It has no node."
                                      : fmt::format("No node is in partition {}.", place_.partition)};
    SlurmRoom room = parse_sinfo(*text);
    if (const auto bounded = bound(room); !bounded) return std::unexpected(bounded.error());
    return room;
  }

  Expected<SlurmAccounts> accounts(const SlurmPastAsk& ask) override {
    const auto end =
        run_program({"sacct", "--noheader", "--parsable2", "--allocations", "--starttime=" + slurm_since(ask),
                     fmt::format("--user={}", geteuid()), fmt::format("--format={}", kSacctFormat),
                     fmt::format("--name={}", fmt::join(ask.names, ","))},
                    environment_, "", kAccountingPatience);
    if (!end) return std::unexpected(end.error());
    if (end->err.contains("accounting storage is disabled")) return SlurmAccounts{.kept = false, .jobs = {}};
    if (end->status != 0) return std::unexpected(trouble("sacct", *end));
    return SlurmAccounts{.kept = true, .jobs = parse_sacct(end->out)};
  }

 private:
  // The limits of a QoS hardly change; that of the partition neither.
  Expected<void> bound(SlurmRoom& room) {
    const auto now = std::chrono::steady_clock::now();
    if (!partition_qos_ || now >= partition_qos_until_) {
      const auto text = said({"scontrol", "show", "partition", "--oneliner"});
      if (!text) return std::unexpected(text.error());
      partition_qos_ = parse_scontrol_partition_qos(*text, place_.partition);
      partition_qos_until_ = now + std::chrono::minutes(10);
    }
    for (const SlurmUnder& under : unders_of(place_, *partition_qos_)) {
      const SlurmQos qos = limits_.of(
          under.qos, std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
      if (qos.is_open()) continue;
      const auto text =
          said({"squeue", "--noheader", "--states=all", "--all", fmt::format("--format={}", kHeldFormat)});
      if (!text) return std::unexpected(text.error());
      std::ranges::copy(bounds_of(qos, parse_squeue_held(*text, under, geteuid())),
                        std::back_inserter(room.bounds));
    }
    if (room.trouble.empty()) room.trouble = limits_.trouble();
    return {};
  }
  Expected<std::optional<SlurmQos>> limits_of(const std::string& name) {
    const auto end = run_program({"sacctmgr", "--noheader", "--parsable2", "--readonly", "show", "qos",
                                  fmt::format("format={}", kQosFormat)},
                                 environment_, "", kAccountingPatience);
    if (!end) return std::unexpected(end.error());
    if (end->err.contains("not running a supported accounting_storage")) return std::nullopt;
    if (end->status != 0) return std::unexpected(trouble("sacctmgr", *end));
    return parse_sacctmgr_qos(end->out, name);
  }

  // What it prints, if it ends well.
  Expected<std::string> said(const std::vector<std::string>& words) {
    auto end = run_program(words, environment_, "", kPatience);
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
    const std::string what(slurm_next_of(said, '\n'));
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
  std::vector<std::string> environment_;
  SlurmLimits limits_{[this](const std::string& name) { return limits_of(name); }};
  std::optional<std::string> partition_qos_;
  std::chrono::steady_clock::time_point partition_qos_until_;
};

}  // namespace

std::vector<SlurmJob> parse_squeue(std::string_view text) {
  std::vector<SlurmJob> jobs;
  while (!text.empty()) {
    std::string_view line = slurm_next_of(text, '\n');
    if (std::ranges::count(line, '|') < 7) continue;
    SlurmJob job;
    job.number = slurm_next_of(line, '|');
    if (const auto part = job.number.find('_'); part != std::string::npos)
      job.index = static_cast<std::uint32_t>(slurm_number_in(std::string_view(job.number).substr(part + 1)));
    job.state = slurm_next_of(line, '|');
    job.reason = slurm_next_of(line, '|');
    job.submitted = slurm_next_of(line, '|');
    job.node = slurm_next_of(line, '|');
    job.cpus = slurm_number_in(slurm_next_of(line, '|'));
    job.ran_s = seconds_in(slurm_next_of(line, '|'));
    job.name = line;
    job.phase = slurm_phase(job.state, job.reason);
    jobs.push_back(std::move(job));
  }
  return jobs;
}

SlurmRoom parse_sinfo(std::string_view text) {
  struct Node {
    std::string_view state, cpus;
    bool begins_jobs = false;  // in one of its partitions at least
  };
  std::map<std::string_view, Node> nodes;  // one stands there once for each of its partitions
  while (!text.empty()) {
    std::string_view line = slurm_next_of(text, '\n');
    Node& node = nodes[slurm_next_of(line, '|')];
    node.state = slurm_next_of(line, '|');
    node.cpus = slurm_next_of(line, '|');
    node.begins_jobs = node.begins_jobs || line == "up";
  }
  SlurmRoom room;
  for (const auto& [name, node] : nodes) {
    std::string_view cpus = node.cpus;
    const std::string_view state = node.state;
    const std::int64_t busy = slurm_number_in(slurm_next_of(cpus, '/'));
    const std::int64_t idle = slurm_number_in(slurm_next_of(cpus, '/'));
    room.busy += busy;
    // A node that is drained ends what it has and takes no more: what is idle there is not to be had.
    const bool open = state.starts_with("idle") || state.starts_with("mixed") ||
                      state.starts_with("allocated") || state.starts_with("completing");
    const bool silent = state.ends_with('*');
    room.cpus += busy + (open && !silent && node.begins_jobs ? idle : 0);
  }
  return room;
}

std::unique_ptr<SlurmCluster> slurm_by_commands(const std::string& conf, SlurmPlace place) {
  return std::make_unique<Commands>(conf, std::move(place));
}

}  // namespace hinterland
