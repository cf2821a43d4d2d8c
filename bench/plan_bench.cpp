// Times the planner on generated studies; tools/bench_plan.py runs it beside the peers. Prints one JSON object.
//
//   plan_bench ours SITES DAYS WINDOWS GAP     solved and certified; WINDOWS: day, out or in (over midnight, relaxed or kept)
//   plan_bench fixed SITES DAYS FIXED GAP      within days, opening a site costs about FIXED a year; GAP is of the whole
//   plan_bench survive SITES DAYS GROUPS GAP   so many pairs of sites are survived
//   plan_bench cap SITES DAYS SHARE GAP        no more than SHARE of the carbon that the cheapest plan emits
//   plan_bench scenarios SITES DAYS COUNT GAP  one capacity for so many years
//   plan_bench highs SITES DAYS direct|hubs    the same within days by HiGHS's dual simplex, in either form
//   plan_bench medians NODES MEDIANS SECONDS          whole distances in the plane; HiGHS is given so many seconds
//   plan_bench warehouses SITES CUSTOMERS SECONDS     the same
//   plan_bench write SITES DAYS FILE           the same within days as JSON, for solvers outside of this program
//   plan_bench curves FILE.html                draws time against sites, regions, classes, days and scenarios
//
// Wall seconds on two threads for ours, of one for HiGHS; making the study is not in them.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/generated_study.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/report/html.hpp"
#include "hinterland/siting/fixed_costs.hpp"
#include "hinterland/siting/solve_siting.hpp"
#include "hinterland/siting/whole_program.hpp"
#include "tests/direct_arcs.hpp"
#include "tests/textbook_location.hpp"

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
  double last = began, longest = 0;
  const auto in_time = [&](const FixedCostsOptions::Progress&) {
    longest = std::max(longest, now() - last);
    last = now();
    return last + 2 * longest < began + kMostSeconds;  // a master, and the proof after it
  };
  const FixedCostsAnswer answer = solve_fixed_costs(problem, {.gap = gap, .watch = in_time});
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

// Within days all of a day's work shares its hours: what each demand wants of it is all there is to say of a hub.
int write_study(const StudySize& size, const std::string& file) {
  const SitingProblem problem = generated_study(size);
  nlohmann::json out{{"sites", problem.sites}, {"hours", problem.hours}, {"energy", problem.energy}, {"prompt_kw", problem.prompt_kw},
                     {"unserved", problem.prompt.front().unserved}};
  for (const CapacityColumn& column : problem.columns) out["building"].push_back(column.cost);
  for (const PromptDemand& demand : problem.prompt)
    out["prompt"].push_back({{"sites", demand.sites}, {"network", demand.network}});
  for (const DeferrableDemand& demand : problem.deferrable)
    out["deferrable"].push_back({{"network", demand.network}});
  for (const Hub& hub : problem.hubs) {
    std::vector<double> kwh;
    for (const Deferral& deferral : hub.deferrals) kwh.push_back(deferral.kwh);
    out["kwh_of_days"].push_back(kwh);
  }
  return write_text(file, out.dump()) ? 0 : 1;
}

// The usual study of the curves.
struct CurvePoint {
  StudySize size{.days = 90};
  std::uint32_t scenarios = 1;
};

double seconds(const CurvePoint& point) {
  SitingProblem problem = generated_study(point.size);
  if (point.scenarios > 1) problem = with_scenarios(problem, point.scenarios);
  constexpr double kGap = 1e-4;
  const double began = now();
  const double gap = solve_siting(problem, {.gap = kGap}).plan.gap(), took = now() - began;
  if (gap > kGap) std::fprintf(stderr, "plan_bench: a point of a curve ends with a gap of %.1e\n", gap);
  return took;
}

// One size is varied at a time, around the usual study, which is solved once.
int draw_curves(const std::string& file) {
  using Number = std::uint32_t;
  struct Curve {
    const char* against;
    std::vector<Number> values;
    Number usual;
    void (*set)(CurvePoint&, Number);
  };
  const Curve curves[]{
      {"sites", {5, 10, 20, 31}, 10, [](CurvePoint& point, Number value) { point.size.sites = value; }},
      {"regions", {8, 16, 31}, 31, [](CurvePoint& point, Number value) { point.size.regions = value; }},
      {"classes", {5, 10, 15, 20}, 5, [](CurvePoint& point, Number value) { point.size.of_each_kind = value / kKinds; }},
      {"days", {28, 90, 182, 365}, 90, [](CurvePoint& point, Number value) { point.size.days = value; }},
      {"scenarios", {1, 2, 5, 10}, 1, [](CurvePoint& point, Number value) { point.scenarios = value; }}};
  const double usual = seconds({});
  Page page{.title = "How long a certified plan takes", .blocks = {}};
  nlohmann::ordered_json said;
  for (const Curve& curve : curves) {
    LinesBlock block{.caption = fmt::format("Against {}; usual are 10 sites, 31 regions, 5 classes, 90 days, 1 scenario", curve.against),
                     .x_name = curve.against, .y_name = "seconds", .x = {}, .curves = {{.name = "to a certified gap of 1e-4", .y = {}}}};
    for (const Number value : curve.values) {
      CurvePoint point;
      curve.set(point, value);
      const double took = value == curve.usual ? usual : seconds(point);
      block.x.push_back(value);
      block.curves[0].y.push_back(took);
      said[curve.against][std::to_string(value)] = took;
    }
    page.blocks.emplace_back(std::move(block));
  }
  std::printf("%s\n", said.dump().c_str());
  return write_text(file, render_html(page)) ? 0 : 1;
}

// Proven by us, and as far as HiGHS comes with the textbook's formulation in so many seconds.
template <class Problem>
int run_location(const Problem& problem, double highs_seconds) {
  const double began = now();
  const LocationAnswer ours = solve(problem);
  const double took = now() - began, highs_began = now();
  const ProgramSolution highs = by_textbook(problem, highs_seconds);
  std::printf("{\"seconds\": %.3f, \"plan\": %.4f, \"bound\": %.4f, \"highs_seconds\": %.3f, \"highs_plan\": %.4f, \"highs_bound\": %.4f}\n",
              took, ours.objective, ours.bound, now() - highs_began, highs.columns.empty() ? -1 : highs.objective,
              std::isfinite(highs.bound) ? highs.bound : -1);
  return ours.end == ProgramEnd::solved && (highs.columns.empty() || highs.objective >= ours.objective * (1 - 1e-7)) ? 0 : 1;
}

int usage() {
  std::fprintf(stderr, "usage: see the head of bench/plan_bench.cpp\n");
  return 2;
}

}  // namespace

int plan_bench(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "curves") return draw_curves(argv[2]);
  if (argc < 5) return usage();
  StudySize size{.sites = static_cast<std::uint32_t>(std::atoi(argv[2])), .days = static_cast<std::uint32_t>(std::atoi(argv[3]))};
  const std::string_view what = argv[1], how = argv[4];
  if (what == "medians") return run_location(medians_in_plane(size.sites, size.days, 1, true), std::atof(argv[4]));
  if (what == "warehouses") return run_location(warehouses_in_plane(size.sites, size.days, 0.12, 60, 1), std::atof(argv[4]));
  if (what == "highs") return run_highs(size, how);
  if (what == "write") return write_study(size, argv[4]);
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
