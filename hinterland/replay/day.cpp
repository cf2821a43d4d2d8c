#include "hinterland/replay/day.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

#include "hinterland/broker/pools.hpp"

namespace hinterland {

namespace {

constexpr std::uint64_t kLook = 1024;  // steps, between two looks at whether to stop

// Reads fact by fact; what a step comes to is known at its end, with the state after it.
class Reader {
 public:
  explicit Reader(Day& day) : day_(day) {}

  void take(const Journal::Told& told) {
    if (told.step != step_) end_step(told.before);
    step_ = told.step;
    std::visit([&](const auto& fact) { hear(fact, told.before); }, told.fact);
  }

  // With the state after the last one.
  void end_step(const State& state) {
    now_ = std::max(now_, said_);
    // What nobody said the time of came after what was said before, and no later than what was said next.
    if (std::exchange(timed_, false)) {
      for (std::size_t k = untimed_from_; k < day_.changes.size(); ++k)
        day_.changes[k].at = std::min(day_.changes[k].at, now_);
      changed_ = now_;
      untimed_from_ = ~std::size_t{0};
    } else {
      changed_ = now_ + Duration{1};
      untimed_from_ = std::min(untimed_from_, day_.changes.size());
    }
    for (const TaskIndex task : placed_) {
      if (place_.at(task).arrived == kNever) {
        place_[task].arrived = now_;
        day_.arrivals.emplace_back(now_, task);
      }
      if (place_[task].placed == kNever) place_[task].placed = now_;
    }
    placed_.clear();
    for (const auto& [task, at] : launched_) day_.launched[task] = at;
    launched_.clear();
    mark_those_lost_with_their_pool();
    for (const PoolIndex pool : touched_) change(pool, state);
    touched_.clear();
    for (const PoolIndex pool : emptied_) {
      if (!lost_.contains(pool)) day_.changes.push_back({changed_, pool, PoolChange::Kind::empties});
    }
    emptied_.clear();
    lost_.clear();
    fell_silent_.clear();
    ended_now_ = day_.attempts.size();
    warnings_come_true(state);
  }

  void finish() {
    // What was silent before it was lost comes to its time.
    std::ranges::stable_sort(day_.changes, {}, &PoolChange::at);
    sort_attempts();
    for (const auto& [at, task] : day_.arrivals) day_.end = std::max(day_.end, at);
    for (const RecordedAttempt& one : day_.attempts) day_.end = std::max(day_.end, one.ended);
    if (!day_.arrivals.empty()) day_.begin = day_.arrivals.front().first;
  }

 private:
  struct Place {
    Instant arrived = kNever;  // for the first time
    Instant placed = kNever;   // since its last attempt
  };
  struct Open {
    Instant launched, placed;
  };

  void says(Instant at) {
    said_ = std::max(said_, at);
    timed_ = true;
  }

  template <class Other>
  void hear(const Other&, const State&) {}

