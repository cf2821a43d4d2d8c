#include "hinterland/plan/plan_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "tests/small_study.hpp"

namespace hinterland {

namespace {

std::vector<std::string> captions(const Page& page) {
  std::vector<std::string> out;
  for (const Block& block : page.blocks)
    if (const auto* table = std::get_if<TableBlock>(&block)) out.push_back(table->caption.en);
  return out;
}

bool says(const Page& page, std::string_view text) {
  return std::ranges::any_of(page.blocks, [&](const Block& block) {
    const auto* paragraph = std::get_if<Paragraph>(&block);
    return paragraph != nullptr && paragraph->text.en.contains(text);
  });
}

}  // namespace

TEST_CASE("flows are what is served away from home: with the rest, all that the sites serve") {
  const StudyPlan plan = plan_of(small_study());
  const PlanFigures figures = figures_of(plan);
  REQUIRE(figures.away.size() > 3);
  CHECK(std::ranges::is_sorted(figures.away, std::greater{}, &AwayFlow::kwh));
  std::vector<double> arrives(plan.setup.sites.size());
  for (const AwayFlow& flow : figures.away) {
    CHECK(flow.home != plan.setup.sites[flow.to]);
    CHECK(!flow.regions.empty());
    arrives[flow.to] += flow.kwh;
  }
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    CAPTURE(plan.setup.sites[s]->id.text);
    CHECK(arrives[s] <= figures.sites[s].served_kwh * (1 + 1e-9));
    // A cluster is nobody's home.
    if (plan.setup.sites[s]->kind == SiteKind::cluster)
      CHECK(arrives[s] == doctest::Approx(figures.sites[s].served_kwh).epsilon(1e-9));
  }
  const StudyPlan stay = plan_of(small_study(), {.choice = Choice::stay});
  for (const AwayFlow& flow : figures_of(stay).away)
    CHECK(std::ranges::find(stay.setup.sites, flow.home) == stay.setup.sites.end());
}

TEST_CASE("the map's lines are the flows, as wide as they are large; thin ones are left out and counted") {
  const StudyPlan plan = plan_of(small_study());
  PlanFigures figures = figures_of(plan);
  figures.away.resize(10);
  MapBlock map = plan_map(china(), plan, figures);
  REQUIRE(map.lines.size() == 10);
  CHECK(!map.note.en.contains("left out"));
  for (std::size_t i = 0; i < map.lines.size(); ++i) {
    const AwayFlow& flow = figures.away[i];
    CHECK(map.lines[i].size == flow.kwh / figures.away[0].kwh);
    CHECK(map.places[map.lines[i].from].name.en == flow.home->name);
    CHECK(map.places[map.lines[i].to].name.en == plan.setup.sites[flow.to]->name);
  }
  CHECK(map.note.en.contains(power_text(figures.away[0].kwh / plan.setup.numbers.hours)));
  figures.away = {};
  CHECK(plan_map(china(), plan, figures).lines.empty());

  const AwayFlow largest = figures_of(plan).away[0];
  figures.away.assign(50, largest);
  figures.away_kwh = 50 * largest.kwh;
  map = plan_map(china(), plan, figures);
  CHECK(map.lines.size() == 40);
  CHECK(map.note.en.contains("10 thinner ones are left out, 20 %"));
}

TEST_CASE("a home that takes no part stands on the map once, for its demand comes from there") {
  const StudyPlan plan = plan_of(small_study({"only=guian;horinger"}));
  const MapBlock map = plan_map(china(), plan, figures_of(plan));
  CHECK(!map.lines.empty());
  for (const MapBlock::Line& line : map.lines) {
    CHECK(line.from >= 2);
    CHECK(line.to < 2);
  }
  for (std::size_t i = 0; i < map.places.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(map.places[i].name != map.places[j].name);
}

TEST_CASE("what stands idle is a ring on the map around what is used") {
  const StudyPlan plan = plan_of(small_study({"sites.guian.keep_per_kw_year=100000", "days=1"}));
  const PlanFigures figures = figures_of(plan);
  const MapBlock map = plan_map(china(), plan, figures);
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    const double kept = capacity_at(plan, s, ColumnKind::kept);
    CAPTURE(plan.setup.sites[s]->id.text);
    const auto ring = std::ranges::find_if(map.places, [&](const MapBlock::Place& place) {
      return place.group == "refused" && place.name.en == plan.setup.sites[s]->name;
    });
    CHECK((ring != map.places.end()) == (figures.sites[s].idle_kw >= 1));
    if (ring != map.places.end() && kept >= 1)
      CHECK(ring->size / map.places[s].size == doctest::Approx((kept + figures.sites[s].idle_kw) / kept));
  }
  CHECK(std::ranges::any_of(figures.sites, [](const SiteFigures& site) { return site.idle_kw >= 1; }));
}

TEST_CASE("the mean day of a hedge is the mean of its years, each at its weight") {
  const StudyPlan plan = plan_of(small_study({"hedge=yes", "days=1"}));
  REQUIRE(plan.setup.years.size() > 1);
  const PlanFigures figures = figures_of(plan);
  const LinesBlock day = day_of_load(plan, figures);
  double most_kwh = 0;
  for (const SiteFigures& site : figures.sites) most_kwh = std::max(most_kwh, site.served_kwh);
  double kwh = 0;
  for (const double mw : day.curves.at(0).y) kwh += mw * kKilowattsPerMegawatt;
  CHECK(kwh == doctest::Approx(most_kwh).epsilon(1e-9));
}

TEST_CASE(
    "a plan's page has the tables of the comparison where one was made, and says what else tells more") {
  const Study study = small_study({"days=1"});
  const auto problem = [&](const StudyCase& which) { return numbers_of(study, which); };
  const auto compared = counterfactuals(study, problem, {.gap = 1e-3});
  REQUIRE(compared);
  const StudyPlan plan = plan_of(study);
  const Page alone = plan_page(study, china(), plan), both = plan_page(study, china(), plan, &*compared);
  const Page comparison = counterfactuals_page(study, china(), *compared);
  CHECK(says(alone, "plan alternatives"));
  CHECK(both.blocks.size() == alone.blocks.size() + comparison.blocks.size() - 1);
  const auto there = captions(both), without = captions(alone);
  REQUIRE(captions(comparison).size() == 2);
  for (const std::string& caption : captions(comparison)) {
    CHECK(std::ranges::find(there, caption) != there.end());
    CHECK(std::ranges::find(without, caption) == without.end());
  }
}

}  // namespace hinterland
