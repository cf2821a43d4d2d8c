#include "tests/broker_simulation/executor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hinterland::test {

namespace {

constexpr Ms kNoTime = 2;  // so close to its end a lease is over

}  // namespace

Executor::Executor(PoolIndex pool, Stage& stage, Laws& laws, Tell tell, std::function<Cause(TaskIndex)> fate,
                   std::function<Reads(TaskIndex)> reads)
    : pool_(pool),
      stage_(stage),
      laws_(laws),
      tell_(std::move(tell)),
      fate_(std::move(fate)),
      reads_(std::move(reads)),
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
    if (!known->second.begun) return tell_inputs(id, known->second);
    return tell_(event::Began{.attempt = id, .pool = pool_, .host = known->second.host, .sent = clock()});
  }
  if (never_.contains(id)) return tell_(event::Ended{.attempt = id, .pool = pool_, .cause = Cause::absent});
  if (launch.term != term_ || clock() + kNoTime >= lease_end_) return;
  known_[id] = {.task = launch.task, .inputs = {.needed = reads_(launch.task).bytes, .moved = ledger_[id]}};
  bring_inputs(id);
}

void Executor::bring_inputs(AttemptId id) {
  const auto found = known_.find(id);
  if (found == known_.end() || !found->second.alive || found->second.begun) return;
  Process& process = found->second;
  const Reads reads = reads_(process.task);
  std::int64_t& here = here_[reads.job];
  if (here == reads.bytes) {
    process.inputs.whole = true;
    if (reads.bytes > 0) tell_inputs(id, process);
    return begin(id);
  }
  const bool first = std::ranges::none_of(known_, [&](const auto& one) {
    return one.first < id && one.second.alive && !one.second.begun &&
           reads_(one.second.task).job == reads.job;
  });
  if (process.inputs.moved == 0) tell_inputs(id, process);
  stage_.in(10 + stage_.below(300), [this, id, first] {
    const auto still = known_.find(id);
    if (still == known_.end() || !still->second.alive || still->second.begun) return;
    const Reads what = reads_(still->second.task);
    std::int64_t& there = here_[what.job];
    const std::int64_t part = first ? std::min(what.bytes - there, what.bytes / 4 + 1) : 0;
    there += part;
    still->second.inputs.moved = ledger_[id] += part;
    laws_.bytes_moved(id, part);
    bring_inputs(id);
  });
}

void Executor::tell_inputs(AttemptId id, const Process& process) {
  tell_(event::Moving{.attempt = id, .pool = pool_, .inputs = process.inputs});
}

void Executor::begin(AttemptId id) {
  Process& process = known_.at(id);
  process.host = fmt::format("host-{}", id.value % 2);
  tell_(event::Began{.attempt = id, .pool = pool_, .host = process.host, .sent = clock()});
  if (stage_.strikes(stage_.mix.swallow)) {  // an error inside a success
    known_.erase(id);
    return;
  }
  laws_.process_begun(id, process.task);
  process.begun = true;
  process.began = stage_.now();
  const Cause fate = fate_(process.task);
  stage_.in(fate == Cause::out_of_time ? 3000 : 20 + stage_.below(2500), [this, id, fate] {
    const auto found = known_.find(id);
    if (found == known_.end() || !found->second.alive) return;
    if (fate != Cause::done || stage_.strikes(stage_.mix.host))
      return stop(id, found->second, fate == Cause::done ? Cause::host_failed : fate);
    found->second.over = true;
    found->second.ran = stage_.now() - found->second.began;
    found->second.outputs.needed = reads_(found->second.task).writes;
    bring_outputs(id);
  });
}

void Executor::bring_outputs(AttemptId id) {
  const auto found = known_.find(id);
  if (found == known_.end() || !found->second.alive) return;
  OutputsMoved& outputs = found->second.outputs;
  if (outputs.moved == outputs.needed) return stop(id, found->second, Cause::done);
  const std::int64_t part = std::min(outputs.needed - outputs.moved, outputs.needed / 3 + 1);
  outputs.moved += part;
  laws_.bytes_fetched(id, part);
  stage_.in(10 + stage_.below(300), [this, id] { bring_outputs(id); });
}

void Executor::stop(AttemptId id, Process& process, Cause cause) {
  process.alive = false;
  process.cause = cause;
  if (process.begun) {
    if (!process.over) process.ran = stage_.now() - process.began;
    laws_.process_ended(id, cause, process.ran);
  }
  report(id, process);
}

void Executor::report(AttemptId id, const Process& process) {
  tell_(event::Ended{.attempt = id,
                     .pool = pool_,
                     .cause = process.cause,
                     .host = process.host,
                     .ran = {process.ran},
                     .inputs = process.inputs,
                     .outputs = process.outputs});
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
  if (adopts) {
    for (auto& [id, process] : known_) {  // what moved for whom is on its disk
      if (!process.alive || process.begun) continue;
      process.alive = false;
      process.cause = Cause::absent;
    }
    return;
  }
  for (const auto& [id, process] : known_) {
    if (process.alive && process.begun) laws_.process_vanished(id);
  }
  known_.clear();
}

void Executor::forget() {
  std::erase_if(known_, [](const auto& one) { return !one.second.alive; });
  restart(true);
}

}  // namespace hinterland::test
