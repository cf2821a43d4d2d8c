#include "hinterland/sim/engine.hpp"

#include <algorithm>

namespace hinterland {

template <class Queue>
Engine<Queue>::Engine(const SimWorld& world, Policy policy)
    : world_(world),
      policy_(policy),
      states_(world.pools.size()),
      ends_(std::max<std::size_t>(1, world.pools.size())),
      stager_(world),
      touched_(world.pools.size()),
      active_(world.faults.size()),
      smallest_{INT64_MAX, INT64_MAX, INT64_MAX} {
  for (const JobSize& size : world.sizes) plain_sizes_.push_back(size.size);
  run_.meters.resize(world.pools.size());
  pools_.reserve(world.pools.size());
  for (std::size_t i = 0; i < world.pools.size(); ++i) {
    const Size size = world.pools[i].size();
    states_[i] = {.total = size, .free = size, .units_total = world.pools[i].units()};
    pools_.emplace_back(world.sizes, plain_sizes_, states_[i], run_.meters[i]);
    smallest_ = {std::min(smallest_.cores, size.cores), std::min(smallest_.gpus, size.gpus),
                 std::min(smallest_.memory_gb, size.memory_gb)};
  }
  for (std::size_t f = 0; f < world.faults.size(); ++f) {
    fault_events_.emplace_back(world.faults[f].until, 2 * f);
    fault_events_.emplace_back(world.faults[f].from, 2 * f + 1);
  }
  std::ranges::sort(fault_events_, {}, [](const auto& event) {
    const auto& [at, which] = event;
    return std::tuple{at, which % 2, which / 2};
  });
  const std::size_t jobs = world.jobs.count();
  run_.outcome.start.assign(jobs, kNever);
  run_.outcome.pool.assign(jobs, {});
  run_.outcome.end.assign(jobs, JobEnd::not_reached);
  run_.outcome.several.assign(jobs, false);
  if (world.staging.mode == Staging::Mode::shared) run_.outcome.delivered.assign(jobs, kNever);
}

template <class Queue>
Instant Engine<Queue>::next_instant() const {
  Instant next = std::min(ends_.first(), stager_.next_end());
  if (next_job_ < world_.jobs.count()) next = std::min(next, world_.jobs.arrival[next_job_]);
  if (!coming_.empty()) next = std::min(next, coming_.top().at);
  if (next_fault_ < fault_events_.size()) next = std::min(next, fault_events_[next_fault_].first);
  return next;
}

template <class Queue>
SimRun Engine<Queue>::run(Progress& progress) {
  static constexpr std::int64_t kEventsBetweenLooks = 1 << 16;
  const auto total = static_cast<std::int64_t>(world_.jobs.count());
  for (std::int64_t look = kEventsBetweenLooks;; ++run_.events) {
    const Instant next = next_instant();
    if (next >= kNever) break;
    now_ = next;
    end_jobs();
    begin_and_end_faults();
    join_those_who_are_there();
    pass_where_touched();
    arrivals();
    if (--look > 0) continue;
    look = kEventsBetweenLooks;
    if (!progress.step("jobs", static_cast<std::int64_t>(next_job_), total)) {
      run_.interrupted = true;
      break;
    }
  }
  run_.end = now_;
  run_.reached = static_cast<std::int64_t>(next_job_);
  run_.moved_gb = stager_.moved_gb();
  run_.network_metered = stager_.metered();
  run_.extra_moves = stager_.extra();
  run_.link_gb = stager_.link_gb();
  // Only an interrupted run leaves anybody running.
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    for (std::size_t place = 0; place < pools_[p].runners().size(); ++place) {
      if (!pools_[p].at(place).busy) continue;
      const Running runner = pools_[p].end(place, now_);
      again_of(runner.job, runner);
      record(runner, PoolIndex{p}, AttemptEnd::unfinished, {}, done_by(runner).done);
    }
  }
  return std::move(run_);
}

template <class Queue>
void Engine<Queue>::end_jobs() {
  while (ends_.first() <= now_) {
    const PoolIndex pool{ends_.winner()};
    while (pools_[pool].next_end() <= now_) end(pool, pools_[pool].next_place());
    ends_.set(pool, pools_[pool].next_end());
    touch(pool);
  }
}

template <class Queue>
void Engine<Queue>::join_those_who_are_there() {
  if (stager_.next_end() <= now_) {
    std::vector<JobIndex> there;
    std::vector<std::pair<JobIndex, Instant>> delivered;
    stager_.arrived(now_, there, delivered);
    for (const auto& [job, at] : delivered) run_.outcome.delivered[job] = at;
    for (const JobIndex job : there) {
      const auto moving = moving_.extract(job.value);
      ready(job, moving.mapped(), std::max(now_, not_before_.extract(job.value).mapped()), false);
    }
  }
  while (!coming_.empty() && coming_.top().at <= now_) {
    joining_.push_back(coming_.top());
    coming_.pop();
  }
  if (joining_.empty()) return;
  std::ranges::sort(joining_, {}, &Coming::job);
  for (const Coming& one : joining_) {
    pools_[one.pool].queue.join(waiting_of(one.job));
    touch(one.pool);
  }
  joining_.clear();
}

