// Rates by pool: those of the broker's world, with the prices in them that were heard since.
#pragma once
#include <span>
#include <vector>

#include "hinterland/broker/names.hpp"
#include "hinterland/broker/state.hpp"
#include "hinterland/broker/world.hpp"

namespace hinterland {

class CurrentRates {
 public:
  // `world` outlives it; of its pools the state knows the first, and what was heard of them.
  CurrentRates(const BrokerWorld& world, const std::vector<PoolFacts>& pools);

  // All that was heard of the pool and is kept.
  void renew(PoolIndex pool, std::span<const HourPrice> prices);

  [[nodiscard]] std::span<const UnitRates> forecast() const {
    return forecast_.empty() ? world_.forecast : forecast_;
  }
  [[nodiscard]] const UnitRates& actual(PoolIndex pool) const {
    return actual_.empty() ? world_.actual[pool] : actual_[pool];
  }
  // Millionths of money that a unit-hour costs at most, capacity included, as far as is foreseen.
  [[nodiscard]] double dearest(PoolIndex pool) const { return dearest_[pool]; }

 private:
  const BrokerWorld& world_;
  std::vector<UnitRates> forecast_, actual_;  // empty: nothing was heard
  std::vector<double> dearest_;
};

}  // namespace hinterland
