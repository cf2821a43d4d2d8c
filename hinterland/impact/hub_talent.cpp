#include "hinterland/impact/hub_talent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "hinterland/atlas/ranged_record.hpp"

namespace hinterland {

namespace {

using RangedStaffing = RangedRecord<Staffing>;
using RangedFlows = RangedRecord<SkilledFlows>;

// The band of a figure of each course.
template <class Figure>
Band band_over(const std::vector<TalentCourse>& courses, double level, const Figure& figure) {
  std::vector<double> values;
  for (const TalentCourse& one : courses) values.push_back(figure(one));
  return band_of(std::move(values), level);
}

double mw_per_year(const TalentHub& hub, const TalentCourse& course, double years) {
  return course.fill(years) * hub.wanted.value / kKilowattsPerMegawatt / years;
}

template <class Ranged, class CaseWith>
void add_drivers(HubTalent& out, const std::string& table, const Ranged& ranged, const CaseWith& case_with) {
  const double years = out.question.plan_years;
  for (const std::string& column : ranged.open_columns()) {
    const Range range = ranged.range(column);
    const auto at = [&](double value) {
      return TalentCourse(out.hub, case_with(ranged.with(column, value))).mean_fill(years);
    };
    const FigureSwing driver{.column = fmt::format("{}.{}.{}", table, ranged.central().id.text, column),
                             .low = range.low,
                             .high = range.high,
                             .at_low = at(range.low),
                             .at_high = at(range.high)};
    if (driver.at_low != driver.at_high) out.drivers.push_back(driver);
  }
}

// What the atlas must have for the question; all that is missing.
Errors missing(const Atlas& atlas, const Site& site, const std::vector<int>& years) {
  Errors errors;
  const auto need = [&](bool there, const char* table, const std::string& what, const char* mend) {
    if (!there)
      add_error(
          errors,
          {.what = what, .where = {.file = fmt::format("{}/{}.csv", atlas.directory, table)}, .mend = mend});
  };
  need(!years.empty(), "accounts", fmt::format("has no year of {}", site.region.text),
       "Give the region's people and GDP of one year.");
  need(!atlas.staffing.empty(), "staffing", "has no row",
       "Give staff_per_mw, with its range in citations.csv.");
  need(atlas.staffing.empty() || atlas.staffing.rows().front().staff_per_mw > 0, "staffing",
       "data centres without staff need nobody", "Give a staff_per_mw above 0.");
  need(!atlas.skilled_flows.empty(), "skilled_flows", "has no row",
       "Give its flows, with their ranges in citations.csv.");
  return errors;
}

std::vector<int> years_of(const Atlas& atlas, const RegionId& region) {
  std::vector<int> years;
  for (const Account& one : atlas.accounts)
    if (one.region == region) years.push_back(static_cast<int>(one.year));
  std::ranges::sort(years);
  return years;
}

}  // namespace

Expected<HubTalent> hub_talent(const Atlas& atlas, const HubTalentQuestion& question, Progress& progress) {
  const auto site = find_site(atlas, question.site, "SITE");
  if (!site) return std::unexpected(site.error());
  const auto years = years_of(atlas, (*site)->region);
  if (Errors errors = missing(atlas, **site, years); !errors.empty())
    return std::unexpected(std::move(errors));
  const Region& region = atlas.regions.at((*site)->region);
  HubTalent out{.site = *site, .region = &region, .year = years.back(), .question = question};
  out.hub = {.people = account_of(atlas, region.id, out.year)->people(),
             .present = (*site)->capacity - (*site)->unsold(),
             .wanted = question.wanted.value_or((*site)->unsold())};
  if (out.hub.wanted.value <= 0)
    return failure({.what = fmt::format("nothing stands unsold at {}", (*site)->id.text),
                    .where = {.file = "SITE"},
                    .mend = "Say how much is wanted: --mw 50."});

  const RangedStaffing staffing(atlas, "staffing", staffing_fields(), atlas.staffing.rows().front());
  const RangedFlows flows(atlas, "skilled_flows", skilled_flows_fields(), atlas.skilled_flows.rows().front());
  out.staff_leakage = staffing.range("staff_leakage");
  const TalentCase central{.flows = flows.central(), .staff_per_mw = staffing.central().staff_per_mw};
  const TalentCourse as_it_stands(out.hub, central);
  out.inflow = as_it_stands.inflow();
  out.needed = central.staff_per_mw * central.flows.skilled_share * (1 - central.flows.remote_share) *
               (out.hub.present + out.hub.wanted).value / kKilowattsPerMegawatt;
  out.central_mean_fill = as_it_stands.mean_fill(question.plan_years);

  RandomStream random(question.seed, "talent");
  std::vector<TalentCourse> courses;
  for (std::size_t i = 0; i < question.draws; ++i) {
    const double staff = staffing.drawn(random).staff_per_mw;
    courses.emplace_back(out.hub, TalentCase{.flows = flows.drawn(random), .staff_per_mw = staff});
  }
  const double level = question.level;
  static constexpr int kPoints = 10;
  for (int i = 0; i <= kPoints; ++i) {
    if (!progress.step("times", i, kPoints + 1))
      return failure({.what = "interrupted before all bands were there",
                      .where = {.file = "--draws"},
                      .mend = "Ask for fewer."});
    const double t = question.years * i / kPoints;
    out.points.push_back(
        {.years = t,
         .stock = band_over(courses, level, [&](const TalentCourse& one) { return one.stock(t); }),
         .staffed_mw =
             band_over(courses, level,
                       [&](const TalentCourse& one) { return one.staffed(t).value / kKilowattsPerMegawatt; }),
         .fill = band_over(courses, level, [&](const TalentCourse& one) { return one.fill(t); }),
         .pay_that_stays =
             band_over(courses, level, [&](const TalentCourse& one) { return one.pay_that_stays(t); })});
  }
  constexpr double never = std::numeric_limits<double>::infinity();
  out.full_after =
      band_over(courses, level, [&](const TalentCourse& one) { return one.full_after().value_or(never); });
  out.never = static_cast<double>(
                  std::ranges::count_if(courses, [](const TalentCourse& one) { return !one.full_after(); })) /
              static_cast<double>(courses.size());
  const double plan_years = question.plan_years;
  out.mean_fill =
      band_over(courses, level, [&](const TalentCourse& one) { return one.mean_fill(plan_years); });
  out.filled_from = band_over(
      courses, level, [&](const TalentCourse& one) { return filled_from_of(one.mean_fill(plan_years)); });
  out.mw_per_year = band_over(courses, level,
                              [&](const TalentCourse& one) { return mw_per_year(out.hub, one, plan_years); });

  add_drivers(out, "staffing", staffing, [&](const Staffing& row) {
    return TalentCase{.flows = central.flows, .staff_per_mw = row.staff_per_mw};
  });
  add_drivers(out, "skilled_flows", flows, [&](const SkilledFlows& row) {
    return TalentCase{.flows = row, .staff_per_mw = central.staff_per_mw};
  });
  widest_first(out.drivers);
  return out;
}

}  // namespace hinterland
