#include "hinterland/plan/conflict.hpp"

#include <algorithm>
#include <ranges>

#include "hinterland/plan/study_rules.hpp"

namespace hinterland {

namespace {

constexpr double kAsLargeAsLikes = 2;  // times all demand at its highest: more helps nobody
constexpr double kGap = 1e-4;          // at which beyond_price() leaves less unserved than serves_all() sees
constexpr double kBeyond = 10;         // times what the dearest kWh could cost
constexpr double kLeastAvailability = 0.1;  // of capacity that anybody would buy to serve with

struct Rule {
  enum class Kind { cap, limit, hazard, power, size } kind;
  std::size_t index = 0;  // of a cap, a limit or a hazard
  bool kept = true;
};

std::vector<Rule> rules_of(const StudyProblem& setup) {
  std::vector<Rule> out;
  for (std::size_t c = 0; c < setup.caps.size(); ++c) out.push_back({.kind = Rule::Kind::cap, .index = c});
  for (std::size_t r = 0; r < setup.limits.size(); ++r)
    out.push_back({.kind = Rule::Kind::limit, .index = r});
  for (std::size_t g = 0; g < setup.hazards.size(); ++g)
    out.push_back({.kind = Rule::Kind::hazard, .index = g});
  if (!setup.numbers.power_limit.empty()) out.push_back({.kind = Rule::Kind::power});
  out.push_back({.kind = Rule::Kind::size});
  return out;
}

// More than a kWh of anybody's work costs by whatever capacity: to leave it unserved is then no choice.
double beyond_price(const SitingProblem& problem) {
  double capacity = 0, availability = 1, energy = 0, network = 0;
  for (const CapacityColumn& column : problem.columns) capacity = std::max(capacity, column.cost);
  for (const double share : problem.availability)
    if (share > 0) availability = std::min(availability, std::max(share, kLeastAvailability));
  for (const double price : problem.energy) energy = std::max(energy, price);
  for (const PromptDemand& demand : problem.prompt)
    network = std::max(network, std::ranges::max(demand.network));
  for (const DeferrableDemand& demand : problem.deferrable)
    network = std::max(network, std::ranges::max(demand.network));
  return kBeyond * (capacity / availability + energy + network);
}

// The study as if those rules alone were there, opening cost nothing, and nobody could do without.
StudyProblem with_rules(const StudyProblem& setup, const std::vector<Rule>& rules) {
  StudyProblem out = setup;
  out.numbers.caps.clear();
  out.caps.clear();
  out.numbers.rows.clear();
  out.limits.clear();
  out.survival.groups.clear();
  out.hazards.clear();
  for (CapacityColumn& column : out.numbers.columns) column.fixed = 0;
  const double beyond = beyond_price(setup.numbers);
  for (PromptDemand& demand : out.numbers.prompt) demand.unserved = beyond;
  for (DeferrableDemand& demand : out.numbers.deferrable) demand.unserved = beyond;
  for (const Rule& rule : rules) {
    if (rule.kind == Rule::Kind::power && !rule.kept) out.numbers.power_limit.clear();
    if (rule.kind == Rule::Kind::size && !rule.kept)
      for (std::size_t k = 0; k < out.kinds.size(); ++k)
        if (out.kinds[k] == ColumnKind::fresh)
          out.numbers.columns[k].most =
              std::max(out.numbers.columns[k].most, kAsLargeAsLikes * setup.demand_peak_kw);
    if (!rule.kept) continue;
    if (rule.kind == Rule::Kind::cap) {
      out.numbers.caps.push_back(setup.numbers.caps[rule.index]);
      out.caps.push_back(setup.caps[rule.index]);
    } else if (rule.kind == Rule::Kind::limit) {
      out.numbers.rows.push_back(setup.numbers.rows[rule.index]);
      out.limits.push_back(setup.limits[rule.index]);
    } else if (rule.kind == Rule::Kind::hazard) {
      out.survival.groups.push_back(setup.survival.groups[rule.index]);
      out.hazards.push_back(setup.hazards[rule.index]);
    }
  }
  return out;
}

std::string name_of(const StudyProblem& setup, const Rule& rule) {
  switch (rule.kind) {
    case Rule::Kind::cap: return "cap " + setup.caps[rule.index].key;
    case Rule::Kind::limit: return name_of(setup.limits[rule.index]);
    case Rule::Kind::hazard: return "survive " + setup.hazards[rule.index]->id.text;
    case Rule::Kind::power: return "power limits";
    case Rule::Kind::size: break;
  }
  return "largest sizes of new buildings";
}

}  // namespace

void explain(StudyPlan& plan, const StudyProblem& setup, const StudyOptions& asked) {
  StudyOptions options = asked;
  options.gap = kGap;
  std::vector<Rule> rules = rules_of(setup);
  const auto possible = [&] {
    const StudyPlan trial = solve_study(with_rules(setup, rules), options);
    plan.stopped = plan.stopped || trial.stopped;
    return trial.keeps_rules() && trial.serves_all();
  };
  std::vector<std::vector<std::string>> conflicts;
  while (!possible() && !plan.stopped) {
    const std::vector<Rule> before = rules;
    std::vector<std::string> conflict;
    // The last first: what is left are the rules that the study has first.
    for (Rule& rule : rules | std::views::reverse) {
      if (!rule.kept) continue;
      rule.kept = false;
      rule.kept = possible();
      if (plan.stopped) return;
      if (rule.kept) conflict.insert(conflict.begin(), name_of(setup, rule));
    }
    conflicts.push_back(std::move(conflict));
    if (conflicts.back().empty()) break;
    for (std::size_t r = 0; r < rules.size(); ++r) rules[r].kept = before[r].kept && !rules[r].kept;
  }
  if (plan.stopped) return;
  plan.unserved_by_choice = conflicts.empty();
  plan.conflicts = std::move(conflicts);
}

}  // namespace hinterland
