// Power priced below zero turns the usual order round: there an idle hour earns. What the page says of it is true.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "hinterland/judge/fill.hpp"
#include "hinterland/judge/verdict_page.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

// What the page says of film-render between Shanghai and Gui'an if power at Gui'an has this price.
struct Said {
  Verdict verdict;
  std::string floor, use;
};

Said said_at(double power_price, const std::string& server_use, const std::vector<std::string>& more = {}) {
  Atlas atlas = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china").value();
  REQUIRE(set_value(atlas, fmt::format("sites.guian.power_price_cny_per_kwh={}", power_price)).has_value());
  REQUIRE(set_value(atlas, "sites.guian.server_use=" + server_use).has_value());
  for (const std::string& one : more) REQUIRE(set_value(atlas, one).has_value());
  Question question;
  question.workload = load_workload("film-render", HINTERLAND_SOURCE_DIR "/data/workloads").value();
  question.from = {"shanghai"};
  question.to = {{"guian"}};
  question.away = {.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};
  Said said{.verdict = judge(atlas, rates(), question).value()};
  for (const Block& block : verdict_page(atlas, rates(), question, said.verdict).blocks) {
    const auto* facts = std::get_if<FactsBlock>(&block);
    if (facts == nullptr) continue;
    for (const auto& [name, text] : facts->facts) {
      if (name.en == "seller's floor") said.floor = text.en;
      if (name.en == "break-even server_use") said.use = text.en;
    }
  }
  return said;
}

}  // namespace

TEST_CASE("a floor below zero is said to be one") {
  CHECK_FALSE(said_at(0.3, "0.25").floor.contains("below zero"));
  const Said said = said_at(-0.3, "0.25");
  CHECK(*said.verdict.floor < Money{});
  CHECK(said.floor.contains("below zero"));
}

TEST_CASE("where idle hours earn, a server that is cheaper at any use is not called dearer than home") {
  const Said cheap = said_at(-100, "0.25");
  CHECK_FALSE(cheap.verdict.break_even_use.has_value());
  CHECK(cheap.verdict.answer == Answer::move);
  CHECK(cheap.use.contains("at any use a server built there is no dearer than home"));
  // It is so at full use and at little use.
  CHECK(said_at(-100, "1").verdict.answer == Answer::move);
  CHECK(said_at(-100, "0.01").verdict.answer == Answer::move);
}

TEST_CASE("where no use helps, that is said") {
  const Said dear = said_at(30, "1");
  CHECK_FALSE(dear.verdict.break_even_use.has_value());
  CHECK(dear.verdict.answer == Answer::stay);
  CHECK(dear.use == "none: even a fully used server built there is dearer than home");
}

TEST_CASE("where an idle hour costs nothing, no price is said to be below zero") {
  const Said free = said_at(0, "0.25",
                            {"servers.cpu-server.price_cny=0", "sites.guian.building_cny_per_kw=0",
                             "sites.guian.land_cny_per_m2=0"});
  CHECK_FALSE(free.verdict.break_even_use.has_value());
  CHECK(free.use == "none: a server built there costs nothing while it stands idle");
}

TEST_CASE("fill earns the floor's negative as well: room is counted from it") {
  Atlas atlas = load_atlas(HINTERLAND_SOURCE_DIR "/data/atlas/china").value();
  REQUIRE(set_value(atlas, "sites.guian.power_price_cny_per_kwh=-0.3").has_value());
  FillQuestion question{.site = {"guian"}};
  question.classes = {load_workload("film-render", HINTERLAND_SOURCE_DIR "/data/workloads").value()};
  question.from = {{"shanghai"}};
  const Fill fill = fill_site(atlas, rates(), question).value();
  REQUIRE(fill.steps.size() == 1);
  const FillPair& pair = fill.steps.front().pair;
  CHECK(pair.floor < Money{});
  CHECK(pair.room() > *pair.ceiling);
}
