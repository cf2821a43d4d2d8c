#include "hinterland/cost/meter.hpp"

#include "hinterland/cost/transfer.hpp"

namespace hinterland {

MoneyPerKwh demand_share(MoneyPerKwMonth price, double load_factor) {
  return (1 / load_factor) * (price / kMonth);
}

}  // namespace hinterland
