#include "hinterland/cli/bases.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include "hinterland/base/number.hpp"
#include "hinterland/cli/number_check.hpp"

namespace hinterland {

namespace {

// No price is higher: sums of prices stay finite.
constexpr double kMostPrice = 1e9;

}  // namespace

Expected<Capacity> parse_capacity(const std::string& text, const std::string& flag, bool automatic) {
  if (text == "auto" && automatic) return Capacity{.automatic = true, .deal = {}};
  if (text == "sunk") return Capacity{.automatic = false, .deal = {.basis = Basis::sunk, .rate = {}}};
  if (text == "built") return Capacity{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};
  static constexpr std::string_view kRented = "rented=";
  if (text.starts_with(kRented)) {
    const auto rate = parse_number(std::string_view(text).substr(kRented.size()));
    if (rate && *rate >= 0 && *rate <= kMostPrice)
      return Capacity{.automatic = false, .deal = {.basis = Basis::rented, .rate = {*rate}}};
  }
  return failure(
      {.what = in_quotes(text) + " is no basis",
       .where = {.file = flag},
       .mend = fmt::format("Give {}sunk, built, or rented=RATE (per server-hour, power not included).",
                           automatic ? "auto, " : "")});
}

void add_charge_options(CLI::App& verb, ChargeOptions& options) {
  verb.add_option("--carbon-price", options.carbon_price_per_tonne, "charged per tonne of CO2 (location)")
      ->check(number_from(0, kMostPrice))
      ->type_name("PRICE");
  verb.add_option("--water-price", options.water_price_per_m3, "charged per cubic metre used on site")
      ->check(number_from(0, kMostPrice))
      ->type_name("PRICE");
}

Charges charges_of(const ChargeOptions& options) {
  return {.carbon = {options.carbon_price_per_tonne / 1000}, .water = {options.water_price_per_m3 / 1000}};
}

}  // namespace hinterland
