#include "hinterland/replay/fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/base/sample.hpp"

namespace hinterland {

namespace {

constexpr double kBitsPerByte = 8, kBitsPerMegabit = 1e6, kMsPerSecond = 1000;
constexpr int kRounds = 50;  // of the polish, at most
constexpr double kSettled = 1e-9;
constexpr double kErrorOfMedian =
    1.4826 * 1.2533;  // of normal errors, times the median of their sizes / sqrt n
constexpr double kBeyondDoubt = 4;

// Of a list that is not empty; of two in the middle their mean.
double median(std::vector<double>& all) {
  const auto middle = all.begin() + std::ssize(all) / 2;
  std::ranges::nth_element(all, middle);
  if (all.size() % 2 == 1) return *middle;
  return (*middle + *std::ranges::max_element(all.begin(), middle)) / 2;
}

class Fit {
 public:
  explicit Fit(const Day& day) : day_(day) {
    for (const PoolFacts& pool : day.state.pools) {
      const SiteId site{pool.deal.site};
      const auto known = std::ranges::find(out_, site, &SiteFit::site);
      site_of_.push_back(static_cast<std::size_t>(known - out_.begin()));
      if (known == out_.end()) out_.push_back({.site = site});
    }
  }

  std::vector<SiteFit> fit() {
    find_start_up();
    find_speeds();
    find_paths();
    std::erase_if(out_, [](const SiteFit& one) { return one.site.text.empty(); });
    return std::move(out_);
  }

 private:
  static bool was_done(const RecordedAttempt& one) { return one.cause == Cause::done && one.ran.ms > 0; }

  void find_start_up() {
    std::vector<std::vector<double>> held(out_.size());
    for (const RecordedAttempt& one : day_.attempts) {
      if (!was_done(one)) continue;
      const std::size_t site = site_of_[one.pool];
      ++out_[site].attempts;
      held[site].push_back(
          static_cast<double>(std::max<std::int64_t>(0, (one.ended - one.began - one.ran).ms)));
    }
    for (std::size_t site = 0; site < out_.size(); ++site) {
      if (std::ssize(held[site]) < SiteFit::kFewest) continue;
      out_[site].start_up = Duration{std::llround(median(held[site]))};
      constexpr double nine_tenths = 0.9;
      std::ranges::sort(held[site]);
      out_[site].start_up_p90 = Duration{std::llround(nearest_rank(held[site], nine_tenths))};
    }
  }

  struct Ran {
    std::uint32_t job;
    std::size_t site;
    double log_ms;
  };

  // Only jobs that ran at several sites say anything; of the sites only those that such jobs connect with the first.
  void find_speeds() {
    std::vector<Ran> all;
    std::map<std::uint32_t, std::pair<std::size_t, bool>> jobs;  // a site, and whether there is another
    for (const RecordedAttempt& one : day_.attempts) {
      if (!was_done(one)) continue;
      const std::uint32_t job = day_.state.tasks[one.task].job.value;
      const auto [seen, fresh] = jobs.try_emplace(job, site_of_[one.pool], false);
      if (!fresh && seen->second.first != site_of_[one.pool]) seen->second.second = true;
      all.push_back({job, site_of_[one.pool], std::log(static_cast<double>(one.ran.ms))});
    }
    std::erase_if(all, [&](const Ran& one) { return !jobs.at(one.job).second; });
    for (const Ran& one : all) ++out_[one.site].shared;
    if (all.empty()) return;
    const std::vector<bool> connected = connected_with_first(all);
    const std::vector<double> slowness = polish(all);
    const std::size_t first = busiest();
    std::vector<double> left;
    for (const Ran& one : all) left.push_back(std::abs(one.log_ms - own_[one.job] - slowness[one.site]));
    // Each job's own length, and each site's, was fitted to them too.
    const auto count = static_cast<double>(all.size());
    const double free = std::max(1.0, count - static_cast<double>(own_.size() + out_.size()));
    const double spread = kErrorOfMedian * median(left) * std::sqrt(count / free);
    for (std::size_t site = 0; site < out_.size(); ++site) {
      if (!connected[site] || out_[site].shared < SiteFit::kFewest) continue;
      const double faster = slowness[first] - slowness[site];
      const double error = spread * std::sqrt(1 / static_cast<double>(out_[site].shared) +
                                              1 / static_cast<double>(out_[first].shared));
      if (site == first || std::abs(faster) > kBeyondDoubt * error) out_[site].speed = std::exp(faster);
    }
  }