  void hear(const fact::Accepted& fact, const State& before) {
    says(fact.at);
    const std::size_t tasks = before.tasks.size() + fact.job.tasks;
    place_.resize(tasks);
    day_.launched.resize(tasks, kNever);
  }
  void hear(const fact::Asked& fact, const State&) { says(fact.at); }
  // No task is placed before it may be.
  void is_placed(TaskIndex task, const State& before) {
    if (before.tasks[task].not_before > now_) says(before.tasks[task].not_before);
    placed_.push_back(task);
  }
  void hear(const fact::Placed& fact, const State& before) { is_placed(fact.task, before); }
  void hear(const fact::Refused& fact, const State& before) { is_placed(fact.task, before); }
  void hear(const fact::Unplaced& fact, const State& before) {
    emptied_.insert(before.tasks[fact.task].pool);
  }
  void hear(const fact::Launched& fact, const State&) {
    says(fact.at);
    open_[fact.attempt.value] = {.launched = fact.at, .placed = kNever};
    launched_.emplace_back(fact.task, fact.at);
  }
  void hear(const fact::Confirmed& fact, const State& before) {
    signs_.insert(before.attempts.at(fact.attempt).pool);
    touched_.insert(before.attempts.at(fact.attempt).pool);
  }
  void hear(const fact::Staged& fact, const State& before) {
    const PoolIndex pool = before.attempts.at(fact.attempt).pool;
    signs_.insert(pool);
    touched_.insert(pool);
    if (fact.inputs.needed > 0) day_.has_path.at(pool) = true;
  }
  void hear(const fact::Finished& fact, const State& before) {
    says(fact.at);
    const AttemptState& attempt = before.attempts.at(fact.attempt);
    const auto open = open_.extract(fact.attempt.value);
    Place& place = place_.at(attempt.task);
    day_.attempts.push_back({.task = attempt.task,
                             .pool = attempt.pool,
                             .placed = place.placed,
                             .launched = open.empty() ? attempt.began : open.mapped().launched,
                             .began = attempt.began,
                             .ended = fact.at,
                             .ran = fact.ran,
                             .cause = fact.cause,
                             .size = before.size_of(attempt.task),
                             .inputs = attempt.inputs,
                             .outputs = attempt.outputs,
                             .bill = fact.bill});
    place.placed = kNever;
    day_.launched[attempt.task] = kNever;
    if (!is_sites_fault(fact.cause)) {
      signs_.insert(attempt.pool);
      touched_.insert(attempt.pool);
    }
  }
  void hear(const fact::PoolNamed&, const State&) {
    day_.has_path.push_back(false);
    day_.largest.emplace_back();
    last_sign_.emplace_back();
    has_.emplace_back();
    warned_.push_back(kNever);
  }
  void hear(const fact::PoolBuilt& fact, const State&) {
    touched_.insert(fact.pool);
    PoolBuild& largest = day_.largest[fact.pool];
    const auto grow = [](Size& size, const Size& by) {
      size = {std::max(size.cores, by.cores), std::max(size.gpus, by.gpus),
              std::max(size.memory_gb, by.memory_gb)};
    };
    grow(largest.size, fact.build.size);
    grow(largest.server, fact.build.server);
    largest.units = std::max(largest.units, fact.build.units);
    if (!fact.build.pricing.server.empty()) largest.pricing = fact.build.pricing;
  }
  void hear(const fact::RulesMade&, const State&) { ++day_.rules_made; }
  void hear(const fact::TermBegun& fact, const State&) {
    touched_.insert(fact.pool);
    signs_.insert(fact.pool);
  }
  void hear(const fact::RoomHeard& fact, const State&) {
    touched_.insert(fact.pool);
    signs_.insert(fact.pool);
  }
  void hear(const fact::PoolLost& fact, const State&) {
    touched_.insert(fact.pool);
    lost_.insert(fact.pool);
    fell_silent_.insert(fact.pool);
  }
  void hear(const fact::DownSet& fact, const State&) {
    touched_.insert(fact.pool);
    if (fact.down) lost_.insert(fact.pool), seen_down_.insert(fact.pool);
  }
  void hear(const fact::DrainSet& fact, const State&) { touched_.insert(fact.pool); }
  void hear(const fact::Warned& fact, const State&) { touched_.insert(fact.pool); }
  void hear(const fact::HostCondemned& fact, const State& before) {
    touched_.insert(before.hosts[fact.host].pool);
  }
  void hear(const fact::HostPardoned& fact, const State& before) {
    touched_.insert(before.hosts[fact.host].pool);
  }
  void hear(const fact::PricesHeard& fact, const State&) {
    says(fact.at);
    day_.changes.push_back({.at = std::max(now_, fact.at),
                            .pool = fact.pool,
                            .kind = PoolChange::Kind::prices,
                            .prices = fact.hours});
  }

  void mark_those_lost_with_their_pool() {
    for (std::size_t k = ended_now_; k < day_.attempts.size(); ++k) {
      RecordedAttempt& one = day_.attempts[k];
      one.went_with_pool = is_sites_fault(one.cause) && lost_.contains(one.pool);
    }
  }

  void change(PoolIndex pool, const State& state) {
    const PoolFacts& facts = state.pools[pool];
    if (lost_.contains(pool)) {
      if (fell_silent_.contains(pool) && !seen_down_.contains(pool)) {
        const Duration rule = state.rules.lost_after;
        const Instant since =
            rule.ms > 0 ? std::max(last_sign_[pool], Instant{now_.ms - rule.ms}) : last_sign_[pool];
        if (since < now_) day_.changes.push_back({since, pool, PoolChange::Kind::silent});
      }
      day_.changes.push_back({changed_, pool, PoolChange::Kind::lost});
      seen_down_.erase(pool);
    }
    if (signs_.erase(pool) > 0) last_sign_[pool] = now_;
    if (warned_[pool] != facts.warned_from) {
      warned_[pool] = facts.warned_from;
      PoolChange warned{changed_, pool, PoolChange::Kind::warned};
      warned.until = facts.warned_from;
      day_.changes.push_back(warned);
    }
    has(pool, state, changed_);
  }

