// Each computation against what it is by hand.
#include "hinterland/claims/computation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/atlas/account.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

Computed asked(const char* name, const std::vector<Operand>& operands, const Atlas& atlas = china()) {
  const AtlasCells cells(atlas);
  return computation_of(name)->compute(cells, operands);
}

double of_numbers(const char* name, const std::vector<double>& numbers) {
  std::vector<Operand> operands;
  for (const double one : numbers) operands.push_back({.text = "", .number = one});
  return asked(name, operands).value();
}

double of_names(const char* name, const std::vector<std::string>& names) {
  std::vector<Operand> operands;
  for (const std::string& one : names) operands.push_back({.text = one});
  return asked(name, operands).value();
}

}  // namespace

TEST_CASE("arithmetic on numbers") {
  CHECK(of_numbers("value", {7}) == 7);
  CHECK(of_numbers("sum", {1, 2, 4}) == 7);
  CHECK(of_numbers("difference", {7, 4}) == 3);
  CHECK(of_numbers("product", {2, 3, 4}) == 24);
  CHECK(of_numbers("ratio", {3, 4}) == 0.75);
  CHECK(of_numbers("share", {1, 2, 1}) == 0.25);
  CHECK(of_numbers("growth", {12371, 28561}) == doctest::Approx(1.3087).epsilon(1e-4));
  CHECK(of_numbers("yearly_growth", {12371, 28561, 2014, 2024}) == doctest::Approx(0.0873).epsilon(1e-3));
  CHECK(of_numbers("mean", {1, 2, 6}) == 3);
  CHECK(of_numbers("least", {3, 1, 2}) == 1);
  CHECK(of_numbers("most", {3, 1, 2}) == 3);
  CHECK(of_numbers("rank", {9.1, 10.0, 8}) == 2);
  CHECK(of_numbers("rank", {5, 5, 5}) == 1);
  CHECK(of_numbers("years_between", {2012, 2015}) == 3);
}

TEST_CASE("what has no value says why") {
  CHECK(asked("ratio", {{.number = 1}, {.number = 0}}).error() == "a division by 0");
  CHECK(asked("yearly_growth", {{.number = 1}, {.number = 2}, {.number = 5}, {.number = 5}}).error() ==
        "growth within no time");
  CHECK_FALSE(
      asked("yearly_growth", {{.number = -1}, {.number = 2}, {.number = 1}, {.number = 5}}).has_value());
}

TEST_CASE("questions to the accounts are answered by the code that assess asks") {
  CHECK(of_names("gdp", {"guizhou", "2024"}) == 22667.1);
  CHECK(of_names("gdp_per_head", {"guizhou", "2024"}) == doctest::Approx(22667.1e8 / 3860e4));
  CHECK(of_names("gdp_rank", {"guizhou", "2024"}) == 22);
  CHECK(of_names("gdp_rank", {"guangdong", "2024"}) == 1);
  double nation = 0;
  for (const Account& one : china().accounts)
    if (one.year == 2024) nation += one.gdp_1e8;
  CHECK(of_names("nation_gdp", {"2024"}) == doctest::Approx(nation));
  CHECK(of_names("theil_t", {"two", "2024"}) ==
        doctest::Approx(of_names("between_t", {"two", "2024"}) + of_names("within_t", {"two", "2024"})));
  CHECK(of_names("theil_t", {"two", "2024"}) ==
        doctest::Approx(of_names("theil_t", {"four", "2024"})).epsilon(1e-12));
  CHECK(of_names("members", {"centre"}) == 6);
  CHECK(of_names("beta", {"2005", "2024"}) < 0);
}

TEST_CASE("places") {
  CHECK(of_names("distance_km", {"guian", "guian"}) == 0);
  CHECK(of_names("distance_km", {"guian", "metro-guangzhou"}) == doctest::Approx(789).epsilon(0.005));
  CHECK(of_names("latency_ms", {"shaoguan", "metro-guangzhou"}) == doctest::Approx(1.3));
  CHECK(of_names("mean_temperature_c", {"guian"}) == doctest::Approx(14.69).epsilon(1e-3));
  CHECK(of_names("hazards", {"guian"}) == 2);
  CHECK(of_names("hazards_of_kind", {"guian", "earthquake"}) == 0);
  CHECK(of_names("hazards_of_kind", {"tianfu", "earthquake"}) == 1);
}

TEST_CASE("what is published of one cell, side by side") {
  CHECK(of_names("published", {"figures.guizhou-pilot-zone.value"}) == 3);
  CHECK(of_names("published_spread", {"figures.guizhou-pilot-zone.value"}) == 2);
}

TEST_CASE("the sceptic's question moves people or capital, and neither is nothing") {
  CHECK(of_names("people_to_coast_output", {"two"}) > 0);
  CHECK(of_names("capital_inland_output", {"two"}) < 0);
}

TEST_CASE("names that the atlas does not know are refused, with the nearest") {
  const AtlasCells cells(china());
  const Location where{.file = "c.toml", .line = 3};
  const auto refused = [&](OperandKind kind, const char* text) {
    const auto known = check_name(cells, kind, text, where);
    return known ? std::string() : describe(known.error().front());
  };
  CHECK(refused(OperandKind::region, "guizhou").empty());
  CHECK(refused(OperandKind::region, "guizou") ==
        "c.toml:3: 'guizou' is no region of the atlas. Did you mean guizhou?");
  CHECK(refused(OperandKind::year, "1999").find("is no year") != std::string::npos);
  CHECK(refused(OperandKind::site, "guian2").find("Did you mean guian?") != std::string::npos);
  CHECK(refused(OperandKind::cell, "figurs.a.value").find("the atlas has no table 'figurs'") !=
        std::string::npos);
  CHECK(refused(OperandKind::cell, "figures.guizhou-pilot.value").find("figures has no row") !=
        std::string::npos);
  CHECK(refused(OperandKind::cell, "figures.guizhou-pilot-zone.unit").find("no column of numbers") !=
        std::string::npos);
  CHECK(refused(OperandKind::cell, "sources.cdxw_10.date").find("no column of numbers") != std::string::npos);
}

TEST_CASE("every computation says what it is, and takes what its signature says") {
  for (const Computation& one : computations()) {
    CAPTURE(one.name);
    CHECK_FALSE(one.doc.empty());
    CHECK(one.takes(one.operands.size()));
    CHECK(one.takes(one.operands.size() + 1) == one.repeats);
    CHECK_FALSE(one.takes(0));
    CHECK(computation_of(one.name) == &one);
  }
  CHECK(computation_of("divination") == nullptr);
}
