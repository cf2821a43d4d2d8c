#include "hinterland/replay/fidelity.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "hinterland/base/sample.hpp"

namespace hinterland {

namespace {

constexpr double kMsPerSecond = 1000;
constexpr std::size_t kNamed = 3;  // of the worst
constexpr double kMedian = 0.5, kNine = 0.9;

double seconds(Duration d) { return static_cast<double>(d.ms) / kMsPerSecond; }

double relative(double now, double was) { return was == 0 ? 0 : (now - was) / std::abs(was); }

// Collects errors as they are; `share` of what was recorded, or in the quantity's unit.
class Collected {
 public:
  explicit Collected(bool share) : share_(share) {}

  void add(const ErrorSpread::One& one) {
    if (share_ && one.recorded == 0) return;
    all_.push_back(one);
  }

  ErrorSpread spread() {
    ErrorSpread out{.count = std::ssize(all_)};
    if (all_.empty()) return out;
    std::vector<double> sizes;
    sizes.reserve(all_.size());
    for (const ErrorSpread::One& one : all_) {
      sizes.push_back(std::abs(error(one)));
      out.mean += error(one);
    }
    out.mean /= static_cast<double>(all_.size());
    std::ranges::sort(sizes);
    out.median = nearest_rank(sizes, kMedian);
    out.p90 = nearest_rank(sizes, kNine);
    out.worst = sizes.back();
    const std::size_t named = std::min(kNamed, all_.size());
    std::ranges::partial_sort(all_, all_.begin() + static_cast<std::ptrdiff_t>(named),
                              [&](const auto& a, const auto& b) {
                                const double x = std::abs(error(a)), y = std::abs(error(b));
                                return x != y ? x > y : std::tuple(a.job, a.task) < std::tuple(b.job, b.task);
                              });
    out.largest.assign(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(named));
    return out;
  }

 private:
  [[nodiscard]] double error(const ErrorSpread::One& one) const {
    return share_ ? relative(one.replayed, one.recorded) : one.replayed - one.recorded;
  }
  bool share_;
  std::vector<ErrorSpread::One> all_;
};

}  // namespace

double Fidelity::makespan_error() const { return relative(seconds(makespan_replayed), seconds(makespan)); }
double Fidelity::cost_error() const {
  return relative(static_cast<double>(bill_replayed.total()), static_cast<double>(bill.total()));
}
double Fidelity::energy_error() const {
  return relative(static_cast<double>(bill_replayed.kwh), static_cast<double>(bill.kwh));
}

Fidelity fidelity_of(const Day& day, const DayWorld& setup, const std::vector<TaskRun>& recorded,
                     const std::vector<TaskRun>& replayed) {
  Fidelity out;
  const std::size_t pools = setup.world.pools.size();
  out.went.resize(pools * pools);
  Collected start(false), finish(false), cost(true), energy(true);
  struct Sums {
    bool any = false;
    std::int64_t money = 0, money_replayed = 0, kwh = 0, kwh_replayed = 0;
  };
  std::vector<Sums> jobs(day.state.jobs.size());
  const std::vector<Bill> anew = billed_anew(day, setup);
  Instant first = kNever, last, last_replayed;
  for (std::size_t k = 0; k < recorded.size(); ++k) {
    const TaskRun &was = recorded[k], &is = replayed[k];
    if (!was.ended) continue;
    ++out.tasks;
    if (!is.ended) continue;
    ++out.compared;
    out.same_pool += was.pool == is.pool ? 1 : 0;
    ++out.went[was.pool * pools + is.pool];
    const TaskIndex index = setup.tasks[k];
    const std::uint32_t job = day.state.tasks[index].job.value;
    const std::uint32_t task = index.value - day.state.jobs[job].first.value;
    const Instant arrival = setup.world.jobs.arrival[k];
    start.add({job, task, seconds(was.start - day.begin), seconds(is.start - day.begin)});
    finish.add({job, task, seconds(was.finish - day.begin), seconds(is.finish - day.begin)});
    first = std::min(first, arrival);
    last = std::max(last, was.finish);
    last_replayed = std::max(last_replayed, is.finish);
    for (std::size_t part = 0; part < kTimeParts.size(); ++part) {
      const double error = seconds(is.parts[part] - was.parts[part]);
      out.parts[part].mean += error;
      out.parts[part].mean_size += std::abs(error);
      out.parts[part].recorded += seconds(was.parts[part]);
    }
    Sums& sums = jobs[job];
    sums.any = true;
    sums.money += was.bill.total();
    sums.money_replayed += is.bill.total();
    sums.kwh += was.bill.kwh;
    sums.kwh_replayed += is.bill.kwh;
    out.bill += was.bill;
    out.bill_replayed += is.bill;
    out.by_prices += anew[k].total() - was.bill.total();
    out.by_bytes += is.bill.network - anew[k].network;
    out.by_hours += is.bill.total() - is.bill.network - (anew[k].total() - anew[k].network);
  }
  for (Fidelity::PartError& part : out.parts) {
    const double count = std::max<double>(1, static_cast<double>(out.compared));
    part.mean /= count;
    part.mean_size /= count;
    part.recorded /= count;
  }
  for (std::uint32_t job = 0; job < jobs.size(); ++job) {
    const Sums& sums = jobs[job];
    if (!sums.any) continue;
    cost.add({job, std::nullopt, from_millionths(sums.money), from_millionths(sums.money_replayed)});
    energy.add({job, std::nullopt, from_millionths(sums.kwh), from_millionths(sums.kwh_replayed)});
  }
  out.start = start.spread();
  out.finish = finish.spread();
  out.cost = cost.spread();
  out.energy = energy.spread();
  if (out.compared > 0) {
    out.makespan = last - first;
    out.makespan_replayed = last_replayed - first;
  }
  return out;
}

}  // namespace hinterland
