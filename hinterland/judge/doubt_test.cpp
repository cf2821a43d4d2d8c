// Doubt over the real atlas: whatever it says, a plain judge() says of the same values.
#include "hinterland/judge/doubt.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/judge/doubt_page.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

constexpr Capacity kBuilt{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};

Question ask(const std::string& preset, const std::vector<SiteId>& to = {}) {
  Question question;
  question.workload = load_workload(preset, HINTERLAND_SOURCE_DIR "/data/workloads").value();
  question.from = {"shanghai"};
  question.to = to;
  return question;
}

Question ask_built(const std::string& preset, const std::string& to) {
  Question question = ask(preset, {{to}});
  question.away = kBuilt;
  return question;
}

Doubt doubt_of(const Question& question, const DoubtOptions& options = {}, const Atlas& atlas = china()) {
  SilentProgress progress;
  return doubt(atlas, rates(), question, options, progress).value();
}

std::size_t index_of(const std::vector<Dial>& dials, const std::string& name) {
  const auto found = std::ranges::find(dials, name, &Dial::name);
  REQUIRE(found != dials.end());
  return static_cast<std::size_t>(found - dials.begin());
}

// The verdict with one dial set the way a user would set it.
Verdict judge_with(const Question& question, const Dial& dial, double value) {
  static Atlas atlas;
  atlas = china();
  static Question changed;
  changed = question;
  const std::string text = fmt::format("{:.17g}", value);
  if (dial.table == "workloads") {
    REQUIRE(set_workload_value(changed.workload, dial.field, text, "--set").has_value());
  } else {
    REQUIRE(set_value(atlas, fmt::format("{}={}", dial.name, text)).has_value());
  }
  return judge(atlas, rates(), changed).value();
}

void check_same(const Reply& reply, const WorkingCopy& copy, const Verdict& verdict) {
  CHECK(reply.answer == verdict.answer);
  REQUIRE((reply.best != 0) == verdict.best.has_value());
  if (reply.best != 0) CHECK(copy.party(reply.best).id == verdict.best_row()->site->id);
  if (reply.saving) CHECK(reply.saving->value == -verdict.best_row()->difference.value);
}

}  // namespace

TEST_CASE("whatever dial is turned, and to where, the working copy says what judge() says, to the last bit") {
  for (const char* preset : {"film-render", "video-call", "offsite-backup", "trading"}) {
    const Question question = ask(preset);
    WorkingCopy copy(china(), rates(), question);
    const Reply standing = copy.ask();
    check_same(standing, copy, judge(china(), rates(), question).value());
    const std::vector<Quote> before(copy.quotes().begin(), copy.quotes().end());
    for (std::size_t i = 0; i < copy.dials().size(); ++i) {
      const Dial& dial = copy.dials()[i];
      for (const double value : {dial.least, dial.most, 0.5 * (dial.central + dial.least)}) {
        CAPTURE(dial.name);
        CAPTURE(value);
        copy.turn(i, value);
        check_same(copy.ask(), copy, judge(copy.atlas(), rates(), copy.question()).value());
      }
      copy.turn_back(i);
      copy.ask();
      CHECK(std::ranges::equal(before, copy.quotes(), [](const Quote& a, const Quote& b) {
        return a.obstacle == b.obstacle && a.price.total() == b.price.total() && a.servers == b.servers;
      }));
    }
  }
}

