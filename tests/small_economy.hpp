// China's atlas with an economy of a few random industries, for tests that need no large data.
#pragma once
#include <memory>

#include "hinterland/impact/national_economy.hpp"
#include "tests/china.hpp"
#include "tests/random_io_table.hpp"

namespace hinterland {

// The economy points into the atlas. Industries are "1" to "6": the second is computing, the third power, the fourth research.
struct SmallEconomy {
  Atlas atlas;
  NationalEconomy economy;
};

inline std::unique_ptr<SmallEconomy> small_economy(std::uint64_t seed) {
  auto made = std::make_unique<SmallEconomy>(SmallEconomy{.atlas = china(), .economy = {}});
  Atlas& atlas = made->atlas;
  made->economy.table = random_io_table(seed, 6);
  atlas.industries = {};
  atlas.spending = {};
  const IndustryRole roles[] = {IndustryRole::other, IndustryRole::computing, IndustryRole::power,
                                IndustryRole::research};
  for (std::size_t i = 0; i < made->economy.table.size(); ++i) {
    // Its size and its pay are a nation's.
    const std::string& code = made->economy.table.industries[i].code;
    atlas.industries.put({.id = {code},
                          .name = "industry " + code,
                          .section = {"C"},
                          .stock_days = 5 + static_cast<double>(i),
                          .role = i < 4 ? roles[i] : IndustryRole::other});
    made->economy.jobs.push_back(made->economy.table.compensation[i] / 20);
    const auto spend = [&](SpendingOn on, const char* use) {
      const std::string id = "row-" + std::to_string(atlas.spending.size());
      atlas.spending.put(
          {.id = {id}, .on = on, .use = use, .industry = {code}, .weight = 1 + static_cast<double>(i)});
    };
    spend(SpendingOn::building, "");
    spend(SpendingOn::servers, "");
    spend(SpendingOn::upkeep, "");
    if (i > 3) spend(SpendingOn::other, "mills");
  }
  made->economy.source = &*atlas.io_tables.begin();
  made->economy.employment_year = 2018;
  return made;
}

}  // namespace hinterland
