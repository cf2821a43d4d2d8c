// The full price: its anchors on pinned figures, and the laws it obeys.
#include "hinterland/cost/price.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>
#include <functional>

using namespace hinterland;

namespace {

// Any site and server that an atlas would let in.
SiteTerms any_site() {
  const auto share = [] { return *rc::gen::inRange(1, 101) / 100.0; };
  const auto upto = [](int most) { return *rc::gen::inRange(0, most) / 100.0; };
  return {.pue = 1 + upto(100),
          .power_price = {upto(200)},
          .server_use = share(),
          .rack_fill = share(),
          .interest_per_year = upto(20),
          .building = {upto(10'000'000)},
          .building_life = (5 + upto(3000)) * kYear,
          .land = {upto(2'000'000)},
          .location = {upto(120)},
          .market = {upto(120)},
          .marginal = {},
          .water = {upto(300)},
          .scarcity = {upto(500)}};
}

ServerTerms any_server() {
  const auto upto = [](int most) { return *rc::gen::inRange(1, most) / 100.0; };
  const double busy = upto(1000);
  return {.price = {upto(200'000'000)},
          .life = upto(1000) * kYear,
          .resale_share = upto(100),
          .busy = {busy},
          .idle = {busy * upto(100)},
          .embodied = {upto(500'000)}};
}

Charges any_charges() {
  const auto upto = [](int most) { return *rc::gen::inRange(0, most) / 100.0; };
  return {.carbon = {upto(100)}, .water = {upto(10)}};
}

Deal any_deal() {
  const auto basis = static_cast<Basis>(*rc::gen::inRange(0, 3));
  return {.basis = basis, .rate = {*rc::gen::inRange(0, 1000) / 10.0}};
}

}  // namespace

TEST_CASE("an annuity returns the price over its life") {
  // Without interest: 60,000 over 43,800 hours.
  CHECK(annuity({60'000}, 5 * kYear, 0, 0).value == doctest::Approx(60'000 / 43'800.0));
  // Resale comes off at the end.
  CHECK(annuity({60'000}, 5 * kYear, 0.1, 0).value == doctest::Approx(54'000 / 43'800.0));
  // At 5 % over 5 years the factor is 0.2309748 a year (any table of annuities).
  CHECK(annuity({1'000}, 5 * kYear, 0, 0.05).value * kYear.value == doctest::Approx(230.9748).epsilon(1e-6));
  // What keeps its price costs its interest.
  CHECK(annuity({1'000}, 5 * kYear, 1, 0.05).value * kYear.value == doctest::Approx(50));
  // A vanishing interest is none.
  CHECK(annuity({1'000}, 5 * kYear, 0, 1e-12).value ==
        doctest::Approx(annuity({1'000}, 5 * kYear, 0, 0).value));
}

TEST_CASE("a built server also pays for the hours nobody buys") {
  const ServerTerms server{.price = {0}, .life = kYear, .busy = {0.6}, .idle = {0.2}};
  const SiteTerms site{.pue = 1.5, .power_price = {1}, .server_use = 0.25};
  const auto built = hour_rates(server, site, {.basis = Basis::built, .rate = {}}, {});
  CHECK(built.facility.value == doctest::Approx(1.5 * (0.6 + 3 * 0.2)));
  const auto sunk = hour_rates(server, site, {.basis = Basis::sunk, .rate = {}}, {});
  CHECK(sunk.facility.value == doctest::Approx(1.5 * 0.6));
}

TEST_CASE("leased housing costs its rent, whatever a building would, and nobody's empty racks") {
  const ServerTerms server{.price = {0}, .life = kYear, .busy = {0.5}, .idle = {0}};
  SiteTerms site{
      .server_use = 0.5, .rack_fill = 0.4, .interest_per_year = 0.05, .building = {30'000}, .land = {900}};
  site.lease = MoneyPerKw{730};  // a month; 1 an hour
  const auto capacity = [&] {
    return hour_rates(server, site, {.basis = Basis::built, .rate = {}}, {}).capacity.value;
  };
  CHECK(capacity() == doctest::Approx(0.5 * 1 / 0.5));
  site.rack_fill = 1;
  site.building = {1e9};
  CHECK(capacity() == doctest::Approx(1));
  site.lease.reset();
  CHECK(capacity() > 1000);
}

TEST_CASE("embodied carbon follows whoever buys the metal, over the hours that are sold") {
  const ServerTerms server{.price = {1}, .life = kYear, .busy = {1}, .idle = {0}, .embodied = {8'760}};
  const SiteTerms site{.pue = 1.5, .power_price = {1}, .server_use = 0.25, .water = {2}};
  CHECK(hour_rates(server, site, {.basis = Basis::built, .rate = {}}, {}).embodied.value == 4);
  CHECK(hour_rates(server, site, {.basis = Basis::rented, .rate = {}}, {}).embodied.value == 4);
  CHECK(hour_rates(server, site, {.basis = Basis::sunk, .rate = {}}, {}).embodied.value == 0);
  // Water is counted per IT kWh, so PUE does not multiply it.
  CHECK(hour_rates(server, site, {.basis = Basis::sunk, .rate = {}}, {}).litres.value == 2);
}

TEST_CASE("scarcity and annuity are never both charged") {
  CHECK(rc::check([] {
    const HourRates rates = hour_rates(any_server(), any_site(), any_deal(), any_charges());
    RC_ASSERT(rates.scarcity.value == 0 || rates.capacity.value == 0);
  }));
}

TEST_CASE("the parts sum to the total") {
  CHECK(rc::check([] {
    const HourRates rates = hour_rates(any_server(), any_site(), any_deal(), any_charges());
    const Hours work{static_cast<double>(*rc::gen::inRange(0, 1'000'000))};
    const Money network{static_cast<double>(*rc::gen::inRange(0, 1'000'000))};
    const Price price = full_price(rates, work, network);
    const double parts = price.energy.value + price.capacity.value + price.network.value +
                         price.carbon.value + price.water.value + price.scarcity.value;
    RC_ASSERT(price.total().value == parts);
    const double by_hour = (work * rates.total() + network).value;
    RC_ASSERT(std::abs(parts - by_hour) <= 1e-12 * (1 + std::abs(by_hour)));
  }));
}

TEST_CASE("a price never falls when an input price rises") {
  struct Rise {
    const char* what;
    std::function<void(ServerTerms&, SiteTerms&, Deal&, Charges&)> apply;
  };
  const Rise rises[] = {
      {"power price", [](auto&, auto& site, auto&, auto&) { site.power_price.value += 0.3; }},
      {"server", [](auto& server, auto&, auto&, auto&) { server.price.value *= 1.5; }},
      {"building", [](auto&, auto& site, auto&, auto&) { site.building.value += 1000; }},
      {"land", [](auto&, auto& site, auto&, auto&) { site.land.value += 1000; }},
      {"rate", [](auto&, auto&, auto& deal, auto&) { deal.rate.value += 1; }},
      {"carbon", [](auto&, auto&, auto&, auto& charges) { charges.carbon.value += 0.1; }},
      {"water", [](auto&, auto&, auto&, auto& charges) { charges.water.value += 0.01; }},
      {"interest", [](auto&, auto& site, auto&, auto&) { site.interest_per_year += 0.01; }},
      {"scarcity", [](auto&, auto& site, auto&, auto&) { site.scarcity.value += 1; }},
  };
  for (const Rise& rise : rises) {
    CAPTURE(rise.what);
    CHECK(rc::check([&] {
      ServerTerms server = any_server();
      SiteTerms site = any_site();
      Deal deal = any_deal();
      Charges charges = any_charges();
      const double before = hour_rates(server, site, deal, charges).total().value;
      rise.apply(server, site, deal, charges);
      const double after = hour_rates(server, site, deal, charges).total().value;
      RC_ASSERT(after >= before - 1e-9 * std::abs(before));
    }));
  }
}

TEST_CASE("floor <= sunk <= built") {
  CHECK(rc::check([] {
    const ServerTerms server = any_server();
    SiteTerms site = any_site();
    site.scarcity = {};  // servers stand idle
    const Charges charges = any_charges();
    const HourRates sunk = hour_rates(server, site, {.basis = Basis::sunk, .rate = {}}, charges);
    const HourRates built = hour_rates(server, site, {.basis = Basis::built, .rate = {}}, charges);
    RC_ASSERT(sunk.floor() <= sunk.total());
    RC_ASSERT(sunk.total() <= built.total());
  }));
}

TEST_CASE("at its break-even use a built server costs just the target") {
  CHECK(rc::check([] {
    const ServerTerms server = any_server();
    SiteTerms site = any_site();
    const Charges charges = any_charges();
    const MoneyPerHour target{*rc::gen::inRange(1, 100'000) / 100.0};
    const MoneyPerHour extra{*rc::gen::inRange(0, 100) / 100.0};
    const auto use = break_even_use(server, site, charges, target, extra);
    const auto total_at = [&](double sold) {
      site.server_use = sold;
      return (hour_rates(server, site, {.basis = Basis::built, .rate = {}}, charges).total() + extra).value;
    };
    if (use) {
      RC_ASSERT(*use > 0);
      RC_ASSERT(*use <= 1);
      RC_ASSERT(std::abs(total_at(*use) - target.value) <= 1e-9 * target.value);
    } else {
      RC_ASSERT(total_at(1) >= target.value * (1 - 1e-12));
    }
  }));
}

TEST_CASE("where power is paid for being used, idling pays too and no use breaks even") {
  const ServerTerms server{.price = {1}, .life = kYear, .busy = {0.6}, .idle = {0.2}};
  const SiteTerms site{.pue = 1.5, .power_price = {-100}, .server_use = 0.5};
  CHECK_FALSE(break_even_use(server, site, {}, {10}, {}).has_value());
}

TEST_CASE("a blend lies between its ends, and its ends are exact") {
  CHECK(rc::check([] {
    const ServerTerms server = any_server();
    const SiteTerms site = any_site();
    const Charges charges = any_charges();
    const auto on = [&](Basis basis) { return server_hour(server, site, {.basis = basis, .rate = {}}); };
    const auto total = [&](const ServerHour& hour) { return hour_rates(hour, site, charges).total(); };
    const ServerHour a = on(Basis::sunk), b = on(Basis::built);
    const double share = *rc::gen::inRange(0, 101) / 100.0;
    const double mixed = total(blend(a, b, share)).value;
    RC_ASSERT(mixed >= std::min(total(a), total(b)).value - 1e-9);
    RC_ASSERT(mixed <= std::max(total(a), total(b)).value + 1e-9);
    RC_ASSERT(total(blend(a, b, 1)) == total(a));
    RC_ASSERT(total(blend(a, b, 0)) == total(b));
  }));
}
