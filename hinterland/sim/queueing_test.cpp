// Long runs against queueing theory: what a simulator of queues must give whoever wrote it.
#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/sim/engine.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

constexpr double kMeanRunMs = 3'600'000;
constexpr std::size_t kJobs = 400'000, kBatches = 40;

// Jobs of one core on `servers` one-core servers, Poisson arrivals at `load`; `draw` gives runs of mean 1.
template <class Draw>
SimWorld queue_of(std::int64_t servers, double load, std::uint64_t seed, const Draw& draw) {
  SimWorld world = test::sites_of(1, servers);
  world.pools[0].server_size = {.cores = 1};
  world.pools[0].units_per_server = 1;
  test::SplitMix random(seed);
  double now = 0;
  for (std::size_t job = 0; job < kJobs; ++job) {
    now += -std::log(random.open_unit()) * kMeanRunMs / (static_cast<double>(servers) * load);
    const Duration run{
        std::max<std::int64_t>(1, static_cast<std::int64_t>(std::lround(kMeanRunMs * draw(random))))};
    test::add_job(world, {static_cast<std::int64_t>(now)}, run, run, 1, 0);
  }
  return world;
}

struct Estimate {
  double mean, error;  // standard error, by batch means: waits of neighbours are alike
};
Estimate mean_wait(const SimWorld& world) {
  SilentProgress progress;
  const SimRun run = Engine<FcfsQueue>(world, stay).run(progress);
  std::vector<double> batches(kBatches);
  for (std::size_t job = 0; job < kJobs; ++job) {
    batches[job * kBatches / kJobs] +=
        static_cast<double>((run.outcome.start[job] - world.jobs.arrival[job]).ms) / (kJobs / kBatches);
  }
  double mean = 0, square = 0;
  for (const double batch : batches) mean += batch / kBatches;
  for (const double batch : batches) square += (batch - mean) * (batch - mean);
  return {mean / kMeanRunMs, std::sqrt(square / (kBatches - 1) / kBatches) / kMeanRunMs};
}

// Erlang's C: the chance to wait with c servers at load rho each; the mean wait is C / (c (1 - rho)), in mean runs.
double erlang_wait(int c, double rho) {
  double term = 1, sum = 0;
  for (int k = 0; k < c; ++k) {
    sum += term;
    term *= c * rho / (k + 1);
  }
  const double waits = term / (1 - rho);
  return waits / (sum + waits) / (c * (1 - rho));
}

double exponential(test::SplitMix& random) { return -std::log(random.open_unit()); }

}  // namespace

TEST_CASE("M/M/c: the mean wait is Erlang's") {
  for (const auto& [c, load] : {std::pair{1, 0.6}, std::pair{4, 0.8}, std::pair{32, 0.9}}) {
    CAPTURE(c);
    const Estimate got = mean_wait(queue_of(c, load, 11, exponential));
    CHECK(std::abs(got.mean - erlang_wait(c, load)) < 4 * got.error);
    CHECK(got.error < 0.1 * got.mean);
  }
}

// Pollaczek and Khinchine: mean wait = rho (1 + cv^2) / (2 (1 - rho)) mean runs.
TEST_CASE("M/G/1: the mean wait is that of Pollaczek and Khinchine") {
  const auto fixed = [](test::SplitMix&) { return 1.0; };
  const auto uneven = [](test::SplitMix& random) {  // nine of ten short, one long: mean 1, variance 9 / 4
    return random.open_unit() < 0.9 ? 0.5 : 5.5;
  };
  const double load = 0.7;
  const Estimate even = mean_wait(queue_of(1, load, 5, fixed));
  CHECK(std::abs(even.mean - load / (2 * (1 - load))) < 4 * even.error);
  const Estimate wild = mean_wait(queue_of(1, load, 6, uneven));
  CHECK(std::abs(wild.mean - load * (1 + 2.25) / (2 * (1 - load))) < 4 * wild.error);
}

}  // namespace hinterland
