// The full price of a piece of work at a site, its parts kept apart.
//
//   price = energy     kW x h x PUE x power price
//         + capacity   by basis: sunk   0 (it stands idle anyway; scarcity is added when it does not)
//                                built  (annuity(server) + housing / rack_fill) / server_use; of leased housing
//                                       (annuity(server) + lease) / server_use
//                                rented the quoted rate
//         + network    GB moved x what the path costs (transfer.hpp)
//         + carbon     kg x its price        (default 0: reported, not charged)
//         + water      litres x its price    (default 0)
//         + scarcity   the shadow price of the site's capacity in that hour (0 when servers stand idle)
//
// Capacity enters once: a site's shadow price already sums to the annuity, so scarcity and annuity are never
// both charged; and an idle site is never dear because it is idle. A comparison therefore names a basis on
// each side.
//
// Power of a server-hour that is sold: busy power, and for a built server also what it draws in the hours
// nobody buys, busy + idle x (1 / server_use - 1). A sunk server is charged its busy power alone: it may be
// switched off.
#pragma once
#include <cstdint>
#include <optional>

#include "hinterland/base/quantity.hpp"

namespace hinterland {

enum class Basis : std::uint8_t { sunk, built, rented };
const char* name_of(Basis basis);

// What a server costs and draws.
struct ServerTerms {
  Money price;
  Hours life;
  double resale_share = 0;
  Kilowatts busy, idle;
  Kilograms embodied;
};

// What a site charges, over the hours in which the work runs (site_year.hpp, terms.hpp). Requires pue >= 1 and 0 < server_use, rack_fill <= 1; the atlas guarantees it.
struct SiteTerms {
  double pue = 1;           // mean over those hours
  MoneyPerKwh power_price;  // before tax; of a kWh at the meter, which draws more when PUE is high
  double server_use = 1;
  double rack_fill = 1;
  double interest_per_year = 0;  // the cost of capital there
  MoneyPerKw building;           // with plant, per IT kW
  Hours building_life = kYear;
  MoneyPerKw land;                  // it keeps its price: only interest is paid on it
  std::optional<MoneyPerKw> lease;  // a month's rent of an IT kW, instead of building and land
  KgPerKwh location, market;        // carbon by two ways of counting; of a kWh at the meter, as the price
  std::optional<KgPerKwh> marginal;
  LitresPerKwh water;     // per IT kWh
  MoneyPerHour scarcity;  // per server-hour
};

struct Charges {
  MoneyPerKg carbon;  // charged on location-based operational carbon
  MoneyPerLitre water;
};

struct Deal {
  Basis basis = Basis::built;
  MoneyPerHour rate;  // for Basis::rented: per server-hour, power not included
};

// What one server-hour costs and uses.
struct HourRates {
  MoneyPerHour energy, capacity, carbon, water, scarcity;
  Kilowatts facility;  // kWh per server-hour, PUE included
  KgPerHour location, market, embodied;
  std::optional<KgPerHour> marginal;
  LitresPerHour litres;

  [[nodiscard]] MoneyPerHour total() const { return energy + capacity + carbon + water + scarcity; }
  // What the seller cannot go below: everything but capacity.
  [[nodiscard]] MoneyPerHour floor() const { return energy + carbon + water + scarcity; }
};

struct Price {
  Money energy, capacity, network, carbon, water, scarcity;

  [[nodiscard]] Money total() const { return energy + capacity + network + carbon + water + scarcity; }
  // Everything but the moving of bytes.
  [[nodiscard]] Money running() const { return total() - network; }
};

// Yearly payment that returns `price` less its discounted resale over `life`, at `interest` a year:
// (P - S (1 + i)^-n) i / (1 - (1 + i)^-n), and (P - S) / n at i = 0; n = life / 8,760 h. Given per hour.
MoneyPerHour annuity(Money price, Hours life, double resale_share, double interest_per_year);

// What one server costs per hour of the calendar, used or not: the metal, and the building and land it stands in, or the
// lease of its rack.
struct Ownership {
  MoneyPerHour server, housing;
  double racks_paid =
      1;  // for each that is filled: 1 / rack_fill in a building, where others stand empty; 1 of a lease
};
Ownership ownership(const ServerTerms& server, const SiteTerms& site);

// What of a server-hour does not depend on the hour in which it runs.
struct ServerHour {
  Kilowatts it_power;
  MoneyPerHour capacity, scarcity;
  KgPerHour embodied;
};
ServerHour server_hour(const ServerTerms& server, const SiteTerms& site, const Deal& deal);

// share x a + (1 - share) x b, part by part.
ServerHour blend(const ServerHour& a, const ServerHour& b, double share);

HourRates hour_rates(const ServerHour& hour, const SiteTerms& site, const Charges& charges);
HourRates hour_rates(const ServerTerms& server, const SiteTerms& site, const Deal& deal,
                     const Charges& charges);

Price full_price(const HourRates& rates, Hours server_hours, Money network);

// How much a server built at `away` must be used so that its hour, `extra` added (network), costs no more
// than `target`; nullopt if even full use is dearer, or if use does not matter (prices so negative that idling pays).
// Prices are linear in 1 / use, so this is exact.
std::optional<double> break_even_use(const ServerTerms& server, const SiteTerms& away, const Charges& charges,
                                     MoneyPerHour target, MoneyPerHour extra);

}  // namespace hinterland
