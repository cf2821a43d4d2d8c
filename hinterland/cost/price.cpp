#include "hinterland/cost/price.hpp"

#include <cmath>

namespace hinterland {

MoneyPerHour annuity(Money price, Hours life, double resale_share, double interest_per_year) {
  const double years = life / kYear;
  const Money resale = resale_share * price;
  if (interest_per_year == 0) return (price - resale) / life;
  // expm1 and log1p: a tiny interest must give the same as none.
  const double lost = -std::expm1(-years * std::log1p(interest_per_year));  // 1 - (1 + i)^-n
  const Money present = price - (1 - lost) * resale;
  return (interest_per_year / lost) * present / kYear;
}

Ownership ownership(const ServerTerms& server, const SiteTerms& site, double interest_per_year) {
  const MoneyPerHour building =
      annuity(server.busy * site.building, site.building_life, 0, interest_per_year);
  const MoneyPerHour land = interest_per_year * (server.busy * site.land) / kYear;
  return {.server = annuity(server.price, server.life, server.resale_share, interest_per_year),
          .housing = building + land};
}

HourRates hour_rates(const ServerTerms& server, const SiteTerms& site, const Deal& deal,
                     const Charges& charges) {
  HourRates rates;
  Kilowatts it_power = server.busy;
  if (deal.basis == Basis::built) {
    const double sold = site.server_use;
    it_power = server.busy + (1 / sold - 1) * server.idle;
    const Ownership own = ownership(server, site, charges.interest_per_year);
    // A server sold `server_use` of the time, in racks `rack_fill` full.
    rates.capacity = (1 / sold) * (own.server + (1 / site.rack_fill) * own.housing);
  }
  if (deal.basis == Basis::rented) rates.capacity = deal.rate;
  // Sunk metal was made already; its carbon is no reason for or against using it.
  if (deal.basis != Basis::sunk) rates.embodied = (1 / site.server_use) * (server.embodied / server.life);

  rates.facility = site.pue * it_power;
  rates.energy = rates.facility * site.tariff;
  rates.location = rates.facility * site.location;
  rates.market = rates.facility * site.market;
  if (site.marginal) rates.marginal = rates.facility * *site.marginal;
  rates.litres = it_power * site.water;
  rates.carbon = rates.location * charges.carbon;
  rates.water = rates.litres * charges.water;
  if (deal.basis == Basis::sunk) rates.scarcity = site.scarcity;
  return rates;
}

HourRates blend(const HourRates& a, const HourRates& b, double share) {
  const auto mix = [share](auto x, auto y) { return share * x + (1 - share) * y; };
  HourRates out;
  out.energy = mix(a.energy, b.energy);
  out.capacity = mix(a.capacity, b.capacity);
  out.carbon = mix(a.carbon, b.carbon);
  out.water = mix(a.water, b.water);
  out.scarcity = mix(a.scarcity, b.scarcity);
  out.facility = mix(a.facility, b.facility);
  out.location = mix(a.location, b.location);
  out.market = mix(a.market, b.market);
  out.embodied = mix(a.embodied, b.embodied);
  if (a.marginal && b.marginal) out.marginal = mix(*a.marginal, *b.marginal);
  out.litres = mix(a.litres, b.litres);
  return out;
}

Price full_price(const HourRates& rates, Hours server_hours, Money network) {
  return {.energy = server_hours * rates.energy,
          .capacity = server_hours * rates.capacity,
          .network = network,
          .carbon = server_hours * rates.carbon,
          .water = server_hours * rates.water,
          .scarcity = server_hours * rates.scarcity};
}

std::optional<double> break_even_use(const ServerTerms& server, const SiteTerms& away, const Charges& charges,
                                     MoneyPerHour target, MoneyPerHour extra) {
  // total(use) = fixed + by_use / use: two points give the line.
  const auto total = [&](double use) {
    SiteTerms site = away;
    site.server_use = use;
    return hour_rates(server, site, {.basis = Basis::built, .rate = {}}, charges).total();
  };
  const MoneyPerHour by_use = total(0.5) - total(1);
  const MoneyPerHour fixed = total(1) - by_use + extra;
  if (target <= fixed || by_use <= MoneyPerHour{}) return std::nullopt;
  const double use = by_use / (target - fixed);
  if (use > 1) return std::nullopt;
  return use;
}

}  // namespace hinterland
