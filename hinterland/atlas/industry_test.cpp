// Industries, their places and what money buys of them: what ships, and what is refused.
#include "hinterland/atlas/industry.hpp"

#include <doctest/doctest.h>

#include <set>

#include "hinterland/atlas/consistency.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

std::string refusal(const Atlas& atlas) {
  Errors errors;
  check_economy(atlas, "folder", errors);
  std::string said;
  for (const Error& error : errors) said += describe(error) + "\n";
  return said;
}

}  // namespace

TEST_CASE(
    "every industry of every region has a row of the mix, and money for a data centre has where to go") {
  std::set<std::string> with_rest;
  for (const IndustryMix& row : china().industry_mix) {
    if (!row.industries.empty()) continue;
    for (const RegionId& region : row.regions) with_rest.insert(region.text);
  }
  CHECK(with_rest.size() == china().regions.size());
  std::set<SpendingOn> kinds;
  for (const Spending& row : china().spending) kinds.insert(row.on);
  CHECK(kinds.size() == 4);
  CHECK(refusal(china()).empty());
}

TEST_CASE("two rows that speak of the same industry in the same region are refused") {
  Atlas atlas = china();
  atlas.industry_mix.put({.id = {"again"}, .regions = {{"guizhou"}}, .industries = {{"31"}}});
  CHECK(refusal(atlas).starts_with(
      "folder/industry_mix.csv: industries: hinterland-computing and again both speak of "
      "industry 31 in guizhou"));
  Atlas rest = china();
  rest.industry_mix.put({.id = {"again"}, .regions = {{"guizhou"}}});
  CHECK(refusal(rest).contains("hinterland-rest and again both speak of all other industries in guizhou"));
}

TEST_CASE("another use of money has a name, and a table of one row has one") {
  Atlas atlas = china();
  atlas.spending.put({.id = {"nameless"}, .on = SpendingOn::other, .industry = {"01"}, .weight = 1});
  CHECK(refusal(atlas).contains("spending.csv: use: nameless: another use without a name"));
  Atlas two = china();
  Staffing more = china().staffing.rows().front();
  more.id = {"more"};
  two.staffing.put(more);
  CHECK(refusal(two).contains("folder/staffing.csv: 2 rows where one holds for all"));
}
