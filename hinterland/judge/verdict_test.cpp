// Verdicts over the real atlas, asserted where the arithmetic is robust, and the laws every verdict obeys.
#include "hinterland/judge/verdict.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include "hinterland/judge/verdict_page.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

const std::string kPresets = HINTERLAND_SOURCE_DIR "/data/workloads";

constexpr Capacity kSunk{.automatic = false, .deal = {.basis = Basis::sunk, .rate = {}}};
constexpr Capacity kBuilt{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};

Question ask(const std::string& preset, const std::string& region = "shanghai") {
  Question question;
  question.workload = load_workload(preset, kPresets).value();
  question.from = {region};
  return question;
}

const SiteRow& row(const Verdict& verdict, const std::string& site) {
  return *std::ranges::find_if(verdict.rows, [&](const SiteRow& one) { return one.site->id.text == site; });
}

}  // namespace

TEST_CASE("film-render moves to any allowed site with idle servers, at any use") {
  const Atlas atlas = china();
  for (const Site& site : atlas.sites) {
    if (site.id.text == "metro-shanghai") continue;
    for (const double use : {0.01, 0.25, 0.5, 0.9, 0.99}) {
      Atlas changed = atlas;
      REQUIRE(set_value(changed, fmt::format("sites.{}.server_use={}", site.id.text, use)).has_value());
      Question question = ask("film-render");
      question.to = {site.id};
      CAPTURE(site.id.text);
      CAPTURE(use);
      CHECK(judge(changed, rates(), question)->answer == Answer::move);
    }
  }
}

TEST_CASE("film-render stays when home is sunk and away must be built") {
  const Atlas atlas = china();
  const Verdict verdict = judge(atlas, rates(), ask("film-render")).value();
  CHECK(verdict.cells[0][1].answer == Answer::stay);
  CHECK(verdict.cells[1][0].answer == Answer::move);
  Question question = ask("film-render");
  question.home = kSunk;
  question.away = kBuilt;
  CHECK(judge(atlas, rates(), question)->answer == Answer::stay);
}

TEST_CASE("log-scan stays in every cell, at both ends of its own ranges") {
  const Atlas atlas = china();
  for (const double hours : {5.0, 28.0, 140.0}) {
    Question question = ask("log-scan");
    question.workload.server_hours = Hours{hours};
    const Verdict verdict = judge(atlas, rates(), question).value();
    CAPTURE(hours);
    CHECK(verdict.answer == Answer::stay);
    for (const auto& home : verdict.cells) {
      for (const Cell& cell : home) CHECK(cell.answer == Answer::stay);
    }
    CHECK(verdict.best.has_value());  // named even when staying
  }
}

TEST_CASE("trading's 0.1 ms refuses every cluster, and stays") {
  const Atlas atlas = china();
  const Verdict verdict = judge(atlas, rates(), ask("trading")).value();
  CHECK(verdict.answer == Answer::stay);
  CHECK_FALSE(verdict.best.has_value());
  CHECK_FALSE(verdict.floor.has_value());
  for (const SiteRow& one : verdict.rows) {
    if (one.site->kind == SiteKind::cluster) CHECK(one.quote.obstacle == Obstacle::latency);
  }
}

TEST_CASE("video-call and robotaxi keep only what their latency allows") {
  const Atlas atlas = china();
  for (const char* preset : {"video-call", "robotaxi"}) {
    const Question question = ask(preset);
    const Verdict verdict = judge(atlas, rates(), question).value();
    std::size_t allowed = 0;
    for (const SiteRow& one : verdict.rows) {
      const bool near =
          one_way_latency(atlas, *verdict.home.site, *one.site).central <= *question.workload.latency;
      CAPTURE(one.site->id.text);
      CHECK(one.quote.allowed() == near);
      allowed += near ? 1U : 0U;
    }
    CHECK(allowed > 1);
    CHECK(allowed < atlas.sites.size());
  }
}

TEST_CASE("how a line's monthly bill is shared is said, by its kind") {
  Atlas atlas = china();
  REQUIRE(set_value(atlas, "networks.ccn-gold-10g-p95.price_cny_per_month=1").has_value());
  const Question question = ask("batch-inference");
  const Verdict verdict = judge(atlas, rates(), question).value();
  const std::string text =
      render_terminal(verdict_page(atlas, rates(), question, verdict), {.width = 1000, .colour = false});
  CHECK(text.contains(
      "each GB bears its part of the month's bill, which is for the rate that 5 % of the samples exceed"));
}

