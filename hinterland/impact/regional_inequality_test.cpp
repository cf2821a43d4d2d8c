// The regions of China from 2005 to 2024: definitions, published figures, and what a change does.
#include "hinterland/impact/regional_inequality.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hinterland/impact/inequality_page.hpp"
#include "hinterland/impact/inequality_sentence.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

const Course& course(const std::vector<Course>& courses, const std::string& id) {
  const auto found = std::ranges::find(courses, id, &Course::id);
  REQUIRE(found != courses.end());
  return *found;
}

}  // namespace

TEST_CASE("Guizhou's income: +130.87 %, nearer by the ratio, farther in yuan") {
  const auto incomes = income_courses(china());
  const Course& guizhou = course(incomes, "guizhou");
  CHECK(guizhou.from == 2014);
  CHECK(guizhou.to == 2024);
  CHECK(guizhou.first.own == 12371);
  CHECK(guizhou.last.own == 28561);
  CHECK(std::abs(100 * guizhou.growth() - 130.87) < 0.005);
  CHECK(std::abs(guizhou.first.ratio() - 0.613) < 0.0005);
  CHECK(std::abs(guizhou.last.ratio() - 0.691) < 0.0005);
  CHECK(guizhou.first.gap() == 7796);
  CHECK(guizhou.last.gap() == 12753);
  CHECK(guizhou.both());
  // Shanghai is ahead of the nation, so nothing of the kind is said of it.
  CHECK_FALSE(course(incomes, "shanghai").both());
}

TEST_CASE("a year's figures are those of its regions, weighted by their people") {
  const auto result = regional_inequality(china(), {.grouping = "four"});
  REQUIRE(result.has_value());
  REQUIRE(result->years.size() == 20);
  for (const InequalityYear& year : result->years) {
    double people = 0, gdp = 0, theil_t = 0;
    for (const Account& one : china().accounts) {
      if (one.year != year.year) continue;
      people += one.population_1e4;
      gdp += one.gdp_1e8;
    }
    for (const Account& one : china().accounts) {
      if (one.year != year.year) continue;
      const double s = one.gdp_1e8 / gdp;
      theil_t += s * std::log(s / (one.population_1e4 / people));
    }
    CAPTURE(year.year);
    CHECK(std::abs(year.parts.all.theil_t - theil_t) < 1e-12);
    CHECK(std::abs(year.parts.between_t + year.parts.within_t - year.parts.all.theil_t) < 1e-12);
    CHECK(year.parts.all.mean == doctest::Approx(gdp * 1e8 / (people * 1e4)).epsilon(1e-12));
  }
}

TEST_CASE("coarser groups have less between them") {
  const auto two = regional_inequality(china(), {.grouping = "two"});
  const auto four = regional_inequality(china(), {.grouping = "four"});
  for (std::size_t y = 0; y < two->years.size(); ++y) {
    CHECK(two->years[y].parts.all.theil_t == four->years[y].parts.all.theil_t);
    CHECK(two->years[y].parts.between_t < four->years[y].parts.between_t);
  }
}

TEST_CASE("the years asked for are those that are given") {
  const auto result = regional_inequality(china(), {.grouping = "two", .first = 2010, .last = 2015});
  CHECK(result->first().year == 2010);
  CHECK(result->last().year == 2015);
  CHECK(result->years.size() == 6);
  const auto one = regional_inequality(china(), {.grouping = "two", .first = 2015, .last = 2015});
  CHECK(one->years.size() == 1);
  CHECK_FALSE(one->beta.has_value());
  for (const InequalityQuestion& wrong :
       {InequalityQuestion{.grouping = "five"}, InequalityQuestion{.first = 1999},
        InequalityQuestion{.first = 2020, .last = 2010},
        InequalityQuestion{.changes = {{.region = {"guizou"}, .gdp = {1, 1, 1}}}},
        InequalityQuestion{.changes = {{.region = {"guizhou"}, .gdp = {-1e14, 0, 0}}}}}) {
    CHECK_FALSE(regional_inequality(china(), wrong).has_value());
  }
}

TEST_CASE("GDP that comes to a poor region lowers inequality, to a rich one raises it, and none leaves it") {
  const auto with = [&](const char* region, double gdp) {
    return regional_inequality(
        china(), {.grouping = "two", .changes = {{.region = {region}, .gdp = {gdp, gdp, gdp}}}});
  };
  const double before = with("gansu", 0)->last().parts.all.theil_t;
  CHECK(with("gansu", 0)->changed->central.all.theil_t == before);
  CHECK(with("gansu", 1e10)->changed->central.all.theil_t < before);
  CHECK(with("beijing", 1e10)->changed->central.all.theil_t > before);
  CHECK(with("gansu", 1e10)->changed->low.all.mean > with("gansu", 0)->changed->low.all.mean);
}

TEST_CASE("the sentence follows the figures") {
  auto result = *regional_inequality(china(), {.grouping = "two"});
  const bool falls = result.last().parts.all.theil_t < result.first().parts.all.theil_t;
  CHECK(inequality_sentence(result).en.find(falls ? "per head fell by" : "per head rose by") !=
        std::string::npos);
  std::swap(result.years.front().parts, result.years.back().parts);
  CHECK(inequality_sentence(result).en.find(falls ? "per head rose by" : "per head fell by") !=
        std::string::npos);
}

