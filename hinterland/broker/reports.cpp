// What executors say, and what follows from an attempt's end.
#include <algorithm>

#include "hinterland/broker/broker.hpp"

namespace hinterland {

Instant Broker::lease_end() const {
  const auto lease = static_cast<double>(world_.rules.lease.ms);
  return now_ + Duration{rounded_up(lease * (1 + world_.rules.drift))};
}

void Broker::launch(AttemptId id, const AttemptState& attempt) {
  effect(effect::Launch{.attempt = id, .task = attempt.task, .pool = attempt.pool, .term = attempt.term});
}

void Broker::hear(const event::Heartbeat& heard) {
  const PoolFacts& pool = state_.pools[heard.pool];
  if (pool.lost || heard.term != pool.term) {
    record(fact::TermBegun{.pool = heard.pool, .term = {pool.term.value + 1}, .until = lease_end()});
    pools_.set_capacity(heard.pool, now_);
  } else {
    record(fact::Extended{heard.pool, std::max(pool.lease_until, lease_end())});
    const auto knows = [&](AttemptId id) { return std::ranges::binary_search(heard.known, id); };
    std::vector<AttemptId> absent;
    for (const auto& [id, attempt] : state_.attempts) {
      if (attempt.pool != heard.pool) continue;
      if (knows(id)) {
        if (state_.job_of(attempt.task).cancelled) effect(effect::Kill{id, attempt.pool});
      } else if (attempt.term < pool.term) {
        absent.push_back(id);  // it will not be begun any more
      } else if (attempt.confirmed) {
        // Forgotten: it must not come back. A heartbeat from before it began knows nothing of it.
        if (heard.sent > attempt.confirmed_sent) effect(effect::Kill{id, attempt.pool});
      } else {
        launch(id, attempt);
      }
    }
    for (const AttemptId id : absent) finish(id, {.cause = Cause::absent});
    for (const AttemptId id : heard.known) {
      const auto found = state_.attempts.find(id);
      if (found == state_.attempts.end() || found->second.pool != heard.pool)
        effect(effect::Kill{id, heard.pool});
    }
  }
  effect(
      effect::Grant{.pool = heard.pool, .term = pool.term, .sent = heard.sent, .lease = world_.rules.lease});
}

HostIndex Broker::host_named(PoolIndex pool, const std::string& name) {
  const auto found = std::ranges::find_if(
      state_.hosts, [&](const HostState& host) { return host.pool == pool && host.name == name; });
  if (found != state_.hosts.end()) return HostIndex{static_cast<std::size_t>(found - state_.hosts.begin())};
  record(fact::HostNamed{.pool = pool, .name = name});
  return HostIndex{state_.hosts.size() - 1};
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
    finish(ended.attempt, {.cause = ended.cause, .status = ended.status, .ran = ended.ran});
  }
  effect(effect::Forget{ended.attempt, ended.pool});
}

void Broker::finish(AttemptId id, const End& end) {
  const Cause cause = end.cause;
  const AttemptState attempt = state_.attempts.at(id);
  const Next next = next_of(cause, attempt);
  const bool sites_fault = cause == Cause::host_failed || cause == Cause::site_failed ||
                           cause == Cause::lost || cause == Cause::absent;
  Bill bill;
  if (!sites_fault)
    bill = world_.actual[attempt.pool].bill(attempt.began, attempt.began + end.ran,
                                            state_.size_of(attempt.task).units);
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
  if (cause == Cause::failed && attempt.confirmed) condemn_if_due(attempt.host);
  free_task(attempt.task, sites_fault);
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
    case Cause::absent:
    case Cause::lost: break;
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

// Only where there is another host to compare with: three users' mistakes must not take the only one away.
void Broker::condemn_if_due(HostIndex host) {
  const HostState& one = state_.hosts[host];
  const auto others =
      std::ranges::count_if(state_.hosts, [](const HostState& other) { return !other.condemned; });
  if (one.condemned || others < 2 ||
      one.failed.size() < static_cast<std::size_t>(world_.rules.condemning_tasks))
    return;
  record(fact::HostCondemned{host});
  empty_queue(one.pool);  // what is too large for the rest goes elsewhere
}

void Broker::hear(const event::Published& published) {
  if (published.task >= state_.tasks.size()) return;
  const TaskState& task = state_.tasks[published.task];
  if (task.phase != TaskPhase::publishing || task.attempt != published.attempt) return;
  const auto found = state_.dependants.find(task.job);
  const std::vector<JobNumber> dependants =
      found == state_.dependants.end() ? std::vector<JobNumber>{} : found->second;
  record(fact::Done{published.task});
  for (const JobNumber job : dependants) collect_free_tasks(job);
}

}  // namespace hinterland
