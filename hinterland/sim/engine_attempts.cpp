// Attempts that do not run straight through: how far they came, how they are stopped, and begun again.
#include <algorithm>

#include "hinterland/sim/engine.hpp"

namespace hinterland {

template <class Queue>
WorkDone Engine<Queue>::done_by(const Running& runner, PoolIndex pool) const {
  if (try_of(runner.job) != nullptr) return {};
  const Duration ran = ran_by(runner, pool), left = work_left(runner.job, runner.kept);
  const double speed = world_.speed_of(runner.job, pool);
  const Duration at_one = speed == 1 ? ran : Duration{std::llround(static_cast<double>(ran.ms) * speed)};
  return work_done(world_.groups[world_.jobs.group[runner.job]], left, runner.kept, at_one);
}

// Before its end; `billed`: its job pays for what has moved for it.
template <class Queue>
Running Engine<Queue>::take_out(PoolIndex pool, std::size_t place, bool billed) {
  const Running runner = pools_[pool].end(place, now_);
  if (runner.whole == kNever) inputs_.stop(pool, place, runner.job, billed, now_);
  retime(pool);
  counts_no_more(runner.job);
  has_run(runner, billed ? ran_by(runner, pool) : Duration{});
  return runner;
}

template <class Queue>
typename Engine<Queue>::Again& Engine<Queue>::again_of(JobIndex job, const Running& runner) {
  run_.outcome.several[job] = true;
  Again& again = again_[job.value];
  again.kept = runner.kept;
  return again;
}

template <class Queue>
void Engine<Queue>::record(const Running& runner, PoolIndex pool, AttemptEnd end, FaultKind fault,
                           Duration lost) {
  const Instant whole = std::min(runner.whole, now_);
  run_.outcome.attempts.push_back({.job = runner.job,
                                   .pool = pool,
                                   .end = end,
                                   .fault = fault,
                                   .from = runner.began,
                                   .until = now_,
                                   .lost = lost,
                                   .billed_from = whole,
                                   .billed_until = whole + ran_by(runner, pool)});
}

template <class Queue>
void Engine<Queue>::try_again(const Running& runner, PoolIndex pool, const Try& tried) {
  Again& again = again_of(runner.job, runner);
  record(runner, pool, tried.billed ? AttemptEnd::failed : AttemptEnd::lost, {}, {});
  ++again.tried;
  const double gb = world_.own_gb_in(runner.job, pool);
  tried.billed ? stager_.in_vain(runner.job, pool, gb) : stager_.unbilled(runner.job, pool, gb);
  if (tried.wait.ms > 0) {
    again_later_.emplace(now_ + tried.wait, runner.job);
  } else {
    driven_away_.push_back(runner.job);
  }
}

// What a job asked for counts from when its inputs are there.
template <class Queue>
void Engine<Queue>::hand_out_inputs() {
  if (inputs_.next_end() > now_) return;
  for (const auto& [pool, place, job] : inputs_.arrived(now_)) {
    const Running& runner = pools_[pool].at(place);
    const Duration staged = now_ - runner.began;
    run_.outcome.staged[job] = staged;
    pools_[pool].set_whole(place, now_, now_ + takes(job, pool, runner.kept, runner.due - runner.began));
    retime(pool);
  }
}

template <class Queue>
std::vector<Runner> Engine<Queue>::runners_of(PoolIndex pool, std::uint8_t below) const {
  std::vector<Runner> runners;
  const std::span<const Running> all = pools_[pool].runners();
  for (std::size_t place = 0; place < all.size(); ++place) {
    const Running& one = all[place];
    if (!one.busy || one.priority >= below) continue;
    const JobSize& size = world_.sizes[one.size];
    const WorkDone work = done_by(one, pool);
    runners.push_back({.job = one.job,
                       .place = place,
                       .size = size.size,
                       .lost = size.units * (work.done.ms - work.saved.ms),
                       .began = one.began});
  }
  return runners;
}

template <class Queue>
void Engine<Queue>::preempt(PoolIndex pool, std::size_t place) {
  const Running runner = take_out(pool, place, true);
  const WorkDone work = done_by(runner, pool);
  Again& again = again_of(runner.job, runner);
  record(runner, pool, AttemptEnd::preempted, {}, {work.done.ms - work.saved.ms});
  again.kept.ms += work.saved.ms;
  again.run_through();
  const Waiting waiting = waiting_of(runner.job);
  states_[pool].queued += world_.sizes[runner.size].units * waiting.request.ms;
  begins_to_count(runner.job);
  if constexpr (requires { pools_[pool].queue.put_back(waiting); }) pools_[pool].queue.put_back(waiting);
}

template WorkDone Engine<FcfsQueue>::done_by(const Running&, PoolIndex) const;
template WorkDone Engine<EasyQueue>::done_by(const Running&, PoolIndex) const;
template WorkDone Engine<PriorityQueue>::done_by(const Running&, PoolIndex) const;
template WorkDone Engine<SimFairQueue>::done_by(const Running&, PoolIndex) const;
template Running Engine<FcfsQueue>::take_out(PoolIndex, std::size_t, bool);
template Running Engine<EasyQueue>::take_out(PoolIndex, std::size_t, bool);
template Running Engine<PriorityQueue>::take_out(PoolIndex, std::size_t, bool);
template Running Engine<SimFairQueue>::take_out(PoolIndex, std::size_t, bool);
template typename Engine<FcfsQueue>::Again& Engine<FcfsQueue>::again_of(JobIndex, const Running&);
template typename Engine<EasyQueue>::Again& Engine<EasyQueue>::again_of(JobIndex, const Running&);
template typename Engine<PriorityQueue>::Again& Engine<PriorityQueue>::again_of(JobIndex, const Running&);
template typename Engine<SimFairQueue>::Again& Engine<SimFairQueue>::again_of(JobIndex, const Running&);
template void Engine<FcfsQueue>::record(const Running&, PoolIndex, AttemptEnd, FaultKind, Duration);
template void Engine<EasyQueue>::record(const Running&, PoolIndex, AttemptEnd, FaultKind, Duration);
template void Engine<PriorityQueue>::record(const Running&, PoolIndex, AttemptEnd, FaultKind, Duration);
template void Engine<SimFairQueue>::record(const Running&, PoolIndex, AttemptEnd, FaultKind, Duration);
template void Engine<FcfsQueue>::try_again(const Running&, PoolIndex, const Try&);
template void Engine<EasyQueue>::try_again(const Running&, PoolIndex, const Try&);
template void Engine<PriorityQueue>::try_again(const Running&, PoolIndex, const Try&);
template void Engine<SimFairQueue>::try_again(const Running&, PoolIndex, const Try&);
template void Engine<FcfsQueue>::hand_out_inputs();
template void Engine<EasyQueue>::hand_out_inputs();
template void Engine<PriorityQueue>::hand_out_inputs();
template void Engine<SimFairQueue>::hand_out_inputs();
template std::vector<Runner> Engine<FcfsQueue>::runners_of(PoolIndex, std::uint8_t) const;
template std::vector<Runner> Engine<EasyQueue>::runners_of(PoolIndex, std::uint8_t) const;
template std::vector<Runner> Engine<PriorityQueue>::runners_of(PoolIndex, std::uint8_t) const;
template std::vector<Runner> Engine<SimFairQueue>::runners_of(PoolIndex, std::uint8_t) const;
template void Engine<FcfsQueue>::preempt(PoolIndex, std::size_t);
template void Engine<EasyQueue>::preempt(PoolIndex, std::size_t);
template void Engine<PriorityQueue>::preempt(PoolIndex, std::size_t);
template void Engine<SimFairQueue>::preempt(PoolIndex, std::size_t);

}  // namespace hinterland
