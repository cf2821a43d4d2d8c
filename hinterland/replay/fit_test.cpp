#include "hinterland/replay/fit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "hinterland/base/random.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace {

// Attempts of jobs that ran at three sites, with planted start-ups, speeds and lines.
Day planted(std::uint64_t seed, const std::vector<std::vector<std::size_t>>& sites_of_jobs) {
  const double speed[] = {1, 1.5, 0.8};
  const std::int64_t start_up[] = {400, 1200, 90};
  RandomStream random(seed, "planted");
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(6.283185307 * random.uniform());
  };
  Day day;
  for (const char* site : {"guian", "zhongwei", "zhangjiakou"}) {
    PoolFacts pool{.name = site};
    pool.deal.site = site;
    day.state.pools.push_back(pool);
  }
  std::int64_t at = 1'000'000;
  for (std::size_t job = 0; job < sites_of_jobs.size(); ++job) {
    day.state.jobs.push_back({});
    const double own = 20'000 * std::exp(normal());
    for (const std::size_t site : sites_of_jobs[job]) {
      RecordedAttempt one{.task = TaskIndex{day.state.tasks.size()}, .pool = PoolIndex{site}};
      day.state.tasks.push_back({.job = JobNumber{job}});
      double ms = own / speed[site] * std::exp(0.02 * normal());
      if (random.uniform() < 0.03) ms *= 20;  // one that hung
      one.ran = {std::llround(ms)};
      one.launched = {at};
      one.began = {at};
      const bool moves = site == 1 && day.attempts.size() % 7 == 2;
      if (moves) {  // 25 megabits a second
        one.inputs = {.needed = 50'000'000, .moved = 50'000'000, .whole = true};
        one.began = {at + 16'000};
      }
      one.ended = {one.began.ms + one.ran.ms + start_up[site] +
                   static_cast<std::int64_t>(40 * random.uniform())};
      at = one.ended.ms;
      day.attempts.push_back(one);
    }
  }
  return day;
}

const SiteFit& of(const std::vector<SiteFit>& fits, const char* site) {
  const auto found = std::ranges::find(fits, SiteId{site}, &SiteFit::site);
  REQUIRE(found != fits.end());
  return *found;
}

}  // namespace

TEST_CASE("what was planted comes out: start-up, speed beside the busiest site, and the line") {
  const std::vector<std::vector<std::size_t>> jobs(60, {0, 0, 1, 0, 2, 1, 0});
  const auto fits = fit_sites(planted(1, jobs));
  CHECK(of(fits, "guian").start_up->ms == doctest::Approx(420).epsilon(0.03));
  CHECK(of(fits, "zhongwei").start_up->ms == doctest::Approx(1220).epsilon(0.02));
  CHECK(*of(fits, "guian").speed == 1);
  CHECK(*of(fits, "zhongwei").speed == doctest::Approx(1.5).epsilon(0.02));
  CHECK(*of(fits, "zhangjiakou").speed == doctest::Approx(0.8).epsilon(0.02));
  CHECK(*of(fits, "zhongwei").input_mbps == doctest::Approx(25).epsilon(1e-6));
  CHECK_FALSE(of(fits, "guian").input_mbps);
}

TEST_CASE("a line over which next to nothing moved is not said to be slow") {
  const auto mbps = [](std::int64_t bytes) {
    Day day = planted(1, std::vector<std::vector<std::size_t>>(60, {0, 0, 1}));
    RecordedAttempt& first = day.attempts.front();  // in guian, and it takes a tenth of a second to begin
    first.inputs = {.needed = bytes, .moved = bytes, .whole = true};
    first.launched = {first.began.ms - 100};
    return of(fit_sites(day), "guian").input_mbps;
  };
  CHECK_FALSE(mbps(SiteFit::kLeastMoved - 1));
  CHECK(mbps(SiteFit::kLeastMoved).value() == doctest::Approx(8));
}

TEST_CASE("sites that share no job are not compared, and too few attempts say nothing") {
  std::vector<std::vector<std::size_t>> jobs(20, {0, 1, 0});
  for (int k = 0; k < 20; ++k) jobs.push_back({2, 2});
  const auto fits = fit_sites(planted(2, jobs));
  CHECK(of(fits, "zhongwei").speed.has_value());
  CHECK_FALSE(of(fits, "zhangjiakou").speed);  // its own jobs alone
  CHECK(of(fits, "zhangjiakou").start_up.has_value());
  const auto few = fit_sites(planted(3, {{0, 1}, {0, 1}}));
  CHECK_FALSE(of(few, "guian").start_up);
  CHECK_FALSE(of(few, "zhongwei").speed);
}

TEST_CASE("a speed that might as well be 1 is not told") {
  // The same sites with the same speed, and tasks of a job that are not alike.
  for (std::uint64_t seed = 1; seed <= seeds(20); ++seed) {
    Day day = planted(seed, std::vector<std::vector<std::size_t>>(12, {0, 0, 1, 0, 2, 1, 0}));
    RandomStream random(seed, "unlike");
    for (RecordedAttempt& one : day.attempts)
      one.ran.ms = 1000 + static_cast<std::int64_t>(4000 * random.uniform());
    const auto fits = fit_sites(day);
    CAPTURE(seed);
    CHECK(*of(fits, "guian").speed == 1);
    CHECK_FALSE(of(fits, "zhongwei").speed);
    CHECK_FALSE(of(fits, "zhangjiakou").speed);
  }
}

TEST_CASE("books have a row for each site that something is known of, and nothing where nothing is") {
  std::vector<SiteFit> fits(3);
  fits[0] = {.site = SiteId{"guian"}, .start_up = Duration{1250}};
  fits[1] = {.site = SiteId{"zhongwei"}, .speed = 1.5, .input_mbps = 25};
  fits[2] = {.site = SiteId{"hohhot"}};
  CHECK(fitted_books(fits) == "id,start_up_s,speed,input_mbps\nguian,1.25,,\nzhongwei,,1.5,25\n");
}

}  // namespace hinterland
