// A look at the broker there: what it says, and what follows.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "hinterland/executor/remote.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kGone = 60'000;  // ms that it does not know a job of ours, after which that is lost
constexpr std::int64_t kRoomEvery = 10'000;
constexpr std::int64_t kRefusedFor = 60'000;  // so long nothing is submitted after a refusal
constexpr std::uint32_t kPage = 500;          // jobs that are listed at once
constexpr std::size_t kMostTogether = 50;     // that are submitted at once
constexpr const char* kUnknown = "The broker there does not know it any more.";

// Of a job that failed, by its last attempt; what its machines did is its site's fault.
Cause cause_of(Cause end) {
  switch (end) {
    case Cause::failed:
    case Cause::out_of_memory:
    case Cause::out_of_time: return end;
    default: return Cause::host_failed;
  }
}

bool is_open(RemotePhase phase) { return phase == RemotePhase::waiting || phase == RemotePhase::running; }

}  // namespace

void RemoteExecutor::look() {
  const std::int64_t asked = clock_();
  silent_ = false;
  if (!may_ask()) return;
  trouble_.clear();
  take_news();
  const auto free = broker_.free_cores();
  auto jobs = answered(free) ? list_jobs() : std::nullopt;
  if (jobs) {
    take_in(*jobs);
    unheard_ = 0;
    told_ = true;
    tell_room(*free);
    submit_wanted();
    if (said_at_ == 0 && lease_.term() != Term{}) said_at_ = asked;
    event::Heartbeat heartbeat{.pool = pool_.pool, .term = lease_.term(), .sent = asked, .known = {}};
    for (const auto& [id, attempt] : known_) heartbeat.known.push_back(id);
    tell_(heartbeat);
    for (const auto& [id, attempt] : known_) {
      if (attempt.ended) report(id, attempt);
    }
  } else {
    ++unheard_;
    for (auto& [id, attempt] : known_) attempt.missed_since.reset();  // it was not looked for
  }
  took_ = clock_() - asked;
}

// --- what it says

// Page by page, as far as jobs of ours lie apart. nullopt: not all of it was answered.
std::optional<RemoteExecutor::Listed> RemoteExecutor::list_jobs() {
  Listed listed;
  std::multimap<std::uint32_t, AttemptId> open;
  for (const auto& [id, attempt] : known_) {
    if (attempt.job && !attempt.over && !attempt.ended) open.emplace(*attempt.job, id);
  }
  for (auto next = open.begin(); next != open.end();) {
    if (!may_ask()) return std::nullopt;
    const auto page = broker_.jobs(next->first, kPage);
    if (!answered(page)) return std::nullopt;
    const bool is_last = page->size() < kPage;
    const std::uint32_t upto = is_last ? open.rbegin()->first : std::max(next->first, page->back().number);
    for (; next != open.end() && next->first <= upto; ++next) {
      const auto row = std::ranges::lower_bound(*page, next->first, {}, &RemoteJob::number);
      const bool is_there = row != page->end() && row->number == next->first &&
                            (row->name.empty() || row->name == terms_of(next->second).key);
      listed.emplace_back(next->second, is_there ? std::optional(*row) : std::nullopt);
    }
  }
  return listed;
}

// First those that nothing was missed of, so that one of which nothing more is said does not keep the others from being asked for.
void RemoteExecutor::take_in(Listed& jobs) {
  std::ranges::stable_sort(jobs, {},
                           [&](const auto& one) { return known_.at(one.first).missed_since.value_or(0); });
  for (const auto& [id, job] : jobs) {
    if (job) {
      take_in(id, known_.at(id), *job);
    } else {
      miss(id, known_.at(id), kUnknown, {});
    }
  }
  for (const auto& [id, job] : jobs) {
    if (job && is_open(job->phase) && known_.at(id).killed && may_ask())
      answered(broker_.cancel(job->number));
  }
}

