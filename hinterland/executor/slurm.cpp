#include "hinterland/executor/slurm.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <utility>

#include "hinterland/executor/files.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kGone = 60'000;  // ms without a trace, after which its machine is said to have failed
constexpr std::int64_t kShared = 15'000;  // until what a node wrote is seen here
constexpr std::int64_t kAgain = 5'000;    // ms unlisted, after which a submission is made again
constexpr std::int64_t kMostPause = 30'000;
constexpr std::int64_t kNoTime = 100;     // so close to its end a lease is over
constexpr std::size_t kMostArray = 1000;  // Slurm's MaxArraySize is 1001 unless somebody says otherwise
constexpr std::int64_t kRoomEvery = 10'000;
constexpr const char* kForever = "09223372036854775807\n";

// As one word of a shell.
std::string shell_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Whoever makes `begun` runs it: a controller that went back in time might let it begin on a second node.
std::string begin_script(const fs::path& folder, const std::vector<std::string>& words,
                         const Command& command) {
  std::string text =
      fmt::format("#!/bin/sh\ncd {} || exit 1\nexec >> begin.log 2>&1\nmkdir begun || exit 1\nexec 3> lock\n",
                  shell_word(folder.string()));
  std::vector<std::string> variables = command.environment;
  variables.push_back(mark_of(folder));
  for (const std::string& variable : variables) {
    const auto end = variable.find('=');
    text += fmt::format("export {}={}\n", variable.substr(0, end), shell_word(variable.substr(end + 1)));
  }
  text += "exec";
  for (const std::string& word : words) text += " " + shell_word(word);
  return text + "\n";
}

bool write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file << text << std::flush);
}

// What Slurm is asked for, of each attempt.
struct Wish {
  Size size;
  std::int64_t minutes = 1;
  std::vector<std::string> avoid;
  bool operator==(const Wish&) const = default;
};
// The job that is an attempt's: a number alone may be another's by now.
struct Identity {
  std::string number, submitted;
  bool operator==(const Identity&) const = default;
};
Identity identity_of(const SlurmJob& job) { return {.number = job.number, .submitted = job.submitted}; }

constexpr EndFile kAbsent{.cause = Cause::absent, .status = 0, .ran = {}};

// Durable before it is let go.
bool write_let_go(const fs::path& folder, const Identity& job) {
  return write_file(folder / "let-go", fmt::format("{} {}\n", job.number, job.submitted)) &&
         sync_path((folder / "let-go").string()) && sync_path(folder.string());
}
std::optional<Identity> read_let_go(const fs::path& folder) {
  std::ifstream file(folder / "let-go");
  Identity job;
  if (!(file >> job.number >> job.submitted)) return std::nullopt;
  return job;
}

// Of a job that is over and left no word of how.
Cause cause_of(const std::string& state, bool killed) {
  if (state == "TIMEOUT" || state == "DEADLINE") return Cause::out_of_time;
  if (state == "OUT_OF_MEMORY") return Cause::out_of_memory;
  if (state == "CANCELLED" && killed) return Cause::killed;
  return Cause::
      host_failed;  // NODE_FAIL, BOOT_FAIL, PREEMPTED; or its script did not get as far as its runner
}

}  // namespace

struct SlurmExecutor::Body {
  SlurmPool pool;
  std::unique_ptr<SlurmCluster> cluster;
  Tell tell;
  Clock clock;
  std::string prefix;
  Term term;
  std::int64_t born = 0, lease_end = 0;
  std::optional<std::int64_t> room_at;
  int unheard = 0;  // looks that the cluster did not answer, since it last did
  std::string trouble;

  struct Attempt {
    Wish wish;
    std::optional<Identity> job;            // once it was seen
    bool let_go = false, was_free = false;  // asked to be; seen to be
    bool killed = false, began = false;
    bool assumed = false;  // that it ended: nobody saw it
    std::string node, standing;
    std::optional<std::int64_t> asked_at, missing_since, over_since, stuck_since;
    std::optional<EndFile> ended;
  };
  std::map<AttemptId, Attempt> known;
  std::set<AttemptId> never;  // will not be begun in this term

