// What a user is told of the rest: from what came, at the class's places, and what speaks against it.
#include "hinterland/render/told_estimate.hpp"

#include <doctest/doctest.h>

#include "hinterland/report/terminal.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

// Five of a hundred frames, of 10 s and a megabyte each.
RenderManifest five_of_a_hundred() {
  RenderManifest out{.name = "shot", .broker = "test", .ask = {}};
  out.ask.frames = *parse_frames("1-100", "");
  out.jobs = {{0, chunks_of(first_frames(out.ask.frames), 1)}};
  for (std::uint32_t k = 0; k < 5; ++k) {
    out.tasks.insert({.place = {0, k}, .attempt = k, .site = "guian", .start_up = {2000}});
    out.frames.insert({.frame = out.jobs[0].chunks[k][0],
                       .from = {0, k},
                       .object = {.hash = "", .bytes = 1'000'000},
                       .took = {9'000 + 500 * static_cast<std::int64_t>(k)}});
  }
  return out;
}

EstimateTerms terms() {
  return {
      .places = {.workload = "film-render", .from = "shanghai", .currency = "CNY", .deals = {}, .at_once = 4},
      .like = load_workload("film-render", HINTERLAND_SOURCE_DIR "/data/workloads").value(),
      .priced = {{.sites = {{"metro-shanghai"}, {"guian"}},
                  .home = {.automatic = false, .deal = {.basis = Basis::sunk, .rate = {}}},
                  .away = {.automatic = true, .deal = {}}}},
      .task = {.cores = 2, .memory_gb = 0},
      .fixed_chunk = 0,
      .now = {1'780'000'000'000},
      .left = {},
      .budget = {}};
}

ToldEstimate told(const EstimateTerms& terms) {
  const RenderManifest manifest = five_of_a_hundred();
  const Frames left = gaps(manifest);
  return tell_estimate(china(), rates(), manifest, left, forecast_of(manifest, left).value(), terms).value();
}

}  // namespace

TEST_CASE("the rest has a time, chunks and a price, and nothing speaks against it") {
  const ToldEstimate all = told(terms());
  CHECK(all.estimate.forecast.unseen == 95);
  CHECK(all.estimate.start_up == Duration{2000});
  CHECK(all.estimate.forecast.slowest == Duration{11'000});
  REQUIRE(all.price.has_value());
  CHECK(all.price->low < all.price->high);
  CHECK(all.no.empty());
  CHECK(all.perhaps.empty());
  CHECK(render_terminal(all.page, {.width = 118}).contains("95 to render; 5 are measured"));
}

TEST_CASE("what is surely over a deadline or a budget is a no, what may be is said") {
  const ToldEstimate all = told(terms());
  EstimateTerms late = terms();
  late.left = in_hours(all.estimate.until.low) - Hours{0.001};
  CHECK(told(late).no.at(0).where.file == "--deadline");
  late.left = in_hours(all.estimate.until.central);
  CHECK(told(late).no.empty());
  CHECK(told(late).perhaps.at(0).where.file == "--deadline");
  late.left = Hours{-0.5};  // it went by while the first frames were rendered
  CHECK(told(late).no.at(0).what.contains("has passed"));
  CHECK(told(late).price.has_value());
  EstimateTerms dear = terms();
  dear.budget = all.price->high.value * 1.001;
  CHECK(told(dear).no.empty());
  CHECK(told(dear).perhaps.empty());
  dear.spent = all.price->high.value;  // of it, by the first frames
  CHECK(told(dear).no.at(0).where.file == "--budget");
  EstimateTerms none = terms();
  none.places.at_once = 0;
  CHECK(told(none).no.at(0).where.file == "--cores");
}

TEST_CASE("nothing is said where too few came") {
  RenderManifest manifest = five_of_a_hundred();
  while (manifest.frames.size() > 1) manifest.frames.erase(manifest.frames.begin());
  CHECK_FALSE(forecast_of(manifest, gaps(manifest)).has_value());
}

TEST_CASE("each pool is priced by its own deal, however many there are") {
  using Deals = std::vector<std::vector<std::string>>;  // home, away, and the sites
  ClassPlaces places;
  const auto by_deal = [&](const std::string& said_home, const std::string& said_away) {
    Deals out;
    for (const SitesAtDeal& one : sites_by_deal(places, {"home"}, said_home, said_away)) {
      out.push_back({one.home, one.away});
      for (const SiteId& site : one.sites) out.back().push_back(site.text);
    }
    return out;
  };
  CHECK(by_deal("", "") == Deals{{"built", "auto"}});
  places.deals = {{{"home"}, "sunk"}, {{"away"}, "rented=2"}, {{"far"}, "rented=2"}};
  CHECK(by_deal("", "") == Deals{{"sunk", "rented=2", "home", "away", "far"}});
  places.deals.push_back({{"far"}, "rented=5"});
  places.deals.push_back({{"third"}, "rented=5"});
  CHECK(by_deal("", "") ==
        Deals{{"sunk", "rented=2", "home", "away", "far"}, {"sunk", "rented=5", "far", "third"}});
  CHECK(by_deal("", "auto") == Deals{{"sunk", "auto", "home", "away", "far", "third"}});
  places.deals.erase(places.deals.begin());
  CHECK(by_deal("", "").front() == std::vector<std::string>{"built", "rented=2", "away", "far"});
}

TEST_CASE("between pools of two rates the price goes from the lower one's to the higher one's") {
  const auto rented = [](double rate) {
    return Capacity{.automatic = false, .deal = {.basis = Basis::rented, .rate = {rate}}};
  };
  const Capacity home{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};
  const PricedSites cheap{.sites = {{"guian"}}, .home = home, .away = rented(2)},
      dear{.sites = {{"zhongwei"}}, .home = home, .away = rented(9)};
  const auto price = [](std::vector<PricedSites> priced) {
    EstimateTerms all = terms();
    all.priced = std::move(priced);
    return told(all).price.value();
  };
  const MoneyRange low = price({cheap}), high = price({dear});
  for (const MoneyRange& both : {price({cheap, dear}), price({dear, cheap})}) {
    CHECK(both.low == low.low);
    CHECK(both.central == low.central);
    CHECK(both.high == high.high);
  }
  // What stands between is the rate for so many server-hours, and more: power and bytes.
  const double hours = 950.0 / 3600 * 2 / china().servers.find({"cpu-server"})->cores;
  CHECK(low.central.value > 2 * hours);
  CHECK(high.central.value > 9 * hours);
}
