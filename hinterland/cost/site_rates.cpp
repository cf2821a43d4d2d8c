#include "hinterland/cost/site_rates.hpp"

#include "hinterland/base/model_year.hpp"

namespace hinterland {

UnitRates unit_rates(const ServerTerms& server, const SiteLevels& levels, const SiteYear& year,
                     const Deal& deal, const Charges& charges, double units_per_server, std::size_t start,
                     std::vector<Spike> spikes) {
  const ServerHour hour = server_hour(server, levels.terms, deal);
  const double scale = kMillion / units_per_server;
  std::vector<UnitRow> rows;
  rows.reserve(kYearHours);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const Hours from{static_cast<double>((start + i) % kYearHours)};
    const HourRates rates = hour_rates(hour, site_terms(levels, year.over(from, Hours{1})), charges);
    rows.push_back({.energy = scale * rates.energy.value,
                    .kwh = scale * rates.facility.value,
                    .kg = scale * rates.location.value,
                    .litres = scale * rates.litres.value});
  }
  return {std::move(rows),
          {.capacity = scale * hour.capacity.value,
           .carbon_per_kg = charges.carbon.value,
           .water_per_litre = charges.water.value},
          std::move(spikes)};
}

}  // namespace hinterland
