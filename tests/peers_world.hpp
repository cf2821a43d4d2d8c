// The world that the peers of the benchmarks simulate too: ten sites of 640 cores, jobs of one core, Poisson arrivals,
// exponential runs with a mean of an hour, load 1.02; splitmix64, whole seconds. Re-made from its formula.
#pragma once
#include <cmath>
#include <cstdint>

#include "hinterland/sim/simulate.hpp"

namespace hinterland::test {

class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  double open_unit() { return (static_cast<double>(next() >> 11U) + 0.5) / 9007199254740992.0; }

 private:
  std::uint64_t state_;
};

// Rates that differ by site, hour and season, for a pool whose servers are cut into `units` parts.
inline UnitRates made_up_rates(std::size_t site, double units, double capacity = 0) {
  std::vector<UnitRow> rows;
  for (int hour = 0; hour < 8760; ++hour) {
    const double day = std::sin(hour % 24 * 0.2617993877991494), season = std::cos(hour * 7.172585967e-4);
    const double pue = 1.2 + 0.02 * static_cast<double>(site) + 0.05 * day - 0.08 * season;
    const double tariff = (hour % 24 < 7    ? 0.25
                           : hour % 24 < 17 ? 0.5
                                            : 0.8) *
                          (0.6 + 0.08 * static_cast<double>(site));
    const double kwh = 0.5 / units * pue * kMillion;
    rows.push_back({kwh * tariff, kwh, kwh * (0.4 + 0.1 * day), kwh * (0.8 + 0.3 * day - 0.4 * season)});
  }
  return {std::move(rows), {.capacity = capacity}};
}

// `sites` pools of servers of 64 cores; every class may run everywhere, moving costs by distance of index.
inline SimWorld sites_of(std::size_t sites, std::int64_t servers) {
  SimWorld world;
  for (std::size_t site = 0; site < sites; ++site) {
    world.pools.push_back({.site = {"site-" + std::to_string(site)},
                           .server = {"server"},
                           .server_size = {.cores = 64},
                           .servers = servers,
                           .units_per_server = 64});
    world.forecast.push_back(made_up_rates(site, 64, site % 2 == 0 ? 2000 : 0));
  }
  world.actual = world.forecast;
  world.groups.push_back({.name = "any", .deadline = {24 * kHour.ms}});
  for (std::size_t home = 0; home < sites; ++home) {
    std::vector<Option> options;
    for (std::size_t site = 0; site < sites; ++site) {
      const double far = std::abs(static_cast<double>(site) - static_cast<double>(home));
      options.push_back(
          {PoolIndex{site}, far == 0 ? 0 : 1e5 + 1e4 * far, far == 0 ? 0 : 8000 + 500 * far, 100 * far});
    }
    world.options.push_back(std::move(options));
  }
  return world;
}

// Adds a job of `cores`; sizes are listed once. Requires pools whose units are cores.
inline void add_job(SimWorld& world, Instant arrival, Duration run, Duration request, std::int64_t cores,
                    std::size_t home, std::size_t group = 0) {
  std::size_t size = 0;
  while (size < world.sizes.size() && world.sizes[size].size.cores != cores) ++size;
  if (size == world.sizes.size()) world.sizes.push_back({{.cores = cores}, cores});
  world.jobs.arrival.push_back(arrival);
  world.jobs.run.push_back(run);
  world.jobs.request.push_back(request);
  world.jobs.size.push_back(SizeIndex{size});
  world.jobs.group.push_back(GroupIndex{group});
  world.jobs.home.push_back(PoolIndex{home});
}

inline SimWorld peers_world(std::size_t jobs, std::size_t sites = 10, double load = 1.02,
                            std::uint64_t seed = 1) {
  SimWorld world = sites_of(sites, 10);
  SplitMix random(seed);
  const double mean = 3600, per_second = static_cast<double>(sites) * 640 * load / mean;
  double at = 0;
  for (std::size_t job = 0; job < jobs; ++job) {
    at += -std::log(random.open_unit()) / per_second;
    const auto seconds =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(-std::log(random.open_unit()) * mean)));
    const std::size_t home = random.next() % sites;
    add_job(world, {static_cast<std::int64_t>(at) * 1000}, {seconds * 1000}, {seconds * 1000}, 1, home);
  }
  return world;
}

}  // namespace hinterland::test