void RemoteExecutor::take_in(AttemptId id, Attempt& attempt, const RemoteJob& job) {
  static constexpr const char* kStates[] = {"waiting", "running", "done", "failed", "cancelled"};
  attempt.standing =
      fmt::format("it is job {} there, {}{}{}", job.number, kStates[static_cast<std::size_t>(job.phase)],
                  job.site.empty() ? "" : " at ", job.site);
  attempt.runs = job.phase == RemotePhase::running;
  if (attempt.runs && !std::exchange(attempt.told_began, true))
    tell_(event::Began{.attempt = id, .pool = pool_.pool, .host = pool_.host, .sent = clock_()});
  if (is_open(job.phase)) return attempt.missed_since.reset();
  if (!may_ask()) return;
  if (take_end(id, attempt, job.number)) return attempt.missed_since.reset();
  miss(id, attempt, silent_ ? "The broker there does not say what became of it." : kUnknown, job.ran);
}

// False: it is not said.
bool RemoteExecutor::take_end(AttemptId id, Attempt& attempt, std::uint32_t number) {
  const auto said = broker_.job(number);
  if (!answered(said) || !*said || (*said)->name != terms_of(id).key) return false;
  const RemoteJob& job = **said;
  const EndFile how{.cause = cause_of(job.end), .status = job.status, .ran = job.ran};
  if (is_open(job.phase)) return false;  // it was listed as over
  if (attempt.killed) {
    end(id, attempt, {.cause = Cause::killed, .status = 0, .ran = job.ran});
    return true;
  }
  if (!take_logs(id, number)) return false;
  switch (job.phase) {
    case RemotePhase::done:
      if (read_outputs(folder_of(id)).empty())
        end(id, attempt, {.cause = Cause::done, .status = 0, .ran = job.ran});
      else if (fetch(id, attempt))
        attempt.over = EndFile{.cause = Cause::done, .status = 0, .ran = job.ran};
      else if (!silent_)
        end(id, attempt, {.cause = Cause::host_failed, .status = 0, .ran = job.ran});
      return !silent_;
    case RemotePhase::failed:
      if (job.end == Cause::absent)
        take_refusal(id, attempt, {.what = "it has no place for it.", .where = {}, .mend = ""});
      else
        end(id, attempt, how);
      return true;
    default:
      say_in(folder_of(id), fmt::format("It was cancelled there, as job {}.", number));
      end(id, attempt, {.cause = Cause::host_failed, .status = 0, .ran = job.ran});
      return true;
  }
}

// What the broker there shows of them. False: it did not answer.
bool RemoteExecutor::take_logs(AttemptId id, std::uint32_t number) {
  for (const char* const stream : {"stdout", "stderr"}) {
    if (!may_ask()) return false;
    const auto said = broker_.log(number, stream);
    if (!answered(said)) return false;
    std::ofstream(folder_of(id) / fmt::format("{}.log", stream), std::ios::binary) << *said;
  }
  return true;
}

// It does not know its job: begun anew with another journal, say. Or says no more than that it is over.
void RemoteExecutor::miss(AttemptId id, Attempt& attempt, const char* what, Duration ran) {
  attempt.runs = false;
  if (!attempt.missed_since) attempt.missed_since = clock_();
  if (clock_() - *attempt.missed_since < kGone) return;
  say_in(folder_of(id), what);
  end(id, attempt, {.cause = attempt.killed ? Cause::killed : Cause::host_failed, .status = 0, .ran = ran});
}

// What is free there, and what ours occupy; nothing, as long as it refuses what is asked.
void RemoteExecutor::tell_room(std::int64_t free_cores) {
  if (room_at_ && clock_() - *room_at_ < kRoomEvery) return;
  room_at_ = clock_();
  if (!refusal().empty()) return;
  std::int64_t cores = free_cores;
  for (const auto& [id, attempt] : known_) cores += attempt.runs && !attempt.over ? attempt.cores : 0;
  tell_(event::Room{.pool = pool_.pool, .cores = cores});
}

// --- what it is asked

bool RemoteExecutor::is_wanted(const Attempt& attempt) const {
  return !attempt.ended && !attempt.killed && !attempt.is_refused && !attempt.job &&
         (attempt.term == lease_.term() || is_settled_);
}

void RemoteExecutor::submit_wanted() {
  for (auto& [id, attempt] : known_) {
    const bool is_open = attempt.asked && !attempt.job && !attempt.ended;
    if (is_open && (attempt.killed || attempt.is_refused) && may_ask()) settle(id, attempt);
  }
  std::vector<AttemptId> together;
  const auto send = [&] {
    if (!together.empty() && may_ask() && refusal().empty()) submit(together);
    together.clear();
  };
  for (auto& [id, attempt] : known_) {
    if (!is_leased() || !may_ask() || !refusal().empty()) return;
    if (!is_wanted(attempt) || !ask_for(id, attempt)) continue;
    if (attempt.by_itself) {
      submit({id});
    } else {
      together.push_back(id);
    }
    if (together.size() == kMostTogether) send();
  }
  send();
}