  [[nodiscard]] fs::path folder_of(AttemptId id) const {
    return fs::path(pool.folder) / std::to_string(id.value);
  }

  void adopt(AttemptId id) {
    Attempt& attempt = known[id];
    attempt.ended = read_end(folder_of(id));
    attempt.job = read_let_go(folder_of(id));
    attempt.let_go = attempt.job.has_value();
    if (!attempt.let_go && !attempt.ended) attempt.ended = kAbsent;
  }

  void report(AttemptId id, const Attempt& attempt) {
    tell(event::Ended{.attempt = id,
                      .pool = pool.pool,
                      .cause = attempt.ended->cause,
                      .status = attempt.ended->status,
                      .host = attempt.node,
                      .ran = attempt.ended->ran});
  }
  // What was launched under an earlier term and not let go is not begun any more.
  void begin_term(Term later) {
    never.clear();
    term = later;
    for (auto& [id, attempt] : known) {
      if (!attempt.let_go && !attempt.ended) end(id, attempt, kAbsent);
    }
  }
  [[nodiscard]] bool is_leased() const { return clock() + kNoTime < lease_end; }
  void end(AttemptId id, Attempt& attempt, EndFile how) {
    attempt.ended = how;
    report(id, attempt);
  }

  // hl-JOURNAL-7, index 2: attempt 9.
  [[nodiscard]] std::optional<AttemptId> attempt_of(const SlurmJob& job) const {
    AttemptId id;
    const char* const from = job.name.data() + prefix.size();
    const char* const to = job.name.data() + job.name.size();
    const auto [end, error] = std::from_chars(from, to, id.value);
    if (error != std::errc{} || end != to) return std::nullopt;
    id.value += job.index;
    return id;
  }

  // What the cluster says; nullopt: nothing.
  std::optional<std::vector<SlurmJob>> listed() {
    auto jobs = cluster->jobs(prefix);
    if (jobs) {
      unheard = 0;
      trouble.clear();
      std::erase_if(*jobs, [&](const SlurmJob& job) { return !job.name.starts_with(prefix); });
      return std::move(*jobs);
    }
    ++unheard;
    trouble = describe(jobs.error().front());
    for (auto& [id, attempt] : known) attempt.missing_since.reset();  // it was not looked for
    return std::nullopt;
  }

  // What is left of the cluster's nodes by others, told when it is another than before.
  void look_at_room(const std::vector<SlurmJob>& jobs) {
    if (room_at && clock() - *room_at < kRoomEvery) return;
    const auto room = cluster->room();
    if (!room) return;
    room_at = clock();
    std::int64_t ours = 0;
    for (const SlurmJob& job : jobs) ours += job.phase == SlurmPhase::running ? job.cpus : 0;
    tell(event::Room{.pool = pool.pool, .cores = std::max<std::int64_t>(0, room->cpus - room->busy + ours)});
  }

  void take_in(const std::vector<SlurmJob>& jobs) {
    std::set<AttemptId> seen;
    for (const SlurmJob& job : jobs) {
      const auto id = attempt_of(job);
      const auto found = id ? known.find(*id) : known.end();
      const bool ours = found != known.end() && !(found->second.ended && !found->second.let_go) &&
                        found->second.job.value_or(identity_of(job)) == identity_of(job);
      if (!ours) {
        if (job.phase != SlurmPhase::over) static_cast<void>(cluster->cancel(job.number));
        continue;
      }
      seen.insert(*id);
      take_in(*id, found->second, job);
    }
    const std::int64_t now = clock();
    for (auto& [id, attempt] : known) {
      if (seen.contains(id)) {
        attempt.missing_since.reset();
      } else if (!attempt.ended) {
        miss(id, attempt, now);
      }
    }
  }

