// A look at the cluster: what it says, and what follows.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "hinterland/executor/look_pause.hpp"
#include "hinterland/executor/slurm.hpp"
#include "hinterland/executor/slurm_past.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kAgain = 5'000;  // ms unlisted, after which a submission is made again
constexpr std::int64_t kRoomEvery = 10'000;
constexpr std::int64_t kRefusedFor = 60'000;  // so long nothing is submitted after a refusal
constexpr std::int64_t kSinglyFor = 600'000;  // and so long no array after one of an array
constexpr std::uint32_t kMostArray = 1000;    // Slurm's MaxArraySize is 1001 unless somebody says otherwise

}  // namespace

void SlurmExecutor::look() {
  const std::int64_t asked = clock_();
  silent_ = false;
  accounts_took_ = 0;
  if (!may_ask()) return;
  trouble_.clear();
  if (auto jobs = listed()) {
    take_in(*jobs);
    look_up();
    look_at_room(*jobs);
    if (is_leased() && submit_wanted()) {
      jobs = listed();
      if (jobs) take_in(*jobs);
    }
    event::Heartbeat heartbeat{.pool = pool_.pool, .term = lease_.term(), .sent = asked, .known = {}};
    for (const auto& [id, attempt] : known_) heartbeat.known.push_back(id);
    tell_(heartbeat);
    for (const auto& [id, attempt] : known_) {
      if (attempt.ended) report(id, attempt);
    }
  }
  took_ = clock_() - asked - accounts_took_;
}

std::int64_t SlurmExecutor::pause() const { return look_pause(unheard_, took_, lease_.length()); }
std::map<AttemptId, std::string> SlurmExecutor::standings() const {
  std::map<AttemptId, std::string> out;
  for (const auto& [id, attempt] : known_) {
    if (!attempt.ended && !attempt.standing.empty()) out.emplace(id, attempt.standing);
  }
  return out;
}
// hl-JOURNAL-POOL-7, index 2: attempt 9.
std::optional<AttemptId> SlurmExecutor::attempt_of(const SlurmJob& job) const {
  AttemptId id;
  const char* const from = job.name.data() + prefix_.size();
  const char* const to = job.name.data() + job.name.size();
  const auto [end, error] = std::from_chars(from, to, id.value);
  if (error != std::errc{} || end != to) return std::nullopt;
  id.value += job.index;
  return id;
}

// --- what the cluster is asked

// Whether it was carried out the next list says. Whoever does not answer is left alone until the next look.
template <class Done>
bool SlurmExecutor::answered(const Done& done) {
  if (done) return true;
  const Error& error = done.error().front();
  if (error.outside) silent_ = true;
  if (trouble_.empty()) trouble_ = describe(error);
  return false;
}
void SlurmExecutor::cancel(const SlurmJob& job) {
  if (may_ask()) answered(cluster_->cancel(job));
}

// What the cluster says; nullopt: nothing.
std::optional<std::vector<SlurmJob>> SlurmExecutor::listed() {
  auto jobs = cluster_->jobs(prefix_);
  if (answered(jobs)) {
    unheard_ = 0;
    told_ = true;
    return std::move(*jobs);
  }
  ++unheard_;
  for (auto& [id, attempt] : known_) attempt.since.reset();  // it was not looked for
  return std::nullopt;
}

// What is left of the cluster's nodes by others; nothing, as long as it refuses what is asked.
void SlurmExecutor::look_at_room(const std::vector<SlurmJob>& jobs) {
  if (!may_ask() || (room_at_ && clock_() - *room_at_ < kRoomEvery)) return;
  room_at_ = clock_();
  if (!refusal().empty()) return;
  const auto room = cluster_->room();
  if (!answered(room)) return;
  room_trouble_ = room->trouble;
  std::int64_t ours = 0;
  for (const SlurmJob& job : jobs) ours += job.phase == SlurmPhase::running ? job.cpus : 0;
  tell_room(room_for_us(*room, ours));
}
void SlurmExecutor::tell_room(std::int64_t cores) { tell_(event::Room{.pool = pool_.pool, .cores = cores}); }

// --- what the cluster says

