#include "hinterland/siting/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

namespace hinterland {

namespace {

class Findings {
 public:
  void add(std::string what) { add_error(errors_, {.what = std::move(what), .where = {}, .mend = ""}); }

  void size(const char* what, std::size_t has, std::size_t wants) {
    if (has != wants) add(fmt::format("{}: {} numbers where {} are needed", what, has, wants));
  }

  // The first number that is none, or lies outside.
  void numbers(const std::string& what, std::span<const double> values, double least,
               double most = kNoLimit) {
    for (std::size_t k = 0; k < values.size(); ++k)
      if (!(values[k] >= least && values[k] <= most))
        return add(fmt::format("{}: entry {} is {}, not between {} and {}", what, k, values[k], least, most));
  }

  void sites(const std::string& what, const std::vector<SiteIndex>& sites, std::uint32_t count) {
    std::vector<SiteIndex> sorted = sites;
    std::ranges::sort(sorted);
    if (!sorted.empty() && sorted.back() >= count)
      add(fmt::format("{}: site {} of {}", what, sorted.back(), count));
    if (std::ranges::adjacent_find(sorted) != sorted.end()) add(fmt::format("{}: a site twice", what));
  }

  Errors take() { return std::move(errors_); }

 private:
  Errors errors_;
};

constexpr double kAny = -1e12, kFinite = 1e12;  // beyond these no money or kW is meant

void check_demands(const SitingProblem& problem, Findings& findings) {
  findings.size("prompt_kw", problem.prompt_kw.size(), problem.prompt.size() * problem.hours);
  findings.numbers("prompt_kw", problem.prompt_kw, 0, kFinite);
  for (std::size_t i = 0; i < problem.prompt.size(); ++i) {
    const PromptDemand& demand = problem.prompt[i];
    const std::string name = fmt::format("prompt demand {}", i);
    findings.sites(name, demand.sites, problem.sites);
    findings.size(name.c_str(), demand.network.size(), demand.sites.size());
    findings.numbers(name + ", network", demand.network, kAny, kFinite);
    findings.numbers(name + ", unserved", {&demand.unserved, 1}, kAny, kFinite);
  }
  for (std::size_t j = 0; j < problem.deferrable.size(); ++j) {
    const std::string name = fmt::format("deferrable demand {}", j);
    findings.size(name.c_str(), problem.deferrable[j].network.size(), problem.sites);
    findings.numbers(name + ", network", problem.deferrable[j].network, kAny, kFinite);
    findings.numbers(name + ", unserved", {&problem.deferrable[j].unserved, 1}, kAny, kFinite);
  }
}

void check_hubs(const SitingProblem& problem, Findings& findings) {
  std::uint32_t first = 0, past = 0;
  for (std::size_t b = 0; b < problem.hubs.size(); ++b) {
    const Hub& hub = problem.hubs[b];
    const std::string name = fmt::format("hub {}", b);
    if (hub.first_hour >= hub.past_hour || hub.past_hour > problem.hours ||
        hub.first_hour % kHoursTogether != 0 || hub.past_hour % kHoursTogether != 0)
      findings.add(fmt::format("{}: no window from hour {} to {} of {}", name, hub.first_hour, hub.past_hour,
                               problem.hours));
    if (hub.first_hour < first || hub.past_hour < past)
      findings.add(name + ": its window lies before that of the hub before it");
    first = hub.first_hour;
    past = hub.past_hour;
    findings.sites(name, hub.sites, problem.sites);
    for (const Deferral& deferral : hub.deferrals) {
      if (deferral.demand >= problem.deferrable.size())
        findings.add(fmt::format("{}: demand {} of {}", name, deferral.demand, problem.deferrable.size()));
      findings.numbers(name + ", kwh", {&deferral.kwh, 1}, 0, kFinite);
    }
  }
}

void check_capacity(const SitingProblem& problem, Findings& findings) {
  for (std::size_t k = 0; k < problem.columns.size(); ++k) {
    const CapacityColumn& column = problem.columns[k];
    const std::string name = fmt::format("capacity column {}", k);
    if (column.site >= problem.sites)
      findings.add(fmt::format("{}: site {} of {}", name, column.site, problem.sites));
    findings.numbers(name + ", cost", {&column.cost, 1}, 0, kFinite);
    findings.numbers(name + ", most", {&column.most, 1}, 0, kFinite);
    findings.numbers(name + ", fixed", {&column.fixed, 1}, 0, kFinite);
  }
  for (std::size_t r = 0; r < problem.rows.size(); ++r) {
    const std::string name = fmt::format("capacity row {}", r);
    findings.size(name.c_str(), problem.rows[r].weight.size(), problem.columns.size());
    findings.numbers(name + ", weight", problem.rows[r].weight, kAny, kFinite);
    findings.numbers(name + ", least", {&problem.rows[r].least, 1}, kAny, kFinite);
  }
  for (std::size_t c = 0; c < problem.caps.size(); ++c) {
    const std::string name = fmt::format("cap {}", c);
    findings.size(name.c_str(), problem.caps[c].intensity.size(), std::size_t{problem.hours} * problem.sites);
    findings.numbers(name + ", intensity", problem.caps[c].intensity, 0, kFinite);
    findings.numbers(name + ", most", {&problem.caps[c].most, 1}, 0, kNoLimit);
  }
}

}  // namespace

double CapacityRow::sum(const std::vector<double>& columns) const {
  return std::inner_product(weight.begin(), weight.end(), columns.begin(), 0.0);
}

double CapacityRow::size(const std::vector<double>& columns) const {
  if (least != 0) return std::abs(least);
  double out = 0;
  for (std::size_t k = 0; k < columns.size(); ++k) out += std::abs(weight[k]) * columns[k];
  return out;
}

double relative_gap(double objective, double bound) {
  if (objective == kNoLimit) return kNoLimit;
  const double apart = std::max(0.0, objective - bound);
  return apart == 0 ? 0 : apart / std::abs(objective);
}

bool has_fixed_costs(const SitingProblem& problem) {
  return std::ranges::any_of(problem.columns, [](const CapacityColumn& column) { return column.fixed > 0; });
}

std::vector<bool> pays_to_open(const SitingProblem& problem) {
  std::vector<bool> out(problem.sites), seen(problem.sites);
  for (const CapacityColumn& column : problem.columns) {
    out[column.site] = !seen[column.site] && column.fixed > 0;
    seen[column.site] = true;
  }
  return out;
}

std::vector<double> capacity_of(const SitingProblem& problem, const std::vector<double>& columns) {
  std::vector<double> capacity(problem.sites);
  for (std::size_t k = 0; k < columns.size(); ++k) capacity[problem.columns[k].site] += columns[k];
  return capacity;
}

Demanded demanded(const SitingProblem& problem) {
  Demanded out;
  const auto add = [&](double kwh, double unserved) {
    out.kwh += kwh;
    out.unserved_cost += kwh * unserved;
  };
  for (std::size_t k = 0; k < problem.prompt_kw.size(); ++k)
    add(problem.prompt_kw[k], problem.prompt[k % problem.prompt.size()].unserved);
  for (const Hub& hub : problem.hubs)
    for (const Deferral& deferral : hub.deferrals)
      add(deferral.kwh, problem.deferrable[deferral.demand].unserved);
  return out;
}

double most_use(const SitingProblem& problem, const Cap& cap) {
  return cap.intensity.empty() ? 0 : demanded(problem).kwh * *std::ranges::max_element(cap.intensity);
}

Errors check(const SitingProblem& problem) {
  Findings findings;
  const std::size_t cells = std::size_t{problem.hours} * problem.sites;
  if (problem.hours == 0 || problem.hours % kHoursTogether != 0)
    findings.add(fmt::format("{} hours are no multiple of {}", problem.hours, kHoursTogether));
  findings.size("energy", problem.energy.size(), cells);
  findings.numbers("energy", problem.energy, kAny, kFinite);
  findings.size("availability", problem.availability.size(), cells);
  findings.numbers("availability", problem.availability, 0, kFinite);
  if (!problem.power_limit.empty()) findings.size("power_limit", problem.power_limit.size(), cells);
  findings.numbers("power_limit", problem.power_limit, 0, kNoLimit);
  check_demands(problem, findings);
  check_hubs(problem, findings);
  check_capacity(problem, findings);
  return findings.take();
}

}  // namespace hinterland