  void take_in(AttemptId id, Attempt& attempt, const SlurmJob& job) {
    attempt.job = identity_of(job);
    attempt.standing = fmt::format("Slurm's job {} is {}{}", job.number, job.state,
                                   job.reason.empty() || job.reason == "None" ? "" : ": " + job.reason);
    attempt.asked_at.reset();
    if (job.phase == SlurmPhase::held) {
      // A controller that went back in time: what it holds may have begun, and may not be let go again.
      if (attempt.was_free || attempt.killed)
        static_cast<void>(cluster->cancel(job.number));
      else if (is_leased())
        let_go(id, attempt);
      return;
    }
    attempt.was_free = true;
    if (!job.node.empty()) attempt.node = job.node;
    if (attempt.ended) {
      if (job.phase != SlurmPhase::over && (attempt.killed || attempt.assumed))
        static_cast<void>(cluster->cancel(job.number));
      return;
    }
    if (job.phase == SlurmPhase::running && !std::exchange(attempt.began, true))
      tell(event::Began{.attempt = id, .pool = pool.pool, .host = attempt.node, .sent = clock()});
    if (job.phase == SlurmPhase::waiting) {
      if (attempt.killed || is_stuck(id, attempt, job)) static_cast<void>(cluster->cancel(job.number));
      return;
    }
    if (const auto how = read_end(folder_of(id))) return end(id, attempt, *how);
    if (job.phase == SlurmPhase::running) {
      if (attempt.killed) static_cast<void>(cluster->cancel(job.number));
      return;
    }
    const std::int64_t now = clock();
    if (!attempt.over_since) attempt.over_since = now;
    if (now - *attempt.over_since < kShared) return;
    const Cause cause = cause_of(job.state, attempt.killed);
    say_in(folder_of(id),
           fmt::format("Slurm says {}{}{}", job.state, job.reason.empty() ? "" : ": ", job.reason));
    end(id, attempt, {.cause = cause, .status = job.status, .ran = {}});
  }

  // No node will ever take it, whatever ends there.
  bool is_stuck(AttemptId id, Attempt& attempt, const SlurmJob& job) {
    if (job.reason != "BadConstraints" && !job.reason.starts_with("Invalid")) {
      attempt.stuck_since.reset();
      return false;
    }
    if (!attempt.stuck_since) attempt.stuck_since = clock();
    if (clock() - *attempt.stuck_since < kShared) return false;
    say_in(folder_of(id), "Slurm will never begin it: " + job.reason);
    attempt.assumed = true;
    end(id, attempt, {.cause = Cause::host_failed, .status = 0, .ran = {}});
    return true;
  }

  void let_go(AttemptId id, Attempt& attempt) {
    if (!attempt.let_go && !write_let_go(folder_of(id), *attempt.job)) return;  // another time
    attempt.let_go = true;
    static_cast<void>(
        cluster->release(attempt.job->number));  // the next list says whether that was carried out
  }

  // It is not listed.
  void miss(AttemptId id, Attempt& attempt, std::int64_t now) {
    if (!attempt.let_go) {
      attempt.job.reset();
      if (attempt.killed) end(id, attempt, {.cause = Cause::killed, .status = 0, .ran = {}});
      return;
    }
    if (const auto how = read_end(folder_of(id))) return end(id, attempt, *how);
    if (!attempt.missing_since) attempt.missing_since = now;
    if (now - *attempt.missing_since < kGone) return;
    say_in(folder_of(id), "Slurm does not know it any more");
    attempt.assumed = true;
    end(id, attempt, {.cause = attempt.killed ? Cause::killed : Cause::host_failed, .status = 0, .ran = {}});
  }

  // Those that nobody has asked Slurm for, or so long ago without being listed that it does not matter.
  [[nodiscard]] bool is_wanted(const Attempt& attempt, std::int64_t now) const {
    return !attempt.ended && !attempt.killed && !attempt.let_go && !attempt.job &&
           (!attempt.asked_at || now - *attempt.asked_at >= kAgain);
  }