void SlurmExecutor::take_in(const std::vector<SlurmJob>& jobs) {
  std::set<AttemptId> seen;
  std::vector<const SlurmJob*> free;
  for (const SlurmJob& job : jobs) {
    const auto id = attempt_of(job);
    const auto found = id ? known_.find(*id) : known_.end();
    if (found == known_.end() || found->second.job.value_or(identity_of(job)) != identity_of(job)) {
      if (job.phase != SlurmPhase::over && job.state != "COMPLETING") cancel(job);
      continue;
    }
    seen.insert(*id);
    found->second.job = identity_of(job);
    if (take_in(*id, found->second, job)) free.push_back(&job);
  }
  release(free, jobs);
  for (auto& [id, attempt] : known_) {
    if (!seen.contains(id) && !attempt.ended) miss(id, attempt);
  }
}

// True: it may be let go.
bool SlurmExecutor::take_in(AttemptId id, Attempt& attempt, const SlurmJob& job) {
  attempt.asked_at.reset();
  attempt.looked_up_at.reset();
  attempt.past.reset();
  attempt.standing = fmt::format("Slurm's job {} is {}{}", job.number, job.state,
                                 job.reason.empty() || job.reason == "None" ? "" : ": " + job.reason);
  if (!job.node.empty()) attempt.node = job.node;
  if (attempt.ended) {
    const bool unwanted = job.phase != SlurmPhase::running || attempt.killed || attempt.end_is_assumed;
    if (job.phase != SlurmPhase::over && unwanted) cancel(job);
    return false;
  }
  switch (job.phase) {
    case SlurmPhase::held:
      // A controller that went back in time: what it holds may have begun, and is not let go again.
      if (!attempt.seen_free && !attempt.killed) return is_leased();
      cancel(job);
      return false;
    case SlurmPhase::waiting:
      if (attempt.killed || is_stuck(id, attempt, job)) cancel(job);
      break;
    case SlurmPhase::running:
      if (!std::exchange(attempt.told_began, true))
        tell_(event::Began{.attempt = id, .pool = pool_.pool, .host = attempt.node, .sent = clock_()});
      if (const auto how = read_end(folder_of(id))) {
        end(id, attempt, *how);
      } else if (attempt.killed) {
        cancel(job);
      }
      break;
    case SlurmPhase::over: take_end(id, attempt, job);
  }
  attempt.seen_free = true;
  return false;
}

// Its runner's word, for which a shared folder may take a while; else Slurm's.
void SlurmExecutor::take_end(AttemptId id, Attempt& attempt, const SlurmJob& job) {
  if (const auto how = read_end(folder_of(id))) return end(id, attempt, *how);
  if (has_been(attempt, "over") < kShared) return;
  const bool unbegun = claim(id);
  // One that went back in time may run on where its controller does not look.
  if (!unbegun && !attempt.told_began && has_been(attempt, "over") < kGone) return;
  say_in(folder_of(id), fmt::format("Slurm says {}{}", job.state,
                                    job.reason.empty() || job.reason == "None" ? "" : ": " + job.reason));
  constexpr std::int64_t ms_per_s = 1000;
  end(id, attempt,
      {.cause = slurm_cause_of(job.state, attempt.killed),
       .status = 0,
       .ran = {unbegun ? 0 : ms_per_s * job.ran_s}});
}

// No node will ever take it, whatever ends there.
bool SlurmExecutor::is_stuck(AttemptId id, Attempt& attempt, const SlurmJob& job) {
  if (!is_hopeless(job.reason)) {
    attempt.since.reset();
    return false;
  }
  if (has_been(attempt, "stuck") < kShared || !claim(id)) return false;
  say_in(folder_of(id), "Slurm will never begin it: " + job.reason);
  attempt.end_is_assumed = true;
  end(id, attempt, unrun(Cause::host_failed));
  return true;
}

// It is not listed.
void SlurmExecutor::miss(AttemptId id, Attempt& attempt) {
  if (!attempt.let_go) {
    attempt.job.reset();
    if (attempt.killed) give_back(id, attempt);
    return;
  }
  if (const auto how = read_end(folder_of(id))) return end(id, attempt, *how);
  const std::int64_t gone = has_been(attempt, "gone");
  if (gone < kShared || end_by_account(id, attempt, gone)) return;
  if (gone < kGone || (gone < 2 * kGone && awaits_account(attempt, clock_() - gone))) return;
  say_in(folder_of(id), "Slurm does not know it any more");
  attempt.end_is_assumed = true;
  const Cause cause = attempt.killed ? Cause::killed : claim(id) ? Cause::absent : Cause::host_failed;
  end(id, attempt, unrun(cause));
}

