// What the cluster's accounting says of what it does not list any more.
#include "hinterland/executor/slurm_past.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "hinterland/executor/slurm.hpp"
#include "hinterland/executor/slurm_accounting.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kAskEvery = 5'000;  // ms between questions of a slurmdbd that answers
constexpr std::int64_t kAskSilent =
    60'000;  // and after one that it did not: it may take all of its time again
constexpr std::int64_t kSameAgain = 20'000;  // until the same attempt is asked for again
constexpr std::int64_t kSubmitted = 5'000;   // a submission that is unlisted so long is asked for
constexpr std::size_t kMostNames = 50;       // of a question: they stand in a line of HTTP

// What the node itself has reported: nothing runs there any more.
bool is_a_nodes_word(const std::string& state) {
  return state == "COMPLETED" || state == "FAILED" || state == "OUT_OF_MEMORY";
}

std::optional<std::int64_t> seconds_of(const std::string& submitted) {
  std::int64_t s = 0;
  const char* const end = submitted.data() + submitted.size();
  const auto read = std::from_chars(submitted.data(), end, s);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(s) : std::nullopt;
}

}  // namespace

Cause slurm_cause_of(const std::string& state, bool killed) {
  if (state == "TIMEOUT" || state == "DEADLINE") return Cause::out_of_time;
  if (state == "OUT_OF_MEMORY") return Cause::out_of_memory;
  if (state == "CANCELLED" && killed) return Cause::killed;
  return Cause::
      host_failed;  // NODE_FAIL, BOOT_FAIL, PREEMPTED; or its script did not get as far as its runner
}

// Task 3 of an array has the name of three attempts before; what nobody has seen yet, that of the array it was asked for in.
std::string SlurmExecutor::name_of(AttemptId id, const Attempt& attempt) const {
  if (!attempt.job)
    return fmt::format("{}{}", prefix_, attempt.array.value != 0 ? attempt.array.value : id.value);
  std::uint64_t index = 0;
  const std::string& number = attempt.job->number;
  if (const auto part = number.find('_'); part != std::string::npos)
    std::from_chars(number.data() + part + 1, number.data() + number.size(), index);
  return fmt::format("{}{}", prefix_, id.value - std::min(index, id.value));
}

// Let go and missed since, or submitted and not seen.
bool SlurmExecutor::needs_account(const Attempt& attempt) const {
  if (attempt.ended) return false;
  if (attempt.looked_up_at && clock_() - *attempt.looked_up_at < kSameAgain) return false;
  if (attempt.let_go && attempt.past && attempt.past->job.phase == SlurmPhase::over) return false;
  if (attempt.let_go) return attempt.after == "gone" && attempt.since && clock_() - *attempt.since >= kShared;
  return !attempt.job && attempt.asked_at && clock_() - *attempt.asked_at >= kSubmitted;
}

// One question for all that need it. Whoever does not answer is left alone for a minute; the queue is asked as before.
void SlurmExecutor::look_up() {
  if (!keeps_accounts_ || !may_ask()) return;
  const std::int64_t pause = accounts_trouble_.empty() ? kAskEvery : kAskSilent;
  if (accounts_asked_at_ && clock_() - *accounts_asked_at_ < pause) return;
  std::set<std::string> names;
  std::vector<Attempt*> asked;
  SlurmPastAsk ask;
  std::optional<std::int64_t> since;
  bool is_since_known = true;
  for (auto& [id, attempt] : known_) {
    if (!needs_account(attempt) || names.size() >= kMostNames) continue;
    names.insert(name_of(id, attempt));
    asked.push_back(&attempt);
    const auto s = attempt.job ? seconds_of(attempt.job->submitted) : std::nullopt;
    is_since_known = is_since_known && s;
    if (s) since = std::min(since.value_or(*s), *s);
  }
  if (asked.empty()) return accounts_trouble_.clear();
  ask.names.assign(names.begin(), names.end());
  if (is_since_known) ask.since = since;
  const std::int64_t began = clock_();
  const auto said = cluster_->accounts(ask);
  accounts_asked_at_ = clock_();
  accounts_took_ = *accounts_asked_at_ - began;
  accounts_trouble_ = said ? "" : "Its accounting: " + describe(said.error().front());
  if (!said) return;
  keeps_accounts_ = said->kept;
  for (Attempt* const one : asked) one->looked_up_at = clock_();
  for (const SlurmPast& past : said->jobs) take_account(past);
}

// Of several jobs of one name, which only a controller that forgot can have let be, its own counts; or else one that had a node.
void SlurmExecutor::take_account(const SlurmPast& past) {
  if (!past.job.name.starts_with(prefix_)) return;
  const auto id = attempt_of(past.job);
  const auto found = id ? known_.find(*id) : known_.end();
  if (found == known_.end() || !found->second.looked_up_at) return;
  Attempt& attempt = found->second;
  if (attempt.job ? identity_of(past.job) != *attempt.job : attempt.past && attempt.past->began) return;
  attempt.past = past;
  if (!past.job.node.empty()) attempt.node = past.job.node;
  // It was held when it was submitted: somebody has let it go.
  if (!attempt.let_go && past.began) {
    attempt.job = identity_of(past.job);
    attempt.let_go = write_let_go(folder_of(*id), *attempt.job);
  }
}

// Whether it has ended by what its accounting says.
bool SlurmExecutor::end_by_account(AttemptId id, Attempt& attempt, std::int64_t gone) {
  if (!attempt.past || attempt.past->job.phase != SlurmPhase::over) return false;
  const SlurmPast& past = *attempt.past;
  Cause cause = slurm_cause_of(past.job.state, attempt.killed);
  if (attempt.killed && is_a_nodes_word(past.job.state) && cause == Cause::host_failed) cause = Cause::killed;
  const bool is_replaced = cause == Cause::host_failed && !attempt.killed;
  if (gone < kGone && is_replaced && !is_a_nodes_word(past.job.state)) return false;
  const bool unbegun = claim(id);
  if (unbegun && !past.began) cause = attempt.killed ? Cause::killed : Cause::absent;
  constexpr std::int64_t ms_per_s = 1000;
  say_in(folder_of(id), fmt::format("Slurm does not know it any more; its accounting says {}{} after {} s",
                                    one_line(past.job.state),
                                    past.ended_by.empty() ? "" : " by " + past.ended_by, past.job.ran_s));
  attempt.end_is_assumed = true;  // if it turns up all the same it is cancelled
  end(id, attempt, {.cause = cause, .status = 0, .ran = {unbegun ? 0 : ms_per_s * past.job.ran_s}});
  return true;
}

// Whether an answer is still to be had since then.
bool SlurmExecutor::awaits_account(const Attempt& attempt, std::int64_t since) const {
  return keeps_accounts_ && !(attempt.looked_up_at && *attempt.looked_up_at >= since);
}

}  // namespace hinterland