TEST_CASE("dials: every field that can matter, and who says so; places are none") {
  WorkingCopy copy(china(), rates(), ask("film-render", {{"guian"}}));
  const auto& dials = copy.dials();
  const Dial& use = dials[index_of(dials, "sites.guian.server_use")];
  CHECK(use.central == 0.25);
  CHECK(use.kind == kAssumed);
  REQUIRE(use.cited.has_value());
  CHECK(use.cited->low == 0.2);
  CHECK(use.cited->high == 0.6);
  CHECK(use.least > 0);
  CHECK(use.most == 1);
  const Dial& hours = dials[index_of(dials, "workloads.film-render.server_hours")];
  CHECK(hours.kind == "reported");
  CHECK(hours.cited->low == 525960);
  for (const char* name :
       {"atlas.china.interest_per_year", "servers.cpu-server.price_cny", "grids.guizhou.location_kg_per_kwh",
        "networks.ccn-gold-1g.fill", "paths.guian--metro-shanghai.latency_ms"}) {
    index_of(dials, name);
  }
  for (const Dial& dial : dials) {
    CHECK_FALSE(dial.name.contains("itude"));
    CHECK_FALSE(dial.name.contains("horinger"));  // not asked
    CHECK(dial.least <= dial.central);
    CHECK(dial.central <= dial.most);
  }
}

TEST_CASE("each flip is one: a plain judge() changes its answer there and not just before") {
  std::size_t flips = 0, moves = 0;
  for (const Question& question :
       {ask_built("model-training", "zhongwei"), ask("log-scan", {{"guian"}, {"horinger"}}),
        ask("film-render"), ask("robotaxi")}) {
    const Doubt found = doubt_of(question, {.draws = 1});
    for (std::size_t i = 0; i < found.dials.size(); ++i) {
      const Dial& dial = found.dials[i];
      CAPTURE(dial.name);
      for (const auto& flip : {found.flips[i].below, found.flips[i].above}) {
        if (!flip || flips > 120) continue;
        CAPTURE(flip->at);
        CHECK(flip->answer != found.standing.answer);
        CHECK(judge_with(question, dial, flip->at).answer == flip->answer);
        // From nothing to anything: nothing is just before.
        const double before = dial.central == 0 ? 0 : flip->at + 1e-9 * (dial.central - flip->at);
        CHECK(judge_with(question, dial, before).answer == found.standing.answer);
        CHECK(flip->cited == (dial.cited && flip->at >= dial.cited->low && flip->at <= dial.cited->high));
        ++flips;
      }
      for (const auto& flip : {found.flips[i].elsewhere_below, found.flips[i].elsewhere_above}) {
        if (!flip || moves > 30) continue;
        const Verdict there = judge_with(question, dial, flip->at);
        CHECK(there.answer == found.standing.answer);
        CHECK(there.best_row()->site->id == found.parties[flip->destination]->id);
        const double before = flip->at + 1e-9 * (dial.central - flip->at);
        CHECK(judge_with(question, dial, before).best_row()->site->id ==
              found.parties[found.standing.destination()]->id);
        CHECK(flip->destination != found.standing.destination());
        ++moves;
      }
    }
  }
  CHECK(flips > 40);
  CHECK(moves > 3);
}

TEST_CASE("a flip of server_use is the verdict's own break-even") {
  for (const char* preset : {"model-training", "film-render"}) {
    for (const char* site : {"guian", "zhongwei", "zhangjiakou"}) {
      const Question question = ask_built(preset, site);
      const double use = judge(china(), rates(), question)->break_even_use.value();
      WorkingCopy copy(china(), rates(), question);
      const Flips flips =
          flips_of(copy, index_of(copy.dials(), fmt::format("sites.{}.server_use", site)), copy.ask());
      REQUIRE(flips.above.has_value());
      CHECK(flips.above->at == doctest::Approx(use).epsilon(1e-9));
      CHECK(flips.above->answer == Answer::move);
      CHECK_FALSE(flips.below.has_value());
    }
  }
}

TEST_CASE("a price has one edge, on the side where it must be") {
  WorkingCopy copy(china(), rates(), ask_built("film-render", "guian"));
  const Reply standing = copy.ask();
  REQUIRE(standing.answer == Answer::stay);
  const auto flips = [&](const char* name) { return flips_of(copy, index_of(copy.dials(), name), standing); };
  CHECK(flips("sites.metro-shanghai.power_price_cny_per_kwh").above.has_value());
  CHECK_FALSE(flips("sites.metro-shanghai.power_price_cny_per_kwh").below.has_value());
  CHECK(flips("sites.guian.power_price_cny_per_kwh").below.has_value());
  CHECK_FALSE(flips("sites.guian.power_price_cny_per_kwh").above.has_value());
  CHECK_FALSE(flips("sites.guian.pue_limit").read);  // a rule, not a price
  CHECK_FALSE(flips("servers.cpu-server.tflops_fp64").read);
}

