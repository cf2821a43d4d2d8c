#include "hinterland/cost/terms.hpp"

namespace hinterland {

ServerTerms server_terms(const Server& server) {
  return {.price = server.price,
          .life = server.life,
          .resale_share = server.resale_share,
          .busy = server.busy,
          .idle = server.idle,
          .embodied = server.embodied};
}

ServerShape server_shape(const Server& server) {
  return {.cores = server.cores, .gpus = server.gpus, .memory_gb = server.memory_gb};
}

double overhead_level(const Site& site, double modelled) {
  if (site.pue_reported && modelled > 0) return (*site.pue_reported - 1) / modelled;
  return site.overhead_ratio;
}

double water_level(const Site& site, double modelled_l_per_kwh) {
  if (site.water && modelled_l_per_kwh > 0) return site.water->value / modelled_l_per_kwh;
  return 1;
}

SiteLevels site_levels(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const Grid& grid = atlas.grids.at(site.grid);
  return {.terms = {.server_use = site.server_use,
                    .rack_fill = site.rack_fill,
                    .interest_per_year = atlas.country().interest_per_year,
                    .building = site.building_price,
                    .building_life = site.building_life,
                    .land = atlas.country().land * site.land_price,
                    .lease = site.lease,
                    .market = (1 - site.green_share) * grid.market,
                    .marginal = grid.marginal},
          .overhead = overhead_level(site, year.means().overhead),
          .water = water_level(site, year.means().water),
          .power_price = site.power_price,
          .location = year.hours().carbon_is_level ? KgPerKwh{1} : grid.location};
}

SiteTerms site_terms(const SiteLevels& levels, const HourMeans& hours) {
  const double k = levels.overhead, pue = 1 + k * hours.overhead;
  // A kWh at the meter: dearer hours count by how much is drawn in them.
  const auto at_meter = [&](double mean, double with_overhead) { return (mean + k * with_overhead) / pue; };
  SiteTerms terms = levels.terms;
  terms.pue = pue;
  terms.power_price = at_meter(hours.price_shape, hours.price_shape_overhead) * levels.power_price +
                      MoneyPerKwh{at_meter(hours.fixed, hours.fixed_overhead)};
  terms.location = at_meter(hours.carbon, hours.carbon_overhead) * levels.location;
  if (hours.marginal) terms.marginal = KgPerKwh{at_meter(*hours.marginal, *hours.marginal_overhead)};
  terms.water = {levels.water * hours.water};
  return terms;
}

SiteTerms site_terms(const Atlas& atlas, const Site& site, const SiteYear& year, const HourMeans& hours) {
  return site_terms(site_levels(atlas, site, year), hours);
}

SiteTerms used_as(SiteTerms terms, const Site& other) {
  terms.server_use = other.server_use;
  terms.rack_fill = other.rack_fill;
  return terms;
}

}  // namespace hinterland