  // Consecutive ones that are alike as an array. Whether anything was submitted.
  bool submit_wanted() {
    bool any = false;
    const std::int64_t now = clock();
    for (auto first = known.begin(); first != known.end();) {
      if (!is_wanted(first->second, now)) {
        ++first;
        continue;
      }
      auto last = first;
      std::uint32_t count = 0;
      while (last != known.end() && count < kMostArray && is_wanted(last->second, now) &&
             last->second.wish == first->second.wish && last->first.value == first->first.value + count) {
        ++last;
        ++count;
      }
      any = true;
      submit(first, last, count);
      first = last;
    }
    return any;
  }

  void submit(std::map<AttemptId, Attempt>::iterator first, std::map<AttemptId, Attempt>::iterator last,
              std::uint32_t count) {
    const std::uint64_t number = first->first.value;
    for (auto one = first; one != last; ++one) one->second.asked_at = clock();
    const auto done = cluster->submit(
        {.name = fmt::format("{}{}", prefix, number),
         .script = fmt::format("#!/bin/sh\nexec /bin/sh {}/$(({} + ${{SLURM_ARRAY_TASK_ID:-0}}))/begin\n",
                               shell_word(pool.folder), number),
         .folder = pool.folder,
         .size = first->second.wish.size,
         .minutes = first->second.wish.minutes,
         .count = count,
         .avoid = first->second.wish.avoid});
    if (done || done.error().front().outside) return;
    for (auto one = first; one != last; ++one) {
      say_in(folder_of(one->first), "Slurm refused it: " + done.error().front().what);
      end(one->first, one->second, {.cause = Cause::host_failed, .status = 0, .ran = {}});
    }
  }
};

Expected<std::unique_ptr<SlurmExecutor>> SlurmExecutor::open(SlurmPool pool,
                                                             std::unique_ptr<SlurmCluster> cluster,
                                                             AttemptId last, Tell tell, Clock clock) {
  const auto cannot = [&](const std::string& what, const std::error_code& why) {
    return failure({.what = fmt::format("{}: {}.", what, why.message()),
                    .where = {.file = pool.folder},
                    .mend = "",
                    .outside = true});
  };
  std::error_code trouble;
  fs::create_directories(fs::path(pool.folder) / "over", trouble);
  if (trouble) return cannot("The pool's folder cannot be made", trouble);
  pool.folder = fs::absolute(pool.folder).string();
  const fs::path runner = fs::path(pool.folder) / "runner";
  fs::copy_file(pool.runner.program, runner, fs::copy_options::update_existing, trouble);
  if (trouble) return cannot("The runner of attempts cannot be copied there", trouble);
  pool.runner.program = runner.string();
  if (!write_file(fs::path(pool.folder) / "lease", kForever))
    return cannot("The pool's folder cannot be written", std::make_error_code(std::errc::io_error));
  const auto here = attempts_in(pool.folder, last);
  if (!here) return std::unexpected(here.error());
  auto body = std::make_unique<Body>();
  body->prefix = fmt::format("hl-{}-", pool.journal);
  body->pool = std::move(pool);
  body->cluster = std::move(cluster);
  body->tell = std::move(tell);
  body->clock = std::move(clock);
  body->born = body->clock();
  for (const AttemptId id : *here) body->adopt(id);
  return std::unique_ptr<SlurmExecutor>(new SlurmExecutor(std::move(body)));
}

SlurmExecutor::SlurmExecutor(std::unique_ptr<Body> body) : body_(std::move(body)) {}
SlurmExecutor::~SlurmExecutor() = default;

void SlurmExecutor::hear(const effect::Grant& grant) {
  Body& it = *body_;
  if (grant.term < it.term || grant.sent < it.born) return;
  if (it.term < grant.term) it.begin_term(grant.term);
  it.lease_end = std::max(it.lease_end, grant.sent + grant.lease.ms);
}

