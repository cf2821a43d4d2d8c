#include "hinterland/work/arrival_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hinterland/work/hour_slots.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kHoursOfDay = 24, kWeekdays = 7;
constexpr std::size_t kMostLag = 6;

struct Batch {
  std::int64_t first_ms = 0, last_ms = 0, jobs = 0;
};

std::vector<Batch> batches_of(std::span<const Job> jobs, double gap_s) {
  std::vector<Batch> batches;
  std::vector<std::size_t> open;  // by user, the index + 1 of its last batch
  const auto limit_ms = static_cast<std::int64_t>(gap_s * 1000);
  for (const Job& job : jobs) {
    if (job.user >= open.size()) open.resize(job.user + 1U);
    std::size_t& last = open[job.user];
    if (gap_s > 0 && last > 0 && job.submit_ms - batches[last - 1].last_ms <= limit_ms) {
      batches[last - 1].last_ms = job.submit_ms;
      ++batches[last - 1].jobs;
      continue;
    }
    batches.push_back({.first_ms = job.submit_ms, .last_ms = job.submit_ms, .jobs = 1});
    last = batches.size();
  }
  return batches;
}

void fit_shapes(const std::vector<Batch>& batches, BatchModel& model) {
  std::vector<double> sizes, gaps;
  for (const Batch& batch : batches) {
    if (batch.jobs == 1) continue;
    sizes.push_back(static_cast<double>(batch.jobs));
    gaps.push_back(static_cast<double>(batch.last_ms - batch.first_ms) / 1000 /
                   static_cast<double>(batch.jobs - 1));
  }
  model = {};
  if (sizes.empty()) return;
  model.single = 1 - static_cast<double>(sizes.size()) / static_cast<double>(batches.size());
  const double ranks = correlation(middle_ranks(sizes), middle_ranks(gaps));
  std::ranges::sort(sizes);
  std::ranges::sort(gaps);
  const Marginal size = fit_quantiles(sizes), gap = fit_quantiles(gaps);
  model.size_gap = RankLink(Distribution(size, fitted_levels()), Distribution(gap, fitted_levels()))
                       .score_correlation(ranks);
  model.sizes = size.quantiles;
  model.gaps_s = gap.quantiles;
}

// Batches that begin in each hour, and what is expected of it.
struct HourCounts {
  std::vector<double> counts, expected;
  std::vector<HourSlots::Slot> slots;
};

HourCounts hours_of(const std::vector<Batch>& batches, std::int64_t first, std::int64_t last,
                    const TraceModel& model) {
  HourCounts hours;
  HourSlots clock(model.zone, model.calendar == TraceCalendar::dated);
  for (std::int64_t hour = first; hour <= last; ++hour) hours.slots.push_back(clock.of(hour));
  hours.counts.resize(hours.slots.size());
  for (const Batch& batch : batches) {
    const std::int64_t hour = hour_index(batch.first_ms);
    if (hour >= first && hour <= last) hours.counts[static_cast<std::size_t>(hour - first)] += 1;
  }
  return hours;
}

void put_mean_1(std::vector<double>& factors) {
  double sum = 0;
  for (const double factor : factors) sum += factor;
  for (double& factor : factors) factor *= static_cast<double>(factors.size()) / sum;
}

