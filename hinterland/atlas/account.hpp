// What a region's year comes to: its people, its product and, where published, what its people have to spend.
//
// GDP and income are nominal, in the prices of their year. GDP per head is
//
//   gdp_per_head = gdp_1e8 x 1e8 / (population_1e4 x 1e4)        money a year
//
// The nation's row holds what is published of the whole; its GDP and people are the sums over the regions.
#pragma once
#include <optional>
#include <vector>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct Account {
  AccountId id;  // region and year: "guizhou-2024"
  RegionId region;
  double year = 0;            // whole
  double population_1e4 = 0;  // ten thousands of residents at the end of the year, as the yearbooks print it
  double gdp_1e8 = 0;         // hundred millions of the currency
  std::optional<Money> disposable_income;  // a head and year

  [[nodiscard]] double people() const { return population_1e4 * 1e4; }
  [[nodiscard]] Money gdp() const { return {gdp_1e8 * 1e8}; }
  [[nodiscard]] Money gdp_per_head() const { return gdp() / people(); }
};

struct NationAccount {
  NationAccountId id;  // the year
  double year = 0;
  Money disposable_income;  // a head and year
};

Fields<Account> account_fields();
Fields<NationAccount> nation_account_fields();

struct Atlas;

// The region's account of that year; nullptr where there is none. The loader has checked that there is one at most.
const Account* account_of(const Atlas& atlas, const RegionId& region, int year);
const NationAccount* nation_account_of(const Atlas& atlas, int year);

// The years in which every region of the atlas has its account, rising: only these compare.
std::vector<int> account_years(const Atlas& atlas);

}  // namespace hinterland