template <class Queue>
void Engine<Queue>::pass_where_touched() {
  for (const PoolIndex pool : touched_pools_) {
    Room room{*this, pool};
    pools_[pool].queue.pass(now_, room);
    touched_[pool] = false;
  }
  touched_pools_.clear();
}

template <class Queue>
void Engine<Queue>::arrivals() {
  const SimJobs& jobs = world_.jobs;
  for (; next_job_ < jobs.count() && jobs.arrival[next_job_] == now_; ++next_job_.value)
    place(next_job_, true);
}

template <class Queue>
Ask Engine<Queue>::ask_of(JobIndex job) {
  const SimJobs& jobs = world_.jobs;
  const GroupIndex group = jobs.group[job];
  const SimGroup& kind = world_.groups[group];
  const JobSize& size = world_.sizes[jobs.size[job]];
  Ask ask{.now = now_,
          .request = jobs.request[job],
          .deadline = jobs.arrival[job] + kind.deadline,
          .may_wait = kind.may_wait,
          .interruptible = kind.interruptible,
          .shared_there = stager_.shared_there(group, jobs.home[job]),
          .late = kind.late_per_hour,
          .size = &size.size,
          .units = size.units,
          .home = jobs.home[job],
          .options = world_.options_of(group, jobs.home[job]),
          .turn = placed_++};
  if (kind.gb_in_per_unit_hour > 0) ask.gb_in = own_gb(job, kind.gb_in_per_unit_hour);
  if (kind.gb_out_per_unit_hour > 0) ask.gb_out = own_gb(job, kind.gb_out_per_unit_hour);
  if (!ask.shared_there.empty()) ask.shared_gb = kind.shared_gb;
  if (run_.outcome.several[job]) {
    const Again& again = again_.at(job.value);
    ask.request.ms -= again.kept.ms;
    ask.may_wait.ms = std::max<std::int64_t>(0, ask.may_wait.ms - (now_ - jobs.arrival[job]).ms);
  }
  if (!size.size.fits_into(smallest_)) {
    fitting_.clear();
    for (const Option& option : ask.options) {
      if (size.size.fits_into(world_.pools[option.pool].size())) fitting_.push_back(option);
    }
    ask.options = fitting_;
  }
  return ask;
}

template <class Queue>
void Engine<Queue>::place(JobIndex job, bool arrives) {
  const Ask ask = ask_of(job);
  const View view{.pools = states_, .forecast = world_.forecast, .scarcity = world_.scarcity};
  Placement placement = policy_(ask, view);
  if (placement.refusal != Refusal::none) {
    const bool too_large =
        ask.options.empty() && !world_.options_of(world_.jobs.group[job], ask.home).empty();
    run_.outcome.refusals.emplace_back(job, too_large ? Refusal::too_large : placement.refusal);
    finish(job, ask.home, JobEnd::refused);
    return;
  }
  const PoolIndex pool = placement.pool;
  run_.outcome.pool[job] = pool;
  run_.outcome.end[job] = JobEnd::stuck;  // until it is done
  if (!placement.pieces.empty()) {
    Again& again = again_[job.value];
    run_.outcome.several[job] = true;
    again.pieces = std::move(placement.pieces);
    again.piece = 0;
  }
  states_[pool].queued += ask.units * waiting_of(job).request.ms;
  const std::optional<Instant> there = stager_.bring(job, world_.option_to(pool, job), ask.gb_in, now_);
  if (there) return ready(job, pool, std::max(*there, placement.not_before), arrives);
  moving_[job.value] = pool;
  not_before_[job.value] = placement.not_before;
}

template <class Queue>
void Engine<Queue>::ready(JobIndex job, PoolIndex pool, Instant at, bool arrives) {
  if (at > now_) {
    coming_.push({at, job, pool});
  } else if (arrives) {
    Room room{*this, pool};
    pools_[pool].queue.arrive(waiting_of(job), now_, room);
  } else {
    joining_.push_back({at, job, pool});
  }
}

// How long an attempt of the job would hold its place, by its request.
template <class Queue>
Waiting Engine<Queue>::waiting_of(JobIndex job) const {
  const SimJobs& jobs = world_.jobs;
  const SimGroup& kind = world_.groups[jobs.group[job]];
  Waiting waiting{
      .job = job, .size = jobs.size[job], .priority = kind.priority, .request = jobs.request[job]};
  Duration kept;
  if (run_.outcome.several[job]) kept = again_.at(job.value).kept;
  waiting.request = wall(kind, {jobs.request[job].ms - kept.ms}, kept);
  if (run_.outcome.several[job]) {
    const Again& again = again_.at(job.value);
    if (again.piece + 1 < again.pieces.size())
      waiting.request = std::min(waiting.request, again.pieces[again.piece].length);
  }
  return waiting;
}