TEST_CASE("without ranges there is no doubt: all draws agree, and save the same") {
  Atlas certain = china();
  for (Citation& one : certain.citations) one.low = one.high = std::nullopt;
  Question question = ask("film-render");
  for (auto& [field, evidence] : question.workload.evidence) {
    const double value = field == "server_hours" ? question.workload.server_hours->value : 1;
    evidence.low = evidence.high = value;  // a range without width
  }
  const Doubt found = doubt_of(question, {.draws = 300}, certain);
  CHECK(found.plan.dials.empty());
  CHECK(found.sureness.agree == 300);
  CHECK(found.sureness.same_place == 300);
  CHECK(found.sureness.savings.front() == found.standing.saving->value);
  CHECK(found.sureness.savings.back() == found.standing.saving->value);
  CHECK(found.swings.empty());
}

TEST_CASE("a draw's answer is a plain judge() of the drawn values") {
  for (const char* preset : {"robotaxi", "film-render"}) {
    const Question question = ask(preset);
    WorkingCopy copy(china(), rates(), question);
    const Reply standing = copy.ask();
    const DrawPlan plan = plan_draws(china(), copy.dials());
    std::int64_t agreed = 0;
    for (std::int64_t draws = 1; draws <= 12; ++draws) {
      const Sureness sure = ask_block(copy, plan, 5, 0, draws, standing);  // leaves the last draw's values
      const Verdict plain = judge(copy.atlas(), rates(), copy.question()).value();
      CHECK((sure.agree - agreed == 1) == (plain.answer == standing.answer));
      agreed = sure.agree;
      if (draws > 2) continue;
      // And of values set the long way.
      Atlas set = china();
      Question asked = question;
      const auto row = CorrelatedDraws(5, plan.quantities, plan.groups).block(0);
      for (std::size_t i = 0; i < plan.dials.size(); ++i) {
        const Dial& dial = copy.dials()[plan.dials[i]];
        const double value =
            plan.spreads[i].quantile(row[static_cast<std::size_t>(draws - 1) * plan.dials.size() + i]);
        CHECK(value >= dial.cited->low);
        CHECK(value <= dial.cited->high);
        const std::string text = fmt::format("{:.17g}", value);
        if (dial.table == "workloads") {
          REQUIRE(set_workload_value(asked.workload, dial.field, text, "--set").has_value());
        } else {
          REQUIRE(set_value(set, dial.name + "=" + text).has_value());
        }
      }
      const Verdict long_way = judge(set, rates(), asked).value();
      CHECK(long_way.answer == plain.answer);
      CHECK(long_way.home_row().quote.price.total().value ==
            doctest::Approx(plain.home_row().quote.price.total().value).epsilon(1e-12));
    }
  }
}

TEST_CASE("the same seed gives the same doubt, another one another; the order of the sites does not matter") {
  const Question question = ask("video-call", {{"yangtze-delta"}, {"wuhu"}, {"metro-nanjing"}});
  const std::string once = doubt_json(doubt_of(question, {.draws = 700, .seed = 3}));
  CHECK(once == doubt_json(doubt_of(question, {.draws = 700, .seed = 3})));
  CHECK(once != doubt_json(doubt_of(question, {.draws = 700, .seed = 4})));
  const Question turned = ask("video-call", {{"metro-nanjing"}, {"yangtze-delta"}, {"wuhu"}});
  const Sureness a = doubt_of(question, {.draws = 700}).sureness,
                 b = doubt_of(turned, {.draws = 700}).sureness;
  CHECK(a.savings == b.savings);
  CHECK(a.agree == b.agree);
  // More sites add dials, and move none of what the others draw.
  const Question alone = ask("video-call", {{"wuhu"}});
  WorkingCopy few(china(), rates(), alone), many(china(), rates(), question);
  const DrawPlan plan_few = plan_draws(china(), few.dials()), plan_many = plan_draws(china(), many.dials());
  ask_block(few, plan_few, 9, 1, 7, few.ask());
  ask_block(many, plan_many, 9, 1, 7, many.ask());
  CHECK(few.atlas().sites.at({"wuhu"}).power_price == many.atlas().sites.at({"wuhu"}).power_price);
  CHECK(few.atlas().sites.at({"wuhu"}).server_use == many.atlas().sites.at({"wuhu"}).server_use);
}

