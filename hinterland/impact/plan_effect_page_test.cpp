// What the page and the JSON of a plan's effect say, and that they say the same.
#include "hinterland/impact/plan_effect_page.hpp"
#include "hinterland/impact/band_words.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china_rates.hpp"
#include "tests/small_economy.hpp"

using namespace hinterland;

namespace {

PlanEffect effect_of(const SmallEconomy& of, double new_kw, double idle_kw, std::size_t draws) {
  SilentProgress silent;
  const PlannedCapacity plan{
      .name = "n",
      .sites = {{.site = {"guian"}, .where = {}, .idle = {idle_kw}, .fresh = {new_kw}, .served = {}}}};
  return plan_effect(of.atlas, of.economy, rates(), plan, {.draws = draws}, silent).value();
}

std::string page_text(const SmallEconomy& of, const PlanEffect& effect) {
  return render_terminal(plan_effect_page(of.atlas, effect), {.width = 240});
}

}  // namespace

TEST_CASE(
    "the page names staff a MW with its range, every leak, other uses, and what goes to assess inequality") {
  const auto small = small_economy(3);
  const PlanEffect effect = effect_of(*small, 100e3, 0, 40);
  const std::string text = page_text(*small, effect);
  CHECK(text.contains("100 MW more at 1 site cost " + money_in_words(effect.central.all.investment()).en));
  CHECK(text.contains("6 a MW (0.5 to 15) x 100 MW = 600"));
  for (const char* leak :
       {"owner_leakage 0.9 (0.5 to 1)", "staff_leakage 0.3 (0.1 to 0.6)", "research_leakage 0.8 (0.5 to 1)",
        "delta 0.25 (0.1 to 0.4)", "`assess talent` works it out"}) {
    CAPTURE(leak);
    CHECK(text.contains(leak));
  }
  CHECK(text.contains("mills"));
  CHECK(text.contains("--change guizhou="));
  CHECK(text.contains("no forecast of GDP"));
  CHECK_FALSE(text.contains("nan"));
}

TEST_CASE("a plan that adds nothing is told as that, with the staff of what it does without") {
  const auto small = small_economy(3);
  const PlanEffect effect = effect_of(*small, 0, 50e3, 10);
  const std::string text = page_text(*small, effect);
  CHECK(text.contains("The plan adds no capacity anywhere"));
  CHECK(text.contains("Servers that the plan does without"));
  CHECK(text.contains(" 300 ("));
  const auto json = nlohmann::json::parse(plan_effect_json(small->atlas, effect));
  CHECK(json["all"]["investment_per_job"]["value"].is_null());
  CHECK(json["all"]["permanent_jobs"]["all"]["value"] == 0);
  CHECK(json["all"]["idle_staff"]["value"] == 300);
}

TEST_CASE("JSON adds up: jobs of three kinds, and what stays from its parts") {
  const auto small = small_economy(5);
  const auto json = nlohmann::json::parse(plan_effect_json(small->atlas, effect_of(*small, 30e3, 0, 0)));
  const auto& all = json["all"];
  const auto value = [](const nlohmann::json& one) { return one["value"].get<double>(); };
  const auto& jobs = all["permanent_jobs"];
  CHECK(value(jobs["all"]) ==
        doctest::Approx(value(jobs["direct"]) + value(jobs["indirect"]) + value(jobs["induced"])));
  CHECK(value(all["stays_per_year"]) ==
        doctest::Approx(value(all["pay"]["here"]) + value(all["return"]["here"]) +
                        value(all["suppliers_value_added"]) + value(all["induced_value_added"])));
  CHECK(value(all["investment_per_job"]) == doctest::Approx(value(all["investment"]) / value(jobs["all"])));
  CHECK(all["investment"]["low"].is_null());
  CHECK(json["sites"].size() == 1);
}

TEST_CASE("the Chinese page has its sums and bands in Chinese, and a job's capital is told to be paid once") {
  const auto small = small_economy(2);
  const PlanEffect effect = effect_of(*small, 100e3, 0, 12);
  const Page page = plan_effect_page(small->atlas, effect);
  std::string zh;
  for (const Block& block : page.blocks) {
    if (const auto* facts = std::get_if<FactsBlock>(&block))
      for (const auto& [name, text] : facts->facts) zh += text.zh + "\n";
    if (const auto* table = std::get_if<TableBlock>(&block))
      for (const auto& row : table->rows)
        for (const Words& cell : row) zh += cell.zh + "\n";
  }
  CAPTURE(zh);
  CHECK(zh.contains("薪酬"));
  CHECK(zh.contains(" 至 "));
  for (const char* const word : {" to ", "pay ", "building", " a MW", "none"}) CHECK_FALSE(zh.contains(word));
  CHECK(render_terminal(page, {.width = 4000}).contains("Investment a job is money paid once"));
}
