// Quotes over the real atlas: who may, on which basis, and the laws of `automatic`.
#include "hinterland/cost/quote.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

#include "hinterland/cost/terms.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

SiteTerms terms_of(const Site& site) {
  const SiteYear& year = rates().at(site.id);
  return site_terms(china(), site, year, year.means());
}

Workload preset(const std::string& name) {
  return load_workload(name, HINTERLAND_SOURCE_DIR "/data/workloads").value();
}

const Site& site(const Atlas& atlas, const char* id) { return atlas.sites.at({id}); }

Quote quote_at(const Atlas& atlas, const Workload& workload, const char* id, const Capacity& capacity) {
  const Quoter quoter(atlas, rates(), workload, site(atlas, "metro-shanghai"), site(atlas, id), capacity, {});
  return quoter.quote(amount_of(workload, server_shape(server_of(atlas, workload))));
}

constexpr Capacity kAuto{.automatic = true, .deal = {}};
constexpr Capacity kSunk{.automatic = false, .deal = {.basis = Basis::sunk, .rate = {}}};
constexpr Capacity kBuilt{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};

Obstacle obstacle_at(const Workload& workload, const char* id) {
  return obstacle_to(china(), workload, site(china(), "metro-shanghai"), site(china(), id));
}

}  // namespace

TEST_CASE("a 5 ms bound from Shanghai refuses Gui'an and Zhongwei, not the delta's own") {
  Workload workload = preset("video-call");
  workload.latency = milliseconds(5);
  CHECK(obstacle_at(workload, "guian") == Obstacle::latency);
  CHECK(obstacle_at(workload, "zhongwei") == Obstacle::latency);
  CHECK(obstacle_at(workload, "yangtze-delta") == Obstacle::none);
  CHECK(obstacle_at(workload, "metro-shanghai") == Obstacle::none);
}

TEST_CASE("market carbon counts what is not bought green, location carbon all of it") {
  const Site& horinger = site(china(), "horinger");
  const Grid& grid = china().grids.at(horinger.grid);
  REQUIRE(horinger.green_share > 0.5);
  CHECK(terms_of(horinger).market.value == doctest::Approx((1 - horinger.green_share) * grid.market.value));
  CHECK(terms_of(horinger).location.value == doctest::Approx(grid.location.value));
}

TEST_CASE("a bound that is met exactly is met") {
  Workload workload = preset("video-call");
  workload.latency = milliseconds(4);  // published between Wuhu and Shanghai
  CHECK(obstacle_at(workload, "wuhu") == Obstacle::none);
  workload.latency = milliseconds(3.999);
  CHECK(obstacle_at(workload, "wuhu") == Obstacle::latency);
}

TEST_CASE("residency speaks of regions and hubs") {
  Workload workload = preset("film-render");
  workload.residency = {"guizhou"};
  CHECK(obstacle_at(workload, "guian") == Obstacle::none);
  CHECK(obstacle_at(workload, "horinger") == Obstacle::residency);
  workload.residency = {"chengdu-chongqing"};
  CHECK(obstacle_at(workload, "tianfu") == Obstacle::none);
  CHECK(obstacle_at(workload, "metro-chengdu") == Obstacle::none);
  CHECK(obstacle_at(workload, "guian") == Obstacle::residency);
}

TEST_CASE("what is required must be there") {
  Workload workload = preset("film-render");
  workload.certifications = {{"mlps3"}};
  CHECK(obstacle_at(workload, "guian") == Obstacle::none);
  workload.certifications = {{"mlps3"}, {"tpn"}};
  CHECK(obstacle_at(workload, "guian") == Obstacle::certification);
}

TEST_CASE("work that must be away from home's hazards stays off home and off its footprints") {
  Workload workload = preset("offsite-backup");
  CHECK(obstacle_at(workload, "metro-shanghai") == Obstacle::hazard);
  CHECK(obstacle_at(workload, "guian") == Obstacle::none);
  workload.away_from_hazard_of = {"tianfu"};  // the drought of 2022 takes Chongqing too
  CHECK(obstacle_at(workload, "chongqing") == Obstacle::hazard);
  CHECK(obstacle_at(workload, "guian") == Obstacle::none);
}

TEST_CASE("a GPU is not to be had from a server without one") {
  Workload workload = preset("batch-inference");
  workload.server = {"cpu-server"};
  CHECK(obstacle_at(workload, "guian") == Obstacle::hardware);
}

TEST_CASE("bytes that cannot arrive in time are refused by the deadline") {
  Workload workload = preset("film-render");
  workload.deadline = Hours{50};  // 250 TB take 55.6 h at 10 Gb/s
  CHECK(quote_at(china(), workload, "guian", kAuto).obstacle == Obstacle::deadline);
  CHECK(quote_at(china(), workload, "metro-shanghai", kBuilt).obstacle != Obstacle::deadline);
}

