// Skilled people: a stock that its flows explain, monotone in each of them, and ends by hand.
#include "hinterland/impact/talent.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/base/random.hpp"

using namespace hinterland;

namespace {

const TalentHub kHub{.people = 40e6, .present = {50e3}, .wanted = {300e3}};
const TalentCase kCase{.flows = {.skilled_share = 0.5,
                                 .graduates_per_1e4 = 8,
                                 .retention = 0.4,
                                 .hired_share = 0.03,
                                 .returners_per_1e4 = 1,
                                 .leaving_per_year = 0.1,
                                 .remote_share = 0.3,
                                 .skilled_pay_ratio = 2},
                       .staff_per_mw = 6};

TalentCase random_case(RandomStream& random) {
  return {.flows = {.skilled_share = 0.1 + 0.9 * random.uniform(),
                    .graduates_per_1e4 = 20 * random.uniform(),
                    .retention = random.uniform(),
                    .hired_share = 0.1 * random.uniform(),
                    .returners_per_1e4 = 3 * random.uniform(),
                    .leaving_per_year = 0.02 + 0.3 * random.uniform(),
                    .remote_share = 0.9 * random.uniform(),
                    .skilled_pay_ratio = 1 + 2 * random.uniform()},
          .staff_per_mw = 1 + 20 * random.uniform()};
}

}  // namespace

TEST_CASE("by hand: 504 come a year, 5,040 stay, and 105 begin") {
  const TalentCourse course(kHub, kCase);
  CHECK(course.inflow() == doctest::Approx(504));
  CHECK(course.stock_in_the_end() == doctest::Approx(5040));
  CHECK(course.stock(0) == doctest::Approx(105));  // 50 MW x 6 x 0.5 x 0.7
  // 350 MW need 735: ln((5040 - 105) / (5040 - 735)) / 0.1 years.
  REQUIRE(course.full_after().has_value());
  CHECK(*course.full_after() == doctest::Approx(std::log(4935.0 / 4305.0) / 0.1));
  CHECK(course.fill(0) == doctest::Approx(0));
  CHECK(course.fill(10) == 1);
  // At first 30 % of the skilled work is done elsewhere: (2 x 0.35 + 0.5) / (2 x 0.5 + 0.5).
  CHECK(course.pay_that_stays(0) == doctest::Approx(0.8));
}

TEST_CASE("the stock changes by what comes and goes, and never falls below nothing") {
  RandomStream random(1, "flows");
  for (int round = 0; round < 100; ++round) {
    const TalentCase with = random_case(random);
    const TalentCourse course(kHub, with);
    for (const double t : {0.1, 1.0, 5.0}) {
      constexpr double step = 1e-4;
      const double change = (course.stock(t + step) - course.stock(t - step)) / (2 * step);
      const double flows = course.inflow() - with.flows.leaving_per_year * course.stock(t);
      CHECK(std::abs(change - flows) <= 1e-6 * (1 + course.inflow() + course.stock(t)));
      CHECK(course.stock(t) >= 0);
    }
    CHECK(course.stock(2000) == doctest::Approx(course.stock_in_the_end()));
  }
}

TEST_CASE("fill and shares stay within 0 and 1, and the mean is that of the curve") {
  RandomStream random(2, "fill");
  for (int round = 0; round < 100; ++round) {
    const TalentCourse course(kHub, random_case(random));
    constexpr int steps = 500;
    double sum = 0;
    for (int i = 0; i < steps; ++i) {
      const double t = 3 * (i + 0.5) / steps, fill = course.fill(t), stays = course.pay_that_stays(t);
      CHECK(fill >= 0);
      CHECK(fill <= 1);
      CHECK(stays > 0);
      CHECK(stays <= 1 + 1e-12);
      sum += fill;
    }
    CHECK(std::abs(course.mean_fill(3) - sum / steps) < 1e-3);
    if (const auto full = course.full_after()) {
      CHECK(course.fill(*full) == doctest::Approx(1));
      CHECK(course.fill(0.9 * *full) < 1);
    } else {
      CHECK(course.fill(200) < 1);
    }
  }
}

TEST_CASE("each flow pushes the way it should") {
  const auto changed = [&](double SkilledFlows::* member, double factor) {
    TalentCase with = kCase;
    with.flows.*member *= factor;
    return TalentCourse(kHub, with);
  };
  const double fill = TalentCourse(kHub, kCase).fill(0.5);
  REQUIRE(fill < 1);
  CHECK(changed(&SkilledFlows::graduates_per_1e4, 1.3).fill(0.5) > fill);
  CHECK(changed(&SkilledFlows::retention, 1.3).fill(0.5) > fill);
  CHECK(changed(&SkilledFlows::hired_share, 1.3).fill(0.5) > fill);
  CHECK(changed(&SkilledFlows::returners_per_1e4, 1.3).fill(0.5) > fill);
  CHECK(changed(&SkilledFlows::leaving_per_year, 1.3).fill(0.5) < fill);
  CHECK(changed(&SkilledFlows::skilled_share, 1.3).fill(0.5) < fill);
  const TalentCourse remote = changed(&SkilledFlows::remote_share, 1.3);
  CHECK(remote.fill(0.5) > fill);
  CHECK(remote.pay_that_stays(0) < TalentCourse(kHub, kCase).pay_that_stays(0));
  TalentCase more = kCase;
  more.staff_per_mw *= 2;
  CHECK(TalentCourse(kHub, more).fill(0.5) < fill);
}

TEST_CASE("a hub whose people leave faster than others come fills nothing") {
  TalentCase with = kCase;
  with.flows.hired_share = 0.0001;
  const TalentCourse course(kHub, with);
  CHECK(course.fill(5) == 0);
  CHECK(course.mean_fill(5) == 0);
  CHECK_FALSE(course.full_after().has_value());
}

TEST_CASE("a ramp of the same mean") {
  CHECK(filled_from_of(0.75) == doctest::Approx(0.5));
  CHECK(filled_from_of(1) == 1);
  CHECK(filled_from_of(0.3) == 0);
}

TEST_CASE("a hub that needs nobody is staffed at once, and none of its pay goes elsewhere") {
  TalentCase nobody = kCase;
  nobody.staff_per_mw = 0;
  const TalentCourse course(kHub, nobody);
  CHECK(course.staffed(0) == kHub.present + kHub.wanted);
  CHECK(course.fill(0) == 1);
  CHECK(course.mean_fill(3) == 1);
  CHECK(course.full_after() == 0);
  CHECK(course.pay_that_stays(1) == 1);
  // As it is with ever fewer.
  nobody.staff_per_mw = 1e-9;
  const TalentCourse few(kHub, nobody);
  CHECK(few.mean_fill(3) == doctest::Approx(1));
  CHECK(*few.full_after() == doctest::Approx(0).epsilon(1e-6));
  CHECK(few.pay_that_stays(1) == doctest::Approx(1));
}
