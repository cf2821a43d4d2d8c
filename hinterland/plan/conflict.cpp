#include "hinterland/plan/conflict.hpp"

#include <algorithm>

#include "hinterland/plan/study_rules.hpp"

namespace hinterland {

namespace {

constexpr double kAsLargeAsLikes = 2;  // times all demand at its highest: more helps nobody

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

StudyProblem with_rules(const StudyProblem& setup, const std::vector<Rule>& rules) {
  StudyProblem out = setup;
  out.numbers.caps.clear();
  out.caps.clear();
  out.numbers.rows.clear();
  out.limits.clear();
  out.survival.groups.clear();
  out.hazards.clear();
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

std::vector<std::string> smallest_conflict(const StudyProblem& setup, const StudyOptions& options) {
  std::vector<Rule> rules = rules_of(setup);
  bool stopped = false;
  const auto possible = [&] {
    const StudyPlan plan = solve_study(with_rules(setup, rules), options);
    stopped = plan.stopped;
    return plan.feasible();
  };
  for (Rule& rule : rules) {
    rule.kept = false;
    rule.kept = possible();
    if (stopped) return {};
  }
  std::vector<std::string> out;
  for (const Rule& rule : rules)
    if (rule.kept) out.push_back(name_of(setup, rule));
  return out;
}

}  // namespace hinterland