template <class Queue>
Duration Engine<Queue>::work_left(JobIndex job, Duration kept) const {
  return {std::min(world_.jobs.run[job].ms, world_.jobs.request[job].ms) - kept.ms};
}

template <class Queue>
void Engine<Queue>::start(PoolIndex pool, const Waiting& job) {
  const SimGroup& kind = world_.groups[world_.jobs.group[job.job]];
  Duration kept;
  if (run_.outcome.several[job.job]) kept = again_.at(job.job.value).kept;
  const Duration takes = std::min(wall(kind, work_left(job.job, kept), kept), job.request);
  states_[pool].queued -= world_.sizes[job.size].units * job.request.ms;
  run_.over_capacity += plain_sizes_[job.size].fits_into(states_[pool].free) ? 0 : 1;
  pools_[pool].begin({.job = job.job,
                      .size = job.size,
                      .priority = job.priority,
                      .began = now_,
                      .due = now_ + job.request,
                      .kept = kept},
                     now_, now_ + takes);
  retime(pool);
  Instant& start = run_.outcome.start[job.job];
  if (start == kNever) start = now_;
}

template <class Queue>
WorkDone Engine<Queue>::done_by(const Running& runner) const {
  return work_done(world_.groups[world_.jobs.group[runner.job]], work_left(runner.job, runner.kept),
                   runner.kept, now_ - runner.began);
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
  run_.outcome.attempts.push_back({.job = runner.job,
                                   .pool = pool,
                                   .end = end,
                                   .fault = fault,
                                   .from = runner.began,
                                   .until = now_,
                                   .lost = lost});
}

template <class Queue>
void Engine<Queue>::end(PoolIndex pool, std::size_t place) {
  const Running runner = pools_[pool].end(place, now_);
  const JobIndex job = runner.job;
  const JobEnd how = world_.jobs.run[job] > world_.jobs.request[job] ? JobEnd::cut : JobEnd::done;
  if (!run_.outcome.several[job]) return finish(job, pool, how);
  const WorkDone work = done_by(runner);
  if (work.done == work_left(job, runner.kept)) {
    record(runner, pool, how == JobEnd::cut ? AttemptEnd::cut : AttemptEnd::done, {}, {});
    again_.erase(job.value);
    return finish(job, pool, how);
  }
  record(runner, pool, AttemptEnd::paused, {}, {});
  Again& again = again_.at(job.value);
  again.kept.ms += work.done.ms;
  ++again.piece;
  states_[pool].queued += world_.sizes[runner.size].units * waiting_of(job).request.ms;
  ready(job, pool, again.pieces[again.piece].from, false);
}

template <class Queue>
void Engine<Queue>::finish(JobIndex job, PoolIndex pool, JobEnd end) {
  run_.outcome.end[job] = end;
  const double per_unit_hour = world_.groups[world_.jobs.group[job]].gb_out_per_unit_hour;
  if (!ended(end)) return;
  std::optional<Instant> home = now_;
  if (per_unit_hour > 0 && pool != world_.jobs.home[job])
    home = stager_.take_home(job, world_.option_to(pool, job), own_gb(job, per_unit_hour), now_);
  if (home && !run_.outcome.delivered.empty()) run_.outcome.delivered[job] = *home;
}

template <class Queue>
std::vector<Runner> Engine<Queue>::runners_of(PoolIndex pool, std::uint8_t below, Instant now) const {
  std::vector<Runner> runners;
  const std::span<const Running> all = pools_[pool].runners();
  for (std::size_t place = 0; place < all.size(); ++place) {
    const Running& one = all[place];
    if (!one.busy || one.priority >= below) continue;
    const JobSize& size = world_.sizes[one.size];
    const WorkDone work = work_done(world_.groups[world_.jobs.group[one.job]], work_left(one.job, one.kept),
                                    one.kept, now - one.began);
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
  const WorkDone work = done_by(pools_[pool].at(place));
  const Running runner = pools_[pool].end(place, now_);
  retime(pool);
  Again& again = again_of(runner.job, runner);
  record(runner, pool, AttemptEnd::preempted, {}, {work.done.ms - work.saved.ms});
  again.kept.ms += work.saved.ms;
  again.run_through();
  const Waiting waiting = waiting_of(runner.job);
  states_[pool].queued += world_.sizes[runner.size].units * waiting.request.ms;
  if constexpr (requires { pools_[pool].queue.put_back(waiting); }) pools_[pool].queue.put_back(waiting);
}

template class Engine<FcfsQueue>;
template class Engine<EasyQueue>;
template class Engine<PriorityQueue>;

}  // namespace hinterland