TEST_CASE("what fell from end to end and rose since its low is said to have risen, and inside which groups") {
  // Up to the accounts' change of revision.
  const auto whole = *regional_inequality(china(), {.grouping = "two", .last = 2023});
  // Without the functions that the sentence is made by.
  const auto within = [](const InequalityYear& one) { return one.parts.within_t; };
  const InequalityYear low = *std::ranges::min_element(whole.years, {}, within);
  REQUIRE(low.year == 2013);
  const double rise = 100 * (within(whole.last()) / within(low) - 1);
  CHECK(rise == doctest::Approx(17.2).epsilon(0.005));
  const std::string said = inequality_sentence(whole).en;
  CHECK(said.contains("what lies within them fell by"));
  CHECK(said.contains(
      "Since its low in 2013 what lies within them rose by 17.2 %, inside Coast and Hinterland."));
  // From the low itself on there is no turn, and the groups are named.
  const std::string since =
      inequality_sentence(*regional_inequality(china(), {.grouping = "two", .first = 2013, .last = 2023})).en;
  CHECK(since.contains("what lies within them rose by 17.2 %."));
  CHECK(since.contains("It rose inside Coast and Hinterland."));
  CHECK_FALSE(since.contains("what lies within them fell"));
  CHECK_FALSE(since.contains("Since its low in"));
  // What rose and fell again.
  auto turned = whole;
  for (InequalityYear& one : turned.years) one.parts.all.theil_t = 1 / one.parts.all.theil_t;
  for (InequalityYear& one : turned.years) one.parts.within_t = 1 / one.parts.within_t;
  CHECK(inequality_sentence(turned).en.contains(
      "Since its high in 2013 what lies within them fell by 14.7 %."));
}

TEST_CASE("across a change of revision no turn is told, and what it may have moved is said") {
  const auto whole = *regional_inequality(china(), {.grouping = "two"});
  REQUIRE(whole.breaks.size() == 1);
  const SeriesBreak& one = whole.breaks.front();
  CHECK(one.before == 2023);
  CHECK(one.from == 2024);
  CHECK(one.rise == doctest::Approx(0.0715).epsilon(0.001));
  CHECK(one.rises.front().name == "Tibet");
  CHECK(one.rises[1].name == "Shanghai");
  CHECK(one.rises[1].rise == doctest::Approx(0.142).epsilon(0.002));
  // With 2023's shares, people as in 2024: nearly what 2023 was.
  CHECK(one.even_theil_t == doctest::Approx(0.0623).epsilon(1e-4));
  const Words said = inequality_sentence(whole);
  CHECK_FALSE(said.en.contains("Since its low"));
  CHECK_FALSE(said.en.contains("the whole rose"));
  CHECK(said.en.contains("From its low in 2013 to 2023 what lies within them rose by 17.2 %"));
  CHECK(said.en.contains("From 2024 on the accounts are of another revision"));
  CHECK(said.zh.contains("2024 年起账目换用新修订口径"));
  CHECK(
      render_terminal(inequality_page(china(), whole, nullptr), {.width = 4000})
          .contains("The accounts of 2024 are of another revision than those of 2023: between the two GDP at "
                    "current prices rises by 7.1 % in all, most in Tibet +15.6 %, Shanghai +14.2 %"));
  // It is data: without the figure the turn would be told, as before the year there is nothing to say.
  Atlas atlas = china();
  atlas.figures.edit({"accounts-break-2024"}).value.reset();
  const auto blind = *regional_inequality(atlas, {.grouping = "two"});
  CHECK(blind.breaks.empty());
  CHECK(inequality_sentence(blind).en.contains("Since its low in 2022 the whole rose by 6.5 %."));
  CHECK(regional_inequality(china(), {.grouping = "two", .last = 2023})->breaks.empty());
  CHECK(regional_inequality(china(), {.grouping = "two", .first = 2024})->breaks.empty());
}

TEST_CASE("nearer by the ratio and farther in money is said of those of which it is true") {
  RegionalInequality result;
  const auto add = [&](const char* name, BesideNation first, BesideNation last) {
    result.group_courses.push_back(
        {.id = name, .name = name, .from = 2014, .to = 2024, .first = first, .last = last});
  };
  add("Ahead", {120, 100}, {250, 200});
  add("Falling", {50, 100}, {90, 200});
  CHECK(ratio_and_gap_sentence(result).en.empty());
  add("Rising", {5000, 10000}, {12000, 20000});
  CHECK(ratio_and_gap_sentence(result).en ==
        "Nearer by the ratio and farther in money: Rising (0.500 -> 0.600 of the nation's, 5,000 -> 8,000 "
        "behind it).");
}

TEST_CASE("an atlas of another country, without groups or accounts, says what is missing") {
  Atlas atlas = china();
  atlas.accounts = {};
  const auto none = regional_inequality(atlas, {});
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().front().where.file.ends_with("accounts.csv"));
  atlas = china();
  atlas.groups = {};
  CHECK_FALSE(regional_inequality(atlas, {}).has_value());
}
