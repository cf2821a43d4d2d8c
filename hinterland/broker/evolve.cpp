#include <algorithm>
#include <bit>
#include <cmath>

#include "hinterland/broker/state.hpp"
#include "hinterland/policy/fair_share.hpp"

namespace hinterland {

const char* name_of(Cause cause) {
  switch (cause) {
    case Cause::done: return "done";
    case Cause::failed: return "failed";
    case Cause::out_of_memory: return "out of memory";
    case Cause::out_of_time: return "out of time";
    case Cause::no_licence: return "no licence";
    case Cause::host_failed: return "host failed";
    case Cause::site_failed: return "site failed";
    case Cause::killed: return "killed";
    case Cause::absent: return "absent";
    case Cause::lost: return "lost";
  }
  return "";
}

const char* name_of(JobPhase phase) {
  switch (phase) {
    case JobPhase::queued: return "queued";
    case JobPhase::held: return "held";
    case JobPhase::running: return "running";
    case JobPhase::done: return "done";
    case JobPhase::failed: return "failed";
    case JobPhase::cancelled: return "cancelled";
  }
  return "";
}

const char* name_of(QueueRule rule) {
  switch (rule) {
    case QueueRule::fcfs: return "fcfs";
    case QueueRule::easy: return "easy";
    case QueueRule::priority: return "priority";
    case QueueRule::fair: return "fair";
  }
  return "";
}

JobPhase phase_of(const JobState& job) {
  if (job.ended == job.tasks) {
    if (job.done == job.tasks) return JobPhase::done;
    return job.cancelled ? JobPhase::cancelled : JobPhase::failed;
  }
  if (job.running > 0) return JobPhase::running;
  return job.held ? JobPhase::held : JobPhase::queued;
}

namespace {

constexpr bool is_active(TaskPhase phase) {
  return phase == TaskPhase::waiting || phase == TaskPhase::running;
}

constexpr bool is_running(TaskPhase phase) {
  return phase == TaskPhase::running || phase == TaskPhase::publishing;
}

// One fact at a time; every change of a task's phase goes through enter(), which keeps the sums.
class Evolution {
 public:
  explicit Evolution(State& state) : s_(state) {}

  void operator()(const fact::PoolNamed& f) { s_.pools.push_back({.name = f.name}); }
  void operator()(const fact::PlacesNamed& f) { s_.places.push_back(f.name); }
  void operator()(const fact::HostNamed& f) { s_.hosts.push_back({.pool = f.pool, .name = f.name}); }
  void operator()(const fact::ProjectSet& f) {
    auto found = std::ranges::find(s_.projects, f.name, &ProjectState::name);
    if (found == s_.projects.end()) found = s_.projects.insert(found, {.name = f.name});
    found->used = found->used / found->share * f.share;  // as far ahead of the others, or behind, as it was
    found->share = f.share;
    found->budget = f.budget;
  }

  void operator()(const fact::Accepted& f) {
    const JobNumber number{s_.jobs.size()};
    const JobRequest& asked = f.job;
    JobState job = new_job(asked, f.at);
    job.first = TaskIndex{s_.tasks.size()};
    for (const JobNumber before : asked.after) {
      if (phase_of(s_.jobs[before]) == JobPhase::done) continue;
      s_.dependants[before].push_back(number);
      ++job.blockers;
    }
    const TaskPhase phase = job.held || job.blockers > 0 ? TaskPhase::blocked : TaskPhase::unplaced;
    s_.tasks.insert(s_.tasks.end(), asked.tasks, {.job = number, .phase = phase});
    s_.jobs.push_back(job);
    s_.live += asked.tasks;
    if (!f.key.empty()) s_.keys.emplace(f.key, Keyed{.job = number});
    at(f.at);
  }
  void operator()(const fact::Quoted& f) { s_.jobs[f.job].quote = f.quote; }
  void operator()(const fact::RoomHeard& f) { s_.pools[f.pool].room = f.cores; }
  void operator()(const fact::JournalNamed& f) { s_.name = f.name; }
  void operator()(const fact::Asked&) {}
  void operator()(const fact::DealMade& f) { s_.pools[f.pool].deal = f.deal; }
  void operator()(const fact::PoolBuilt& f) { s_.pools[f.pool].build = f.build; }
  void operator()(const fact::PlacesOpened& f) {
    s_.open.resize(s_.places.size());
    s_.open[f.places] = f.open;
  }
  void operator()(const fact::RulesMade& f) { s_.rules = f.rules; }
  void operator()(const fact::Digested& f) { s_.keys.at(f.key).digest = f.digest; }
  void operator()(const fact::HoldSet& f) {
    s_.jobs[f.job].held = f.held;
    release_or_block(f.job);
  }
  void operator()(const fact::CancelAsked& f) {
    s_.jobs[f.job].cancelled = true;
    for_tasks(f.job, [&](TaskIndex task, TaskState& state) {
      if (!is_final(state.phase) && !is_running(state.phase)) enter(task, TaskPhase::cancelled);
    });
  }
  void operator()(const fact::RetryAsked& f) {
    s_.jobs[f.job].cancelled = false;
    for_tasks(f.job, [&](TaskIndex task, TaskState& state) {
      if (!is_final(state.phase) || state.phase == TaskPhase::done) return;
      state.failures = state.losses = 0;
      state.not_before = {};
      enter(task, blocked(f.job) ? TaskPhase::blocked : TaskPhase::unplaced);
    });
  }

