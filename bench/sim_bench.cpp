// Times parts of the simulator on made-up worlds; tools/bench.py runs it beside the peers. Prints one JSON object.
//
//   sim_bench pinned JOBS                    ten sites of 640 cores, FCFS, load 1.02, a bill and a meter for every job
//   sim_bench full JOBS                      the same through the engine, every feature at hand
//   sim_bench policy NAME JOBS SITES         placed by a policy, data moved line by line
//   sim_bench easy JOBS LOAD [SERVERS]       EASY, sizes of 1 to 256 cores, runs of minutes to days
//   sim_bench burst FLOWS                    as many transfers at once over 90 paths of ten sites
//   sim_bench poisson FLOWS LOAD             transfers one after the other
//   sim_bench make ...                       makes the world of one of the above and does not run it
//   sim_bench curves FILE.html               draws time against jobs, sites, queue and flows
//
// CPU seconds, of the run and of its books; reading or making the trace is not in them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "hinterland/base/file.hpp"
#include "hinterland/report/html.hpp"
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

bool only_make = false;

template <class Run>
int time_run(const SimWorld& world, const Run& run) {
  if (only_make) return 0;
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

SimWorld policy_world(std::size_t jobs, std::size_t sites) {
  SimWorld world = test::peers_world(jobs, sites);
  world.staging.mode = Staging::Mode::line;
  world.groups[0].gb_in_per_unit_hour = 0.02;
  world.groups[0].late_per_hour = 50'000;
  return world;
}

// Nanoseconds a job of a run and its books; the best of three.
template <class Run>
double ns_a_job(const SimWorld& world, const Run& run) {
  double best = HUGE_VAL;
  for (int time = 0; time < 3; ++time) {
    const double began = cpu_seconds();
    const SimRun result = run();
    keep_books(world, result);
    best = std::min(best, cpu_seconds() - began);
  }
  return best / static_cast<double>(world.jobs.count()) * 1e9;
}

int draw_curves(const char* path) {
  SilentProgress progress;
  Page page{.title = "What a simulated job costs", .blocks = {}};
  LinesBlock jobs{.caption = "Against the number of jobs",
                  .x_name = "log10 of jobs",
                  .y_name = "ns a job",
                  .x = {},
                  .curves = {{.name = "pinned FCFS", .y = {}}, {.name = "cheapest over 10 sites", .y = {}}, {.name = "EASY at 0.9", .y = {}}}};
  for (const std::size_t count : {10'000U, 30'000U, 100'000U, 300'000U, 1'000'000U}) {
    jobs.x.push_back(std::log10(static_cast<double>(count)));
    const SimWorld plain = test::peers_world(count), moved = policy_world(count, 10);
    SimWorld mixed = test::mixed_world(count, 10, 10, 0.9);
    mixed.discipline = Discipline::easy;
    jobs.curves[0].y.push_back(ns_a_job(plain, [&] { return simulate(plain, stay, progress); }));
    jobs.curves[1].y.push_back(ns_a_job(moved, [&] { return simulate(moved, cheapest, progress); }));
    jobs.curves[2].y.push_back(ns_a_job(mixed, [&] { return simulate(mixed, stay, progress); }));
  }
  LinesBlock sites{.caption = "Against the number of sites, cheapest", .x_name = "sites", .y_name = "ns a job", .x = {}, .curves = {{.name = "cheapest", .y = {}}}};
  for (const std::size_t count : {2U, 5U, 10U, 18U, 36U, 72U}) {
    const SimWorld world = policy_world(200'000, count);
    sites.x.push_back(static_cast<double>(count));
    sites.curves[0].y.push_back(ns_a_job(world, [&] { return simulate(world, cheapest, progress); }));
  }
  LinesBlock queue{.caption = "Against the mean queue of a site, EASY", .x_name = "log10 of jobs that wait", .y_name = "ns a job", .x = {}, .curves = {{.name = "EASY", .y = {}}}};
  for (const double load : {0.6, 0.8, 0.9, 1.0, 1.1, 1.3, 1.6}) {
    SimWorld world = test::mixed_world(500'000, 10, 10, load);
    world.discipline = Discipline::easy;
    const SimRun result = simulate(world, stay, progress);
    double waited = 0;
    for (std::size_t job = 0; job < world.jobs.count(); ++job) waited += static_cast<double>((result.outcome.start[job] - world.jobs.arrival[job]).ms);
    queue.x.push_back(std::log10(std::max(0.1, waited / 10 / static_cast<double>(result.end.ms))));
    queue.curves[0].y.push_back(ns_a_job(world, [&] { return simulate(world, stay, progress); }));
  }
  LinesBlock flows{.caption = "Against the number of transfers at once", .x_name = "log10 of transfers", .y_name = "ns a transfer", .x = {}, .curves = {{.name = "all at t = 0", .y = {}}}};
  for (const std::size_t count : {1'000U, 3'000U, 10'000U, 30'000U, 100'000U}) {
    const test::PeersFlows peers = test::peers_flows(count, 0);
    std::vector<Flows::Start> starts;
    for (const auto& [at, start] : peers.flows) starts.push_back(start);
    std::vector<Flows::Ended> ended;
    const double began = cpu_seconds();
    Flows all(peers.network);
    all.begin(starts, Instant{0});
    all.advance({kNever.ms - 1}, ended);
    flows.x.push_back(std::log10(static_cast<double>(count)));
    flows.curves[0].y.push_back((cpu_seconds() - began) / static_cast<double>(count) * 1e9);
  }
  for (LinesBlock* block : {&jobs, &sites, &queue, &flows}) page.blocks.emplace_back(std::move(*block));
  const auto written = write_text(path, render_html(page));
  return written ? 0 : 1;
}

int run(int count, char** words) {
  SilentProgress progress;
  std::string_view verb = count > 1 ? words[1] : "";
  if (verb == "make" && count > 2) {
    only_make = true;
    ++words;
    --count;
    verb = words[1];
  }
  if (verb == "curves" && count > 2) return draw_curves(words[2]);
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
    const SimWorld world = policy_world(number(3), number(4));
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
