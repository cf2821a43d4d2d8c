#include "hinterland/judge/hours_block.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// "15 July 08:00" of an hour of the model year.
std::string date_of(Hours at) {
  static constexpr std::array kNames = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
  const auto hour = static_cast<std::size_t>(std::fmod(at.value, kYear.value));
  const std::size_t month = month_of_hour(hour);
  return fmt::format("{} {} {:02}:00", 1 + (hour - first_hour(month)) / 24, kNames.at(month), hour % 24);
}

std::string signed_percent(double share) {
  if (std::abs(share) < 5e-5) return "no more and no less";
  return fmt::format("{} {}", percent(std::abs(share)), share > 0 ? "more" : "less");
}

std::string site_line(const Atlas& atlas, const RateYear& rates, const SiteRow& row) {
  const SiteTerms& hours = row.quote.terms;
  const SiteYear& year = rates.at(row.site->id);
  const SiteYear flat = year.flattened();
  const SiteTerms means = site_terms(atlas, *row.site, flat, flat.means());
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

}  // namespace

std::string describe_run(const Run& run, const SiteYear& year) {
  const std::string length = compact(run.length.value), wait = compact(run.wait.value);
  if (run.length >= kYear) return "all hours of the year";
  if (run.start) {
    const Hours begun = year.cheapest_start(*run.start, run.wait, run.length);
    return fmt::format(
        "{} h, begun at {}{}", length, date_of(begun),
        run.wait.value > 0 ? fmt::format(", the cheapest start of the {} h it may wait", wait) : "");
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
    block.facts.emplace_back(row->site->id.text, describe_run(row->quote.run, rates.at(row->site->id)));
    block.facts.emplace_back("", site_line(atlas, rates, *row));
  }
  block.facts.emplace_back("by annual means", means_line(atlas, verdict));
  return block;
}

}  // namespace hinterland
