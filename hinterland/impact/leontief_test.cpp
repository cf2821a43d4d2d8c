#include "hinterland/impact/leontief.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "tests/random_io_table.hpp"
#include "tests/reference_data.hpp"

using namespace hinterland;

namespace {

std::vector<double> final_demand(const IoTable& table) {
  std::vector<double> all(table.size());
  const FinalUse& use = table.domestic_use;
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = use.consumption[i] + use.capital[i] + use.inventories[i] + use.exports[i];
  return all;
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)}); }

// x = L f; multipliers are 1 at least; value added and imports in a unit of final demand sum to 1.
bool keeps_identities(const IoTable& table) {
  const Leontief model = leontief_of(domestic_coefficients(table), "table").value();
  const auto outputs = times(model.inverse, final_demand(table));
  const auto multipliers = output_multipliers(model);
  const auto added = times(value_added_per_output(table), model.inverse);
  const auto imported = times(imports_per_output(table), model.inverse);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!near(outputs[i], table.output[i]) || multipliers[i] < 1 - 1e-9 || !near(added[i] + imported[i], 1))
      return false;
  }
  return true;
}

}  // namespace

TEST_CASE("Leontief's identities hold of every table in balance") {
  CHECK(rc::check("x = L f, multipliers >= 1, shares sum to 1", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto size = *rc::gen::inRange<std::size_t>(1, 12);
    RC_ASSERT(keeps_identities(random_io_table(seed, size)));
  }));
}

TEST_CASE("Leontief's identities hold of China's table of 2020") {
  const auto text = reference_text("regional/china_io_2020_42_1e4cny.csv.gz");
  if (!text) return;
  CHECK(keeps_identities(parse_io_table(*text, "china", 1e4).value()));
}

TEST_CASE("two industries by hand") {
  // A = [0.2 0.3; 0.4 0.1]: det(I - A) = 0.72 - 0.12 = 0.6; L = [0.9 0.3; 0.4 0.8] / 0.6
  Matrix coefficients(2, 2);
  coefficients.values = {0.2, 0.3, 0.4, 0.1};
  const Leontief model = leontief_of(coefficients, "hand").value();
  CHECK(model.inverse(0, 0) == doctest::Approx(1.5));
  CHECK(model.inverse(0, 1) == doctest::Approx(0.5));
  CHECK(model.inverse(1, 0) == doctest::Approx(0.4 / 0.6));
  CHECK(output_multipliers(model)[1] == doctest::Approx(0.5 + 0.8 / 0.6));
}

TEST_CASE("industries that use up all they make, or more, are refused") {
  Matrix all(2, 2);
  all.values = {0.5, 0.5, 0.5, 0.5};
  CHECK(describe(leontief_of(all, "io.csv").error().front()).starts_with("io.csv: the table is singular"));
  Matrix more(2, 2);
  more.values = {0.5, 0.9, 0.9, 0.5};
  CHECK(
      describe(leontief_of(more, "io.csv").error().front()).contains("no finite output meets every demand"));
}

TEST_CASE("wages that are spent at home add to every multiplier, and spend nothing where nothing is earned") {
  CHECK(rc::check("type II >= type I", [] {
    const IoTable table = random_io_table(*rc::gen::arbitrary<std::uint64_t>(), 6);
    const Matrix open = domestic_coefficients(table);
    const auto pay = per_output(table, table.compensation);
    const std::vector<double> basket(6, 0.5 / 6);
    const auto type_i = leontief_of(open, "open").value();
    const auto type_ii = leontief_of(with_households(open, pay, basket), "closed").value();
    const auto none = leontief_of(with_households(open, std::vector<double>(6, 0), basket), "none").value();
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < 6; ++j) {
        RC_ASSERT(type_ii.inverse(i, j) >= type_i.inverse(i, j) - 1e-12);
        RC_ASSERT(near(none.inverse(i, j), type_i.inverse(i, j)));
      }
    }
  }));
}
