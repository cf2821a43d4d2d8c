// Multipliers of one region: the nation's where the region is the nation, less where it supplies less.
#include "hinterland/impact/local_economy.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/base/random.hpp"
#include "hinterland/impact/location_quotient.hpp"
#include "tests/small_economy.hpp"

using namespace hinterland;

namespace {

// A nation of a few industries by seed, and what a region of it buys.
struct LocalCase {
  std::unique_ptr<SmallEconomy> small;
  NationalRates nation;
  std::vector<double> quotients, demand;
  double weight = 1, spend = 0;
};

LocalCase local_case(std::uint64_t seed) {
  RandomStream draw(seed, "local");
  LocalCase made;
  made.small = small_economy(seed);
  made.nation = national_rates(made.small->economy);
  for (std::size_t i = 0; i < made.nation.added.size(); ++i) {
    made.quotients.push_back(draw.uniform() < 0.1 ? 0 : 2 * draw.uniform());
    made.demand.push_back(1e9 * draw.uniform());
  }
  made.weight = draw.uniform();
  made.spend = draw.uniform();
  return made;
}

LocalEconomy economy_of(const LocalCase& one) {
  return LocalEconomy::of(one.nation, one.quotients, one.weight, one.spend).value();
}

double all(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

TEST_CASE("a region that is the nation has the nation's multipliers") {
  const auto small = small_economy(5);
  const NationalRates nation = national_rates(small->economy);
  const std::vector<double> ones(nation.added.size(), 1);
  const LocalEconomy region = LocalEconomy::of(nation, ones, 1, 0.7).value();
  const Leontief model = leontief_of(domestic_coefficients(small->economy.table), "table").value();
  const auto multipliers = output_multipliers(model);
  for (std::size_t k = 0; k < ones.size(); ++k) {
    std::vector<double> demand(ones.size());
    demand[k] = 1;
    const LocalEffect effect = region.of_demand(demand);
    CHECK(effect.direct.output == 1);
    CHECK(effect.direct.output + effect.indirect.output == doctest::Approx(multipliers[k]).epsilon(1e-12));
    CHECK(effect.direct.added == doctest::Approx(nation.added[k]));
    CHECK(effect.direct.jobs == doctest::Approx(nation.jobs[k]));
  }
}

TEST_CASE("nothing is below zero, no more value is added than was spent before pay is, and effects add up") {
  CHECK(rc::check("laws of a region's multipliers", [] {
    const LocalCase one = local_case(*rc::gen::arbitrary<std::uint64_t>());
    const LocalEconomy region = economy_of(one);
    const LocalEffect effect = region.of_demand(one.demand);
    RC_ASSERT(effect.indirect.output >= -1e-9 * effect.direct.output);
    RC_ASSERT(effect.induced.jobs >= -1e-9 * effect.direct.jobs);
    RC_ASSERT(effect.direct.added + effect.indirect.added <= all(one.demand) * (1 + 1e-9));
    // Twice the demand has twice the effect.
    std::vector<double> twice = one.demand;
    for (double& value : twice) value *= 2;
    const LocalEffect doubled = region.of_demand(twice);
    RC_ASSERT(std::abs(doubled.indirect.jobs - 2 * effect.indirect.jobs) <=
              1e-9 * (1 + doubled.indirect.jobs));
    // Pay that is spent again is what the demand's pay induces, whoever pays it.
    double pay = 0;
    const Matrix local = regional_coefficients(one.nation.coefficients, one.quotients, one.weight);
    const auto output = times(leontief_of(local, "table")->inverse, one.demand);
    for (std::size_t i = 0; i < output.size(); ++i) pay += one.nation.compensation[i] * output[i];
    RC_ASSERT(std::abs(region.of_pay(pay).output - effect.induced.output) <=
              1e-9 * (1 + effect.induced.output));
  }));
}

TEST_CASE("a region that supplies less, or spends less of its pay, has less") {
  CHECK(rc::check("each pushes one way", [] {
    LocalCase one = local_case(*rc::gen::arbitrary<std::uint64_t>());
    const LocalEffect before = economy_of(one).of_demand(one.demand);
    const double slack = 1e-9 * (1 + before.direct.output);
    one.weight *= 0.5;
    const LocalEffect half = economy_of(one).of_demand(one.demand);
    RC_ASSERT(half.indirect.output <= before.indirect.output + slack);
    RC_ASSERT(half.induced.output <= before.induced.output + slack);
    one.weight = 0;
    RC_ASSERT(std::abs(economy_of(one).of_demand(one.demand).indirect.output) <= slack);
    one.spend = 0;
    RC_ASSERT(std::abs(economy_of(one).of_demand(one.demand).induced.output) <= slack);
  }));
}

TEST_CASE("what is bought of a product that comes from abroad is not the nation's") {
  const auto small = small_economy(3);
  const NationalRates nation = national_rates(small->economy);
  const IoTable& table = small->economy.table;
  const double home = table.domestic_use.capital[2], abroad = table.imported_use.capital[2];
  CHECK(nation.home_capital[2] == doctest::Approx(home / (home + abroad)));
  CHECK(all(nation.consumption) ==
        doctest::Approx(all(table.domestic_use.consumption) /
                        (all(table.domestic_use.consumption) + all(table.imported_use.consumption))));
}
