// Cuts and refusals in words.
#include <fmt/format.h>

#include <algorithm>

#include "hinterland/plan/plan_figures.hpp"
#include "hinterland/plan/plan_result.hpp"
#include "hinterland/plan/study_rules.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string sites_of(const StudyPlan& plan, const std::vector<SiteIndex>& sites) {
  std::vector<std::string> names;
  for (const SiteIndex s : sites) names.push_back(plan.setup.sites[s]->name);
  return names_text(names);
}

std::string demands_of(const Study& study, const StudyPlan& plan, const std::vector<std::uint32_t>& demands) {
  std::vector<std::string> classes, regions;
  for (const std::uint32_t i : demands) {
    classes.push_back(study.demands[plan.setup.prompt[i].demand].key);
    regions.push_back(plan.setup.prompt[i].region->name);
  }
  return fmt::format("{} from {}", names_text(classes), names_text(regions));
}

std::string hour_text(const StudyPlan& plan, std::uint32_t hour) {
  const StudyScenario* scenario = plan.setup.year_of(hour).scenario;
  std::string text = fmt::format("hour {}", hour % plan.setup.year_hours());
  if (plan.setup.years.size() == 1) return text;
  return text + " of " + (scenario == nullptr ? "the year as planned" : scenario->key);
}

// kW of an hour as they are, not by the weight of their year.
std::string kw_text(const StudyPlan& plan, std::uint32_t hour, double kw) {
  return power_text(kw / plan.setup.year_of(hour).weight);
}

// Hour and demand for which a group leaves no site, at its worst.
std::string beyond_in_words(const Study& study, const StudyPlan& plan, std::size_t group) {
  const SitingProblem& numbers = plan.setup.numbers;
  const std::vector<SiteIndex>& lost = plan.setup.survival.groups[group];
  std::vector<std::uint32_t> stranded;
  for (const std::uint32_t i : plan.setup.survival.critical)
    if (std::ranges::all_of(numbers.prompt[i].sites,
                            [&](SiteIndex s) { return std::ranges::count(lost, s) > 0; }))
      stranded.push_back(i);
  std::uint32_t worst = 0;
  double most = -1;
  for (std::uint32_t t = 0; t < numbers.hours; ++t) {
    double sum = 0;
    for (const std::uint32_t i : stranded) sum += numbers.prompt_kw[t * numbers.prompt.size() + i];
    sum /= plan.setup.year_of(t).weight;
    if (sum <= most) continue;
    worst = t;
    most = sum;
  }
  return fmt::format("if {} takes {}, no site is left that may serve {}: {} in {}",
                     plan.setup.hazard(group).name, sites_of(plan, lost), demands_of(study, plan, stranded),
                     power_text(most), hour_text(plan, worst));
}

}  // namespace

std::string in_words(const Study& study, const StudyPlan& plan, const SurvivalCut& cut) {
  return fmt::format("if {} takes {} in {}, {} of {} must find room at {}", plan.setup.hazard(cut.group).name,
                     sites_of(plan, plan.setup.survival.groups[cut.group]), hour_text(plan, cut.hour),
                     kw_text(plan, cut.hour, cut.kw), demands_of(study, plan, cut.demands),
                     sites_of(plan, cut.sites));
}

std::string limit_text(const LimitRow& row, double value) {
  return row.is_share ? percent(value) : power_text(value);
}

std::vector<std::string> because(const Study& study, const StudyPlan& plan) {
  if (plan.feasible()) return {};
  std::vector<std::string> out;
  for (std::size_t g = 0; g < plan.beyond.size(); ++g)
    if (plan.beyond[g] > 0) out.push_back(beyond_in_words(study, plan, g));
  const auto lacks = [&](const SurvivalCut& cut, double kw) {
    std::string text =
        in_words(study, plan, cut) + fmt::format(", and {} find none", kw_text(plan, cut.hour, kw));
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  };
  for (const SurvivalCut& cut : plan.open) lacks(cut, cut.lacks);
  if (plan.plan.columns.empty()) {
    if (!plan.stopped) out.emplace_back("no capacity keeps every rule");
    return out;
  }
  for (std::size_t r = 0; r < plan.setup.limits.size(); ++r) {
    const LimitRow& row = plan.setup.limits[r];
    if (plan.plan.row_lacks[r] > 0)
      out.push_back(fmt::format("{} asks for {}, and {} is there", name_of(row), limit_text(row, row.asked),
                                limit_text(row, limit_use(plan.setup, row, plan.plan.columns))));
  }
  for (std::size_t r = 0; r < plan.cuts.size(); ++r)
    if (const double kw = plan.plan.row_lacks[plan.row_of(r)]; kw > 0) lacks(plan.cuts[r], kw);
  const double unserved = plan.plan.dispatch.unserved_kwh;
  if (!plan.serves_all())
    out.push_back(fmt::format("{} of the demand ({}) is left unserved",
                              percent(unserved / plan.setup.demand_kwh), energy_text(unserved)));
  return out;
}

}  // namespace hinterland