// --- what is asked for

// Lets go what is held; an array of which nothing else is left at once.
void SlurmExecutor::release(const std::vector<const SlurmJob*>& free, const std::vector<SlurmJob>& all) {
  const auto array_of = [](const SlurmJob& job) { return job.number.substr(0, job.number.find('_')); };
  std::map<std::string, std::size_t> listed;
  for (const SlurmJob& job : all) ++listed[array_of(job)];
  std::map<std::string, std::vector<const SlurmJob*>> arrays;
  for (const SlurmJob* const job : free) {
    Attempt& attempt = known_.at(*attempt_of(*job));
    if (!attempt.let_go && !write_let_go(folder_of(*attempt_of(*job)), *attempt.job))
      continue;  // another time
    attempt.let_go = true;
    arrays[array_of(*job)].push_back(job);
  }
  for (const auto& [number, jobs] : arrays) {
    if (jobs.size() == listed[number]) {
      if (may_ask()) answered(cluster_->release(number));
      continue;
    }
    for (const SlurmJob* const job : jobs) {
      if (may_ask()) answered(cluster_->release(job->number));
    }
  }
}

// Those that nobody has asked Slurm for, or so long ago without being listed that it does not matter, nor known to its accounting. A
// slurmdbd that does not answer keeps nothing from being submitted again: what was submitted is held.
bool SlurmExecutor::is_wanted(const Attempt& attempt) const {
  return !attempt.ended && !attempt.killed && !attempt.let_go && !attempt.job &&
         (!attempt.asked_at || (clock_() - *attempt.asked_at >= kAgain &&
                                (!accounts_trouble_.empty() || !awaits_account(attempt, *attempt.asked_at))));
}

// Consecutive ones that are alike as an array. Whether anything was submitted.
bool SlurmExecutor::submit_wanted() {
  if (!refusal().empty()) return false;
  bool any = false;
  const bool singly = array_refused_at_ && clock_() - *array_refused_at_ < kSinglyFor;
  const std::uint32_t most = singly ? 1 : kMostArray;
  for (auto first = known_.begin(); first != known_.end() && may_ask() && refusal().empty();) {
    auto last = first;
    std::uint32_t count = 0;
    while (last != known_.end() && count < most && is_wanted(last->second) &&
           last->second.wish == first->second.wish && last->first.value == first->first.value + count) {
      ++last;
      ++count;
    }
    if (count > 0) any = submit(first, last, count) || any;
    if (first == last) ++last;
    first = last;
  }
  return any;
}

// A refusal of an array may be one of arrays; any other is the pool's trouble and no attempt's: nothing is sent there
// for a while, and what is there unasked for goes back.
bool SlurmExecutor::submit(Known::iterator first, Known::iterator last, std::uint32_t count) {
  for (auto one = first; one != last; ++one) {
    one->second.asked_at = clock_();
    one->second.array = first->first;
    one->second.looked_up_at.reset();
    one->second.past.reset();
  }
  const auto done = cluster_->submit({.name = fmt::format("{}{}", prefix_, first->first.value),
                                      .script = batch_script(pool_.folder, first->first),
                                      .folder = pool_.folder,
                                      .size = first->second.wish.size,
                                      .minutes = first->second.wish.minutes,
                                      .count = count,
                                      .avoid = first->second.wish.avoid});
  if (answered(done) || done.error().front().outside) return true;
  if (count > 1) {
    array_refused_at_ = clock_();
    for (auto one = first; one != last; ++one) one->second.asked_at.reset();
    return true;
  }
  refused_ = "Slurm refuses what is asked of it: " + done.error().front().what;
  refused_at_ = clock_();
  tell_room(0);
  for (auto& [id, attempt] : known_) {
    if (attempt.ended || attempt.let_go || attempt.job) continue;
    say_in(folder_of(id), refused_);
    give_back(id, attempt);
  }
  return true;
}
std::string SlurmExecutor::trouble() const {
  if (!trouble_.empty()) return trouble_;
  if (std::string no = refusal(); !no.empty()) return no;
  return accounts_trouble_.empty() ? room_trouble_ : accounts_trouble_;
}
std::string SlurmExecutor::refusal() const {
  return refused_at_ && clock_() - *refused_at_ < kRefusedFor ? refused_ : "";
}

}  // namespace hinterland
