#include "bench/generated_study.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

namespace hinterland {

namespace {

// Class k is of kind k modulo kKinds, of which the first are prompt.
constexpr std::size_t kPrompt = 3, kWaiting = kKinds - kPrompt;
constexpr std::array<double, kKinds> kGigabytes{0.02, 0.01, 0.004, 0.002, 0.01};  // per kWh
constexpr std::array<double, kPrompt> kLatencyMs{12, 25, 45};
constexpr std::array<double, kKinds> kShare{0.15, 0.25, 0.15, 0.25, 0.20};
constexpr double kUnserved = 50;

double wave(double hours_after, double period) { return std::sin(2 * std::numbers::pi * hours_after / period); }

struct Country {
  std::vector<double> distance;     // [region x sites + site] km / 1000
  std::vector<double> building;     // [site]
  std::vector<double> energy;       // [hour x sites + site]
  std::vector<double> carbon;       // [hour x sites + site]
  std::vector<double> demand;       // [(hour x regions + region) x classes + class]
};

Country draw(const StudySize& size) {
  std::mt19937 bits(size.seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::normal_distribution<double> normal(0, 1);
  const std::size_t hours = std::size_t{size.days} * 24;
  Country out;
  std::vector<std::array<double, 2>> regions(size.regions), sites(size.sites);
  for (auto& place : regions) {
    place[0] = uniform(bits) * 3600;
    place[1] = uniform(bits) * 2800;
  }
  for (std::size_t s = 0; s < size.sites; ++s) {
    if (s < size.regions) {
      sites[s] = regions[s * size.regions / size.sites];
    } else {
      sites[s][0] = uniform(bits) * 3600;
      sites[s][1] = uniform(bits) * 2800;
    }
  }
  for (const auto& region : regions)
    for (const auto& site : sites) out.distance.push_back(std::hypot(region[0] - site[0], region[1] - site[1]) / 1000);

  out.energy.resize(hours * size.sites);
  out.carbon.resize(hours * size.sites);
  for (std::size_t s = 0; s < size.sites; ++s) {
    const double east = sites[s][0] / 3600;
    out.building.push_back((1200 + 600 * east + 100 * normal(bits)) * size.days / 365.0);
    const double base = 0.28 + 0.30 * east + 0.03 * normal(bits);
    const double mean = 22 - 12 * (sites[s][1] / 2800) + 3 * normal(bits) - 4 * (1 - east);
    const double phase = uniform(bits);
    double weather = 0;
    for (std::size_t t = 0; t < hours; ++t) {
      const double hour = static_cast<double>(t % 24), day = static_cast<double>(t / 24);
      double celsius = mean + 12 * wave(day - 100, 365) + 5 * wave(hour - 9, 24);
      weather = 0.95 * weather + 0.3 * normal(bits);
      celsius += weather;
      const double pue = 1.10 + std::max(0.0, (celsius - 12) * 0.012);
      const bool peak = (hour >= 10 && hour < 14) || (hour >= 17 && hour < 21);
      const double period = peak ? 1.5 : hour < 7 ? 0.5 : 1.0;
      const double sun = hour > 6 && hour < 18 ? 0.15 * wave(hour - 6 + phase, 24) : 0.0;
      const double carbon = std::max(0.05, 0.35 + 0.3 * east - sun + 0.05 * normal(bits));
      out.energy[t * size.sites + s] = static_cast<float>(pue * (base * period + 0.1 * carbon));
      out.carbon[t * size.sites + s] = pue * carbon;
    }
  }
  const std::size_t classes = size.classes();
  out.demand.resize(hours * size.regions * classes);
  for (std::size_t r = 0; r < size.regions; ++r) {
    const double level = 1000 * std::exp(normal(bits) * 0.9) * (0.4 + 1.6 * (regions[r][0] / 3600));
    for (std::size_t t = 0; t < hours; ++t) {
      const double hour = static_cast<double>(t % 24);
      const double by_day = 0.6 + 0.4 * wave(hour - 8, 24), weekend = (t / 24) % 7 >= 5 ? 0.8 : 1;
      for (std::size_t k = 0; k < classes; ++k) {
        const std::size_t kind = k % kKinds;
        const double shape = kind < kPrompt ? by_day * weekend : 1;
        const double kw =
            std::max(0.0, level * kShare[kind] / size.of_each_kind * shape * (1 + 0.08 * normal(bits)));
        out.demand[(t * size.regions + r) * classes + k] =
            static_cast<double>(std::llround(static_cast<float>(kw)));
      }
    }
  }
  return out;
}

// A site serves whom it reaches in time; the nearest serves in any case.
std::vector<SiteIndex> in_time(const Country& country, const StudySize& size, std::size_t region, double most_ms) {
  const auto latency = [&](SiteIndex s) { return 2 + country.distance[region * size.sites + s] * 1000 * 0.0155; };
  double least = latency(0);
  for (SiteIndex s = 1; s < size.sites; ++s) least = std::min(least, latency(s));
  std::vector<SiteIndex> out;
  for (SiteIndex s = 0; s < size.sites; ++s)
    if (latency(s) <= most_ms || latency(s) <= least + 1e-9) out.push_back(s);
  return out;
}

void add_hubs(SitingProblem& out, const Country& country, const StudySize& size) {
  const bool days = size.windows == Windows::within_days;
  const std::uint32_t bucket = days ? 24 : 4;
  const std::uint32_t begins = size.windows == Windows::kept ? 4 : 0;
  const std::uint32_t ends = days ? 24 : size.windows == Windows::kept ? 24 : 28;  // after the bucket's first hour
  std::vector<SiteIndex> all(size.sites);
  for (SiteIndex s = 0; s < size.sites; ++s) all[s] = s;
  for (std::uint32_t hour = 0; hour < out.hours; hour += bucket) {
    Hub hub{.first_hour = std::min(hour + begins, out.hours - kHoursTogether),
            .past_hour = std::min(hour + ends, out.hours), .sites = all, .deferrals = {}};
    for (std::uint32_t j = 0; j < out.deferrable.size(); ++j) {
      const std::size_t column = j / kWaiting * kKinds + kPrompt + j % kWaiting;
      double kwh = 0;
      for (std::uint32_t t = hour; t < hour + bucket; ++t)
        kwh += country.demand[t * size.regions * size.classes() + column];
      hub.deferrals.push_back({.demand = j, .kwh = kwh});
    }
    out.hubs.push_back(std::move(hub));
  }
}

}  // namespace

SitingProblem generated_study(const StudySize& size) {
  const Country country = draw(size);
  SitingProblem out;
  out.sites = size.sites;
  out.hours = size.days * 24;
  out.energy = country.energy;
  out.availability.assign(out.energy.size(), 1);
  for (std::size_t r = 0; r < size.regions; ++r)
    for (std::size_t k = 0; k < size.classes(); ++k) {
      const std::size_t kind = k % kKinds;
      const auto network = [&](SiteIndex s) {
        return 2 * country.distance[r * size.sites + s] * kGigabytes[kind];
      };
      if (kind < kPrompt) {
        PromptDemand demand{
            .sites = in_time(country, size, r, kLatencyMs[kind]), .network = {}, .unserved = kUnserved};
        for (const SiteIndex s : demand.sites) demand.network.push_back(network(s));
        out.prompt.push_back(std::move(demand));
      } else {
        DeferrableDemand demand{.network = {}, .unserved = kUnserved};
        for (SiteIndex s = 0; s < size.sites; ++s) demand.network.push_back(network(s));
        out.deferrable.push_back(std::move(demand));
      }
    }
  double peak = 0;
  for (std::uint32_t t = 0; t < out.hours; ++t) {
    double sum = 0;
    for (std::size_t r = 0; r < size.regions; ++r)
      for (std::size_t k = 0; k < size.classes(); ++k) {
        const double kw = country.demand[(t * size.regions + r) * size.classes() + k];
        if (k % kKinds < kPrompt) out.prompt_kw.push_back(kw);
        sum += kw;
      }
    peak = std::max(peak, sum);
  }
  add_hubs(out, country, size);
  // As much as all demand at its highest, and what one day's work can pile up: no limit on building.
  for (SiteIndex s = 0; s < size.sites; ++s)
    out.columns.push_back({.site = s, .cost = country.building[s], .most = 2 * peak,
                           .fixed = size.fixed * size.days / 365 * (0.5 + std::fmod(0.618 * (s + 1), 1.0))});
  return out;
}

Cap carbon_cap(const StudySize& size, double most) { return {.intensity = draw(size).carbon, .most = most}; }

SitingProblem with_scenarios(const SitingProblem& problem, std::uint32_t scenarios) {
  SitingProblem out = problem;
  for (std::vector<double>* list : {&out.energy, &out.availability, &out.prompt_kw}) list->clear();
  out.hubs.clear();
  out.hours = problem.hours * scenarios;
  const double probability = 1.0 / scenarios;
  for (std::uint32_t w = 0; w < scenarios; ++w) {
    const double demand = 0.8 + 0.4 * w / std::max(1U, scenarios - 1), price = 1.2 - 0.3 * (w % 3);
    for (const double energy : problem.energy) out.energy.push_back(price * energy);
    for (const double available : problem.availability) out.availability.push_back(probability * available);
    for (const double kw : problem.prompt_kw) out.prompt_kw.push_back(probability * demand * kw);
    for (Hub hub : problem.hubs) {
      hub.first_hour += w * problem.hours;
      hub.past_hour += w * problem.hours;
      for (Deferral& deferral : hub.deferrals) deferral.kwh *= probability * demand;
      out.hubs.push_back(std::move(hub));
    }
  }
  return out;
}

Survival generated_hazards(const SitingProblem& problem, std::uint32_t groups) {
  Survival out;
  for (std::uint32_t g = 0; g < groups; ++g)
    out.groups.push_back({g % problem.sites, (g + 1) % problem.sites});
  for (std::uint32_t i = 0; i < problem.prompt.size(); i += kPrompt) out.critical.push_back(i);
  return out;
}

}  // namespace hinterland
