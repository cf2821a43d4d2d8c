// What could fill a site: it agrees with judge() on every pair, its ranking and its sums obey their laws, and what it
// cannot say it says.
#include "hinterland/judge/fill.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

#include "hinterland/cost/hour_lists.hpp"
#include "hinterland/judge/fill_charts.hpp"
#include "hinterland/judge/fill_others.hpp"
#include "hinterland/judge/fill_page.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

const std::string kPresets = HINTERLAND_SOURCE_DIR "/data/workloads";

FillQuestion ask(const std::string& site) {
  FillQuestion question{.site = {site}};
  for (const std::string& preset : preset_names(kPresets))
    question.classes.push_back(load_workload(preset, kPresets).value());
  return question;
}

std::vector<const FillPair*> pairs_of(const Fill& fill) {
  std::vector<const FillPair*> pairs;
  for (const FillStep& step : fill.steps) pairs.push_back(&step.pair);
  for (const auto* list : {&fill.no_room, &fill.no_ceiling, &fill.refused}) {
    for (const FillPair& pair : *list) pairs.push_back(&pair);
  }
  return pairs;
}

std::vector<std::string> names(const std::vector<const Region*>& regions) {
  std::vector<std::string> list;
  for (const Region* region : regions) list.push_back(region->id.text);
  return list;
}

}  // namespace

TEST_CASE("fill and judge agree on every preset from every region, by every basis and charge") {
  const Atlas& atlas = china();
  std::size_t allowed = 0, refused = 0, paying = 0, asked = 0;
  for (const char* site : {"zhongwei", "guian", "zhangjiakou", "shaoguan", "metro-beijing"}) {
    for (const Region& region : atlas.regions) {
      FillQuestion question = ask(site);
      question.from = {region.id};
      const std::size_t turn = asked++ % 3;
      if (turn == 1) question.home.deal = {.basis = Basis::sunk, .rate = {}};
      if (turn == 2) question.home.deal = {.basis = Basis::rented, .rate = {3.2}};
      question.charges.carbon = MoneyPerKg{turn == 2 ? 0.1 : 0};
      question.charges.water = MoneyPerLitre{turn == 1 ? 0.01 : 0};
      const Fill fill = fill_site(atlas, rates(), question).value();
      for (const FillPair* pair : pairs_of(fill)) {
        const Verdict verdict = judge(atlas, rates(), to_judge(question, *pair)).value();
        CAPTURE(site);
        CAPTURE(region.id.text);
        CAPTURE(pair->workload->id.text);
        CHECK(verdict.home.site == pair->home);
        CHECK(verdict.best.has_value() == pair->quote.allowed());
        if (!pair->quote.allowed()) {
          ++refused;
          CHECK(full_reason(verdict.rows.at(1)) == with_name(pair->quote.obstacle, pair->reason));
          continue;
        }
        ++allowed;
        CHECK(*verdict.floor == pair->floor);
        CHECK(verdict.ceiling == pair->ceiling);
        CHECK(full_reason(verdict.home_row()) == pair->home_reason);
        if (!pair->ceiling) continue;
        paying += pair->room() > Money{} ? 1U : 0U;
        CHECK((verdict.answer == Answer::move) == (pair->room() > Money{}));
        CHECK(pair->room().value == doctest::Approx(-verdict.best_row()->difference.value).epsilon(1e-9));
      }
    }
  }
  // The sweep saw all kinds.
  CHECK(allowed > 100);
  CHECK(refused > 100);
  CHECK(paying > 50);
  CHECK(allowed > paying);
}

TEST_CASE("no pair is lost, and each is in one list only") {
  for (const Site& site : china().sites) {
    const FillQuestion question = ask(site.id.text);
    const Fill fill = fill_site(china(), rates(), question).value();
    CAPTURE(site.id.text);
    CHECK(pairs_of(fill).size() == fill.customers.size() * question.classes.size());
    std::size_t grouped = 0;
    for (const RefusedClass& refusal : refusals(fill)) grouped += refusal.regions.size();
    CHECK(grouped == fill.refused.size());
    for (const FillStep& step : fill.steps) CHECK(step.pair.room() > Money{});
    for (const FillPair& pair : fill.no_room) CHECK(pair.room() <= Money{});
    for (const FillPair& pair : fill.no_ceiling) CHECK_FALSE(pair.home_reason.empty());
  }
}