  void operator()(const fact::Placed& f) {
    TaskState& task = s_.tasks[f.task];
    task.pool = f.pool;
    task.not_before = f.not_before;
    task.turn = s_.placements++;
    task.reserved = f.reserved;
    project_of(f.task).reserved += f.reserved;
    enter(f.task, TaskPhase::waiting);
  }
  void operator()(const fact::Refused& f) {
    ++s_.placements;  // the policy was asked
    enter(f.task, TaskPhase::refused);
  }
  void operator()(const fact::Unplaced& f) {
    s_.tasks[f.task].not_before = {};
    enter(f.task, TaskPhase::unplaced);
  }
  void operator()(const fact::Resized& f) { s_.resized[f.task] = {f.size, f.units}; }

  void operator()(const fact::Launched& f) {
    TaskState& task = s_.tasks[f.task];
    task.attempt = f.attempt;
    ++s_.jobs[task.job].attempts;
    s_.attempts_begun = f.attempt.value;
    s_.attempts.emplace(f.attempt, AttemptState{.task = f.task,
                                                .pool = task.pool,
                                                .term = s_.pools[task.pool].term,
                                                .began = f.at,
                                                .due = f.due});
    ProjectState& project = project_of(f.task);
    is_served(project, s_.served, s_.size_of(f.task).units, f.due - f.at);
    enter(f.task, TaskPhase::running);
    at(f.at);
  }
  void operator()(const fact::Confirmed& f) {
    AttemptState& attempt = s_.attempts.at(f.attempt);
    attempt.confirmed = true;
    attempt.host = f.host;
    attempt.confirmed_sent = f.sent;
  }
  void operator()(const fact::Staged& f) {
    AttemptState& attempt = s_.attempts.at(f.attempt);
    attempt.inputs = f.inputs;
    at(f.at);
    if (!f.inputs.whole) return;
    const Duration request = attempt.due - attempt.began;
    attempt.began = f.at;
    attempt.due = f.at + request;
    InputsAt& known = s_.inputs_at[s_.tasks[attempt.task].job];
    known.needed = f.inputs.needed;
    add_once(known.pools, attempt.pool);
  }
  void operator()(const fact::Fetched& f) { s_.attempts.at(f.attempt).outputs = f.outputs; }
  void operator()(const fact::Finished& f) {
    const AttemptState attempt = s_.attempts.at(f.attempt);
    const TaskIndex index = attempt.task;
    TaskState& task = s_.tasks[index];
    s_.attempts.erase(f.attempt);
    blame(f, attempt);
    ProjectState& project = project_of(index);
    project.spent += f.bill.total();
    const std::int64_t units = s_.size_of(index).units;
    has_taken(project, units, attempt.due - attempt.began, f.ran);
    s_.jobs[task.job].money += f.bill.total();
    task.end = f.cause;
    task.status = f.status;
    if (!is_sites_fault(f.cause)) {
      JobState& job = s_.jobs[task.job];
      job.ran.ms += f.ran.ms;
      Metered& metered = s_.metered[{job.project, job.places, attempt.pool}];
      ++metered.attempts;
      metered.unit_ms += units * f.ran.ms;
      metered.moved += attempt.inputs.moved;
      metered.fetched += attempt.outputs.moved;
      metered.bill += f.bill;
    }
    if (f.next == Next::publish) {
      const JobState& job = s_.jobs[task.job];
      ++s_.used[{job.project, job.places, share_used(f.ran, job.request)}];
    }
    switch (f.next) {
      case Next::publish: enter(index, TaskPhase::publishing); break;
      case Next::fail: enter(index, TaskPhase::failed); break;
      case Next::cancel: enter(index, TaskPhase::cancelled); break;
      case Next::again:
      case Next::later:
        enter(index, s_.jobs[task.job].held ? TaskPhase::blocked : TaskPhase::unplaced);
        break;
    }
    task.not_before = f.next == Next::later ? f.not_before : Instant{};
    at(f.at);
  }
  void operator()(const fact::Done& f) { enter(f.task, TaskPhase::done); }

  void operator()(const fact::TermBegun& f) {
    PoolFacts& pool = s_.pools[f.pool];
    pool.term = f.term;
    pool.lost = false;
  }
  void operator()(const fact::PoolLost& f) { s_.pools[f.pool].lost = true; }
  void operator()(const fact::DownSet& f) { s_.pools[f.pool].down = f.down; }
  void operator()(const fact::DrainSet& f) { s_.pools[f.pool].drained = f.on; }
  void operator()(const fact::Warned& f) { s_.pools[f.pool].warned_from = f.from; }
  void operator()(const fact::PricesHeard& f) {
    take_news(s_.pools[f.pool].prices, f.hours, f.at);
    at(f.at);
  }
  void operator()(const fact::HostCondemned& f) {
    s_.hosts[f.host].condemned = true;
    ++s_.pools[s_.hosts[f.host].pool].condemned_hosts;
  }
  void operator()(const fact::HostPardoned& f) {
    s_.hosts[f.host].condemned = false;
    s_.hosts[f.host].failed.clear();
    --s_.pools[s_.hosts[f.host].pool].condemned_hosts;
  }

