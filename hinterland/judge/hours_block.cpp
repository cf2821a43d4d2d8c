#include "hinterland/judge/hours_block.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/hour_tables.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr Hours kWeek{168};

// "15 July 08:00" of an hour of the model year.
std::string date_of(Hours at) {
  static constexpr std::array kNames = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
  const auto hour = static_cast<std::size_t>(std::fmod(at.value, kYear.value));
  std::size_t day = hour / 24, month = 0;
  for (; day >= kMonthDays.at(month); ++month) day -= kMonthDays.at(month);
  return fmt::format("{} {} {:02}:00", day + 1, kNames.at(month), hour % 24);
}

std::string signed_percent(double share) {
  if (std::abs(share) < 5e-5) return "no more and no less";
  return fmt::format("{} {}", percent(std::abs(share)), share > 0 ? "more" : "less");
}

std::string site_line(const Atlas& atlas, const RateYear& rates, const SiteRow& row) {
  const SiteTerms& hours = row.quote.terms;
  const SiteYear& year = rates.at(row.site->id);
  const SiteYear flat = year.flattened();
  const SiteTerms means = site_terms(atlas, *row.site, flat, flat.year());
  const double said = means.pue * means.tariff.value, is = hours.pue * hours.tariff.value;
  return fmt::format("PUE {:.4f} and {:.4f} {} a kWh at the meter; annual means say {:.4f} x {:.4f}{}",
                     hours.pue, hours.tariff.value, atlas.country().currency, means.pue, means.tariff.value,
                     is > 0 ? ": " + signed_percent(said / is - 1) + " for its power" : "");
}

std::string means_line(const Atlas& atlas, const Verdict& verdict) {
  const MeansOnly& means = verdict.by_means;
  if (means.answer != verdict.answer)
    return fmt::format("would have misled: the answer would have been {}", name_of(means.answer));
  const SiteRow* best = verdict.best_row();
  if (best == nullptr || !means.home || !means.away) return "the same answer";
  const std::string site = means.best == best->site ? "" : fmt::format(", to {}", means.best->id.text);
  const Money saving = *means.home - *means.away, ours = Money{} - best->difference;
  return fmt::format("the same answer{}; they would have put the saving at {} instead of {} {}", site,
                     compact(saving.value), compact(ours.value), atlas.country().currency);
}

HeatBlock map_of(const char* english, const char* chinese, const Site& site, const std::string& unit,
                 const std::vector<double>& hours) {
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  HeatBlock block{.caption = Words(fmt::format("{}, {}", english, site.name),
                                   fmt::format("{}：{}", site.name_zh, chinese)),
                  .unit = unit,
                  .rows = {},
                  .columns = {},
                  .values = month_by_hour(hours)};
  for (std::size_t month = 0; month < kMonths.size(); ++month)
    block.rows.emplace_back(kMonths.at(month), fmt::format("{}月", month + 1));
  for (int hour = 0; hour < 24; ++hour) block.columns.emplace_back(std::to_string(hour));
  return block;
}

}  // namespace

std::string describe_run(const Run& run) {
  const std::string length = compact(run.length.value), wait = compact(run.wait.value);
  if (run.length >= kYear) return "all hours of the year";
  if (run.start) {
    return fmt::format(
        "{} h from {} on{}", length, date_of(*run.start),
        run.wait.value > 0 ? fmt::format(", begun in the cheapest of the {} h it may wait", wait) : "");
  }
  if (run.length >= kWeek) return fmt::format("{} h, begun in any hour of the year", length);
  const std::string ready =
      run.ready_hour ? fmt::format("ready at {:02}:00 on any day", static_cast<int>(*run.ready_hour) % 24)
                     : std::string("ready in any hour of the year");
  if (run.wait.value <= 0) return fmt::format("{} h, {}", length, ready);
  return fmt::format("{} h, {}, begun in the cheapest of the {} h it may wait", length, ready, wait);
}

FactsBlock hours_block(const Atlas& atlas, const RateYear& rates, const Verdict& verdict) {
  FactsBlock block{.caption = Words("The hours in which it runs", "运行时段"), .facts = {}};
  for (const SiteRow* row : {&verdict.home_row(), verdict.best_row()}) {
    if (row == nullptr || !row->quote.allowed()) continue;
    block.facts.emplace_back(row->site->id.text, describe_run(row->quote.run));
    block.facts.emplace_back("", site_line(atlas, rates, *row));
  }
  block.facts.emplace_back("by annual means", means_line(atlas, verdict));
  return block;
}

HeatBlock pue_map(const RateYear& rates, const Site& site) {
  return map_of("PUE by month and hour", "逐月逐时 PUE", site, "kW / kW IT",
                pue_by_hour(site, rates.at(site.id)));
}

HeatBlock price_map(const Atlas& atlas, const RateYear& rates, const Site& site) {
  return map_of("Price of an IT kWh by month and hour", "逐月逐时电价（每千瓦时 IT）", site,
                atlas.country().currency + " / kWh IT", price_by_hour(site, rates.at(site.id)));
}

HeatBlock carbon_map(const Atlas& atlas, const RateYear& rates, const Site& site) {
  return map_of("Carbon of an IT kWh by month and hour, grid average", "逐月逐时碳排放（电网平均）", site,
                "kg CO2 / kWh IT", carbon_by_hour(atlas, site, rates.at(site.id)));
}

}  // namespace hinterland
