// The estimate: hours, time and money follow the forecast, and the price is judge's.
#include "hinterland/render/estimate.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hinterland/render/deadline.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

Frames frames(const std::string& text) { return *parse_frames(text, ""); }

const Forecast kForecast{.measured = 5,
                         .unseen = 95,
                         .rest = {.low = {900'000}, .central = {950'000}, .high = {1'200'000}},
                         .frame = {10'000},
                         .slowest = {12'000}};

RenderPricing pricing(const std::vector<SiteId>& at) {
  return {.like = load_workload("film-render", HINTERLAND_SOURCE_DIR "/data/workloads").value(),
          .from = {"shanghai"},
          .at = at,
          .home = {.automatic = false, .deal = {.basis = Basis::sunk, .rate = {}}},
          .away = {.automatic = true, .deal = {}},
          .task = {.cores = 2, .memory_gb = 0},
          .in = Gigabytes{1},
          .out = Gigabytes{0.1},
          .deadline = Hours{24},
          .start = Hours{100}};
}

}  // namespace

TEST_CASE("a start-up for each task, and one task more than its share of the machines") {
  const RenderEstimate told = estimate_render(frames("1-95"), kForecast, {2000}, 4, 10);
  CHECK(told.chunks.size() == 10);
  CHECK(told.work.central.ms == 950'000 + 10 * 2000);
  CHECK(told.until.central.ms == 970'000 / 4 + 97'000);
  CHECK(told.until.high.ms == 1'220'000 / 4 + 122'000);
  CHECK(estimate_render(frames("1-95"), kForecast, {2000}, 20, 10).until.central.ms == 97'000);
  CHECK(estimate_render({}, kForecast, {2000}, 4, 0).chunks.empty());
  CHECK(hours_for(told, 10).value == doctest::Approx(4 * 122.0 / 3600));
  CHECK(hours_for(told, 0).value == doctest::Approx(60.0 / 3600));
}

TEST_CASE("without a size that is asked for, chunks go by the times") {
  const RenderEstimate told = estimate_render(frames("1-95"), kForecast, {10'000}, 2, 0);
  CHECK(told.chunks.front().size() == 9);
}

TEST_CASE("the price is what judge says of that many server-hours, and grows with them") {
  const Atlas atlas = china();
  const RenderEstimate told = estimate_render(frames("1-95"), kForecast, {2000}, 4, 10);
  const auto priced =
      price_render(atlas, rates(), told, pricing({{"metro-shanghai"}, {"guian"}, {"zhongwei"}}));
  REQUIRE(priced.has_value());
  const double cores = atlas.servers.find({"cpu-server"})->cores;
  CHECK(priced->central.value == doctest::Approx(970.0 / 3600 * 2 / cores));
  REQUIRE(priced->sites.size() == 3);
  const auto again = judge(atlas, rates(), priced->question);
  REQUIRE(again.has_value());
  for (const SitePrice& one : priced->sites) {
    Question alone = priced->question;
    alone.workload.server_hours = priced->central;
    const auto verdict = judge(atlas, rates(), alone);
    const auto row = std::ranges::find(verdict->rows, one.site, &SiteRow::site);
    CHECK(row->quote.price.total() == one.price.central);
    CHECK(one.price.low < one.price.central);
    CHECK(one.price.central < one.price.high);
  }
  const auto anywhere = priced->anywhere();
  REQUIRE(anywhere.has_value());
  for (const SitePrice& one : priced->sites) {
    CHECK(anywhere->central <= one.price.central);
    CHECK(one.price.high <= anywhere->high);
  }
}

TEST_CASE("where bytes cannot be in time no site is named") {
  RenderPricing much = pricing({{"guian"}});
  much.in = Gigabytes{1e6};
  much.deadline = Hours{1};
  const auto priced =
      price_render(china(), rates(), estimate_render(frames("1-95"), kForecast, {2000}, 4, 10), much);
  REQUIRE(priced.has_value());
  CHECK(priced->sites.empty());
  CHECK_FALSE(priced->anywhere().has_value());
  CHECK_FALSE(price_render(china(), rates(), estimate_render(frames("1-95"), kForecast, {2000}, 4, 10),
                           pricing({{"atlantis"}}))
                  .has_value());
}

TEST_CASE("until when: hours, a time of day, or a day and time") {
  const Instant now = *parse_civil("2026-12-01T05:30:00", "Asia/Shanghai");
  const auto at = [&](const char* text) { return parse_deadline(text, "Asia/Shanghai", now, "--deadline"); };
  CHECK(at("1.5") == Instant{now.ms + 5'400'000});
  CHECK(at("06:00") == Instant{now.ms + 1'800'000});
  CHECK(at("05:30") == Instant{now.ms + 86'400'000});
  CHECK(at("2026-12-02T06:00:00") == Instant{now.ms + 88'200'000});
  for (const char* text : {"0", "-1", "1e9", "6h", "25:00", "2026-11-30T06:00:00", "", "6:00", "nan"}) {
    CAPTURE(text);
    REQUIRE_FALSE(at(text).has_value());
    CHECK(describe(at(text).error().front()).starts_with("--deadline: "));
  }
}
