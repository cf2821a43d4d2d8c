#include "hinterland/atlas/account.hpp"

#include <algorithm>
#include <map>

#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

namespace {

constexpr double kFirstYear = 1900, kLastYear = 2200;

}  // namespace

Fields<Account> account_fields() {
  return {
      field("id", &Account::id).naming().documented("region and year, such as guizhou-2024"),
      field("region", &Account::region).refers("regions").naming().documented("the region"),
      field("year", &Account::year).within(kFirstYear, kLastYear).naming().documented("of the calendar"),
      field("population_1e4", &Account::population_1e4)
          .above(0, 1e6)
          .documented("residents at the end of the year, in ten thousands"),
      field("gdp_1e8_$", &Account::gdp_1e8)
          .above(0, 1e9)
          .documented("gross regional product at current prices, in hundred millions"),
      field("disposable_income_$", &Account::disposable_income)
          .above(0, 1e9)
          .documented("what a person has to spend in the year, in the mean; empty where it is not published"),
  };
}

Fields<NationAccount> nation_account_fields() {
  return {
      field("id", &NationAccount::id).naming().documented("the year"),
      field("year", &NationAccount::year)
          .within(kFirstYear, kLastYear)
          .naming()
          .documented("of the calendar"),
      field("disposable_income_$", &NationAccount::disposable_income)
          .above(0, 1e9)
          .documented("what a person has to spend in the year, in the mean of the nation"),
  };
}

const Account* account_of(const Atlas& atlas, const RegionId& region, int year) {
  const auto found = std::ranges::find_if(
      atlas.accounts, [&](const Account& one) { return one.region == region && one.year == year; });
  return found == atlas.accounts.end() ? nullptr : &*found;
}

const NationAccount* nation_account_of(const Atlas& atlas, int year) {
  const auto found =
      std::ranges::find_if(atlas.nation_accounts, [&](const NationAccount& one) { return one.year == year; });
  return found == atlas.nation_accounts.end() ? nullptr : &*found;
}

std::vector<int> account_years(const Atlas& atlas) {
  std::map<int, std::size_t> regions;
  for (const Account& one : atlas.accounts) ++regions[static_cast<int>(one.year)];
  std::vector<int> years;
  for (const auto& [year, count] : regions) {
    if (count == atlas.regions.size()) years.push_back(year);
  }
  return years;
}

}  // namespace hinterland
