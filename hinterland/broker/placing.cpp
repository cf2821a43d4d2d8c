// Where tasks go, and when they begin.
#include <algorithm>
#include <cmath>

#include "hinterland/broker/broker.hpp"
#include "hinterland/policy/least_of.hpp"

namespace hinterland {

namespace {

constexpr Duration kLookAgain{60'000};  // whether there is room for what fits nowhere now

}  // namespace

void Broker::free_task(TaskIndex task, bool evicted) {
  const TaskState& state = state_.tasks[task];
  money_moved_.insert(state_.job_of(task).project);
  if (state.phase != TaskPhase::unplaced) return;
  if (state.not_before > now_) {
    later_.emplace(state.not_before, task);
  } else {
    (evicted ? evicted_ : free_).insert(task);
  }
}

void Broker::place_those_who_are_free() {
  while (!later_.empty() && later_.begin()->first <= now_) {
    const TaskIndex task = later_.extract(later_.begin()).value().second;
    if (state_.tasks[task].not_before <= now_) free_.insert(task);
  }
  const double rate = world_.rules.placed_anew_per_second;
  allowance_ += rate * static_cast<double>((now_ - allowed_at_).ms) / 1000;
  allowance_ = std::min(allowance_, std::max(1.0, rate));
  allowed_at_ = now_;
  for (; !evicted_.empty() && allowance_ >= 1; --allowance_)
    free_.insert(evicted_.extract(evicted_.begin()).value());
  for (const TaskIndex task : std::exchange(free_, {})) place(task, false);
  // Who waited for money goes in order, until there is too little for the next.
  for (const ProjectIndex project : std::exchange(money_moved_, {})) {
    const auto poor = short_of_money_.find(project);
    while (poor != short_of_money_.end() && !poor->second.empty()) {
      const TaskIndex task = poor->second.extract(poor->second.begin()).value();
      place(task, false);
      if (poor->second.contains(task)) break;
    }
  }
}

// Where it may run and has room; and of those, if there are such, where it would end before a warning comes true.
void Broker::find_fitting(const JobState& job, const Size& size, std::vector<Option>& out) const {
  out.clear();
  for (const Option& option : world_.places[job.places].options) {
    if (size.fits_into(pools_.built(option.pool))) out.push_back(option);
  }
  const auto ends_too_late = [&](const Option& option) {
    return now_ + job.request > state_.pools[option.pool].warned_from;
  };
  if (!std::ranges::all_of(out, ends_too_late)) std::erase_if(out, ends_too_late);
}

// `size` and `options` outlive it.
Ask Broker::ask_for(const JobState& job, const NewSize& size, std::span<const Option> options,
                    bool began_before) const {
  return {.now = now_,
          .request = job.request,
          .deadline = job.deadline,
          .may_wait = {began_before ? std::max<std::int64_t>(0, job.may_wait.ms - (now_ - job.submitted).ms)
                                    : job.may_wait.ms},
          .gb_in = job.gb_in,
          .gb_out = job.gb_out,
          .late = job.late,
          .size = &size.size,
          .units = size.units,
          .home = world_.places[job.places].home,
          .options = options,
          .turn = state_.placements};
}

// What its inputs weigh moves only to where they are not, as data do that jobs of a simulation share.
void Broker::count_inputs_there(JobNumber job, Ask& ask) {
  const auto inputs = state_.inputs_at.find(job);
  if (inputs == state_.inputs_at.end()) return;
  ask.shared_gb = std::min(gigabytes(inputs->second.needed), ask.gb_in);
  ask.gb_in -= ask.shared_gb;
  inputs_there_.assign(world_.pools.size(), kNever);
  for (const PoolIndex pool : inputs->second.pools) inputs_there_[pool] = now_;
  ask.shared_there = inputs_there_;
}

void Broker::place(TaskIndex task, bool arrives) {
  const TaskState& state = state_.tasks[task];
  if (state.phase != TaskPhase::unplaced)
    return;  // it was cancelled, held or placed since it was put on a list
  const JobState& job = state_.jobs[state.job];
  const NewSize size = state_.size_of(task);
  find_fitting(job, size.size, fitting_);
  const auto& options = world_.places[job.places].options;
  const bool ever_fits = std::ranges::any_of(
      options, [&](const Option& option) { return size.size.fits_into(world_.pools[option.pool].size); });
  // Hosts were condemned, which somebody may mend; or there are too many sizes at once.
  if ((fitting_.empty() && ever_fits) || !pools_.size_index(size)) {
    later_.emplace(now_ + kLookAgain, task);
    return;
  }
  const bool too_large = fitting_.empty() && !options.empty();
  Ask ask = ask_for(job, size, fitting_, state.attempt.value != 0);
  count_inputs_there(state.job, ask);
  const Placement placement = world_.policy(ask, pools_.view(rates_.forecast()));
  if (placement.refusal != Refusal::none) {
    record(fact::Refused{.task = task, .why = too_large ? Refusal::too_large : placement.refusal});
    return;
  }
  const auto& chosen = *std::ranges::find(fitting_, placement.pool, &Option::pool);
  const double hours = static_cast<double>(job.request.ms) * kPerHour;
  const double most =
      static_cast<double>(size.units) * hours * rates_.dearest(placement.pool) + moving_money(ask, chosen);
  if (!(most < kMostRounded)) {
    record(fact::Refused{.task = task, .why = Refusal::too_large});
    return;
  }
  const auto reserved =
      static_cast<std::int64_t>(std::ceil(most)) + 8;  // each part of a bill is rounded once
  const ProjectState& project = state_.projects[job.project];
  if (project.budget >= 0 && project.spent + project.reserved + reserved > project.budget) {
    short_of_money_[job.project].insert(task);
    return;
  }
  record(fact::Placed{.task = task,
                      .pool = placement.pool,
                      .not_before = placement.not_before > now_ ? placement.not_before : Instant{},
                      .reserved = reserved,
                      .candidates = candidates(ask)});
  pools_.expect(task);
  if (placement.not_before > now_) {
    pools_.later(task, placement.not_before);
  } else if (arrives) {
    pools_.arrive(task, now_, [&](TaskIndex one) { start(one); });
  } else {
    pools_.join(task);
  }
}

// Each pool where it might have gone: what an attempt there would cost at the forecast, and when it would begin.
std::vector<Candidate> Broker::candidates(const Ask& ask) const {
  std::vector<Candidate> out;
  out.reserve(ask.options.size());
  for (const Option& option : ask.options) {
    const auto [begin, end] = expected_span(ask, option, pools_.states()[option.pool]);
    Candidate one{.pool = option.pool, .start = begin};
    const Instant from = begin < kNever ? begin : ask.now;
    one.money = rates_.forecast()[option.pool].bill(from, from + ask.request, ask.units).total() +
                static_cast<std::int64_t>(std::min(moving_money(ask, option), kMostRounded));
    out.push_back(one);
  }
  return out;
}

void Broker::start(TaskIndex task) {
  const AttemptId id{state_.attempts_begun + 1};
  record(fact::Launched{.attempt = id, .task = task, .at = now_, .due = now_ + state_.job_of(task).request});
  const AttemptState& attempt = state_.attempts.at(id);
  pools_.began(id, attempt);
  launch(id, attempt);
}

}  // namespace hinterland
