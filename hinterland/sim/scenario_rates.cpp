#include "hinterland/sim/scenario_rates.hpp"

#include <fmt/format.h>

#include "hinterland/base/file.hpp"
#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/site_rates.hpp"

namespace hinterland {

std::vector<UnitRates> pool_rates(const Scenario& scenario, const Atlas& atlas, const RateYear& rates,
                                  const Charges& charges, const ScenarioWorld& setup) {
  const auto start = static_cast<std::size_t>(setup.start.value);
  std::vector<UnitRates> out;
  for (std::size_t p = 0; p < setup.world.pools.size(); ++p) {
    const SimPool& pool = setup.world.pools[p];
    const Site& site = atlas.sites.at(pool.site);
    const SiteYear& year = rates.at(site.id);
    const Deal deal{.basis = scenario.pools[p].basis,
                    .rate = MoneyPerHour{scenario.pools[p].rate.value_or(Money{}).value}};
    const auto units = static_cast<double>(pool.units_per_server);
    out.push_back(unit_rates(server_terms(atlas.servers.at(pool.server)), site_levels(atlas, site, year),
                             year, deal, charges, units, start));
  }
  return out;
}

Expected<std::vector<std::vector<double>>> read_scarcity(const std::string& file,
                                                         const ScenarioWorld& setup) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  std::vector<Field> columns;
  for (const std::string& key : setup.pool_keys) {
    Field column;
    column.name = key;
    column.kind = FieldKind::number;
    columns.push_back(std::move(column));
  }
  const auto rows = parse_table(*text, file, columns, false);
  if (!rows) return std::unexpected(rows.error());
  if (rows->size() != kYearHours) {
    return failure({.what = fmt::format("{} rows where a year has {}", rows->size(), kYearHours),
                    .where = {.file = file},
                    .mend = "Give one row for each hour of the model year."});
  }
  const auto start = static_cast<std::size_t>(setup.start.value);
  std::vector<std::vector<double>> scarcity;
  for (std::size_t p = 0; p < setup.world.pools.size(); ++p) {
    std::vector<double> sums{0};
    for (std::size_t hour = 0; hour < kYearHours; ++hour) {
      const double price = std::get<double>((*rows)[(start + hour) % kYearHours].values[p]);
      sums.push_back(sums.back() +
                     kMillion * price / static_cast<double>(setup.world.pools[p].units_per_server));
    }
    scarcity.push_back(std::move(sums));
  }
  return scarcity;
}

}  // namespace hinterland
