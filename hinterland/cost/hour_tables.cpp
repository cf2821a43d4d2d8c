#include "hinterland/cost/hour_tables.hpp"

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/terms.hpp"

namespace hinterland {

namespace {

// The value of a list in an hour; `otherwise` where it has no shape.
double at(const std::vector<double>& hours, std::size_t hour, double otherwise) {
  return hours.empty() ? otherwise : hours[hour];
}

}  // namespace

std::vector<double> pue_by_hour(const Site& site, const SiteYear& year) {
  const double level = overhead_level(site, year.year().overhead);
  std::vector<double> out(kYearHours);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = 1 + level * at(year.hours().overhead, i, 0);
  return out;
}

std::vector<double> price_by_hour(const Site& site, const SiteYear& year) {
  std::vector<double> out = pue_by_hour(site, year);
  const SiteHours& hours = year.hours();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] *= site.power_price.value * at(hours.tariff, i, 1) + at(hours.fixed, i, 0);
  return out;
}

std::vector<double> carbon_by_hour(const Atlas& atlas, const Site& site, const SiteYear& year) {
  std::vector<double> out = pue_by_hour(site, year);
  const SiteHours& hours = year.hours();
  const double level = hours.carbon_is_level ? 1 : atlas.grids.at(site.grid).location.value;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] *= level * at(hours.carbon, i, 1);
  return out;
}

std::vector<double> month_by_hour(std::span<const double> hours) {
  std::vector<double> sums(12 * 24, 0);
  for (std::size_t i = 0; i < hours.size(); ++i) sums[month_of_hour(i) * 24 + i % 24] += hours[i];
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= static_cast<double>(kMonthDays[i / 24]);
  return sums;
}

}  // namespace hinterland