TEST_CASE("what moves together: neighbours' power prices, and the use of clusters") {
  WorkingCopy copy(china(), rates(), ask("film-render"));
  const DrawPlan plan = plan_draws(china(), copy.dials());
  const auto group = [&](const std::string& name) {
    const auto found = std::ranges::find(plan.quantities, name, &DrawnQuantity::name);
    REQUIRE(found != plan.quantities.end());
    return found->group;
  };
  const auto power = [&](const char* site) {
    return group(fmt::format("sites.{}.power_price_cny_per_kwh", site));
  };
  CHECK(power("metro-shanghai") == power("metro-hangzhou"));
  CHECK(power("metro-shanghai") == power("wuhu"));
  CHECK(power("metro-shanghai") != power("metro-beijing"));
  CHECK(power("metro-chengdu") == power("chongqing"));
  CHECK(power("guian") != power("horinger"));
  CHECK(group("sites.guian.server_use") == group("sites.horinger.server_use"));
  CHECK(group("sites.guian.server_use").has_value());
  CHECK_FALSE(group("sites.metro-shanghai.server_use").has_value());
  CHECK_FALSE(group("sites.guian.overhead_ratio").has_value());
}

TEST_CASE(
    "swings: the widest first, each what a plain judge() says at that end; shares of one that carries nearly "
    "all") {
  const Question question = ask("log-scan", {{"guian"}});
  const Doubt found = doubt_of(question, {.draws = 2000});
  REQUIRE(found.swings.size() > 4);
  double last = INFINITY, sum = 0;
  for (const Swing& swing : found.swings) {
    const Dial& dial = found.dials[swing.dial];
    CAPTURE(dial.name);
    const double width = swing.width(*found.standing.saving);
    CHECK(width <= last);
    last = width;
    const Verdict low = judge_with(question, dial, dial.cited->low);
    REQUIRE(swing.at_low.has_value());
    CHECK(swing.at_low->value == doctest::Approx(-low.best_row()->difference.value).epsilon(1e-9));
    if (swing.share) sum += swing.share->first;
  }
  CHECK(found.dials[found.swings.front().dial].field == "data_in_gb");
  CHECK(found.swings.front().share->first > 0.3);
  CHECK(sum < 1.2);
  CHECK(found.share_rows <= 250);  // one row for every eight draws, less those in which one side is refused
  CHECK(found.share_rows > 200);
}

TEST_CASE("more certain than the draws is nobody: shares add up, the median lies between the ends") {
  const Doubt found = doubt_of(ask("video-call"), {.draws = 1000});
  const Sureness& sure = found.sureness;
  CHECK(sure.draws == 1000);
  std::int64_t all = sure.refused;
  for (const auto& [party, count] : sure.by_destination) all += count;
  CHECK(all == sure.draws);
  CHECK(sure.same_place <= sure.agree);
  CHECK(sure.agree < sure.draws);  // it is a close one
  CHECK(std::ranges::is_sorted(sure.savings));
  CHECK(sure.saving_at(0.05)->value <= sure.saving_at(0.5)->value);
  CHECK(sure.saving_at(0.5)->value <= sure.saving_at(0.95)->value);
}

