#include "hinterland/impact/multiregional_table.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "hinterland/impact/leontief.hpp"
#include "tests/random_io_table.hpp"
#include "tests/random_regions.hpp"

using namespace hinterland;

namespace {

bool near(double a, double b, double size) { return std::abs(a - b) <= 1e-9 * size; }

}  // namespace

TEST_CASE("all that is made goes somewhere, and all that is used comes from somewhere") {
  CHECK(rc::check("balances of every region and industry", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto industries = *rc::gen::inRange<std::size_t>(1, 8);
    const auto regions = *rc::gen::inRange<std::size_t>(1, 7);
    const IoTable nation = random_io_table(seed, industries);
    const auto table = multiregional_table(nation, random_regions(seed, industries, regions)).value();
    for (std::size_t k = 0; k < industries; ++k) {
      double output = 0, exports = 0;
      for (std::size_t r = 0; r < regions; ++r) {
        double sold = table.exports(k, r), share = 0;
        for (std::size_t s = 0; s < regions; ++s) {
          sold += table.traded(k, r, s) * table.home_use(k, s);
          share += table.traded(k, s, r);
          RC_ASSERT(table.traded(k, r, s) >= 0);
        }
        RC_ASSERT(near(sold, table.output(k, r), nation.output[k]));
        RC_ASSERT(near(share, 1, 1));
        output += table.output(k, r);
        exports += table.exports(k, r);
      }
      RC_ASSERT(near(exports, nation.domestic_use.exports[k], nation.output[k]));
      // The nation's output but for its change in inventories.
      RC_ASSERT(output > 0);
    }
  }));
}

TEST_CASE("a nation of one region is its table, where inventories do not change") {
  IoTable nation = random_io_table(11, 5);
  for (std::size_t i = 0; i < 5; ++i) {
    nation.domestic_use.consumption[i] += nation.domestic_use.inventories[i];
    nation.domestic_use.inventories[i] = 0;
  }
  const auto table = multiregional_table(nation, random_regions(11, 5, 1)).value();
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(table.output(k, 0) == doctest::Approx(nation.output[k]));
    CHECK(table.traded(k, 0, 0) == doctest::Approx(1));
  }
}

TEST_CASE("a larger quotient is a larger share, and nearer regions trade more") {
  const IoTable nation = random_io_table(3, 4);
  RegionalMix mix = random_regions(3, 4, 3);
  const auto before = multiregional_table(nation, mix).value();
  mix.quotients(2, 1) *= 2;
  const auto after = multiregional_table(nation, mix).value();
  CHECK(after.output(2, 1) > before.output(2, 1));
  CHECK(after.output(2, 0) < before.output(2, 0));
  RegionalMix alike = random_regions(5, 4, 3);
  alike.sizes = {1, 1, 1};
  for (double& quotient : alike.quotients.values) quotient = 1;
  for (double& quotient : alike.export_quotients.values) quotient = 1;
  alike.distance_km.values = {0, 100, 900, 100, 0, 900, 900, 900, 0};
  const auto spread = multiregional_table(nation, alike).value();
  CHECK(spread.traded(0, 0, 1) > spread.traded(0, 2, 1));
  CHECK(spread.traded(0, 1, 1) > spread.traded(0, 0, 1));
}

TEST_CASE("no region exports what it does not make") {
  const IoTable nation = random_io_table(8, 3);
  RegionalMix mix = random_regions(8, 3, 2);
  for (std::size_t k = 0; k < 3; ++k) {
    mix.export_quotients(k, 0) = 1000;
    mix.quotients(k, 0) = 0.01;
  }
  const auto table = multiregional_table(nation, mix).value();
  for (std::size_t k = 0; k < 3; ++k) CHECK(table.exports(k, 0) <= 0.9 * table.output(k, 0) * (1 + 1e-12));
}
