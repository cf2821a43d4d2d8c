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
      inputs_(world),
      touched_(world.pools.size()),
      active_(world.faults.size()),
      smallest_{INT64_MAX, INT64_MAX, INT64_MAX} {
  for (const JobSize& size : world.sizes) plain_sizes_.push_back(size.size);
  run_.meters.resize(world.pools.size());
  pools_.reserve(world.pools.size());
  for (std::size_t i = 0; i < world.pools.size(); ++i) {
    const Size size = world.pools[i].size();
    states_[i] = {.total = size, .free = size, .units_total = world.pools[i].units()};
    if constexpr (std::is_same_v<Queue, SimFairQueue>) {
      pools_.emplace_back(world.sizes, Queue(plain_sizes_, shares_), states_[i], run_.meters[i]);
    } else {
      pools_.emplace_back(world.sizes, Queue(plain_sizes_), states_[i], run_.meters[i]);
    }
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
  for (const std::int64_t share : world.shares) projects_.push_back({.share = share});
  if (!world.changes.empty()) {
    for (PoolState& state : states_) {
      state.total = state.free = {};
      state.units_total = 0;
      state.up = false;
    }
    built_.resize(world.pools.size());
    silent_.resize(world.pools.size());
    warned_from_.assign(world.pools.size(), kNever);
    prices_.resize(world.pools.size());
  }
  const std::size_t jobs = world.jobs.count();
  run_.outcome.start.assign(jobs, kNever);
  run_.outcome.pool.assign(jobs, {});
  run_.outcome.end.assign(jobs, JobEnd::not_reached);
  run_.outcome.several.assign(jobs, false);
  if (world.staging.mode == Staging::Mode::shared) run_.outcome.delivered.assign(jobs, kNever);
  if (world.staging.mode == Staging::Mode::held) run_.outcome.staged.assign(jobs, {});
}

template <class Queue>
Instant Engine<Queue>::next_instant() const {
  Instant next = std::min({ends_.first(), stager_.next_end(), inputs_.next_end()});
  if (next_job_ < world_.jobs.count()) next = std::min(next, world_.jobs.arrival[next_job_]);
  if (!coming_.empty()) next = std::min(next, coming_.top().at);
  if (!again_later_.empty()) next = std::min(next, again_later_.top().first);
  if (next_fault_ < fault_events_.size()) next = std::min(next, fault_events_[next_fault_].first);
  if (next_change_ < world_.changes.size()) next = std::min(next, world_.changes[next_change_].at);
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
    hand_out_inputs();
    begin_and_end_faults();
    make_changes();
    place_those_driven_away();
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
  run_.input_moves = inputs_.moves();
  run_.unbilled_moves = inputs_.unbilled();
  for (const ExtraMove& move : run_.input_moves) {
    run_.moved_gb[world_.jobs.home[move.job] * world_.pools.size() + move.pool] += move.gb;
    run_.network_metered[move.pool] += move.gb * world_.option_to(move.pool, move.job).money_per_gb;
  }
  run_.link_gb = stager_.link_gb();
  // Only an interrupted run leaves anybody running.
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    for (std::size_t place = 0; place < pools_[p].runners().size(); ++place) {
      if (!pools_[p].at(place).busy) continue;
      const Running runner = pools_[p].end(place, now_);
      again_of(runner.job, runner);
      record(runner, PoolIndex{p}, AttemptEnd::unfinished, {}, done_by(runner, PoolIndex{p}).done);
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
  // What begins in one pool is counted for its project in all.
  if (touched_pools_.size() > 1) std::ranges::sort(touched_pools_);
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
  ask.gb_in = world_.gb_in(job);
  ask.gb_out = world_.gb_out(job);
  if (!ask.shared_there.empty()) {
    ask.shared_gb = kind.shared_gb;
  } else if (ask.shared_there = inputs_.there(group, now_); !ask.shared_there.empty()) {
    ask.shared_gb = std::min(kind.inputs_gb, ask.gb_in);
    ask.gb_in -= ask.shared_gb;
  }
  if (run_.outcome.several[job]) {
    const Again& again = again_.at(job.value);
    ask.request.ms -= again.kept.ms;
    ask.may_wait.ms = std::max<std::int64_t>(0, ask.may_wait.ms - (now_ - jobs.arrival[job]).ms);
  }
  if (!built_.empty() || !size.size.fits_into(smallest_)) {
    fitting_.clear();
    for (const Option& option : ask.options) {
      const Size built = built_.empty() ? world_.pools[option.pool].size() : built_[option.pool];
      if (size.size.fits_into(built)) fitting_.push_back(option);
    }
    if (!warned_from_.empty()) drop_those_warned_of(ask);
    ask.options = fitting_;
  }
  return ask;
}

template <class Queue>
void Engine<Queue>::place(JobIndex job, bool arrives) {
  const Ask ask = ask_of(job);
  const View view{.pools = states_, .forecast = forecast(), .scarcity = world_.scarcity};
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
  begins_to_count(job);
  const std::optional<Instant> there =
      stager_.bring(job, world_.option_to(pool, job), world_.own_gb_in(job, pool), now_);
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
const Try* Engine<Queue>::try_of(JobIndex job) const {
  if (world_.tries.empty()) return nullptr;
  const auto all = world_.tries.find(job.value);
  if (all == world_.tries.end()) return nullptr;
  const auto again = again_.find(job.value);
  const std::size_t tried = again == again_.end() ? 0 : again->second.tried;
  return tried < all->second.size() ? &all->second[tried] : nullptr;
}

template <class Queue>
typename Engine<Queue>::Run Engine<Queue>::run_of(JobIndex job, PoolIndex pool) const {
  if (const Try* const one = try_of(job))
    return {one->run, world_.pools[pool].speed / world_.pools[one->measured].speed};
  return {world_.jobs.run[job], world_.speed_of(job, pool)};
}

// How long an attempt holds its place from when its inputs are there; `request` is what it asks for.
template <class Queue>
Duration Engine<Queue>::takes(JobIndex job, PoolIndex pool, Duration kept, Duration request) const {
  const auto [length, speed] = run_of(job, pool);
  const SimGroup& kind = world_.groups[world_.jobs.group[job]];
  const Duration run = at_speed(wall(kind, {length.ms - kept.ms}, kept), speed);
  return world_.pools[pool].start_up + std::min(run, request);
}

template <class Queue>
Duration Engine<Queue>::work_left(JobIndex job, Duration kept) const {
  return {std::min(world_.jobs.run[job].ms, world_.jobs.request[job].ms) - kept.ms};
}

template <class Queue>
void Engine<Queue>::start(PoolIndex pool, const Waiting& job) {
  Duration kept;
  if (run_.outcome.several[job.job]) kept = again_.at(job.job.value).kept;
  states_[pool].queued -= world_.sizes[job.size].units * job.request.ms;
  run_.over_capacity += plain_sizes_[job.size].fits_into(states_[pool].free) ? 0 : 1;
  const std::size_t place = pools_[pool].begin({.job = job.job,
                                                .size = job.size,
                                                .priority = job.priority,
                                                .began = now_,
                                                .due = now_ + job.request,
                                                .kept = kept,
                                                .whole = now_},
                                               now_, now_ + takes(job.job, pool, kept, job.request));
  if (!inputs_.begin({pool, place, job.job}, now_)) pools_[pool].wait_for_inputs(place);
  retime(pool);
  if (!projects_.empty()) is_served(project_of(job.job), served_, world_.sizes[job.size].units, job.request);
  Instant& start = run_.outcome.start[job.job];
  if (start == kNever) start = now_;
}

template <class Queue>
Duration Engine<Queue>::ran_by(const Running& runner, PoolIndex pool) const {
  return std::max(Duration{}, now_ - runner.whole - world_.pools[pool].start_up);
}

template <class Queue>
void Engine<Queue>::end(PoolIndex pool, std::size_t place) {
  const Running runner = pools_[pool].end(place, now_);
  const JobIndex job = runner.job;
  counts_no_more(job);
  has_run(runner, ran_by(runner, pool));
  if (const Try* const one = try_of(job)) return try_again(runner, pool, *one);
  const SimGroup& kind = world_.groups[world_.jobs.group[job]];
  const Duration run = at_speed(wall(kind, {world_.jobs.run[job].ms - runner.kept.ms}, runner.kept),
                                world_.speed_of(job, pool)),
                 request = wall(kind, {world_.jobs.request[job].ms - runner.kept.ms}, runner.kept);
  const JobEnd how = run > request ? JobEnd::cut : JobEnd::done;
  if (!run_.outcome.several[job]) return finish(job, pool, how);
  if (ran_by(runner, pool) == std::min(run, request)) {
    record(runner, pool, how == JobEnd::cut ? AttemptEnd::cut : AttemptEnd::done, {}, {});
    again_.erase(job.value);
    return finish(job, pool, how);
  }
  const WorkDone work = done_by(runner, pool);
  record(runner, pool, AttemptEnd::paused, {}, {});
  Again& again = again_.at(job.value);
  again.kept.ms += work.done.ms;
  ++again.piece;
  states_[pool].queued += world_.sizes[runner.size].units * waiting_of(job).request.ms;
  begins_to_count(job);
  ready(job, pool, again.pieces[again.piece].from, false);
}

template <class Queue>
void Engine<Queue>::finish(JobIndex job, PoolIndex pool, JobEnd end) {
  run_.outcome.end[job] = end;
  if (!ended(end)) return;
  std::optional<Instant> home = now_;
  const double gb = world_.gb_out(job);
  if (gb > 0 && pool != world_.jobs.home[job])
    home = stager_.take_home(job, world_.option_to(pool, job), gb, now_);
  if (home && !run_.outcome.delivered.empty()) run_.outcome.delivered[job] = *home;
}

template class Engine<FcfsQueue>;
template class Engine<EasyQueue>;
template class Engine<PriorityQueue>;
template class Engine<SimFairQueue>;

}  // namespace hinterland