void SlurmExecutor::hear(const effect::Launch& launch, const Command& command) {
  Body& it = *body_;
  const AttemptId id = launch.attempt;
  if (const auto known = it.known.find(id); known != it.known.end()) {
    if (known->second.ended) it.report(id, known->second);
    return;
  }
  if (it.never.contains(id))
    return it.tell(event::Ended{.attempt = id, .pool = it.pool.pool, .cause = Cause::absent});
  if (launch.term != it.term || !it.is_leased()) return;
  const fs::path folder = it.folder_of(id);
  std::error_code trouble;
  if (!fs::create_directory(folder, trouble)) {
    if (trouble) it.never.insert(id);
    return;
  }
  fs::create_directory(folder / "work", trouble);
  write_outputs(folder, command.outputs);
  Body::Attempt& attempt = it.known[id];
  constexpr std::int64_t minute = 60'000;
  attempt.wish = {.size = command.size, .minutes = (command.limit.ms + it.pool.runner.grace.ms) / minute + 2,
                  .avoid = launch.avoid};
  if (const auto cause = place_inputs(folder, it.pool.inputs, command))
    return it.end(id, attempt, {.cause = *cause, .status = 126, .ran = {}});
  if (!write_file(folder / "begin",
                  begin_script(folder, runner_words(it.pool.runner, folder, command), command)))
    return it.end(id, attempt, {.cause = Cause::host_failed, .status = 126, .ran = {}});
}

void SlurmExecutor::hear(const effect::Kill& kill) {
  Body& it = *body_;
  const auto found = it.known.find(kill.attempt);
  if (found == it.known.end()) {
    it.never.insert(kill.attempt);
    return it.tell(event::Ended{.attempt = kill.attempt, .pool = it.pool.pool, .cause = Cause::absent});
  }
  Body::Attempt& attempt = found->second;
  attempt.killed = true;
  if (attempt.ended) return it.report(kill.attempt, attempt);
  // What was not let go cannot run; whatever of it turns up is cancelled.
  if (!attempt.let_go) it.end(kill.attempt, attempt, {.cause = Cause::killed, .status = 0, .ran = {}});
}

void SlurmExecutor::hear(const effect::Forget& forget) {
  Body& it = *body_;
  const auto found = it.known.find(forget.attempt);
  if (found == it.known.end() || !found->second.ended) return;
  put_away(it.pool.folder, forget.attempt);
  it.known.erase(found);
  it.never.insert(forget.attempt);
}

std::string SlurmExecutor::folder_of(AttemptId attempt) const {
  return find_attempt(body_->pool.folder, attempt);
}

void SlurmExecutor::look() {
  Body& it = *body_;
  const std::int64_t asked = it.clock();
  auto jobs = it.listed();
  if (!jobs) return;
  it.take_in(*jobs);
  it.look_at_room(*jobs);
  if (it.is_leased() && it.submit_wanted()) {
    if ((jobs = it.listed())) it.take_in(*jobs);
  }
  event::Heartbeat heartbeat{.pool = it.pool.pool, .term = it.term, .sent = asked, .known = {}};
  for (const auto& [id, attempt] : it.known) heartbeat.known.push_back(id);
  it.tell(heartbeat);
  for (const auto& [id, attempt] : it.known) {
    if (attempt.ended) it.report(id, attempt);
  }
}

std::int64_t SlurmExecutor::pause() const {
  return std::min(kMostPause, body_->pool.poll_ms << std::min(body_->unheard, 6));
}
std::map<AttemptId, std::string> SlurmExecutor::standings() const {
  std::map<AttemptId, std::string> out;
  for (const auto& [id, attempt] : body_->known) {
    if (!attempt.ended && !attempt.standing.empty()) out.emplace(id, attempt.standing);
  }
  return out;
}
std::string SlurmExecutor::trouble() const { return body_->trouble; }

}  // namespace hinterland
