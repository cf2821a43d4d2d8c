#include "hinterland/cost/price.hpp"

#include <array>
#include <cmath>

namespace hinterland {

const char* name_of(Basis basis) {
  static constexpr std::array kNames = {"sunk", "built", "rented"};
  return kNames.at(static_cast<std::size_t>(basis));
}

MoneyPerHour annuity(Money price, Hours life, double resale_share, double interest_per_year) {
  const double years = life / kYear;
  const Money resale = resale_share * price;
  if (interest_per_year == 0) return (price - resale) / life;
  // expm1 and log1p: a tiny interest must give the same as none.
  const double lost = -std::expm1(-years * std::log1p(interest_per_year));  // 1 - (1 + i)^-n
  const Money present = price - (1 - lost) * resale;
  return (interest_per_year / lost) * present / kYear;
}

Ownership ownership(const ServerTerms& server, const SiteTerms& site) {
  const double interest = site.interest_per_year;
  const MoneyPerHour metal = annuity(server.price, server.life, server.resale_share, interest);
  if (site.lease)
    return {.server = metal, .housing = 12 * (server.busy * *site.lease) / kYear, .racks_paid = 1};
  const MoneyPerHour building = annuity(server.busy * site.building, site.building_life, 0, interest);
  const MoneyPerHour land = interest * (server.busy * site.land) / kYear;
  return {.server = metal, .housing = building + land, .racks_paid = 1 / site.rack_fill};
}

ServerHour server_hour(const ServerTerms& server, const SiteTerms& site, const Deal& deal) {
  ServerHour hour{.it_power = server.busy, .capacity = {}, .scarcity = {}, .embodied = {}};
  if (deal.basis == Basis::built) {
    const double sold = site.server_use;
    hour.it_power = server.busy + (1 / sold - 1) * server.idle;
    const Ownership own = ownership(server, site);
    // A server sold `server_use` of the time, in racks `rack_fill` full.
    hour.capacity = (1 / sold) * (own.server + own.racks_paid * own.housing);
  }
  if (deal.basis == Basis::rented) hour.capacity = deal.rate;
  // Sunk metal was made already; its carbon is no reason for or against using it.
  if (deal.basis != Basis::sunk) hour.embodied = (1 / site.server_use) * (server.embodied / server.life);
  if (deal.basis == Basis::sunk) hour.scarcity = site.scarcity;
  return hour;
}

ServerHour blend(const ServerHour& a, const ServerHour& b, double share) {
  const auto mix = [share](auto x, auto y) { return share * x + (1 - share) * y; };
  return {.it_power = mix(a.it_power, b.it_power),
          .capacity = mix(a.capacity, b.capacity),
          .scarcity = mix(a.scarcity, b.scarcity),
          .embodied = mix(a.embodied, b.embodied)};
}

HourRates hour_rates(const ServerHour& hour, const SiteTerms& site, const Charges& charges) {
  HourRates rates;
  rates.capacity = hour.capacity;
  rates.scarcity = hour.scarcity;
  rates.embodied = hour.embodied;
  rates.facility = site.pue * hour.it_power;
  rates.energy = rates.facility * site.power_price;
  rates.location = rates.facility * site.location;
  rates.market = rates.facility * site.market;
  if (site.marginal) rates.marginal = rates.facility * *site.marginal;
  rates.litres = hour.it_power * site.water;
  rates.carbon = rates.location * charges.carbon;
  rates.water = rates.litres * charges.water;
  return rates;
}

HourRates hour_rates(const ServerTerms& server, const SiteTerms& site, const Deal& deal,
                     const Charges& charges) {
  return hour_rates(server_hour(server, site, deal), site, charges);
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
