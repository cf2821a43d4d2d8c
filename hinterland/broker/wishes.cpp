// What users want.
#include <algorithm>

#include "hinterland/broker/broker.hpp"
#include "hinterland/broker/check_fact.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kMostShare = 1000;

}  // namespace

void Broker::hear(const event::SetProject& project) {
  if (project.name.empty() || project.share < 1 || project.share > kMostShare || project.budget < -1)
    return answer(project.client, Denial::malformed);
  record(fact::ProjectSet{.name = project.name, .share = project.share, .budget = project.budget});
  const auto found = std::ranges::find(state_.projects, project.name, &ProjectState::name);
  money_moved_.insert(ProjectIndex{static_cast<std::size_t>(found - state_.projects.begin())});
  answer(project.client, Denial::none);
}

// Its tasks leave the queues; the phases that they enter are the fact's. On other lists they are passed over when
// their turn comes.
void Broker::withdraw_all(JobNumber number) {
  const JobState& job = state_.jobs[number];
  for (std::size_t k = 0; k < job.tasks; ++k) {
    const TaskIndex task{job.first + k};
    if (state_.tasks[task].phase != TaskPhase::waiting) continue;
    leaving_.insert(state_.tasks[task].pool);
    money_moved_.insert(job.project);
  }
}

void Broker::collect_free_tasks(JobNumber number) {
  const JobState& job = state_.jobs[number];
  for (std::size_t k = 0; k < job.tasks; ++k) free_task(TaskIndex{job.first + k});
}

void Broker::hear(const event::Hold& hold) {
  if (hold.job >= state_.jobs.size()) return answer(hold.client, Denial::no_job);
  const JobState& job = state_.jobs[hold.job];
  if (job.ended == job.tasks) return answer(hold.client, Denial::ended, hold.job);
  if (job.held != hold.held) {
    if (hold.held) withdraw_all(hold.job);
    stops_staging_ = true;
    record(fact::HoldSet{hold.job, hold.held});
    if (!hold.held) collect_free_tasks(hold.job);
  }
  answer(hold.client, Denial::none, hold.job);
}

void Broker::hear(const event::Cancel& cancel) {
  if (cancel.job >= state_.jobs.size()) return answer(cancel.client, Denial::no_job);
  const JobState& job = state_.jobs[cancel.job];
  if (job.ended == job.tasks && !job.cancelled) return answer(cancel.client, Denial::ended, cancel.job);
  if (!job.cancelled) {
    withdraw_all(cancel.job);
    record(fact::CancelAsked{cancel.job});
    for (std::size_t k = 0; k < job.tasks; ++k) {
      const TaskState& task = state_.tasks[job.first + k];
      if (task.phase == TaskPhase::running) effect(effect::Kill{task.attempt, task.pool});
    }
  }
  answer(cancel.client, Denial::none, cancel.job);
}

void Broker::hear(const event::Retry& retry) {
  if (retry.job >= state_.jobs.size()) return answer(retry.client, Denial::no_job);
  const JobState& job = state_.jobs[retry.job];
  if (job.ended < job.tasks) return answer(retry.client, Denial::not_ended, retry.job);
  if (job.done == job.tasks) return answer(retry.client, Denial::ended, retry.job);
  record(fact::RetryAsked{retry.job});
  collect_free_tasks(retry.job);
  answer(retry.client, Denial::none, retry.job);
}

Denial Broker::deny(const JobRequest& job) const {
  if (job.project >= state_.projects.size()) return Denial::no_project;
  if (job.places >= world_.places.size()) return Denial::no_place;
  // What it occupies by its own word is no more than its size, or a whole pool.
  const auto occupies = [&](const Option& option) {
    const BrokerPool& pool = world_.pools[option.pool];
    const auto part = [&](std::int64_t size, std::int64_t of) {
      return of > 0 ? static_cast<double>(size) / static_cast<double>(of) : 0;
    };
    const double most = std::max({part(job.size.cores, pool.size.cores), part(job.size.gpus, pool.size.gpus),
                                  part(job.size.memory_gb, pool.size.memory_gb)});
    return static_cast<double>(job.units) <= most * static_cast<double>(pool.units) + 1;
  };
  const auto& options = world_.places[job.places].options;
  if (!is_sound(job) || (!options.empty() && std::ranges::none_of(options, occupies)))
    return Denial::malformed;
  const bool known =
      std::ranges::all_of(job.after, [&](JobNumber before) { return before < state_.jobs.size(); });
  return known ? Denial::none : Denial::no_job;
}

void Broker::hear(const event::Submit& submit) {
  if (const auto found = state_.keys.find(submit.key); !submit.key.empty() && found != state_.keys.end()) {
    const auto& [job, digest] = found->second;
    const bool other = digest != 0 && submit.digest != 0 && digest != submit.digest;
    return answer(submit.client, other ? Denial::other_job : Denial::none, job);
  }
  if (const Denial denial = deny(submit.job); denial != Denial::none) return answer(submit.client, denial);
  if (state_.live + submit.job.tasks > world_.rules.most_live_tasks)
    return answer(submit.client, Denial::too_many);
  if (!pools_.size_index({submit.job.size, submit.job.units}))
    return answer(submit.client, Denial::malformed);
  const JobNumber number{state_.jobs.size()};
  record(fact::Accepted{.at = now_, .key = submit.key, .job = submit.job});
  if (!submit.key.empty() && submit.digest != 0)
    record(fact::Digested{.key = submit.key, .digest = submit.digest});
  answer(submit.client, Denial::none, number);
  if (const auto told = quote(state_.jobs[number])) record(fact::Quoted{.job = number, .quote = *told});
  const JobState job = state_.jobs[number];
  for (std::size_t k = 0; k < job.tasks; ++k) {
    const TaskIndex task{job.first + k};
    if (state_.tasks[task].phase == TaskPhase::unplaced) place(task, true);
  }
}

}  // namespace hinterland