  [[nodiscard]] std::size_t busiest() const {
    return static_cast<std::size_t>(std::ranges::max_element(out_, {}, &SiteFit::shared) - out_.begin());
  }

  [[nodiscard]] std::vector<bool> connected_with_first(const std::vector<Ran>& all) const {
    std::vector<bool> sites(out_.size());
    sites[busiest()] = true;
    std::map<std::uint32_t, bool> jobs;
    for (bool more = true; more;) {
      more = false;
      for (const Ran& one : all) {
        bool& job = jobs[one.job];
        if (job == sites[one.site]) continue;
        job = sites[one.site] = true;
        more = true;
      }
    }
    return sites;
  }

  // ln of what each site takes beyond each job's own.
  [[nodiscard]] std::vector<double> polish(const std::vector<Ran>& all) {
    std::vector<double> sites(out_.size(), 0.0);
    std::map<std::uint32_t, double>& jobs = own_;
    for (int round = 0; round < kRounds; ++round) {
      std::map<std::uint32_t, std::vector<double>> by_job;
      for (const Ran& one : all) by_job[one.job].push_back(one.log_ms - sites[one.site]);
      for (auto& [job, left] : by_job) jobs[job] = median(left);
      std::vector<std::vector<double>> by_site(out_.size());
      for (const Ran& one : all) by_site[one.site].push_back(one.log_ms - jobs.at(one.job));
      double moved = 0;
      for (std::size_t site = 0; site < out_.size(); ++site) {
        if (by_site[site].empty()) continue;
        const double now = median(by_site[site]);
        moved = std::max(moved, std::abs(now - sites[site]));
        sites[site] = now;
      }
      if (moved < kSettled) break;
    }
    return sites;
  }

  // Stretches of time in which something moved, joined where they overlap.
  void find_paths() {
    std::vector<std::vector<std::pair<Instant, Instant>>> stretches(out_.size());
    std::vector<std::int64_t> moves(out_.size());
    for (const RecordedAttempt& one : day_.attempts) {
      if (one.inputs.moved <= 0 || one.began <= one.launched) continue;
      const std::size_t site = site_of_[one.pool];
      out_[site].moved_bytes += one.inputs.moved;
      stretches[site].emplace_back(one.launched, one.began);
    }
    for (std::size_t site = 0; site < out_.size(); ++site) {
      std::ranges::sort(stretches[site]);
      std::int64_t ms = 0;
      Instant until{};
      for (const auto& [from, to] : stretches[site]) {
        ms += std::max<std::int64_t>(0, (to - std::max(from, until)).ms);
        until = std::max(until, to);
      }
      if (ms > 0 && out_[site].moved_bytes >= SiteFit::kLeastMoved)
        out_[site].input_mbps = static_cast<double>(out_[site].moved_bytes) * kBitsPerByte / kBitsPerMegabit /
                                (static_cast<double>(ms) / kMsPerSecond);
    }
  }

  const Day& day_;
  std::map<std::uint32_t, double> own_;  // of a job: ln of its tasks' ms at speed 1
  std::vector<std::size_t> site_of_;     // [pool]
  std::vector<SiteFit> out_;
};

}  // namespace

std::vector<SiteFit> fit_sites(const Day& day) { return Fit(day).fit(); }

std::string fitted_books(const std::vector<SiteFit>& fits) {
  std::string csv(kFittedColumns);
  const auto cell = [](const std::optional<double>& value) {
    return value ? shortest(*value) : std::string();
  };
  for (const SiteFit& one : fits) {
    std::optional<double> start_up;
    if (one.start_up) start_up = static_cast<double>(one.start_up->ms) / kMsPerSecond;
    if (!start_up && !one.speed && !one.input_mbps) continue;
    csv += csv_cell(one.site.text) + "," + cell(start_up) + "," + cell(one.speed) + "," +
           cell(one.input_mbps) + "\n";
  }
  return csv;
}

}  // namespace hinterland