// Factors and the mean rate an hour, by turns. Lists that are to be left out stay empty.
double fit_factors(HourCounts& hours, std::vector<double>& of_day, std::vector<double>& of_week) {
  const auto factor = [](const std::vector<double>& factors, std::size_t i) {
    return factors.empty() ? 1 : factors[i];
  };
  const auto turn = [&](std::vector<double>& mine, const std::vector<double>& other, auto slot,
                        auto other_slot) {
    if (mine.empty()) return;
    std::vector<double> seen(mine.size()), meant(mine.size());
    for (std::size_t i = 0; i < hours.counts.size(); ++i) {
      seen[slot(hours.slots[i])] += hours.counts[i];
      meant[slot(hours.slots[i])] += factor(other, other_slot(hours.slots[i]));
    }
    for (std::size_t k = 0; k < mine.size(); ++k) mine[k] = meant[k] > 0 ? seen[k] / meant[k] : 0;
    put_mean_1(mine);
  };
  const auto hour = [](const HourSlots::Slot& slot) { return slot.hour; };
  const auto weekday = [](const HourSlots::Slot& slot) { return slot.weekday; };
  for (int i = 0; i < 10; ++i) {
    turn(of_day, of_week, hour, weekday);
    turn(of_week, of_day, weekday, hour);
  }
  double seen = 0, meant = 0;
  hours.expected.clear();
  for (std::size_t i = 0; i < hours.counts.size(); ++i) {
    hours.expected.push_back(factor(of_day, hours.slots[i].hour) * factor(of_week, hours.slots[i].weekday));
    seen += hours.counts[i];
    meant += hours.expected.back();
  }
  const double mean = seen / meant;
  for (double& expected : hours.expected) expected *= mean;
  return mean;
}

void fit_burst(const HourCounts& hours, ArrivalModel& model) {
  const auto moment = [&](std::size_t lag) {
    double product = 0, expected = 0;
    for (std::size_t i = 0; i + lag < hours.counts.size(); ++i) {
      product += (hours.counts[i] - hours.expected[i]) * (hours.counts[i + lag] - hours.expected[i + lag]);
      if (lag == 0) product -= hours.counts[i];
      expected += hours.expected[i] * hours.expected[i + lag];
    }
    return std::log1p(std::max(0.0, product / expected));
  };
  const double variance = moment(0);
  if (variance < 1e-4) return;
  model.burst = std::min(5.0, std::sqrt(variance));
  std::array<double, kMostLag> wanted{};
  for (std::size_t k = 1; k <= kMostLag; ++k) wanted.at(k - 1) = moment(k) / variance;
  double least = 1e300;
  for (int thousandths = 0; thousandths < 999; ++thousandths) {
    const double memory = thousandths / 1000.0;
    double power = 1, misfit = 0;
    for (const double one : wanted) {
      power *= memory;
      misfit += (one - power) * (one - power);
    }
    if (misfit < least) {
      least = misfit;
      model.burst_memory = memory;
    }
  }
}

}  // namespace

std::span<const Job> core_of(std::span<const Job> jobs) {
  const std::size_t left_out = jobs.size() / 200;
  return jobs.subspan(left_out, jobs.size() - 2 * left_out);
}

void fit_arrivals(std::span<const Job> jobs, double batch_gap_s, TraceModel& model) {
  const auto core = core_of(jobs);
  const std::int64_t first_ms = core.front().submit_ms, last_ms = core.back().submit_ms;
  const auto batches = batches_of(core, batch_gap_s);
  model.arrivals = {};
  fit_shapes(batches, model.batches);
  // The hours at the window's ends are not whole.
  const std::int64_t first = hour_index(first_ms) + 1, last = hour_index(last_ms) - 1;
  HourCounts hours = hours_of(batches, first, last, model);
  if (hours.counts.size() < 24 ||
      std::ranges::all_of(hours.counts, [](double count) { return count == 0; })) {
    model.arrivals.jobs_per_day =
        static_cast<double>(core.size()) * 86.4e6 / static_cast<double>(last_ms - first_ms);
    return;
  }
  const std::size_t days = hours.counts.size() / 24;
  const bool dated = model.calendar == TraceCalendar::dated;
  if (days >= 2 && batches.size() >= 240) model.arrivals.hours.assign(kHoursOfDay, 1);
  if (days >= 14 && dated && batches.size() >= 240) model.arrivals.weekdays.assign(kWeekdays, 1);
  const double batches_per_hour = fit_factors(hours, model.arrivals.hours, model.arrivals.weekdays);
  const double jobs_per_batch = static_cast<double>(core.size()) / static_cast<double>(batches.size());
  model.arrivals.jobs_per_day = 24 * batches_per_hour * jobs_per_batch;
  fit_burst(hours, model.arrivals);
}

}  // namespace hinterland
