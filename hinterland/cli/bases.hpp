// What every verb that compares prices takes: who pays for capacity, and what carbon and water are charged.
#pragma once
#include <string>

#include "hinterland/cost/quote.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class App;
}

namespace hinterland {

// "sunk", "built", "rented=3.2", and "auto" where `automatic` is offered.
Expected<Capacity> parse_capacity(const std::string& text, const std::string& flag, bool automatic);

struct ChargeOptions {
  double carbon_price_per_tonne = 0, water_price_per_m3 = 0;
};

// --carbon-price, --water-price.
void add_charge_options(CLI::App& verb, ChargeOptions& options);
Charges charges_of(const ChargeOptions& options);

}  // namespace hinterland
