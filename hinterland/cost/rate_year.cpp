#include "hinterland/cost/rate_year.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "hinterland/base/sample.hpp"
#include "hinterland/cost/meter.hpp"
#include "hinterland/cost/rate_cache.hpp"
#include "hinterland/cost/terms.hpp"

namespace hinterland {

namespace {

std::vector<double> scaled(std::vector<double> hours, double factor) {
  for (double& hour : hours) hour *= factor;
  return hours;
}

// A shape with mean 1. The loader has checked that the mean is above 0.
std::vector<double> shape_of(const std::vector<double>& hours) { return scaled(hours, 1 / mean(hours)); }

// The demand charge that the site's all-in price holds: it is paid alike in every hour.
MoneyPerKwh demand_part(const Tariff& tariff) {
  return tariff.demand ? demand_share(*tariff.demand, tariff.load_factor) : MoneyPerKwh{};
}

void add_price(const Atlas& atlas, const Site& site, SiteHours& hours) {
  if (const Curve* curve = curve_of(atlas, site.id, CurveQuantity::power_price)) {
    if (curve->use == CurveUse::shape) {
      hours.price_shape = shape_of(curve->hours);
    } else {
      hours.price_shape.assign(kYearHours, 0);
      hours.fixed = curve->hours;
    }
    return;
  }
  if (site.power_price_mode != PowerPriceMode::agency) return;
  const Tariff& tariff = atlas.tariffs.at(site.tariff);
  const auto ratios = shape_of(price_ratios(atlas, tariff));
  // A price below the demand charge holds no energy to be dear or cheap: it is the same in every hour.
  const MoneyPerKwh demand = std::min(demand_part(tariff), site.power_price);
  hours.price_shape = ratios;
  if (demand.value == 0) return;
  hours.fixed = ratios;
  for (double& hour : hours.fixed) hour = demand.value * (1 - hour);
}

void add_carbon(const Atlas& atlas, const Site& site, SiteHours& hours) {
  const Grid& grid = atlas.grids.at(site.grid);
  if (const Curve* curve = curve_of(atlas, site.id, CurveQuantity::carbon_location)) {
    hours.carbon_is_level = curve->use == CurveUse::level;
    hours.carbon = hours.carbon_is_level ? curve->hours : shape_of(curve->hours);
  }
  if (const Curve* curve = curve_of(atlas, site.id, CurveQuantity::carbon_marginal)) {
    if (curve->use == CurveUse::level) {
      hours.marginal = curve->hours;
    } else if (grid.marginal) {
      hours.marginal = scaled(shape_of(curve->hours), grid.marginal->value);
    }
  }
}

}  // namespace

SiteYear site_year(const Atlas& atlas, const Site& site, const FacilityYear& facility) {
  SiteHours hours;
  hours.overhead = facility.pue;
  for (double& hour : hours.overhead) hour -= 1;
  hours.water = facility.wue_l_per_kwh;
  add_price(atlas, site, hours);
  add_carbon(atlas, site, hours);
  return {std::move(hours), site.power_price, overhead_level(site, mean(facility.pue) - 1)};
}

RateYear rate_year(const Atlas& atlas, std::uint64_t seed, const std::string& cache) {
  RateYear rates;
  std::map<StationId, WeatherYear> weather;  // drawn once a station, and only if some site needs it
  for (const Site& site : atlas.sites) {
    const Climate climate = climate_of(atlas, site);
    const Plant& plant = atlas.plants.at(site.cooling);
    const std::string key = year_key(climate, plant, site.power_load, seed);
    auto year = cache.empty() ? std::nullopt : find_year(cache, key);
    if (!year) {
      auto [drawn, fresh] = weather.try_emplace(site.climate_station);
      if (fresh) drawn->second = typical_weather(climate, seed);
      year = run_year(plant, drawn->second, site.power_load);
      if (!cache.empty()) keep_year(cache, key, *year);
    }
    rates.put(site.id, site_year(atlas, site, *year));
  }
  return rates;
}

RateYear RateYear::flattened() const {
  RateYear flat;
  for (const auto& [site, year] : years_) flat.put(site, year.flattened());
  return flat;
}

}  // namespace hinterland
