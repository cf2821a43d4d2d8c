// What executors say, and what follows from an attempt's end.
#include <algorithm>
#include <utility>

#include "hinterland/broker/broker.hpp"
#include "hinterland/broker/check_fact.hpp"

namespace hinterland {

Instant Broker::lease_end() const {
  const auto lease = static_cast<double>(world_.rules.lease.ms);
  return now_ + Duration{rounded_up(lease * (1 + world_.rules.drift))};
}

std::vector<std::string> Broker::hosts_to_avoid(const AttemptState& attempt) const {
  const auto failed = state_.failed_on.find(attempt.task);
  if (failed == state_.failed_on.end() && state_.pools[attempt.pool].condemned_hosts == 0) return {};
  std::vector<std::string> names;
  std::size_t others = 0;
  for (std::size_t h = 0; h < state_.hosts.size(); ++h) {
    const HostState& host = state_.hosts[h];
    if (host.pool != attempt.pool) continue;
    const bool bad =
        host.condemned || (failed != state_.failed_on.end() &&
                           std::ranges::find(failed->second, HostIndex{h}) != failed->second.end());
    if (bad) names.push_back(host.name);
    others += static_cast<std::size_t>(!bad);
  }
  return others > 0 ? names : std::vector<std::string>();
}

void Broker::launch(AttemptId id, const AttemptState& attempt) {
  effect(effect::Launch{.attempt = id,
                        .task = attempt.task,
                        .pool = attempt.pool,
                        .term = attempt.term,
                        .avoid = hosts_to_avoid(attempt)});
}

// An executor that was lost, or that begins anew, gets a new term. One that has not heard of the present one is told
// again: what it says of attempts is from before.
void Broker::hear(const event::Heartbeat& heard) {
  if (heard.pool >= state_.pools.size()) return;
  const PoolFacts& pool = state_.pools[heard.pool];
  if (pool.lost || heard.term == Term{} || heard.term > pool.term) {
    record(fact::TermBegun{.pool = heard.pool, .term = {std::max(pool.term, heard.term).value + 1}});
    open_or_close(heard.pool);
  } else if (heard.term == pool.term) {
    reconcile(heard);
  }
  lease_until_[heard.pool] = std::max(lease_until_[heard.pool], lease_end());
  effect(
      effect::Grant{.pool = heard.pool, .term = pool.term, .sent = heard.sent, .lease = world_.rules.lease});
}

// What it knows of against what should be there.
void Broker::reconcile(const event::Heartbeat& heard) {
  std::vector<AttemptId> known = heard.known;
  std::ranges::sort(known);
  std::vector<AttemptId> absent;
  for (const auto& [id, attempt] : state_.attempts) {
    if (attempt.pool != heard.pool) continue;
    if (std::ranges::binary_search(known, id)) {
      if (is_unwanted(attempt)) effect(effect::Kill{id, attempt.pool});
    } else if (attempt.term < heard.term) {
      absent.push_back(id);  // it will not be begun any more
    } else if (attempt.confirmed) {
      // Forgotten: it must not come back. A heartbeat from before it began knows nothing of it.
      if (heard.sent > attempt.confirmed_sent) effect(effect::Kill{id, attempt.pool});
    } else if (is_unwanted(attempt)) {
      effect(effect::Kill{id, attempt.pool});
    } else {
      launch(id, attempt);
    }
  }
  for (const AttemptId id : absent) finish(id, {.cause = Cause::absent});
  for (const AttemptId id : known) {
    const auto found = state_.attempts.find(id);
    if (found == state_.attempts.end() || found->second.pool != heard.pool)
      effect(effect::Kill{id, heard.pool});
  }
}

HostIndex Broker::host_named(PoolIndex pool, const std::string& name) {
  const auto [known, fresh] = hosts_.try_emplace({pool, name}, HostIndex{state_.hosts.size()});
  if (fresh) record(fact::HostNamed{.pool = pool, .name = name});
  return known->second;
}

// What has not begun is given up for less than what has: its inputs need not be moved for a job that is held, or to a pool where
// nothing shall begin.
bool Broker::is_unwanted(const AttemptState& attempt) const {
  const JobState& job = state_.job_of(attempt.task);
  const bool stages = is_staging(attempt.inputs) && !attempt.confirmed;
  return job.cancelled || (stages && (job.held || state_.pools[attempt.pool].drained));
}
void Broker::stop_staging() {
  if (!std::exchange(stops_staging_, false)) return;
  for (const auto& [id, attempt] : state_.attempts) {
    if (is_staging(attempt.inputs) && is_unwanted(attempt)) effect(effect::Kill{id, attempt.pool});
  }
}

// What was said before, late or twice, is no news. Who has had its inputs keeps them.
void Broker::take_in(AttemptId id, const InputsMoved& inputs, Instant at) {
  const AttemptState before = state_.attempts.at(id);
  const InputsMoved now{.needed = inputs.needed,
                        .moved = std::max(inputs.moved, before.inputs.moved),
                        .whole = inputs.whole || before.inputs.whole};
  const fact::Staged news{.attempt = id, .at = at, .inputs = now};
  if (inputs.needed <= 0 || now == before.inputs || check_fact(state_, news) != nullptr) return;
  pools_.ended(id, before);
  record(news);
  pools_.began(id, state_.attempts.at(id));
}

void Broker::hear(const event::Moving& staging) {
  const auto found = state_.attempts.find(staging.attempt);
  if (found == state_.attempts.end() || found->second.pool != staging.pool) {
    effect(effect::Kill{staging.attempt, staging.pool});
  } else if (!found->second.confirmed) {
    take_in(staging.attempt, staging.inputs, now_);
    if (is_unwanted(found->second)) effect(effect::Kill{staging.attempt, staging.pool});
  }
}

void Broker::hear(const event::Began& began) {
  const auto found = state_.attempts.find(began.attempt);
  if (found == state_.attempts.end() || found->second.pool != began.pool) {
    effect(effect::Kill{began.attempt, began.pool});
  } else if (!found->second.confirmed) {
    record(fact::Confirmed{
        .attempt = began.attempt, .host = host_named(began.pool, began.host), .sent = began.sent});
  }
}

// Of an attempt that is not open, or of another pool's, only that it is gone is believed.
void Broker::hear(const event::Ended& ended) {
  const auto found = state_.attempts.find(ended.attempt);
  if (found != state_.attempts.end() && found->second.pool == ended.pool) {
    if (!found->second.confirmed && !ended.host.empty())
      record(fact::Confirmed{.attempt = ended.attempt, .host = host_named(ended.pool, ended.host)});
    const Duration request = state_.job_of(found->second.task).request;
    const Duration ran = std::clamp(ended.ran, Duration{}, request);
    take_in(ended.attempt, ended.inputs, Instant{now_.ms - ran.ms});
    const fact::Fetched fetched{.attempt = ended.attempt, .outputs = ended.outputs};
    if (ended.outputs.needed > 0 && check_fact(state_, fetched) == nullptr) record(fetched);
    finish(ended.attempt, {.cause = cause_of(ended, found->second), .status = ended.status, .ran = ran});
  }
  effect(effect::Forget{ended.attempt, ended.pool});
}

// What ran is killed here for a job that is cancelled, and for nothing else: whoever else does it (an operator, a queue that preempts,
// a node that shuts down) is the site.
Cause Broker::cause_of(const event::Ended& ended, const AttemptState& attempt) const {
  const bool nobody_asked = ended.ran > Duration{} && !state_.job_of(attempt.task).cancelled;
  return ended.cause == Cause::killed && nobody_asked ? Cause::host_failed : ended.cause;
}

void Broker::finish(AttemptId id, const End& end) {
  const Cause cause = end.cause;
  const AttemptState attempt = state_.attempts.at(id);
  const Next next = next_of(cause, attempt);
  const bool sites_fault = is_sites_fault(cause);
  Bill bill;
  if (!sites_fault) bill = bill_of(attempt, end);
  pools_.ended(id, attempt);
  record(fact::Finished{.attempt = id,
                        .cause = cause,
                        .next = next,
                        .status = end.status,
                        .at = now_,
                        .not_before = next == Next::later ? now_ + world_.rules.licence_wait : Instant{},
                        .ran = end.ran,
                        .bill = bill});
  if (next == Next::publish) effect(effect::Publish{.attempt = id, .task = attempt.task});
  if (cause == Cause::out_of_memory && next == Next::again) enlarge(attempt.task);
  if (cause == Cause::done) condemn_the_guilty(attempt.task);
  free_task(attempt.task, sites_fault);
}

// Its hours, and the bytes that moved for it.
Bill Broker::bill_of(const AttemptState& attempt, const End& end) const {
  const JobState& job = state_.job_of(attempt.task);
  const auto& options = world_.places[job.places].options;
  const auto option = std::ranges::find(options, attempt.pool, &Option::pool);
  return bill_of_attempt(rates_.actual(attempt.pool), attempt.began, end.ran,
                         state_.size_of(attempt.task).units,
                         billed_gb(job, attempt.inputs, attempt.outputs, end.cause),
                         option != options.end() ? option->money_per_gb : 0);
}

Next Broker::next_of(Cause cause, const AttemptState& attempt) {
  const TaskState& task = state_.tasks[attempt.task];
  const BrokerRules& rules = world_.rules;
  if (state_.jobs[task.job].cancelled) return Next::cancel;
  switch (cause) {
    case Cause::done: return Next::publish;
    case Cause::failed: {
      const auto found = state_.failed_on.find(attempt.task);
      std::size_t hosts = found == state_.failed_on.end() ? 0 : found->second.size();
      if (attempt.confirmed &&
          (hosts == 0 || std::ranges::find(found->second, attempt.host) == found->second.end()))
        ++hosts;
      const bool for_good = task.failures + 1 >= rules.most_failures ||
                            hosts >= static_cast<std::size_t>(rules.condemning_hosts);
      return for_good ? Next::fail : Next::again;
    }
    case Cause::out_of_memory:
      return state_.size_of(attempt.task).size.memory_gb < world_.pools[attempt.pool].server.memory_gb
                 ? Next::again
                 : Next::fail;
    case Cause::out_of_time: return Next::fail;
    case Cause::no_licence: return Next::later;
    case Cause::killed: return Next::again;
    case Cause::host_failed:
    case Cause::site_failed:
    case Cause::lost: break;
    case Cause::absent: return Next::again;  // it never began, so that says nothing of the task
  }
  return task.losses + 1 > rules.most_losses ? Next::fail : Next::again;
}

// Twice the memory, up to that of a server; what the task occupies grows in proportion if memory decides it.
void Broker::enlarge(TaskIndex task) {
  NewSize size = state_.size_of(task);
  const BrokerPool& pool = world_.pools[state_.tasks[task].pool];
  const std::int64_t servers = pool.server.memory_gb > 0 ? pool.size.memory_gb / pool.server.memory_gb : 0;
  if (servers == 0) return;
  size.size.memory_gb = std::min(std::max<std::int64_t>(1, 2 * size.size.memory_gb), pool.server.memory_gb);
  size.units = std::max(size.units, pool.units / servers * size.size.memory_gb / pool.server.memory_gb);
  if (!pools_.size_index(size)) return;
  record(fact::Resized{.task = task, .size = size.size, .units = size.units});
}

// The hosts on which a task failed that was then done elsewhere; not the last one of a pool.
void Broker::condemn_the_guilty(TaskIndex task) {
  const auto found = state_.failed_on.find(task);
  if (found == state_.failed_on.end()) return;
  for (const HostIndex index : std::vector(found->second)) {
    const HostState& host = state_.hosts[index];
    const auto others = std::ranges::count_if(state_.hosts, [&](const HostState& other) {
      return other.pool == host.pool && !other.condemned && &other != &host;
    });
    if (host.condemned || others == 0 ||
        host.failed.size() < static_cast<std::size_t>(world_.rules.condemning_tasks))
      continue;
    record(fact::HostCondemned{index});
    empty_queue(host.pool);  // what is too large for the rest goes elsewhere
  }
}

void Broker::hear(const event::Published& published) {
  if (published.task >= state_.tasks.size()) return;
  const TaskState& task = state_.tasks[published.task];
  if (task.phase != TaskPhase::publishing || task.attempt != published.attempt) return;
  const auto found = state_.dependants.find(task.job);
  const std::vector<JobNumber> dependants =
      found == state_.dependants.end() ? std::vector<JobNumber>{} : found->second;
  record(fact::Done{published.task});
  if (phase_of(state_.jobs[task.job]) != JobPhase::done) return;
  for (const JobNumber job : dependants) collect_free_tasks(job);
}

}  // namespace hinterland
