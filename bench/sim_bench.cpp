// Times parts of the simulator on made-up worlds; tools/bench.py runs it beside the peers. Prints one JSON object.
//
//   sim_bench pinned JOBS                    ten sites of 640 cores, FCFS, load 1.02, a bill and a meter for every job
//   sim_bench full JOBS                      the same through the engine, every feature at hand
//   sim_bench policy NAME JOBS SITES         placed by a policy, data moved line by line
//   sim_bench easy JOBS LOAD [SERVERS]       EASY, sizes of 1 to 256 cores, runs of minutes to days
//   sim_bench burst FLOWS                    as many transfers at once over 90 paths of ten sites
//   sim_bench poisson FLOWS LOAD             transfers one after the other
//
// CPU seconds, of the run and of its books; reading or making the trace is not in them.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "hinterland/sim/books.hpp"
#include "hinterland/sim/engine.hpp"
#include "tests/peers_flows.hpp"
#include "tests/peers_world.hpp"
#include "tests/mixed_jobs.hpp"

namespace hinterland {

namespace {

double cpu_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

int report(const SimWorld& world, const SimRun& run, double began, double ran) {
  const Books books = keep_books(world, run);
  const double booked = cpu_seconds();
  const auto jobs = static_cast<double>(world.jobs.count());
  double queue = 0;
  for (std::size_t job = 0; job < world.jobs.count(); ++job)
    queue += static_cast<double>((run.outcome.start[job] - world.jobs.arrival[job]).ms);
  const double sites = static_cast<double>(world.pools.size());
  std::printf(
      "{\"jobs\": %zu, \"run_s\": %.4f, \"books_s\": %.4f, \"jobs_per_s\": %.0f, \"sum_completion_s\": %lld, "
      "\"mean_queue_a_site\": %.1f, \"worst_gap\": %.1f, \"balanced\": %s}\n",
      world.jobs.count(), ran - began, booked - ran, jobs / (booked - began),
      static_cast<long long>(books.sum_completion_ms / 1000),
      queue / sites / static_cast<double>(run.end.ms), books.worst_gap, books.imbalances.empty() ? "true" : "false");
  for (const Imbalance& one : books.imbalances)
    std::fprintf(stderr, "%s: %g, allowed %g\n", one.what.c_str(), one.difference, one.allowed);
  return books.imbalances.empty() ? 0 : 1;
}

template <class Run>
int time_run(const SimWorld& world, const Run& run) {
  const double began = cpu_seconds();
  const SimRun result = run();
  return report(world, result, began, cpu_seconds());
}

int time_flows(const test::PeersFlows& peers, bool one_by_one) {
  const double began = cpu_seconds();
  Flows flows(peers.network);
  std::vector<Flows::Ended> ended;
  if (one_by_one) {
    for (const auto& [at, start] : peers.flows) {
      flows.advance(at, ended);
      flows.begin(std::span(&start, 1), at);
    }
  } else {
    std::vector<Flows::Start> all;
    for (const auto& [at, start] : peers.flows) all.push_back(start);
    flows.begin(all, Instant{0});
  }
  flows.advance({kNever.ms - 1}, ended);
  const double spent = cpu_seconds() - began;
  double sum = 0;
  for (const Flows::Ended& one : ended) sum += one.true_s;
  std::printf("{\"flows\": %zu, \"run_s\": %.4f, \"events\": %lld, \"events_per_s\": %.0f, \"sum_completion_s\": %.3f}\n",
              ended.size(), spent, static_cast<long long>(flows.events()), static_cast<double>(flows.events()) / spent,
              sum);
  return 0;
}

int run(int count, char** words) {
  SilentProgress progress;
  const std::string_view verb = count > 1 ? words[1] : "";
  const auto number = [&](int place) { return static_cast<std::size_t>(std::atoll(words[place])); };
  if (verb == "pinned" && count > 2) {
    const SimWorld world = test::peers_world(number(2));
    return time_run(world, [&] { return simulate(world, stay, progress); });
  }
  if (verb == "full" && count > 2) {
    const SimWorld world = test::peers_world(number(2));
    return time_run(world, [&] { return Engine<FcfsQueue>(world, stay).run(progress); });
  }
  if (verb == "policy" && count > 4) {
    const auto policy = find_policy(words[2], "policy");
    if (!policy) return 2;
    SimWorld world = test::peers_world(number(3), number(4));
    world.staging.mode = Staging::Mode::line;
    world.groups[0].gb_in_per_unit_hour = 0.02;
    world.groups[0].late_per_hour = 50'000;
    return time_run(world, [&] { return simulate(world, policy->choose, progress); });
  }
  if (verb == "easy" && count > 3) {
    SimWorld world = test::mixed_world(number(2), 10, count > 4 ? number(4) : 10, std::atof(words[3]));
    world.discipline = Discipline::easy;
    return time_run(world, [&] { return simulate(world, stay, progress); });
  }
  if (verb == "burst" && count > 2) return time_flows(test::peers_flows(number(2), 0), false);
  if (verb == "poisson" && count > 3) return time_flows(test::peers_flows(number(2), std::atof(words[3])), true);
  std::fputs("usage: see the head of bench/sim_bench.cpp\n", stderr);
  return 2;
}

}  // namespace

}  // namespace hinterland

int main(int count, char** words) { return hinterland::run(count, words); }