// Whether it may be submitted: from now on it may be there.
bool RemoteExecutor::ask_for(AttemptId id, Attempt& attempt) {
  if (attempt.asked) return true;
  if (!claim_attempt(folder_of(id))) {
    attempt.asked = attempt.unclear = is_claimed(folder_of(id));  // by another broker with this journal
    return false;
  }
  return attempt.asked = true;
}

void RemoteExecutor::submit(const std::vector<AttemptId>& all) {
  std::vector<std::string> jobs;
  std::vector<bool> unclear;
  for (const AttemptId id : all) {
    Attempt& attempt = known_.at(id);
    if (attempt.ask.empty()) attempt.ask = read_ask(folder_of(id));
    jobs.push_back(attempt.ask);
    unclear.push_back(std::exchange(attempt.unclear, true));
  }
  const auto is_refusal = [&](const auto& done) {
    if (answered(done) || done.error().front().outside) return false;
    for (std::size_t k = 0; k < all.size(); ++k) known_.at(all[k]).unclear = unclear[k];
    return true;
  };
  if (all.size() > 1) {
    const auto done = broker_.submit(jobs);
    const bool is_refused = is_refusal(done);
    for (std::size_t k = 0; k < all.size(); ++k) {
      Attempt& attempt = known_.at(all[k]);
      if (done && (*done)[k]) taken(all[k], attempt, *(*done)[k]);
      attempt.by_itself = is_refused || (done && !(*done)[k]);
    }
    return;
  }
  Attempt& attempt = known_.at(all.front());
  const auto done = broker_.submit(jobs.front());
  if (is_refusal(done)) return take_refusal(all.front(), attempt, done.error().front());
  if (!done) return;
  if (!done->is_other) return taken(all.front(), attempt, done->job);
  say_in(folder_of(all.front()),
         fmt::format("The broker there has another job, {}, under its key.", done->job));
  end(all.front(), attempt, unrun(Cause::absent));
}

void RemoteExecutor::taken(AttemptId id, Attempt& attempt, std::uint32_t number) {
  if (!write_job(folder_of(id), number)) {  // the next look asks again
    trouble_ = "numbers of jobs cannot be written in " + pool_.folder;
    return;
  }
  attempt.job = number;
  attempt.unclear = false;
  attempt.ask.clear();
  attempt.standing = fmt::format("it is job {} there", number);
}

// The pool's trouble and no attempt's: nothing is sent there for a while, and what is there unasked for goes back.
void RemoteExecutor::take_refusal(AttemptId id, Attempt& attempt, const Error& why) {
  refused_ = "The broker there refuses what is asked of it: " + why.what;
  refused_at_ = clock_();
  tell_(event::Room{.pool = pool_.pool, .cores = 0});
  say_in(folder_of(id), refused_);
  if (attempt.unclear) {
    attempt.is_refused = true;
  } else {
    end(id, attempt, unrun(Cause::absent));
  }
  for (auto& [other, waits] : known_) {
    if (waits.ended || waits.asked) continue;
    say_in(folder_of(other), refused_);
    give_back(other, waits);
  }
}

// Nobody knows whether it was taken. Either it was, and has a number; or its key has this stone now, and it never will be.
void RemoteExecutor::settle(AttemptId id, Attempt& attempt) {
  const auto stone = broker_.submit(remote_stone(terms_of(id)));
  if (!answered(stone)) return;
  if (stone->is_other) {
    taken(id, attempt, stone->job);
    if (attempt.killed && may_ask()) answered(broker_.cancel(stone->job));
    return;
  }
  if (may_ask() && answered(broker_.cancel(stone->job)))
    end(id, attempt, unrun(attempt.killed ? Cause::killed : Cause::absent));
}

std::string RemoteExecutor::refusal() const {
  return refused_at_ && clock_() - *refused_at_ < kRefusedFor ? refused_ : "";
}

}  // namespace hinterland
