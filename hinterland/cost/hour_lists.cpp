#include "hinterland/cost/hour_lists.hpp"

#include "hinterland/cost/terms.hpp"

namespace hinterland {

namespace {

// level x shape, where an empty list has the same value in every hour.
std::vector<double> scaled(const std::vector<double>& shape, double otherwise, double level) {
  std::vector<double> out(kYearHours, otherwise);
  if (!shape.empty()) out = shape;
  for (double& hour : out) hour *= level;
  return out;
}

void add(std::vector<double>& sum, const std::vector<double>& more) {
  for (std::size_t i = 0; i < more.size(); ++i) sum[i] += more[i];
}

}  // namespace

HourLists hour_lists(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const SiteHours& hours = year.hours();
  const SiteLevels levels = site_levels(atlas, site, year);
  HourLists lists{.pue = scaled(hours.overhead, 0, levels.overhead),
                  .price = scaled(hours.price_shape, 1, levels.power_price.value),
                  .carbon = scaled(hours.carbon, 1, levels.location.value),
                  .water = scaled(hours.water, 0, levels.water)};
  for (double& hour : lists.pue) hour += 1;
  add(lists.price, hours.fixed);
  return lists;
}

std::vector<double> floor_by_hour(const Atlas& atlas, const Site& site, const SiteYear& year,
                                  const Charges& charges) {
  const HourLists lists = hour_lists(atlas, site, year);
  std::vector<double> floor(lists.pue.size());
  for (std::size_t i = 0; i < floor.size(); ++i) {
    floor[i] = lists.pue[i] * (lists.price[i] + charges.carbon.value * lists.carbon[i]) +
               charges.water.value * lists.water[i];
  }
  return floor;
}

}  // namespace hinterland
