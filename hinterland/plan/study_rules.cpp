#include "hinterland/plan/study_rules.hpp"

#include <algorithm>

namespace hinterland {

namespace {

bool takes(const std::vector<SiteId>& sites, const Site& site) {
  return sites.empty() || std::ranges::find(sites, site.id) != sites.end();
}

bool counts(Counted of, ColumnKind kind) {
  return of == Counted::all || kind == ColumnKind::fresh ||
         (of == Counted::bought && kind == ColumnKind::filled);
}

// `inside` for what the limit counts at its sites, `outside` at the others.
CapacityRow row_of(const StudyLimit& limit, const StudyProblem& problem, double inside, double outside,
                   double least) {
  CapacityRow out{.weight = {}, .least = least};
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Site& site = *problem.sites[problem.numbers.columns[k].site];
    out.weight.push_back(counts(limit.of, problem.kinds[k]) ? takes(limit.sites, site) ? inside : outside
                                                            : 0);
  }
  return out;
}

}  // namespace

void add_caps(const Study& study, StudyProblem& problem) {
  SitingProblem& numbers = problem.numbers;
  for (const StudyCap& cap : study.caps) {
    const bool carbon = cap.kind == CapKind::carbon;
    Cap out{.intensity = carbon ? problem.carbon : problem.water,
            .most = cap.most * (carbon ? kKilogramsPerTonne : kLitresPerM3)};
    for (SiteIndex s = 0; s < problem.sites.size(); ++s) {
      if (takes(cap.sites, *problem.sites[s])) continue;
      for (std::uint32_t t = 0; t < numbers.hours; ++t) out.intensity[numbers.at(t, s)] = 0;
    }
    numbers.caps.push_back(std::move(out));
    problem.caps.push_back(cap);
  }
}

void add_limits(const Study& study, StudyProblem& problem) {
  for (const StudyLimit& limit : study.limits) {
    const auto add = [&](const char* rule, double asked, bool is_share, const CapacityRow& row) {
      problem.numbers.rows.push_back(row);
      problem.limits.push_back({.limit = limit, .rule = rule, .asked = asked, .is_share = is_share});
    };
    const auto add_most = [&](const char* rule, double kw) {
      add(rule, kw, false, row_of(limit, problem, -1, 0, -kw));
    };
    if (limit.least)
      add("least_mw", limit.least->value, false, row_of(limit, problem, 1, 0, limit.least->value));
    if (limit.most) add_most("most_mw", limit.most->value);
    if (limit.most_per_year)
      add_most("most_mw_per_year", limit.most_per_year->value * study.years_to_build());
    if (const auto share = limit.least_share)
      add("least_share", *share, true, row_of(limit, problem, 1 - *share, -*share, 0));
    if (const auto share = limit.most_share)
      add("most_share", *share, true, row_of(limit, problem, *share - 1, *share, 0));
  }
}

std::string name_of(const LimitRow& row) { return "limit " + row.limit.key + "." + row.rule; }

double limit_use(const StudyProblem& problem, const LimitRow& row, const std::vector<double>& columns) {
  double here = 0, all = 0;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (!counts(row.limit.of, problem.kinds[k])) continue;
    all += columns[k];
    if (takes(row.limit.sites, *problem.sites[problem.numbers.columns[k].site])) here += columns[k];
  }
  return !row.is_share ? here : all > 0 ? here / all : 0;
}

void add_survival(const Study& study, const Atlas& atlas, StudyProblem& problem) {
  for (const Hazard& hazard : atlas.hazards) {
    const bool named = std::ranges::any_of(
        study.survive, [&](const std::string& name) { return name == "all" || name == hazard.id.text; });
    if (!named) continue;
    std::vector<SiteIndex> lost;
    for (SiteIndex s = 0; s < problem.sites.size(); ++s)
      if (hazard.takes(problem.sites[s]->id)) lost.push_back(s);
    if (lost.empty()) continue;
    problem.survival.groups.push_back(std::move(lost));
    problem.hazards.push_back(&hazard);
  }
  for (std::uint32_t i = 0; i < problem.prompt.size(); ++i)
    if (study.demands[problem.prompt[i].demand].critical == YesNo::yes)
      problem.survival.critical.push_back(i);
}

}  // namespace hinterland
