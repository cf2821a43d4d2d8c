// What the service knows of jobs and tasks beside the broker's state, which leaves it out: what live ones asked for, names of those that
// are over, where tasks were placed and might have been, and in which pool their last attempts ran.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "hinterland/broker/state.hpp"
#include "hinterland/serve/job_request.hpp"
#include "hinterland/serve/service.hpp"

namespace hinterland {

class KnownJobs {
 public:
  struct Known {
    Work work;
    JobRequest request;
  };

  // `state` outlives this. `request_of`: of a job that is over, from the journal.
  KnownJobs(const State& state, std::function<Expected<JobRequest>(JobNumber)> request_of)
      : state_(state), request_of_(std::move(request_of)), jobs_noted_(state.jobs.size()) {
    for (const auto& [id, attempt] : state.attempts) attempts_[id.value] = {attempt.task, attempt.pool};
  }

  // nullptr: it is over.
  [[nodiscard]] const Known* find(JobNumber job) const {
    const auto found = works_.find(job.value);
    return found == works_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string name_of(JobNumber job) const {
    if (const auto* const live = find(job)) return live->work.name;
    const auto over = names_.find(job.value);
    return over == names_.end() ? "" : over->second;
  }
  [[nodiscard]] const std::vector<Candidate>* candidates_of(TaskIndex task) const {
    const auto found = candidates_.find(task.value);
    return found == candidates_.end() ? nullptr : &found->second;
  }
  // nullopt: it was placed anew since.
  [[nodiscard]] std::optional<PoolIndex> last_pool_of(TaskIndex task) const {
    const TaskState& state = state_.tasks[task];
    if (const auto attempt = state_.attempts.find(state.attempt); attempt != state_.attempts.end())
      return attempt->second.pool;
    if (state.phase == TaskPhase::publishing || state.phase == TaskPhase::done ||
        state.phase == TaskPhase::failed)
      return state.pool;
    const auto found = last_pools_.find(task.value);
    return found == last_pools_.end() ? std::nullopt : std::optional(found->second);
  }

  void note_job(JobNumber number, const JobRequest& request) {
    auto work = parse_work(request.what);
    JobRequest kept = request;
    kept.what.clear();
    works_[number.value] = {.work = work ? std::move(*work) : Work{}, .request = std::move(kept)};
  }

  void note(const Fact& fact) {
    if (const auto* accepted = std::get_if<fact::Accepted>(&fact)) {
      note_job(JobNumber{jobs_noted_++}, accepted->job);
    } else if (const auto* placed = std::get_if<fact::Placed>(&fact)) {
      candidates_[placed->task.value] = placed->candidates;
    } else if (const auto* done = std::get_if<fact::Done>(&fact)) {
      forget_if_over(state_.tasks[done->task].job);
    } else if (const auto* refused = std::get_if<fact::Refused>(&fact)) {
      forget_if_over(state_.tasks[refused->task].job);
    } else if (const auto* launched = std::get_if<fact::Launched>(&fact)) {
      const auto running = state_.attempts.find(launched->attempt);  // or it is over in this step
      attempts_[launched->attempt.value] = {launched->task, running == state_.attempts.end()
                                                                ? state_.tasks[launched->task].pool
                                                                : running->second.pool};
      last_pools_.erase(launched->task.value);
    } else if (const auto* finished = std::get_if<fact::Finished>(&fact)) {
      if (const auto ended = attempts_.extract(finished->attempt.value)) {
        const auto [task, pool] = ended.mapped();
        if (finished->next == Next::again || finished->next == Next::later) last_pools_[task.value] = pool;
        forget_if_over(state_.tasks[task].job);
      }
    } else if (const auto* asked = std::get_if<fact::CancelAsked>(&fact)) {
      forget_if_over(asked->job);
    } else if (const auto* retried = std::get_if<fact::RetryAsked>(&fact)) {
      if (!works_.contains(retried->job.value)) {
        if (const auto request = request_of_(retried->job)) note_job(retried->job, *request);
      }
    }
  }
  void forget_if_over(JobNumber number) {
    const JobState& job = state_.jobs[number];
    if (job.ended < job.tasks) return;
    if (const auto work = works_.extract(number.value))
      names_[number.value] = std::move(work.mapped().work.name);
    if (names_.size() > kNamesKept) names_.erase(names_.begin());
    for (std::size_t k = 0; k < job.tasks; ++k)
      candidates_.erase(job.first.value + static_cast<std::uint32_t>(k));
  }

 private:
  struct Running {
    TaskIndex task;
    PoolIndex pool;
  };

  const State& state_;
  std::function<Expected<JobRequest>(JobNumber)> request_of_;
  std::size_t jobs_noted_;
  std::unordered_map<std::uint32_t, Known> works_;  // of live jobs
  std::map<std::uint32_t, std::string> names_;      // of jobs that are over
  std::unordered_map<std::uint32_t, std::vector<Candidate>> candidates_;
  std::unordered_map<std::uint64_t, Running> attempts_;      // that run
  std::unordered_map<std::uint32_t, PoolIndex> last_pools_;  // of tasks that may be placed anew
};

}  // namespace hinterland
