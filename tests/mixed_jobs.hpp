// Jobs of many sizes, as clusters see them: powers of two cores, lognormal runs (median 20 minutes, sigma 1.5), requests 1.2
// to 10 times too long and rounded up to quarters of an hour, Poisson arrivals at a given load.
#pragma once
#include <array>

#include "tests/peers_world.hpp"

namespace hinterland::test {

inline SimWorld mixed_world(std::size_t jobs, std::size_t sites, std::size_t servers, double load,
                            std::uint64_t seed = 1) {
  struct Draw {
    Duration run, request;
    std::int64_t cores;
  };
  SimWorld world = sites_of(sites, static_cast<std::int64_t>(servers));
  SplitMix random(seed);
  const auto draw = [&] {
    static constexpr std::array share = {.38, .12, .14, .14, .10, .06, .04, .015, .005};  // 1 to 256 cores
    const double normal =
        std::sqrt(-2 * std::log(random.open_unit())) * std::cos(6.283185307179586 * random.open_unit());
    const double most_ms = 72.0 * static_cast<double>(kHour.ms);
    const auto run =
        static_cast<std::int64_t>(std::min(most_ms, std::max(1000.0, 1'200'000 * std::exp(1.5 * normal))));
    const double over = std::exp(std::log(1.2) + random.open_unit() * std::log(10 / 1.2));
    const std::int64_t quarter = kHour.ms / 4;
    const std::int64_t request =
        (static_cast<std::int64_t>(static_cast<double>(run) * over) / quarter + 1) * quarter;
    double u = random.open_unit();
    std::size_t k = 0;
    while (k < share.size() - 1 && u > share[k]) u -= share[k++];
    return Draw{{run}, {request}, std::int64_t{1} << k};
  };
  double work = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Draw one = draw();
    work += static_cast<double>(one.run.ms) * static_cast<double>(one.cores);
  }
  const double gap = work / 200'000 / (64 * static_cast<double>(sites * servers) * load);
  double now = 0;
  for (std::size_t job = 0; job < jobs; ++job) {
    now += -std::log(random.open_unit()) * gap;
    const Draw one = draw();
    add_job(world, {static_cast<std::int64_t>(now)}, one.run, one.request, one.cores, random.next() % sites);
  }
  return world;
}

}  // namespace hinterland::test
