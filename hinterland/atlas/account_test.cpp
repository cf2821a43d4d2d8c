// Accounts, groups, employment and deals: what ships, and what is refused.
#include "hinterland/atlas/account.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "hinterland/base/file.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

// What loading China says with these books over it, as one text.
std::string refusal(const std::string& table, const std::string& rows) {
  const std::string folder = std::filesystem::temp_directory_path() / "hinterland-account-test";
  std::filesystem::create_directories(folder);
  REQUIRE(write_text(folder + "/" + table + ".csv", rows).has_value());
  const auto atlas = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china", folder);
  std::filesystem::remove_all(folder);
  std::string said;
  if (!atlas) {
    for (const Error& error : atlas.error()) said += describe(error) + "\n";
  }
  return said;
}

bool contains(const std::string& text, const char* part) {
  CAPTURE(text);
  CAPTURE(part);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every region has an account for each year from 2005 to 2024") {
  const auto years = account_years(china());
  REQUIRE(years.size() == 20);
  CHECK(years.front() == 2005);
  CHECK(years.back() == 2024);
  REQUIRE(account_of(china(), {"guizhou"}, 2024) != nullptr);
  CHECK(account_of(china(), {"guizhou"}, 2024)->gdp_per_head().value == doctest::Approx(22667.1e8 / 3860e4));
  CHECK(account_of(china(), {"guizhou"}, 2004) == nullptr);
}

TEST_CASE("regions.csv and the accounts say the same of 2024") {
  for (const Region& region : china().regions) {
    CAPTURE(region.id.text);
    const Account* account = account_of(china(), region.id, 2024);
    REQUIRE(account != nullptr);
    CHECK(account->population_1e4 == region.population_1e4);
    CHECK(account->gdp_1e8 == region.gdp_1e8);
  }
}

TEST_CASE("what a year lacks of regions is no year that compares") {
  Atlas atlas = china();
  Region fresh = atlas.regions.rows().front();
  fresh.id = {"atlantis"};
  atlas.regions.put(fresh);
  CHECK(account_years(atlas).empty());
}

TEST_CASE("the shipped groupings are partitions, and an unknown one is named") {
  for (const std::string& grouping : groupings(china())) {
    CAPTURE(grouping);
    std::map<RegionId, int> times;
    const auto groups = groups_of(china(), grouping, "--groups");
    REQUIRE(groups.has_value());
    for (const RegionGroup& group : *groups) {
      for (const RegionId& region : group.regions) ++times[region];
    }
    CHECK(times.size() == china().regions.size());
    for (const auto& [region, count] : times) CHECK(count == 1);
  }
  const auto wrong = groups_of(china(), "fuor", "--groups");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().front().mend == "Did you mean four?");
}

TEST_CASE("the sections of employment add up to what the source has as total, to its rounding") {
  // TOT of the same table; each of the 20 sections is rounded to 1.
  const std::map<int, double> totals = {{2005, 74647}, {2010, 76105}, {2018, 77586}};
  for (const auto& [year, total] : totals) {
    double sum = 0;
    for (const Section& section : china().sections)
      sum += employment_of(china(), section.id, year)->employed_1e4;
    CAPTURE(year);
    CHECK(std::abs(sum - total) < 4);
  }
  CHECK(last_employment_year(china()) == 2018);
}

TEST_CASE("a date is a point of the calendar at the end of its day") {
  CHECK(calendar_point("2025-06-30", {}).value() == doctest::Approx(2025 + 181.0 / 365));
  CHECK(calendar_point("2024-12-31", {}).value() == doctest::Approx(2025));
  CHECK(calendar_point("2024-02-29", {}).value() == doctest::Approx(2024 + 60.0 / 366));
  for (const char* wrong : {"2025-02-29", "2025", "june", "", "2025-06-30 00:00:00"}) {
    CAPTURE(wrong);
    CHECK_FALSE(calendar_point(wrong, {}).has_value());
  }
}

TEST_CASE("accounts that cannot be are refused where they stand") {
  const std::string head = "id,region,year,population_1e4,gdp_1e8_cny\n";
  CHECK(contains(refusal("accounts", head + "guizhou-2024,guizhou,2024,-3860,22667\n"),
                 "accounts.csv:2: population_1e4"));
  CHECK(
      contains(refusal("accounts", head + "guizhou-2024,guizhou,2024.5,3860,22667\n"), "2024.5 is no year"));
  CHECK(contains(refusal("accounts", head + "guizhou-again,guizhou,2024,3860,22667\n"),
                 "guizhou-again speaks of the same year as guizhou-2024"));
  CHECK(
      contains(refusal("accounts", head + "guizhou-2024,guizou,2024,3860,22667\n"), "Did you mean guizhou?"));
}

TEST_CASE("groups that overlap or miss a region are refused by name") {
  const std::string head = "id,grouping,name,name_zh,regions\n";
  const std::string said =
      refusal("groups", head + "a,mine,A,甲,guizhou;yunnan\nb,mine,B,乙,yunnan;sichuan\n");
  CHECK(contains(said, "grouping mine: yunnan is in a and in b"));
  CHECK(contains(said, "grouping mine: beijing is in no group"));
  CHECK_FALSE(said.find("guizhou is in no group") != std::string::npos);
}

TEST_CASE("deals that cannot have been counted so are refused") {
  const std::string head =
      "id,programme,name,name_zh,region,date,since_year,signed,building,operating,dropped,worth_1e8,worth_"
      "currency\n";
  CHECK(contains(refusal("deals", head + "a,mine,Mine,我,guizhou,2024-06-30,2020,10,4,5,2,,\n"),
                 "11 deals stand at a stage, and 10 were signed"));
  CHECK(
      contains(refusal("deals", head + "a,mine,Mine,我,guizhou,2024-06-31,2020,10,4,5,,,\n"), "is no date"));
  CHECK(contains(refusal("deals", head + "a,mine,Mine,我,guizhou,2019-06-30,2020,10,,,,,\n"),
                 "not after the first deal"));
  CHECK(contains(refusal("deals", head + "a,mine,Mine,我,guizhou,2024-06-30,2020,10,,,,,\n"
                                         "b,mine,Mine,我,guizhou,2025-06-30,2020,9,,,,,\n"),
                 "b does not follow a"));
  CHECK(contains(refusal("deals", head + "a,mine,Mine,我,guizhou,2024-06-30,2020,10,,,,3,\n"),
                 "a worth without its currency"));
}
