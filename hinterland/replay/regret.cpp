#include "hinterland/replay/regret.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace hinterland {

namespace {

// Asked by threads of which one looks at a progress that is no thread's but the caller's.
class Stoppable final : public Progress {
 public:
  explicit Stoppable(const std::atomic<bool>& stop) : stop_(stop) {}
  bool step(std::string_view, std::int64_t, std::int64_t) override { return !stop_; }

 private:
  const std::atomic<bool>& stop_;
};

// Also moves `until` to where a task ended, if that is later.
PolicyDay day_of(const DayWorld& setup, const std::string& policy, const std::vector<TaskRun>& recorded,
                 const std::vector<TaskRun>& runs, std::vector<Instant>& until) {
  PolicyDay day{.policy = policy, .did_all = true};
  Instant first = kNever, last;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    if (!recorded[k].ended) continue;
    const TaskRun& run = runs[k];
    if (!run.ended) {
      day.did_all = false;
      continue;
    }
    ++day.done;
    day.bill += run.bill;
    const SimJobs& jobs = setup.world.jobs;
    first = std::min(first, jobs.arrival[k]);
    last = std::max(last, run.finish);
    if (run.finish > jobs.arrival[k] + setup.world.groups[jobs.group[k]].deadline) ++day.late;
    // Its executor's clock may say that it ran for longer than the broker saw it.
    const auto part = [&](TimePart which) { return run.parts[static_cast<std::size_t>(which)]; };
    const Instant seen{run.finish.ms - std::min<std::int64_t>(0, part(TimePart::start_up).ms)};
    until[k] = std::max(until[k], seen);
  }
  if (day.done > 0) day.makespan = last - first;
  return day;
}

}  // namespace

Regrets regrets_of(const DayWorld& setup, const std::vector<TaskRun>& recorded,
                   const std::vector<TaskRun>& replayed, std::span<const PolicyEntry> others,
                   Progress& progress) {
  Regrets out;
  const SimWorld& world = setup.world;
  std::vector<bool> counts;
  std::vector<Instant> until;
  for (std::size_t k = 0; k < recorded.size(); ++k) {
    counts.push_back(recorded[k].ended);
    out.tasks += recorded[k].ended ? 1 : 0;
    until.push_back(world.jobs.arrival[k] + world.groups[world.jobs.group[k]].deadline);
  }
  out.as_it_was = day_of(setup, "", recorded, recorded, until);
  out.policies.resize(others.size());

  std::atomic<bool> stop{false};
  std::atomic<std::size_t> next{0}, done{0};
  std::vector<std::vector<Instant>> ends(others.size());
  const auto work = [&](Progress& own) {
    for (std::size_t k = next++; k < others.size() && !stop; k = next++) {
      ends[k] = until;
      if (others[k].name == setup.policy.name) {
        out.policies[k] = day_of(setup, std::string(others[k].name), recorded, replayed, ends[k]);
      } else {
        const SimRun run = simulate(world, others[k].choose, own);
        if (run.interrupted) stop = true;
        if (stop) return;
        out.policies[k] =
            day_of(setup, std::string(others[k].name), recorded, simulated_runs(setup, run), ends[k]);
      }
      ++done;
      if (!own.step("the day under other policies", static_cast<std::int64_t>(done.load()),
                    std::ssize(others)))
        stop = true;
    }
  };
  {
    Stoppable silent(stop);
    std::vector<std::jthread> threads;
    const std::size_t more =
        std::min<std::size_t>(others.size(), std::max(1U, std::thread::hardware_concurrency()));
    for (std::size_t k = 1; k < more; ++k) threads.emplace_back([&] { work(silent); });
    work(progress);
  }
  if (stop) {
    out.interrupted = true;
    return out;
  }
  for (const std::vector<Instant>& one : ends) {
    for (std::size_t k = 0; k < until.size(); ++k) until[k] = std::max(until[k], one[k]);
  }
  out.clairvoyant = clairvoyant_bound(world, counts, setup.done, until);
  return out;
}

}  // namespace hinterland