  void has(PoolIndex pool, const State& state, Instant at) {
    const PoolFacts& facts = state.pools[pool];
    const PoolCapacity now_has =
        capacity_of(facts.build.size, facts.build.server, facts.build.units, facts, at);
    PoolChange change{at, pool, PoolChange::Kind::capacity};
    change.total = now_has.total;
    change.built = now_has.built;
    change.units_total = now_has.units;
    change.up = now_has.up;
    PoolChange& last = has_[pool];
    if (change.total == last.total && change.built == last.built && change.units_total == last.units_total &&
        change.up == last.up)
      return;
    last = change;
    day_.changes.push_back(change);
  }

  // A pool closes when its time comes, whatever else happens.
  void warnings_come_true(const State& state) {
    for (std::size_t p = 0; p < warned_.size(); ++p) {
      if (warned_[p] > now_ || !has_[p].up) continue;
      has(PoolIndex{p}, state, changed_);
      day_.changes.push_back({changed_, PoolIndex{p}, PoolChange::Kind::empties});
    }
  }

  // By task: counted, then put in their places, in the order in which they ended.
  void sort_attempts() {
    day_.first.assign(place_.size() + 1, 0);
    for (const RecordedAttempt& one : day_.attempts) ++day_.first[one.task + 1];
    std::partial_sum(day_.first.begin(), day_.first.end(), day_.first.begin());
    std::vector<std::uint32_t> next(day_.first.begin(), day_.first.end() - 1);
    std::vector<RecordedAttempt> sorted(day_.attempts.size());
    for (RecordedAttempt& one : day_.attempts) {
      const std::uint32_t place = next[one.task]++;
      sorted[place] = one;
    }
    day_.attempts = std::move(sorted);
  }

  Day& day_;
  std::uint64_t step_ = 0;
  Instant now_, said_;  // of the last step; of this one, so far
  bool timed_ = false;  // a fact of this one said when
  Instant changed_;     // when what this one says of pools came true
  std::size_t untimed_from_ =
      ~std::size_t{0};  // of changes: those of steps that say no time, since one that did
  std::vector<Place> place_;
  std::unordered_map<std::uint64_t, Open> open_;
  std::vector<Instant> last_sign_;  // [pool]
  std::vector<PoolChange> has_;     // [pool]: as was said last
  std::vector<Instant> warned_;     // [pool]
  // Of this step.
  std::vector<TaskIndex> placed_;
  std::vector<std::pair<TaskIndex, Instant>> launched_;
  std::set<PoolIndex> touched_, signs_, emptied_, lost_, fell_silent_, seen_down_;
  std::size_t ended_now_ = 0;
};

std::unexpected<Errors> cannot(const std::string& journal, std::string what, std::string mend) {
  return failure({.what = std::move(what), .where = {.file = journal}, .mend = std::move(mend)});
}

}  // namespace

Expected<Day> read_day(ReadJournal& journal, Progress& progress) {
  return read_day(
      journal.name(), [&](const Journal::TakeFact& take) { return journal.read_facts(take); }, progress);
}

Expected<Day> read_day(const std::string& name, const ReadFacts& read, Progress& progress) {
  Day day{.journal = name};
  Reader reader(day);
  std::uint64_t looked = 0;
  auto all = read([&](const Journal::Told& told) {
    reader.take(told);
    if (told.step < looked + kLook) return true;
    looked = told.step;
    return progress.step("reading the journal", static_cast<std::int64_t>(told.step), 0);
  });
  if (!all) return std::unexpected(std::move(all.error()));
  day.state = std::move(all->state);
  day.steps = all->steps;
  day.interrupted = all->interrupted;
  if (day.interrupted) return day;
  reader.end_step(day.state);
  reader.finish();
  if (day.state.rules.policy.empty())
    return cannot(
        day.journal,
        "It does not say what its pools have, nor by which policy it was kept: it is of before format 5.",
        "Begin its broker once with this program: what comes from then on can be run again.");
  if (day.arrivals.empty())
    return cannot(day.journal, "Nothing was placed.", "Give a journal of a day on which something ran.");
  return day;
}

}  // namespace hinterland
