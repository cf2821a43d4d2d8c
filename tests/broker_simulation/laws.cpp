#include "tests/broker_simulation/laws.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace hinterland::test {

void Laws::broken(std::string law, const std::string& what) {
  if (!hold()) return;
  verdict.law = std::move(law);
  verdict.what = fmt::format("at {} ms: {}", stage_.now(), what);
}

void Laws::process_begun(AttemptId attempt, TaskIndex task) {
  for (const auto& [other, its_task] : alive_) {
    if (its_task == task)
      broken("one at a time", fmt::format("task {}: attempt {} is begun while {} is alive", task.value,
                                          attempt.value, other.value));
  }
  alive_.emplace(attempt, task);
}

void Laws::process_ended(AttemptId attempt, Cause cause, Ms ran) {
  alive_.erase(attempt);
  ran_[attempt] = ran;
  if (cause == Cause::done) ended_well_.insert(attempt);
}

void Laws::published(AttemptId attempt, TaskIndex task) {
  const auto [first, fresh] = published_.emplace(task, attempt);
  if (!fresh && first->second != attempt)
    broken("one result", fmt::format("task {}: attempts {} and {} are published", task.value,
                                     first->second.value, attempt.value));
  if (!ended_well_.contains(attempt))
    broken("whole results", fmt::format("attempt {} is published and has not ended well", attempt.value));
}

void Laws::fact_kept(const Fact& fact, const State& durable) {
  ++verdict.facts;
  verdict.digest = scrambled(verdict.digest ^ (fact.index() + 31 * static_cast<std::uint64_t>(stage_.now())));
  if (const auto* begun = std::get_if<fact::Launched>(&fact)) {
    ++verdict.attempts;
    const TaskState& task = durable.tasks[begun->task];
    begun_[begun->attempt] = {durable.size_of(begun->task).units,
                              task.pool,
                              durable.jobs[task.job].project,
                              task.job,
                              begun->at,
                              std::llround(1e9 * durable.jobs[task.job].gb_in)};
  }
  if (const auto* staged = std::get_if<fact::Staged>(&fact); staged != nullptr && staged->inputs.whole)
    begun_.at(staged->attempt).began = staged->at;
  if (const auto* heard = std::get_if<fact::PricesHeard>(&fact)) {
    for (const HourPrice& price : heard->hours)
      heard_[{heard->pool, price.hour}] = static_cast<double>(price.money_per_kwh);
  }
  if (const auto* finished = std::get_if<fact::Finished>(&fact)) meter(*finished);
}

// A kWh for each hour of a unit.
double Laws::money_of(const Metered& attempt, Duration ran) const {
  const Instant end = attempt.began + ran;
  double money = 0;
  for (Instant from = attempt.began; from < end;) {
    const Instant hour{from.ms / kHour.ms * kHour.ms};
    const Instant upto = std::min(end, hour + kHour);
    const auto heard = heard_.find({attempt.pool, hour});
    money += in_hours(upto - from).value *
             (heard == heard_.end() ? money_per_unit_hour(attempt.pool) : heard->second);
    from = upto;
  }
  return static_cast<double>(attempt.units) * money;
}

double Laws::moving_money(const Metered& attempt, std::int64_t bytes) {
  return static_cast<double>(bytes) / 1e9 * money_per_gb(attempt.pool);
}

void Laws::meter(const fact::Finished& finished) {
  if (finished.next == Next::publish && !ended_well_.contains(finished.attempt))
    broken("whole results",
           fmt::format("attempt {} is to be published and has not ended well", finished.attempt.value));
  const Metered& attempt = begun_.at(finished.attempt);
  const std::int64_t moved = moved_[finished.attempt];
  const double back = moving_money(attempt, fetched_[finished.attempt]);
  const double money = money_of(attempt, {ran_[finished.attempt]}) + moving_money(attempt, moved) + back;
  dearest_ = std::max(dearest_, money);
  ++finished_;
  if (is_sites_fault(finished.cause)) {
    if (finished.bill != Bill{})
      broken("metered",
             fmt::format("attempt {} was its site's fault, and was charged", finished.attempt.value));
    return;
  }
  used_[attempt.project] += money;
  std::int64_t& charged = charged_[{attempt.pool, attempt.job}];
  charged += finished.bill.network - std::llround(back);
  if (static_cast<double>(charged) > moving_money(attempt, attempt.reads) + finished_)
    broken("moved once", fmt::format("job {} reads {} bytes, and was charged {} for them", attempt.job.value,
                                     attempt.reads, charged));
  if (std::abs(static_cast<double>(finished.bill.total()) - money) > 2)
    broken("metered", fmt::format("attempt {} used {} and was charged {}", finished.attempt.value, money,
                                  finished.bill.total()));
}

void Laws::state_kept(const State& durable) {
  for (const ProjectState& project : durable.projects) {
    if (project.budget >= 0 && static_cast<double>(project.spent - project.budget) > dearest_ + 1)
      broken("budget", fmt::format("{} spent {} of {}", project.name, project.spent, project.budget));
  }
}

void Laws::at_the_end(const BrokerWorld& world, const Broker& broker, const State& folded) {
  const State& state = broker.state();
  if (folded != state) broken("fold", "the state is not the fold of the facts");
  const Pools rebuilt(world, state, broker.now());
  if (const std::string what = broker.pools().difference(rebuilt); !what.empty()) broken("fold", what);
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    if (folded.pools[p].deal != world.pools[p].deal)
      broken("deals", fmt::format("who is paid for pool {} is not what the broker was told", p));
  }
  for (std::size_t p = 0; p < state.projects.size(); ++p) {
    const ProjectState& project = state.projects[p];
    if (std::abs(static_cast<double>(project.spent) - used_[ProjectIndex{p}]) > 2 * finished_ + 1)
      broken("metered",
             fmt::format("{} spent {} and used {}", project.name, project.spent, used_[ProjectIndex{p}]));
    if (project.active == 0 && project.reserved != 0)
      broken("budget", fmt::format("{} has nothing to do and {} reserved", project.name, project.reserved));
  }
  for (std::size_t k = 0; k < state.tasks.size(); ++k) {
    if (state.tasks[k].phase != TaskPhase::done) continue;
    const auto found = published_.find(TaskIndex{k});
    if (found == published_.end() || found->second != state.tasks[k].attempt)
      broken("one result", fmt::format("task {} is done, and its last attempt is not what is published", k));
  }
}

}  // namespace hinterland::test
