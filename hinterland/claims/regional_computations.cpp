// Computations on accounts and groups of regions, by the code that assess asks.
#include <fmt/format.h>

#include <algorithm>

#include "hinterland/base/number.hpp"
#include "hinterland/claims/computation_lists.hpp"
#include "hinterland/impact/convergence.hpp"
#include "hinterland/impact/people_study.hpp"
#include "hinterland/impact/regional_inequality.hpp"

namespace hinterland {

namespace {

using enum OperandKind;

std::unexpected<std::string> none(std::string why) { return std::unexpected(std::move(why)); }

int year_of(const Operand& operand) { return static_cast<int>(parse_integer(operand.text).value_or(0)); }

Expected<RegionalInequality> inequality_in(const Atlas& atlas, const std::string& grouping, int first,
                                           int last) {
  return regional_inequality(atlas, {.grouping = grouping, .first = first, .last = last});
}

// One figure of the year's decomposition by a grouping.
Computed part_of_year(const Atlas& atlas, const Operands& of, double Decomposition::* part) {
  const int year = year_of(of[1]);
  const auto result = inequality_in(atlas, of[0].text, year, year);
  if (!result) return none(describe(result.error().front()));
  return result->last().parts.*part;
}

// What a group's year comes to.
Expected<std::pair<const RegionGroup*, GroupPart>> group_year(const Atlas& atlas, const std::string& group,
                                                              int year) {
  const RegionGroup& known = atlas.groups.at({group});
  const auto result = inequality_in(atlas, known.grouping, year, year);
  if (!result) return std::unexpected(result.error());
  const auto at = std::ranges::find(result->groups, known.id, &RegionGroup::id) - result->groups.begin();
  return std::pair{&known, result->last().parts.groups[static_cast<std::size_t>(at)]};
}

Computed in_account(const Atlas& atlas, const Operands& of, double (*figure)(const Account&)) {
  const Account* account = account_of(atlas, {of[0].text}, year_of(of[1]));
  if (account == nullptr) return none(fmt::format("no account of {} in {}", of[0].text, of[1].text));
  return figure(*account);
}

// From 1, the largest first.
Computed rank_in_accounts(const Atlas& atlas, const Operands& of, double (*figure)(const Account&)) {
  const auto own = in_account(atlas, of, figure);
  if (!own) return own;
  double rank = 1;
  for (const Account& one : atlas.accounts) {
    if (one.year == year_of(of[1]) && figure(one) > *own) ++rank;
  }
  return rank;
}

Computed nation_sum(const Atlas& atlas, const Operands& of, double (*figure)(const Account&)) {
  const auto years = account_years(atlas);
  const int year = year_of(of[0]);
  if (std::ranges::find(years, year) == years.end())
    return none(fmt::format("not every region has an account of {}", year));
  double out = 0;
  for (const Account& one : atlas.accounts) {
    if (one.year == year) out += figure(one);
  }
  return out;
}

double gdp_of(const Account& one) { return one.gdp_1e8; }
double people_of(const Account& one) { return one.population_1e4; }
double per_head_of(const Account& one) { return one.gdp_per_head().value; }

// One figure of one way of the sceptic's question, as its figures stand.
Computed of_way(const AtlasCells& cells, const Operands& of, PeopleWay PeopleStudy::* way,
                double PeopleCase::* figure) {
  SilentProgress silent;
  const auto study = people_study(cells.atlas(), {.grouping = of[0].text, .draws = 0}, silent);
  if (!study) return none(describe(study.error().front()));
  return ((*study).*way).central.*figure;
}

constexpr const char* kBarrierColumn = "barrier_share";
constexpr std::size_t kPeopleDraws = 300;  // as `assess people` makes unless asked otherwise

// What the draws of the sceptic's question come to, as `assess people` prints it.
Computation draws_computation(std::string name, std::string doc, double PeopleStudy::* share) {
  return {.name = std::move(name),
          .operands = {grouping},
          .doc = "share of the draws in which people moved to the coast give more " + std::move(doc) +
                 " than capital moved inland",
          .compute = [=](const AtlasCells& cells, const Operands& of) -> Computed {
            SilentProgress silent;
            const auto study =
                people_study(cells.atlas(), {.grouping = of[0].text, .draws = kPeopleDraws}, silent);
            if (!study) return none(describe(study.error().front()));
            return (*study).*share;
          },
          .modelled = true};
}

// Welfare of people to the coast less that of capital inland, with the share of barriers at an end of its range.
Computation barrier_computation(std::string name, std::string doc, double FigureSwing::* end) {
  return {
      .name = std::move(name),
      .operands = {grouping},
      .doc = "welfare of people moved to the coast less that of capital moved inland, if " + std::move(doc),
      .compute = [=](const AtlasCells& cells, const Operands& of) -> Computed {
        SilentProgress silent;
        const auto study = people_study(cells.atlas(), {.grouping = of[0].text, .draws = 1}, silent);
        if (!study) return none(describe(study.error().front()));
        const auto swing = std::ranges::find_if(
            study->drivers, [](const FigureSwing& one) { return one.column.ends_with(kBarrierColumn); });
        if (swing == study->drivers.end()) return none("barrier_share has no range");
        return (*swing).*end;
      },
      .modelled = true};
}

Computation way_computation(std::string name, std::string doc, PeopleWay PeopleStudy::* way,
                            double PeopleCase::* figure) {
  return {
      .name = std::move(name),
      .operands = {grouping},
      .doc = std::move(doc) + ", when 1 % moves (impact/people_study.hpp)",
      .compute = [=](const AtlasCells& cells, const Operands& of) { return of_way(cells, of, way, figure); },
      .modelled = true};
}

std::vector<Computation> of_accounts() {
  return {
      {"gdp",
       {region, year},
       false,
       "the region's GDP, in 1e8 of the currency (accounts)",
       [](const AtlasCells& cells, const Operands& of) { return in_account(cells.atlas(), of, gdp_of); }},
      {"people",
       {region, year},
       false,
       "the region's people, in 1e4 (accounts)",
       [](const AtlasCells& cells, const Operands& of) { return in_account(cells.atlas(), of, people_of); }},
      {"gdp_per_head",
       {region, year},
       false,
       "GDP / people, money a head and year",
       [](const AtlasCells& cells, const Operands& of) {
         return in_account(cells.atlas(), of, per_head_of);
       }},
      {"gdp_rank",
       {region, year},
       false,
       "1 + how many regions have more GDP",
       [](const AtlasCells& cells, const Operands& of) {
         return rank_in_accounts(cells.atlas(), of, gdp_of);
       }},
      {"gdp_per_head_rank",
       {region, year},
       false,
       "1 + how many regions have more GDP a head",
       [](const AtlasCells& cells, const Operands& of) {
         return rank_in_accounts(cells.atlas(), of, per_head_of);
       }},
      {"nation_gdp",
       {year},
       false,
       "the sum of all regions' GDP, in 1e8 of the currency",
       [](const AtlasCells& cells, const Operands& of) { return nation_sum(cells.atlas(), of, gdp_of); }},
      {"nation_people",
       {year},
       false,
       "the sum of all regions' people, in 1e4",
       [](const AtlasCells& cells, const Operands& of) { return nation_sum(cells.atlas(), of, people_of); }},
  };
}

std::vector<Computation> of_inequality() {
  return {
      {"between_t",
       {grouping, year},
       false,
       "Theil T of GDP a head between the groups (impact/inequality.hpp)",
       [](const AtlasCells& cells, const Operands& of) {
         return part_of_year(cells.atlas(), of, &Decomposition::between_t);
       }},
      {"within_t",
       {grouping, year},
       false,
       "Theil T of GDP a head within the groups",
       [](const AtlasCells& cells, const Operands& of) {
         return part_of_year(cells.atlas(), of, &Decomposition::within_t);
       }},
      {"theil_t",
       {grouping, year},
       false,
       "between_t + within_t",
       [](const AtlasCells& cells, const Operands& of) {
         const auto between = part_of_year(cells.atlas(), of, &Decomposition::between_t);
         const auto within = part_of_year(cells.atlas(), of, &Decomposition::within_t);
         return between && within ? Computed(*between + *within) : between;
       }},
      {"group_theil_t",
       {group, year},
       false,
       "Theil T of GDP a head among the regions of the group",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         const auto part = group_year(cells.atlas(), of[0].text, year_of(of[1]));
         if (!part) return none(describe(part.error().front()));
         return part->second.own.theil_t;
       }},
      {"group_gdp_per_head",
       {group, year},
       false,
       "the group's GDP / its people",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         const auto part = group_year(cells.atlas(), of[0].text, year_of(of[1]));
         if (!part) return none(describe(part.error().front()));
         return part->second.own.mean;
       }},
      {"members",
       {group},
       false,
       "how many regions are in the group",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         return static_cast<double>(cells.atlas().groups.at({of[0].text}).regions.size());
       }},
      {"beta",
       {year, year},
       false,
       "the slope of growth on the logarithm of GDP a head (impact/convergence.hpp); below 0: the poor grow "
       "faster",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         const auto result = inequality_in(cells.atlas(), "", year_of(of[0]), year_of(of[1]));
         if (!result) return none(describe(result.error().front()));
         if (!result->beta) return none("too few regions or years");
         return result->beta->slope.value;
       }},
      {"sigma_ratio",
       {year, year},
       false,
       "the spread of ln GDP a head over regions, later over earlier",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         const auto result = inequality_in(cells.atlas(), "", year_of(of[0]), year_of(of[1]));
         if (!result) return none(describe(result.error().front()));
         if (!result->sigma) return none("too few regions or years");
         return result->sigma->ratio.value;
       }},
  };
}

std::vector<Computation> of_people() {
  return {
      way_computation("people_to_coast_output", "change of output with people moved to the coast",
                      &PeopleStudy::people, &PeopleCase::output),
      way_computation("people_to_coast_welfare", "change of welfare with people moved to the coast",
                      &PeopleStudy::people, &PeopleCase::welfare),
      way_computation("capital_inland_output", "change of output with capital moved inland",
                      &PeopleStudy::capital, &PeopleCase::output),
      way_computation("capital_inland_welfare", "change of welfare with capital moved inland",
                      &PeopleStudy::capital, &PeopleCase::welfare),
      draws_computation("people_more_output", "output", &PeopleStudy::people_output),
      draws_computation("people_more_welfare", "welfare", &PeopleStudy::people_welfare),
      barrier_computation("people_lead_without_barriers", "barriers are as little of it as may be",
                          &FigureSwing::at_low),
      barrier_computation("people_lead_with_barriers", "barriers are as much of it as may be",
                          &FigureSwing::at_high),
  };
}

}  // namespace

void add_regional_computations(std::vector<Computation>& all) {
  for (const auto& list : {of_accounts(), of_inequality(), of_people()})
    all.insert(all.end(), list.begin(), list.end());
}

}  // namespace hinterland
