#include "hinterland/replay/task_run.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "hinterland/replay/billing.hpp"

namespace hinterland {

namespace {

Duration& part(TaskRun& run, TimePart which) { return run.parts[static_cast<std::size_t>(which)]; }

// What is not in another part was waited for.
void add_waiting(TaskRun& run, Instant arrival) {
  std::int64_t known = 0;
  for (const Duration one : run.parts) known += one.ms;
  part(run, TimePart::waiting) = {(run.finish - arrival).ms - known};
}

}  // namespace

std::string_view name_of(TimePart part) {
  switch (part) {
    case TimePart::waiting: return "waiting";
    case TimePart::lost: return "lost attempts";
    case TimePart::staging: return "staging";
    case TimePart::start_up: return "start-up";
    case TimePart::running: return "running";
  }
  return "";
}

std::vector<TaskRun> recorded_runs(const Day& day, const DayWorld& setup) {
  std::vector<TaskRun> runs(setup.tasks.size());
  for (std::size_t job = 0; job < runs.size(); ++job) {
    const auto attempts = day.attempts_of(setup.tasks[job]);
    if (!setup.over[job] || attempts.empty()) continue;
    TaskRun& run = runs[job];
    const RecordedAttempt& last = attempts.back();
    run.ended = true;
    run.pool = last.pool;
    run.start = attempts.front().launched;
    run.finish = last.ended;
    for (const RecordedAttempt& one : attempts) {
      run.bill += one.bill;
      if (&one != &last) part(run, TimePart::lost).ms += (one.ended - one.launched).ms;
    }
    part(run, TimePart::staging) = last.began - last.launched;
    part(run, TimePart::running) = last.ran;
    part(run, TimePart::start_up) = last.ended - last.began - last.ran;
    add_waiting(run, setup.world.jobs.arrival[job]);
  }
  return runs;
}

std::vector<Bill> billed_anew(const Day& day, const DayWorld& setup) {
  std::vector<Billable> all;
  for (std::size_t job = 0; job < setup.tasks.size(); ++job) {
    if (!setup.over[job]) continue;
    const JobState& asked = day.state.job_of(setup.tasks[job]);
    for (const RecordedAttempt& one : day.attempts_of(setup.tasks[job])) {
      if (is_sites_fault(one.cause)) continue;
      all.push_back({.job = static_cast<std::uint32_t>(job),
                     .pool = one.pool,
                     .began = one.began,
                     .ended = one.ended,
                     .ran = one.ran,
                     .units = one.size.units,
                     .gb = billed_gb(asked, one.inputs, one.outputs, one.cause)});
    }
  }
  std::vector<Bill> bills(setup.tasks.size());
  bill_all(setup.world, all, [&](const Billable& one, const Bill& bill) { bills[one.job] += bill; });
  return bills;
}

std::vector<TaskRun> at_these_prices(const Day& day, const DayWorld& setup, std::vector<TaskRun> recorded) {
  const std::vector<Bill> anew = billed_anew(day, setup);
  for (std::size_t k = 0; k < recorded.size(); ++k) recorded[k].bill = anew[k];
  return recorded;
}

namespace {

// The attempts of a simulation, one at a time: those of jobs that had several stand in a list.
class Accounts {
 public:
  Accounts(const DayWorld& setup, const SimRun& run)
      : setup_(setup), world_(setup.world), run_(run), rows_(run.outcome.attempts.size()) {
    std::iota(rows_.begin(), rows_.end(), std::uint32_t{0});
    std::ranges::stable_sort(rows_, {}, [&](std::uint32_t row) { return run.outcome.attempts[row].job; });
    for (const ExtraMove& move : run.input_moves) inputs_[key(move.job, move.pool)] += move.gb;
  }

  TaskRun of(JobIndex job, std::vector<Billable>& bills) {
    const SimOutcome& out = run_.outcome;
    TaskRun run{.ended = ended(out.end[job]), .pool = out.pool[job], .start = out.start[job]};
    if (!run.ended) {
      skip(job);
      return run;
    }
    if (out.several[job]) {
      add_attempts(job, run, bills);
    } else {
      const SimPool& pool = world_.pools[run.pool];
      const Duration length =
          std::min(at_speed(world_.jobs.run[job], world_.speed_of(job, run.pool)), world_.jobs.request[job]);
      const Duration staged = out.staged.empty() ? Duration{} : out.staged[job];
      part(run, TimePart::staging) = staged;
      part(run, TimePart::start_up) = pool.start_up;
      part(run, TimePart::running) = length;
      run.finish = run.start + staged + pool.start_up + length;
      add_bill(job, run.pool, run.start + staged, length, run.finish, setup_.done[job], bills);
    }
    add_waiting(run, world_.jobs.arrival[job]);
    return run;
  }

 private:
  static std::uint64_t key(JobIndex job, PoolIndex pool) {
    return std::uint64_t{job.value} << 16U | pool.value;
  }

  void skip(JobIndex job) {
    while (next_ < rows_.size() && run_.outcome.attempts[rows_[next_]].job <= job) ++next_;
  }

  void add_attempts(JobIndex job, TaskRun& run, std::vector<Billable>& bills) {
    const Attempt* last = nullptr;
    for (; next_ < rows_.size() && run_.outcome.attempts[rows_[next_]].job == job; ++next_) {
      if (last != nullptr) part(run, TimePart::lost).ms += (last->until - last->from).ms;
      last = &run_.outcome.attempts[rows_[next_]];
      run.finish = last->until;
      const bool done = last->end == AttemptEnd::done && setup_.done[job];
      if (last->billed())
        add_bill(job, last->pool, last->billed_from, last->billed_until - last->billed_from, last->until,
                 done, bills);
    }
    part(run, TimePart::staging) = last->billed_from - last->from;
    part(run, TimePart::running) = last->billed_until - last->billed_from;
    part(run, TimePart::start_up) = last->until - last->billed_until;
  }

  void add_bill(JobIndex job, PoolIndex pool, Instant from, Duration ran, Instant ended, bool done,
                std::vector<Billable>& bills) {
    double gb = world_.own_gb_in(job, pool) + (done ? world_.gb_out(job) : 0);
    if (const auto moved = inputs_.find(key(job, pool)); moved != inputs_.end()) {
      gb += moved->second;
      inputs_.erase(moved);
    }
    bills.push_back({.job = job.value,
                     .pool = pool,
                     .began = from,
                     .ended = ended,
                     .ran = ran,
                     .units = world_.sizes[world_.jobs.size[job]].units,
                     .gb = gb});
  }

  const DayWorld& setup_;
  const SimWorld& world_;
  const SimRun& run_;
  std::vector<std::uint32_t> rows_;  // of attempts, by job
  std::size_t next_ = 0;
  std::unordered_map<std::uint64_t, double> inputs_;  // GB that moved, by who pays and where to
};

}  // namespace

std::vector<TaskRun> simulated_runs(const DayWorld& setup, const SimRun& run) {
  std::vector<TaskRun> runs;
  std::vector<Billable> bills;
  runs.reserve(setup.tasks.size());
  bills.reserve(setup.tasks.size());
  Accounts accounts(setup, run);
  for (std::size_t job = 0; job < setup.tasks.size(); ++job)
    runs.push_back(accounts.of(JobIndex{job}, bills));
  bill_all(setup.world, bills, [&](const Billable& one, const Bill& bill) { runs[one.job].bill += bill; });
  return runs;
}

}  // namespace hinterland