TEST_CASE("offsite-backup cannot stay, and moves") {
  const Atlas atlas = china();
  const Verdict verdict = judge(atlas, rates(), ask("offsite-backup")).value();
  CHECK(verdict.answer == Answer::move);
  CHECK(verdict.home_row().quote.obstacle == Obstacle::hazard);
  CHECK_FALSE(verdict.ceiling.has_value());
  CHECK(verdict.floor.has_value());
}

TEST_CASE("refused means that no site is allowed, home included") {
  const Atlas atlas = china();
  Question question = ask("film-render");
  question.workload.certifications = {{"no-such-certificate"}};
  CHECK(judge(atlas, rates(), question)->answer == Answer::refused);
  CHECK_FALSE(judge(atlas, rates(), question)->best.has_value());
}

TEST_CASE("built against built flips exactly at the printed break-even use") {
  for (const char* preset : {"model-training", "film-render"}) {
    for (const char* site : {"guian", "zhongwei", "zhangjiakou"}) {
      Atlas atlas = china();
      Question question = ask(preset);
      question.to = {{site}};
      question.away = kBuilt;
      const auto use = judge(atlas, rates(), question)->break_even_use;
      REQUIRE(use.has_value());
      CAPTURE(preset);
      CAPTURE(site);
      CAPTURE(*use);
      REQUIRE(
          set_value(atlas, fmt::format("sites.{}.server_use={:.17g}", site, *use * (1 - 1e-9))).has_value());
      CHECK(judge(atlas, rates(), question)->answer == Answer::stay);
      REQUIRE(
          set_value(atlas, fmt::format("sites.{}.server_use={:.17g}", site, *use * (1 + 1e-9))).has_value());
      CHECK(judge(atlas, rates(), question)->answer == Answer::move);
    }
  }
}

TEST_CASE("the verdict flips at the printed break-even work per byte") {
  const Atlas atlas = china();
  Question question = ask("log-scan");
  question.to = {{"horinger"}};
  const Verdict verdict = judge(atlas, rates(), question).value();
  REQUIRE(verdict.break_even_hours_per_gb.has_value());
  const Gigabytes bytes = verdict.amount.bytes.in + verdict.amount.bytes.out;
  const double even = verdict.break_even_hours_per_gb->value * bytes.value;
  question.workload.server_hours = Hours{even * 0.999999};
  CHECK(judge(atlas, rates(), question)->answer == Answer::stay);
  question.workload.server_hours = Hours{even * 1.000001};
  CHECK(judge(atlas, rates(), question)->answer == Answer::move);
}

TEST_CASE("room = ceiling - floor is what a move to idle servers saves") {
  const Atlas atlas = china();
  for (const std::string& preset : preset_names(kPresets)) {
    Question question = ask(preset);
    question.away = kSunk;
    const Verdict verdict = judge(atlas, rates(), question).value();
    if (!verdict.ceiling) continue;
    const double room = (*verdict.ceiling - *verdict.floor).value;
    CAPTURE(preset);
    CHECK(room == doctest::Approx(-verdict.best_row()->difference.value));
    CHECK((room > 0) == (verdict.answer == Answer::move));
  }
}

TEST_CASE("raising any one price never lowers any row's total") {
  const Atlas before = china();
  const Question question = ask("film-render");
  const Verdict base = judge(before, rates(), question).value();
  for (const char* raise :
       {"sites.guian.power_price_cny_per_kwh=0.9", "sites.metro-shanghai.power_price_cny_per_kwh=1.9",
        "servers.cpu-server.price_cny=99000", "sites.metro-shanghai.building_cny_per_kw=90000",
        "sites.metro-shanghai.land_cny_per_m2=30000", "networks.des-teleport.price_cny_per_device=9000",
        "atlas.china.interest_per_year=0.08"}) {
    Atlas after = before;
    REQUIRE(set_value(after, raise).has_value());
    const Verdict raised = judge(after, rates(), question).value();
    bool any = false;
    for (const SiteRow& one : base.rows) {
      const double was = one.quote.price.total().value,
                   is = row(raised, one.site->id.text).quote.price.total().value;
      CAPTURE(raise);
      CAPTURE(one.site->id.text);
      CHECK(is >= was);
      any = any || is > was;
    }
    CHECK(any);
  }
}

