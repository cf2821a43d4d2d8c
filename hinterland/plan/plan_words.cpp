// Cuts and refusals in words.
#include <fmt/format.h>

#include <algorithm>

#include "hinterland/plan/plan_figures.hpp"
#include "hinterland/plan/plan_result.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string sites_of(const StudyPlan& plan, const std::vector<SiteIndex>& sites) {
  std::vector<std::string> names;
  for (const SiteIndex s : sites) names.push_back(plan.setup.sites[s]->name);
  return list_of(std::move(names));
}

std::string demands_of(const Study& study, const StudyPlan& plan, const std::vector<std::uint32_t>& demands) {
  std::vector<std::string> classes, regions;
  for (const std::uint32_t i : demands) {
    classes.push_back(study.demands[plan.setup.prompt[i].demand].key);
    regions.push_back(plan.setup.prompt[i].region->name);
  }
  return fmt::format("{} from {}", list_of(std::move(classes)), list_of(std::move(regions)));
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
    if (sum > most) worst = t, most = sum;
  }
  return fmt::format("if {} takes {}, no site is left that may serve {}: {} in hour {}",
                     plan.setup.hazard(group).name, sites_of(plan, lost), demands_of(study, plan, stranded),
                     power_text(most), worst);
}

}  // namespace

std::string in_words(const Study& study, const StudyPlan& plan, const SurvivalCut& cut) {
  return fmt::format("if {} takes {} in hour {}, {} of {} must find room at {}",
                     plan.setup.hazard(cut.group).name, sites_of(plan, plan.setup.survival.groups[cut.group]),
                     cut.hour, power_text(cut.kw), demands_of(study, plan, cut.demands),
                     sites_of(plan, cut.sites));
}

std::vector<std::string> because(const Study& study, const StudyPlan& plan) {
  if (plan.feasible()) return {};
  std::vector<std::string> out;
  for (std::size_t g = 0; g < plan.beyond.size(); ++g)
    if (plan.beyond[g] > 0) out.push_back(beyond_in_words(study, plan, g));
  for (const SurvivalCut& cut : plan.open)
    out.push_back(in_words(study, plan, cut) + fmt::format(", and {} find none", power_text(cut.lacks)));
  if (plan.plan.columns.empty()) return out.push_back("no capacity keeps every rule"), out;
  for (std::size_t r = 0; r < plan.cuts.size(); ++r)
    if (plan.plan.row_lacks[r] > 0)
      out.push_back(in_words(study, plan, plan.cuts[r]) +
                    fmt::format(", and {} find none", power_text(plan.plan.row_lacks[r])));
  const double unserved = plan.plan.dispatch.unserved_kwh;
  if (unserved > 0)
    out.push_back(fmt::format("{} of the demand ({}) find no room under these rules",
                              percent(unserved / plan.setup.demand_kwh), energy_text(unserved)));
  return out;
}

}  // namespace hinterland
