#include "hinterland/broker/current_rates.hpp"

#include <algorithm>

#include "hinterland/cost/hour_price.hpp"

namespace hinterland {

namespace {

double dearest_hour(const UnitRates& rates) {
  double most = 0;
  for (const UnitRow& row : rates.rows())
    most = std::max(most, row.energy + rates.charges().carbon_per_kg * row.kg +
                              rates.charges().water_per_litre * row.litres);
  return most + rates.charges().capacity;
}

}  // namespace

CurrentRates::CurrentRates(const BrokerWorld& world, const std::vector<PoolFacts>& pools) : world_(world) {
  for (const UnitRates& rates : world.forecast) dearest_.push_back(dearest_hour(rates));
  for (std::size_t p = 0; p < pools.size(); ++p) {
    if (!pools[p].prices.empty()) renew(PoolIndex{p}, pools[p].prices);
  }
}

void CurrentRates::renew(PoolIndex pool, std::span<const HourPrice> prices) {
  if (forecast_.empty()) {
    forecast_ = world_.forecast;
    actual_ = world_.actual;
  }
  forecast_[pool] = with_prices(world_.forecast[pool], prices);
  actual_[pool] = with_prices(world_.actual[pool], prices);
  dearest_[pool] = dearest_hour(forecast_[pool]);
}

}  // namespace hinterland
