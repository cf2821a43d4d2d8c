// Times the planner on generated studies; tools/bench_plan.py runs it beside the peers. Prints one JSON object.
//
//   plan_bench ours SITES DAYS WINDOWS GAP     solved and certified; WINDOWS: day, out or in (over midnight, relaxed or kept)
//   plan_bench fixed SITES DAYS FIXED GAP      within days, opening a site costs about FIXED a year; GAP is of the whole
//   plan_bench survive SITES DAYS GROUPS GAP   so many pairs of sites are survived
//   plan_bench cap SITES DAYS SHARE GAP        no more than SHARE of the carbon that the cheapest plan emits
//   plan_bench scenarios SITES DAYS COUNT GAP  one capacity for so many years
//   plan_bench highs SITES DAYS direct|hubs    the same within days by HiGHS's dual simplex, in either form
//
// Wall seconds on two threads for ours, of one for HiGHS; making the study is not in them.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bench/generated_study.hpp"
#include "hinterland/siting/fixed_costs.hpp"
#include "hinterland/siting/solve_siting.hpp"
#include "hinterland/siting/whole_program.hpp"
#include "tests/direct_arcs.hpp"

namespace hinterland {

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double peak_megabytes() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1e3;
}

int run_ours(const StudySize& size, double gap) {
  const SitingProblem problem = generated_study(size);
  const double began = now();
  const SitingAnswer answer = solve_siting(problem, {.gap = gap});
  std::printf("{\"seconds\": %.3f, \"plan\": %.4f, \"bound\": %.4f, \"gap\": %.3e, \"iterations\": %d, \"megabytes\": %.0f}\n",
              now() - began, answer.plan.objective, answer.plan.bound, answer.plan.gap(), answer.iterations, peak_megabytes());
  return answer.plan.gap() <= gap ? 0 : 1;
}

int print_answer(double began, const SitingPlan& plan, int solves) {
  std::printf("{\"seconds\": %.3f, \"plan\": %.4f, \"bound\": %.4f, \"gap\": %.3e, \"solves\": %d, \"megabytes\": %.0f}\n", now() - began,
              plan.objective, plan.bound, plan.gap(), solves, peak_megabytes());
  return 0;
}

int run_survive(const StudySize& size, std::uint32_t groups, double gap) {
  const SitingProblem problem = generated_study(size);
  const Survival survival = generated_hazards(problem, groups);
  const double began = now();
  const SurvivingAnswer answer = solve_surviving(problem, survival, {.gap = gap});
  print_answer(began, answer.answer.plan, answer.rounds + 1);
  return answer.survives ? 0 : 1;
}

// Capped at a share of what the cheapest plan emits; finding that is not in the time.
int run_cap(const StudySize& size, double share, double gap) {
  SitingProblem problem = generated_study(size);
  problem.caps.push_back(carbon_cap(size, 1e30));
  const double emitted = solve_siting(problem, {.gap = gap}).plan.dispatch.cap_use[0];
  problem.caps[0].most = share * emitted;
  const double began = now();
  const SitingAnswer answer = solve_siting(problem, {.gap = gap});
  print_answer(began, answer.plan, 1);
  return answer.plan.dispatch.cap_use[0] <= share * emitted * (1 + 1e-9) ? 0 : 1;
}

int run_scenarios(const StudySize& size, std::uint32_t scenarios, double gap) {
  const SitingProblem problem = with_scenarios(generated_study(size), scenarios);
  const double began = now();
  return print_answer(began, solve_siting(problem, {.gap = gap}).plan, 1);
}

int run_fixed(const StudySize& size, double gap) {
  const SitingProblem problem = generated_study(size);
  const double began = now();
  constexpr double kMostSeconds = 100;
  const FixedCostsAnswer answer = solve_fixed_costs(
      problem, {.gap = gap, .watch = [&](const FixedCostsOptions::Progress&) { return now() - began < kMostSeconds; }});
  std::printf("{\"seconds\": %.3f, \"plan\": %.4f, \"bound\": %.4f, \"gap\": %.3e, \"solves\": %d, \"prices\": %zu, \"megabytes\": %.0f}\n",
              now() - began, answer.plan.objective, answer.plan.bound, answer.plan.gap(), answer.solves, answer.plan.more_prices.size() + 1, peak_megabytes());
  return 0;
}

int run_highs(const StudySize& size, std::string_view form) {
  const SitingProblem problem = generated_study(size);
  const double began = now();
  const double objective = form == "direct" ? solve_direct(problem).objective : whole_program(problem).solve().objective;
  std::printf("{\"seconds\": %.3f, \"plan\": %.4f, \"megabytes\": %.0f}\n", now() - began, objective, peak_megabytes());
  return 0;
}

int usage() {
  std::fprintf(stderr, "usage: plan_bench ours SITES DAYS day|out|in GAP | fixed|survive|cap|scenarios SITES DAYS HOW GAP | highs SITES DAYS direct|hubs\n");
  return 2;
}

}  // namespace

int plan_bench(int argc, char** argv) {
  if (argc < 5) return usage();
  StudySize size{.sites = static_cast<std::uint32_t>(std::atoi(argv[2])), .days = static_cast<std::uint32_t>(std::atoi(argv[3]))};
  const std::string_view what = argv[1], how = argv[4];
  if (what == "highs") return run_highs(size, how);
  if (argc < 6) return usage();
  if (what == "survive") return run_survive(size, static_cast<std::uint32_t>(std::atoi(argv[4])), std::atof(argv[5]));
  if (what == "cap") return run_cap(size, std::atof(argv[4]), std::atof(argv[5]));
  if (what == "scenarios") return run_scenarios(size, static_cast<std::uint32_t>(std::atoi(argv[4])), std::atof(argv[5]));
  if (what == "fixed") {
    size.fixed = std::atof(argv[4]);
    return run_fixed(size, std::atof(argv[5]));
  }
  if (what != "ours") return usage();
  size.windows = how == "out" ? Windows::relaxed : how == "in" ? Windows::kept : Windows::within_days;
  return run_ours(size, std::atof(argv[5]));
}

}  // namespace hinterland

int main(int argc, char** argv) { return hinterland::plan_bench(argc, argv); }
