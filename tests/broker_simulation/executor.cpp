#include "tests/broker_simulation/executor.hpp"

#include <fmt/format.h>

namespace hinterland::test {

namespace {

constexpr Ms kNoTime = 2;  // so close to its end a lease is over

}  // namespace

Executor::Executor(PoolIndex pool, Stage& stage, Laws& laws, Tell tell, std::function<Cause(TaskIndex)> fate)
    : pool_(pool),
      stage_(stage),
      laws_(laws),
      tell_(std::move(tell)),
      fate_(std::move(fate)),
      clock_{.offset = stage.below(1'000'000), .rate = 1 + 0.004 * (stage.uniform() - 0.5)} {}

void Executor::beat() {
  if (down) return;
  event::Heartbeat heartbeat{.pool = pool_, .term = term_, .sent = clock(), .known = {}};
  for (const auto& [id, process] : known_) heartbeat.known.push_back(id);
  tell_(heartbeat);
  for (const auto& [id, process] : known_) {
    if (!process.alive) report(id, process);
  }
}

void Executor::hear(const effect::Grant& grant) {
  if (grant.term < term_ || grant.sent < born_) return;
  if (term_ < grant.term) never_.clear();
  term_ = grant.term;
  lease_end_ = std::max(lease_end_, grant.sent + grant.lease.ms);
  stop_when_lease_ends();
}

void Executor::stop_when_lease_ends() {
  const double left = static_cast<double>(lease_end_ - clock()) / clock_.rate;
  stage_.in(static_cast<Ms>(left), [this] {
    if (clock() + kNoTime < lease_end_) return;
    for (auto& [id, process] : known_) {
      if (process.alive) stop(id, process, Cause::lost);
    }
  });
}

void Executor::hear(const effect::Launch& launch) {
  const AttemptId id = launch.attempt;
  if (const auto known = known_.find(id); known != known_.end()) {
    if (!known->second.alive) return report(id, known->second);
    return tell_(event::Began{.attempt = id, .pool = pool_, .host = known->second.host, .sent = clock()});
  }
  if (never_.contains(id)) return tell_(event::Ended{.attempt = id, .pool = pool_, .cause = Cause::absent});
  if (launch.term != term_ || clock() + kNoTime >= lease_end_) return;
  begin(launch);
}

void Executor::begin(const effect::Launch& launch) {
  const AttemptId id = launch.attempt;
  const std::string host = fmt::format("host-{}", id.value % 2);
  tell_(event::Began{.attempt = id, .pool = pool_, .host = host, .sent = clock()});
  if (stage_.strikes(stage_.mix.swallow)) return;  // an error inside a success
  laws_.process_begun(id, launch.task);
  known_[id] = {.task = launch.task, .host = host, .began = stage_.now()};
  const Cause fate = fate_(launch.task);
  stage_.in(fate == Cause::out_of_time ? 3000 : 20 + stage_.below(2500), [this, id, fate] {
    const auto found = known_.find(id);
    if (found == known_.end() || !found->second.alive) return;
    stop(id, found->second, stage_.strikes(stage_.mix.host) ? Cause::host_failed : fate);
  });
}

void Executor::stop(AttemptId id, Process& process, Cause cause) {
  process.alive = false;
  process.cause = cause;
  process.ran = stage_.now() - process.began;
  laws_.process_ended(id, cause, process.ran);
  report(id, process);
}

void Executor::report(AttemptId id, const Process& process) {
  tell_(event::Ended{
      .attempt = id, .pool = pool_, .cause = process.cause, .host = process.host, .ran = {process.ran}});
}

void Executor::hear(const effect::Kill& kill) {
  const auto found = known_.find(kill.attempt);
  if (found == known_.end()) {
    never_.insert(kill.attempt);
    tell_(event::Ended{.attempt = kill.attempt, .pool = pool_, .cause = Cause::absent});
  } else if (found->second.alive) {
    stop(kill.attempt, found->second, Cause::killed);
  } else {
    report(kill.attempt, found->second);
  }
}

void Executor::hear(const effect::Forget& forget) {
  const auto found = known_.find(forget.attempt);
  if (found == known_.end() || found->second.alive) return;
  known_.erase(found);
  never_.insert(forget.attempt);  // a launch may still be on its way
}

void Executor::restart(bool adopts) {
  term_ = {};
  born_ = clock() + 1;
  never_.clear();
  if (adopts) return;
  for (const auto& [id, process] : known_) {
    if (process.alive) laws_.process_vanished(id);
  }
  known_.clear();
}

void Executor::forget() {
  std::erase_if(known_, [](const auto& one) { return !one.second.alive; });
  restart(true);
}

}  // namespace hinterland::test