TEST_CASE("a carbon price is charged on location-based carbon, on both sides") {
  const Atlas atlas = china();
  Question question = ask("film-render");
  question.charges.carbon = MoneyPerKg{0.1};
  const Verdict verdict = judge(atlas, rates(), question).value();
  for (const SiteRow& one : verdict.rows) {
    CHECK(one.quote.price.carbon.value == doctest::Approx(0.1 * one.location.value));
  }
}

TEST_CASE("rows: home first, then allowed by price, then refused; a tie stays") {
  const Atlas atlas = china();
  const Verdict verdict = judge(atlas, rates(), ask("robotaxi")).value();
  CHECK(verdict.rows.size() == atlas.sites.size());
  CHECK(verdict.rows.front().is_home);
  for (std::size_t i = 2; i < verdict.rows.size(); ++i) {
    const SiteRow &one = verdict.rows[i - 1], &next = verdict.rows[i];
    CHECK((one.quote.allowed() || !next.quote.allowed()));
    if (one.quote.allowed() && next.quote.allowed())
      CHECK(one.quote.price.total() <= next.quote.price.total());
    CHECK(next.reason.en.empty() == next.quote.allowed());
    CHECK(next.reason.zh.empty() == next.quote.allowed());
  }
  // A site that is home's twin in everything: moving there saves nothing, so it stays.
  Atlas twins = atlas;
  Site twin = twins.sites.at({"metro-shanghai"});
  twin.id = {"twin"};
  twins.sites.put(twin);
  Question question = ask("film-render");
  question.to = {{"twin"}};
  question.away = kBuilt;
  question.workload.data_in = {};
  question.workload.data_out = {};
  CHECK(judge(twins, rate_year(twins, 1, ""), question)->answer == Answer::stay);
}

TEST_CASE("a region without a metro site takes the nearest one, and says so") {
  const Atlas atlas = china();
  const Verdict verdict = judge(atlas, rates(), ask("film-render", "guizhou")).value();
  CHECK(verdict.home.site->id.text == "metro-chongqing");
  CHECK_FALSE(verdict.home.in_region);
}

TEST_CASE("unknown names fail with the nearest known one") {
  const Atlas atlas = china();
  Question question = ask("film-render");
  question.to = {{"guain"}};
  CHECK(judge(atlas, rates(), question).error().front().mend == "Did you mean guian?");
  question = ask("film-render", "shangha");
  CHECK(judge(atlas, rates(), question).error().front().mend == "Did you mean shanghai?");
  question = ask("film-render");
  question.workload.server = {"cpu-servr"};
  CHECK(judge(atlas, rates(), question).error().front().mend == "Did you mean cpu-server?");
}

TEST_CASE("data that live elsewhere are paid for at home, and the reasons know it") {
  const Atlas atlas = china();
  Question question = ask("log-scan");
  question.workload.data_at = "guian";
  const Verdict verdict = judge(atlas, rates(), question).value();
  CHECK(verdict.answer == Answer::move);
  CHECK(verdict.best_row()->site->id.text == "guian");  // where the bytes are, nothing moves
  CHECK(verdict.best_row()->quote.price.network.value == 0);
  CHECK(verdict.home_row().quote.price.network.value > 0);
  CHECK(verdict.sentence.contains("its data are at hand"));
  CHECK_FALSE(verdict.break_even_hours_per_gb.has_value());
  // To a third place the bytes move either way: what moving costs there decides nothing.
  question.to = {{"horinger"}};
  question.home = kBuilt;
  question.away = kBuilt;
  CHECK_FALSE(judge(atlas, rates(), question)->sentence.contains("moving the bytes costs"));
}

TEST_CASE("the sentence gives the biggest reason") {
  const Atlas atlas = china();
  CHECK(judge(atlas, rates(), ask("log-scan"))
            ->sentence.starts_with("Stay in Shanghai: 0.0014 server-hours per GB; moving the bytes costs"));
  CHECK(judge(atlas, rates(), ask("trading"))->sentence.contains("17 of them by latency"));
  CHECK(judge(atlas, rates(), ask("offsite-backup"))->sentence.contains("may not stay in Shanghai"));
  CHECK(judge(atlas, rates(), ask("film-render"))->sentence.contains("servers stand idle"));
  Question question = ask("film-render");
  question.home = kSunk;
  question.away = kBuilt;
  CHECK(judge(atlas, rates(), question)->sentence.contains("capacity is"));
}