 private:
  void at(Instant when) { s_.latest = std::max(s_.latest, when); }
  [[nodiscard]] bool blocked(JobNumber job) const { return s_.jobs[job].held || s_.jobs[job].blockers > 0; }
  ProjectState& project_of(TaskIndex task) { return s_.projects[s_.job_of(task).project]; }
  template <class F>
  void for_tasks(JobNumber job, F f) {
    const JobState& state = s_.jobs[job];
    for (std::size_t k = 0; k < state.tasks; ++k) {
      const TaskIndex task{state.first + k};
      f(task, s_.tasks[task]);
    }
  }

  void release_or_block(JobNumber job) {
    const bool stays = blocked(job);
    for_tasks(job, [&](TaskIndex task, TaskState& state) {
      if (stays && (state.phase == TaskPhase::unplaced || state.phase == TaskPhase::waiting)) {
        state.not_before = {};
        enter(task, TaskPhase::blocked);
      }
      if (!stays && state.phase == TaskPhase::blocked) enter(task, TaskPhase::unplaced);
    });
  }

  void enter(TaskIndex index, TaskPhase phase) {
    TaskState& task = s_.tasks[index];
    JobState& job = s_.jobs[task.job];
    ProjectState& project = s_.projects[job.project];
    const TaskPhase old = task.phase;
    task.phase = phase;
    if (is_active(old) && !is_active(phase)) {
      project.reserved -= task.reserved;
      task.reserved = 0;
      --project.active;
    }
    if (!is_active(old) && is_active(phase)) comes_back(project, s_.served);
    if (is_running(phase) && !is_running(old)) ++job.running;
    if (!is_running(phase) && is_running(old)) --job.running;
    if (is_final(phase) && !is_final(old)) ++job.ended, --s_.live;
    if (!is_final(phase) && is_final(old)) --job.ended, ++s_.live;
    if (phase == TaskPhase::done) ++job.done;
    if (is_final(phase)) {
      s_.failed_on.erase(index);
      s_.resized.erase(index);
    }
    if (job.ended == job.tasks) s_.inputs_at.erase(task.job);
    if (phase == TaskPhase::done && job.done == job.tasks) unblock_dependants(task.job);
  }

  void unblock_dependants(JobNumber job) {
    const auto found = s_.dependants.extract(job);
    if (found.empty()) return;
    for (const JobNumber next : found.mapped()) {
      if (--s_.jobs[next].blockers == 0) release_or_block(next);
    }
  }

  // Whose fault it was: the task's, until it is done on another host, which says that it was the host's.
  void blame(const fact::Finished& f, const AttemptState& attempt) {
    TaskState& task = s_.tasks[attempt.task];
    switch (f.cause) {
      case Cause::done:
        if (const auto found = s_.failed_on.find(attempt.task); found != s_.failed_on.end()) {
          for (const HostIndex host : found->second) add_once(s_.hosts[host].failed, attempt.task);
        }
        if (attempt.confirmed) s_.hosts[attempt.host].failed.clear();
        break;
      case Cause::failed:
        ++task.failures;
        if (attempt.confirmed) add_once(s_.failed_on[attempt.task], attempt.host);
        break;
      case Cause::host_failed:
      case Cause::site_failed:
      case Cause::lost: ++task.losses; break;
      case Cause::absent:
      case Cause::out_of_memory:
      case Cause::out_of_time:
      case Cause::no_licence:
      case Cause::killed: break;
    }
  }
  template <class T>
  static void add_once(std::vector<T>& list, T one) {
    if (std::ranges::find(list, one) == list.end()) list.push_back(one);
  }

  State& s_;
};

}  // namespace

std::uint32_t share_used(Duration used, Duration asked) {
  constexpr int significant = 5;  // bits
  const double part = std::ceil(kWholeShare * (static_cast<double>(used.ms) / static_cast<double>(asked.ms)));
  const auto share = static_cast<std::uint32_t>(std::clamp<double>(part, 1, kWholeShare));
  const std::uint32_t step =
      1U << static_cast<unsigned>(std::max(0, static_cast<int>(std::bit_width(share)) - significant));
  return (share + step - 1) / step * step;
}

JobState new_job(const JobRequest& asked, Instant at) {
  return {.project = asked.project,
          .places = asked.places,
          .priority = asked.priority,
          .held = asked.held,
          .first = {},
          .tasks = asked.tasks,
          .submitted = at,
          .deadline = at + asked.deadline,
          .request = asked.request,
          .may_wait = asked.may_wait,
          .size = asked.size,
          .units = asked.units,
          .late = asked.late,
          .gb_in = asked.gb_in,
          .gb_out = asked.gb_out,
          .quote = {}};
}

void evolve(State& state, const Fact& fact) { std::visit(Evolution(state), fact); }

}  // namespace hinterland