TEST_CASE("who says stop is heard, and what is not whole is left out") {
  class Stop final : public Progress {
   public:
    explicit Stop(std::string_view at) : at_(at) {}
    bool step(std::string_view what, std::int64_t done, std::int64_t) override {
      if (what == at_ && done > 0) stopped_ = true;
      return !stopped_;
    }

   private:
    std::string at_;
    bool stopped_ = false;
  };
  Stop at_once("turning dials"), late("drawing");
  const Doubt nothing = doubt(china(), rates(), ask("film-render"), {}, at_once).value();
  CHECK(nothing.interrupted);
  // The other thread may have found all of them before this one was asked; a part of them is never shown.
  CHECK((nothing.flips.empty() || nothing.flips.size() == nothing.dials.size()));
  CHECK(nothing.sureness.draws == 0);
  const Doubt some = doubt(china(), rates(), ask("film-render"), {.draws = 100'000}, late).value();
  CHECK(some.interrupted);
  CHECK(some.flips.size() == some.dials.size());
  CHECK(some.sureness.draws > 0);
  CHECK(some.sureness.draws < 100'000);
}

TEST_CASE("it fails as judge() does, and needs no other site") {
  SilentProgress progress;
  CHECK_FALSE(doubt(china(), rates(), ask("film-render", {{"guain"}}), {}, progress).has_value());
  const Doubt alone = doubt_of(ask("film-render", {{"metro-shanghai"}}), {.draws = 300});
  CHECK(alone.standing.answer == Answer::stay);
  CHECK(alone.sureness.agree == 300);
  CHECK(alone.swings.empty());
}

namespace {

// The value of a fact of the doubt's page; "" where it has none.
std::string fact(const Doubt& found, const std::string& name) {
  for (const Block& block : doubt_blocks(china(), found)) {
    const auto* facts = std::get_if<FactsBlock>(&block);
    if (facts == nullptr) continue;
    for (const auto& [label, value] : facts->facts) {
      if (label.en == name) return value.en;
    }
  }
  return "";
}

}  // namespace

TEST_CASE("where the draws that move prefer other sites, which one is best is said to be open") {
  Doubt found = doubt_of(ask("film-render", {{"guian"}, {"horinger"}, {"zhongwei"}}), {.draws = 2});
  REQUIRE(found.standing.answer == Answer::move);
  const std::size_t named = found.standing.destination(), other = named == 1 ? 2 : 1;
  found.sureness.draws = 5000;
  found.sureness.by_destination = {{named, 1000}, {other, 3999}, {0, 1}};
  CHECK(fact(found, "which site").contains("most frequent"));
  CHECK(fact(found, "which site").contains(found.parties[other]->name));
  CHECK(fact(found, "by destination").contains("stay < 0.1 %"));
  found.sureness.by_destination = {{named, 2500}, {other, 2499}, {0, 1}};
  CHECK(fact(found, "which site").empty());
  found.sureness.by_destination = {{other, 4999}, {0, 1}};
  CHECK(fact(found, "by destination").starts_with(found.parties[other]->id.text + " > 99.9 %"));
}

TEST_CASE("flips that nobody believes are counted, not shown") {
  const Doubt found = doubt_of(ask("log-scan", {{"guian"}}), {.draws = 2});
  const std::size_t hours = index_of(found.dials, "workloads.log-scan.server_hours");
  REQUIRE(found.flips[hours].above.has_value());
  CHECK(found.flips[hours].above->at > 10 * found.dials[hours].cited->high);
  bool counted = false;
  for (const Block& block : doubt_blocks(china(), found)) {
    if (const auto* said = std::get_if<Paragraph>(&block)) counted |= said->text.en.contains("not shown");
    const auto* table = std::get_if<TableBlock>(&block);
    if (table == nullptr || !table->caption.en.contains("flips")) continue;
    for (const auto& row : table->rows) CHECK(row[0].en != found.dials[hours].name);
  }
  CHECK(counted);
}