TEST_CASE("down the ranking room per idle kWh never rises, and the power used never exceeds what is idle") {
  rc::check([] {
    FillQuestion question = ask("zhongwei");
    question.idle = Kilowatts{static_cast<double>(*rc::gen::inRange(1, 20'000))};
    const Fill fill = fill_site(china(), rates(), question).value();
    RC_ASSERT(!fill.steps.empty());
    Kilowatts used;
    Money once, all_year;
    for (std::size_t i = 0; i < fill.steps.size(); ++i) {
      const FillStep& step = fill.steps[i];
      if (i > 0) RC_ASSERT(step.pair.room_per_kwh() <= fill.steps[i - 1].pair.room_per_kwh());
      RC_ASSERT(step.fits == (used + step.pair.power <= *question.idle));
      if (step.fits) {
        used += step.pair.power;
        once += step.pair.room();
        all_year += (kYear / step.pair.busy) * step.pair.room();
      }
      RC_ASSERT(step.used == used);
    }
    RC_ASSERT(used <= *question.idle);
    RC_ASSERT(std::abs(fill.year.once.value - once.value) <= 1e-9 * once.value);
    RC_ASSERT(std::abs(fill.year.all_year.value - all_year.value) <= 1e-9 * all_year.value);
    RC_ASSERT(fill.anything() == (used > Kilowatts{}));
  });
}

TEST_CASE("power x hours is the idle energy, and the least bandwidth is just in time") {
  const Fill fill = fill_site(china(), rates(), ask("zhongwei")).value();
  std::size_t moving = 0;
  for (const FillPair* pair : pairs_of(fill)) {
    if (!pair->quote.allowed()) continue;
    CAPTURE(pair->workload->id.text);
    CHECK((pair->power * pair->busy).value == doctest::Approx(pair->idle_energy.value));
    CHECK(pair->busy <= pair->amount.deadline);
    if (pair->quote.transfer.offer == nullptr) continue;
    ++moving;
    // A line of that bandwidth is just in time; no slower one is.
    const Hours time = pair->bytes() / pair->bandwidth;
    CHECK((time + pair->amount.task).value ==
          doctest::Approx(
              (pair->amount.service ? pair->amount.deadline + pair->amount.task : pair->amount.deadline)
                  .value));
    CHECK(time >= 0.999999 * pair->quote.transfer.time);
  }
  CHECK(moving > 0);
}

TEST_CASE("dearer power at the site never widens a room; dearer power at home never narrows one") {
  const FillQuestion question = ask("guian");
  const Fill before = fill_site(china(), rates(), question).value();
  for (const auto& [raise, sign] : {std::pair{"sites.guian.power_price_cny_per_kwh=0.9", -1},
                                    std::pair{"sites.metro-shanghai.power_price_cny_per_kwh=1.9", 1}}) {
    Atlas changed = china();
    REQUIRE(set_value(changed, raise).has_value());
    const Fill after = fill_site(changed, rates(), question).value();
    std::size_t moved = 0;
    for (const FillPair* was : pairs_of(before)) {
      if (!was->ceiling) continue;
      const auto now = pairs_of(after);
      const auto is = std::ranges::find_if(now, [&](const FillPair* one) {
        return one->workload == was->workload && one->region->id == was->region->id;
      });
      REQUIRE(is != now.end());
      CHECK(sign * ((*is)->room() - was->room()).value >= 0);
      moved += (*is)->room() != was->room() ? 1U : 0U;
    }
    CHECK(moved > 0);
  }
}

TEST_CASE(
    "nothing pays above the floor, nothing fits, nothing may come, nothing is asked: each is an answer") {
  Atlas dear = china();
  REQUIRE(set_value(dear, "sites.zhongwei.power_price_cny_per_kwh=900").has_value());
  const Fill no_room = fill_site(dear, rates(), ask("zhongwei")).value();
  CHECK_FALSE(no_room.anything());
  CHECK(no_room.steps.empty());
  CHECK(no_room.sentence.en.starts_with("Nothing pays above your floor at Zhongwei cluster: the nearest, "));

  FillQuestion question = ask("zhongwei");
  question.idle = Kilowatts{0.01};
  const Fill too_big = fill_site(china(), rates(), question).value();
  CHECK_FALSE(too_big.anything());
  CHECK_FALSE(too_big.steps.empty());
  CHECK(too_big.sentence.en.starts_with("Nothing fits at Zhongwei cluster: "));

  question = ask("zhongwei");
  std::erase_if(question.classes, [](const Workload& one) { return one.id.text != "trading"; });
  const Fill refused = fill_site(china(), rates(), question).value();
  CHECK(refused.sentence.en.starts_with(
      "Nothing may come to Zhongwei cluster: all 7 are refused, 7 of them by latency"));

  question.classes = {load_workload("offsite-backup", kPresets).value()};
  const Fill unknown = fill_site(china(), rates(), question).value();
  CHECK(unknown.no_ceiling.size() == 7);
  CHECK(unknown.sentence.en.starts_with("What pays at Zhongwei cluster cannot be said: 7 may come"));

  question = ask("metro-beijing");
  question.from = {{"beijing"}, {"hebei"}};
  const Fill empty = fill_site(china(), rates(), question).value();
  CHECK(pairs_of(empty).empty());
  CHECK(names(empty.here) == std::vector<std::string>{"beijing", "hebei"});
  CHECK(empty.sentence.en.contains("there already"));

  Atlas full = china();
  REQUIRE(set_value(full, "sites.zhongwei.server_use=1").has_value());
  CHECK(fill_site(full, rates(), ask("zhongwei"))->sentence.en ==
        "No server stands idle at Zhongwei cluster: there is nothing to fill.");
  for (const Fill* fill : {&no_room, &too_big, &refused, &unknown, &empty}) {
    CHECK_FALSE(fill->anything());
    CHECK_FALSE(fill->sentence.zh.empty());
  }
}

TEST_CASE("work whose moving costs more than its home would have to be paid for coming, in both languages") {
  const FillQuestion question = ask("zhongwei");  // the pairs point into it
  Fill fill = fill_site(china(), rates(), question).value();
  REQUIRE_FALSE(fill.steps.empty());
  FillPair pair = fill.steps.front().pair;
  fill.steps.clear();
  const double hours = pair.amount.server_hours.value;
  pair.ceiling = Money{-208 * hours};
  fill.no_room = {pair};
  const Words paid = fill_sentence(china(), fill);
  CHECK(paid.en.contains(" would have to be paid 208 CNY a server-hour, and the floor is "));
  CHECK(paid.zh.contains("每服务器·时须倒贴 208 CNY，底价为"));
  fill.no_room.front().ceiling = Money{0.01 * hours};
  CHECK(fill_sentence(china(), fill).en.contains(" could give 0.01 CNY a server-hour"));
}

TEST_CASE("an interrupted fill says so, on its page and in its JSON") {
  const FillQuestion question = ask("zhongwei");
  const Fill fill = fill_site(china(), rates(), question).value();
  for (const bool interrupted : {false, true}) {
    const std::string page =
        render_terminal(fill_page(china(), rates(), question, fill, nullptr, 3, interrupted), {});
    CHECK(page.contains("Interrupted") == interrupted);
    CHECK(fill_json(china(), question, fill, nullptr, interrupted)
              .contains(interrupted ? "\"interrupted\": true" : "\"interrupted\": false"));
  }
}

TEST_CASE(
    "the page says in Chinese what it says in English, down to the values; ceilings are named as such") {
  const FillQuestion question = ask("zhongwei");
  const Fill fill = fill_site(china(), rates(), question).value();
  const Page page = fill_page(china(), rates(), question, fill, nullptr, 3);
  const auto& table = std::get<TableBlock>(page.blocks[2]);
  const auto titled = [&](const char* title) {
    return std::ranges::count(table.columns, std::string(title),
                              [](const Column& one) { return one.title.en; }) == 1;
  };
  CHECK(titled("ceiling, home built"));
  CHECK(titled("ceiling, home sunk"));
  CHECK(table.caption.en.contains("per kWh in CNY of room per idle IT kWh"));
  const auto own = [](const Block& block) {  // of fill, not of the judge's blocks behind them
    const auto* facts = std::get_if<FactsBlock>(&block);
    return facts != nullptr &&
           (facts->caption.en.starts_with("What a year") || facts->caption.en.starts_with("By hand"));
  };
  std::size_t facts = 0;
  for (const Block& block : page.blocks) {
    if (const auto* text = std::get_if<Paragraph>(&block)) {
      CAPTURE(text->text.en);
      CHECK_FALSE(text->text.zh.empty());
      CHECK_FALSE(text->text.zh.contains(", "));
    }
    if (!own(block)) continue;
    for (const auto& [name, value] : std::get<FactsBlock>(block).facts) {
      CAPTURE(name.en);
      CHECK_FALSE(name.zh.empty());
      CHECK_FALSE(value.zh.empty());
      ++facts;
    }
  }
  CHECK(facts > 7);
}

TEST_CASE("regions of one home are one customer, by the name of the region that it stands in") {
  FillQuestion question = ask("zhongwei");
  const auto customers = [&](const std::vector<RegionId>& from) {
    question.from = from;
    return fill_site(china(), rates(), question)->customers;
  };
  const auto all = customers({});
  CHECK(all.size() == 7);  // Guangzhou and Shenzhen stand in one region
  for (const Customer& one : all) CHECK((one.in_region && one.also.empty()));

  const auto merged = customers({{"hebei"}, {"tianjin"}, {"beijing"}, {"shanghai"}, {"hebei"}});
  REQUIRE(merged.size() == 2);
  CHECK(merged[0].region->id.text == "beijing");
  CHECK(merged[0].in_region);
  CHECK(names(merged[0].also) == std::vector<std::string>{"tianjin", "hebei"});
  CHECK(merged[1].region->id.text == "shanghai");

  const auto lone = customers({{"guizhou"}});
  REQUIRE(lone.size() == 1);
  CHECK(lone[0].home->id.text == "metro-chongqing");
  CHECK_FALSE(lone[0].in_region);
}

TEST_CASE("only classes whose servers stand idle are asked, if their type is named") {
  FillQuestion question = ask("zhongwei");
  question.servers = {{"cpu-server"}};
  const Fill fill = fill_site(china(), rates(), question).value();
  CHECK_FALSE(fill.left_out.empty());
  CHECK_FALSE(fill.steps.empty());
  for (const FillPair* pair : pairs_of(fill)) CHECK(pair->workload->server.text == "cpu-server");
}

TEST_CASE("a class that lacks certifications names all of them, once for all regions") {
  FillQuestion question = ask("zhongwei");
  std::erase_if(question.classes, [](const Workload& one) { return one.id.text != "film-render"; });
  question.classes.front().certifications = {{"mlps3"}, {"tpn"}, {"iso27001"}};
  const Fill fill = fill_site(china(), rates(), question).value();
  const auto groups = refusals(fill);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].obstacle == Obstacle::certification);
  CHECK(groups[0].regions.size() == 7);
  CHECK(groups[0].missing == std::vector<std::string>{"tpn", "iso27001"});
}

TEST_CASE("the floor by hour is the floor: over a year they are the same money") {
  FillQuestion question = ask("zhongwei");
  question.charges.carbon = MoneyPerKg{0.1};
  question.charges.water = MoneyPerLitre{0.01};
  std::erase_if(question.classes, [](const Workload& one) { return one.id.text != "online-inference"; });
  const Fill fill = fill_site(china(), rates(), question).value();
  REQUIRE_FALSE(fill.steps.empty());
  const FillPair& pair = fill.steps.front().pair;
  REQUIRE(pair.amount.deadline == kYear);  // a service that runs all year
  const auto hours = floor_by_hour(china(), *fill.site, rates().at(fill.site->id), question.charges);
  double sum = 0;
  for (const double hour : hours) sum += hour;
  CHECK(sum * pair.power.value == doctest::Approx(pair.floor.value).epsilon(1e-9));
  const HeatBlock block = fill_hours(china(), rates(), question, fill);
  CHECK(block.values.size() == block.rows.size() * block.columns.size());
  const auto [least, most] = std::ranges::minmax(block.values);
  CHECK(least < most);
}

TEST_CASE("the page lists as many as it is told, and counts the rest") {
  const FillQuestion question = ask("zhongwei");
  const Fill fill = fill_site(china(), rates(), question).value();
  REQUIRE(fill.steps.size() > 3);
  const Page page = fill_page(china(), rates(), question, fill, nullptr, 3);
  REQUIRE(page.blocks.size() > 2);
  CHECK(std::get<Paragraph>(page.blocks[0]).text == fill.sentence);
  CHECK(std::get<TableBlock>(page.blocks[2]).rows.size() == 3);
  const auto bars = std::ranges::find_if(
      page.blocks, [](const Block& block) { return std::holds_alternative<BarsBlock>(block); });
  REQUIRE(bars != page.blocks.end());
  const BarsBlock& block = std::get<BarsBlock>(*bars);
  CHECK(block.rows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const double ceiling = block.parts[0].values[i] + block.parts[1].values[i];
    CHECK(*block.marks[0].at[i] == doctest::Approx(block.parts[0].values[i]));
    CHECK(ceiling == doctest::Approx(*block.marks[1].at[i]));  // homes are built
  }
  bool counted = false;
  for (const Block& one : page.blocks) {
    if (const auto* text = std::get_if<Paragraph>(&one))
      counted = counted || text->text.en.starts_with(fmt::format("{} more pay", fill.steps.size() - 3));
  }
  CHECK(counted);
}

TEST_CASE("what cannot be asked is said, all of it at once") {
  FillQuestion question = ask("zhongwi");
  question.from = {{"shangha"}};
  question.servers = {{"cpu-servr"}};
  question.classes.push_back(question.classes.front());
  const auto fill = fill_site(china(), rates(), question);
  REQUIRE_FALSE(fill.has_value());
  std::string all;
  for (const Error& error : fill.error()) all += describe(error) + "\n";
  CHECK(all.contains("Did you mean zhongwei?"));
  CHECK(all.contains("Did you mean shanghai?"));
  CHECK(all.contains("Did you mean cpu-server?"));
  CHECK(all.contains("is there twice"));

  question = ask("zhongwei");
  question.idle = Kilowatts{1e6};
  CHECK(fill_site(china(), rates(), question).error().front().what ==
        "1000 MW cannot stand idle where 522.25 MW were built");
}