TEST_CASE("no number of tasks makes one of them shorter than its run") {
  Workload workload = preset("batch-inference");
  workload.runtime = Hours{10};
  for (const double tasks : {1.0, 2.0, 1'000.0}) {
    workload.tasks = tasks;
    workload.deadline = Hours{9};
    CHECK(quote_at(china(), workload, "metro-shanghai", kBuilt).obstacle == Obstacle::deadline);
    workload.deadline = Hours{11};
    CHECK(quote_at(china(), workload, "metro-shanghai", kBuilt).allowed());
  }
}

TEST_CASE("more work than a site has room for is refused by capacity") {
  Workload workload = preset("film-render");
  workload.server_hours = Hours{5e9};
  CHECK(quote_at(china(), workload, "guian", kAuto).obstacle == Obstacle::capacity);
}

TEST_CASE("automatic is sunk while servers stand idle, and built beyond") {
  Atlas atlas = china();
  const Workload film = preset("film-render");
  CHECK(quote_at(atlas, film, "guian", kAuto).price.capacity.value == 0);
  CHECK(quote_at(atlas, film, "guian", kAuto).sunk_share == 1);
  REQUIRE(set_value(atlas, "sites.guian.server_use=1").has_value());
  const Quote full = quote_at(atlas, film, "guian", kAuto);
  CHECK(full.sunk_share == 0);
  CHECK(full.price.capacity.value > 0);
  REQUIRE(set_value(atlas, "sites.guian.server_use=0.998").has_value());
  const Quote part = quote_at(atlas, film, "guian", kAuto);
  CHECK(part.sunk_share > 0);
  CHECK(part.sunk_share < 1);
  CHECK(part.price.total() < full.price.total());
}

TEST_CASE("automatic never prefers a fuller site because it is fuller") {
  // Of two sites alike but for server_use, the fuller is never cheaper; and between sunk and built prices all
  // along.
  CHECK(rc::check([] {
    const int emptier = *rc::gen::inRange(1, 1000);
    const int fuller = *rc::gen::inRange(emptier, 1001);
    const Workload film = preset("film-render");
    const auto total_at = [&](int use) {
      Atlas atlas = china();
      RC_ASSERT(set_value(atlas, fmt::format("sites.guian.server_use={}", use / 1000.0)).has_value());
      return quote_at(atlas, film, "guian", kAuto).price.total();
    };
    RC_ASSERT(total_at(emptier) <= total_at(fuller));
  }));
}

TEST_CASE(
    "a dearer courier never makes the whole cheaper, though a line leaves more time and fewer servers") {
  CHECK(rc::check([] {
    Workload film = preset("film-render");
    film.deadline = Hours{static_cast<double>(*rc::gen::inRange(300, 2000))};
    const int use = *rc::gen::inRange(900, 1001);
    const int price = *rc::gen::inRange(1, 40'000);
    const auto total_at = [&](int courier) {
      Atlas atlas = china();
      RC_ASSERT(set_value(atlas, fmt::format("sites.guian.server_use={}", use / 1000.0)).has_value());
      RC_ASSERT(set_value(atlas, fmt::format("networks.des-teleport.price_cny_per_device={}", courier))
                    .has_value());
      const Quote quote = quote_at(atlas, film, "guian", kAuto);
      RC_PRE(quote.allowed());
      return quote.price.total();
    };
    RC_ASSERT(total_at(price) <= total_at(price + *rc::gen::inRange(1, 40'000)));
  }));
}

TEST_CASE("for a run time of its own, the cheapest way of moving is in the cheapest whole") {
  Workload job = preset("batch-inference");
  job.tasks = 1;
  job.runtime = Hours{10};
  job.deadline = Hours{200};
  const Amount amount = amount_of(job, server_shape(server_of(china(), job)));
  for (const Site& one : china().sites) {
    const Quoter quoter(china(), rates(), job, site(china(), "metro-shanghai"), one, kAuto, {});
    const auto transfer = cheapest_transfer(china().offers.rows(), amount.bytes, time_to_move(amount), false);
    CHECK(quoter.quote(amount).price.total() == quoter.quote(amount, transfer).price.total());
  }
}

TEST_CASE("floor <= sunk <= automatic, and sunk <= built, at every site for every preset") {
  for (const std::string& name : preset_names(HINTERLAND_SOURCE_DIR "/data/workloads")) {
    const Workload workload = preset(name);
    for (const Site& one : china().sites) {
      CAPTURE(name);
      CAPTURE(one.id.text);
      const Quote sunk = quote_at(china(), workload, one.id.text.c_str(), kSunk);
      if (!sunk.allowed()) continue;
      CHECK(sunk.rates.floor() <= sunk.rates.total());
      CHECK(sunk.price.total() <= quote_at(china(), workload, one.id.text.c_str(), kBuilt).price.total());
      CHECK(sunk.price.total() <= quote_at(china(), workload, one.id.text.c_str(), kAuto).price.total());
    }
  }
}

TEST_CASE("a class of many tasks spreads over its deadline, a single task takes its own time") {
  const Workload many = preset("batch-inference");
  const Amount spread = amount_of(many, server_shape(server_of(china(), many)));
  CHECK_FALSE(spread.single);
  CHECK(spread.task == many.runtime);
  Workload one = many;
  one.tasks = 1;
  CHECK(amount_of(one, server_shape(server_of(china(), one))).single);
  // 8 cores of 112, 1 GPU of 8, 64 GB of 2048: the GPU is what it occupies most of.
  CHECK(spread.server_hours.value == doctest::Approx(1e6 * 0.00797 / 8));
}
