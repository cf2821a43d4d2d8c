#include "hinterland/cost/start_reach.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "hinterland/base/model_year.hpp"

using namespace hinterland;

// Every hour looked at, and every hour that a run ready then may begin in.
TEST_CASE("how many runs begin in an hour is what looking at each of them counts") {
  CHECK(rc::check("any costs, ties too", [] {
    std::vector<double> costs;
    const int levels = *rc::gen::inRange(1, 50);
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    std::uint32_t state = seed;
    for (std::size_t hour = 0; hour < kYearHours; ++hour) {
      state = state * 1664525U + 1013904223U;
      costs.push_back(static_cast<double>((state >> 8U) % static_cast<std::uint32_t>(levels)));
    }
    const int wait = *rc::gen::element(0, 1, 7, 24, 100, 9000), ready_hour = *rc::gen::inRange(0, 24);
    std::vector<std::int32_t> of_all(kYearHours), of_days(kYearHours);
    for (std::size_t ready = 0; ready < kYearHours; ++ready) {
      std::size_t best = ready;
      for (std::size_t on = 1; on <= static_cast<std::size_t>(std::min(wait, 8759)); ++on)
        if (costs[(ready + on) % kYearHours] < costs[best]) best = (ready + on) % kYearHours;
      ++of_all[best];
      if (static_cast<int>(ready % 24) == ready_hour) ++of_days[best];
    }
    const StartReaches reaches(costs);
    std::vector<std::int32_t> runs(kYearHours);
    reaches.count_all(wait, runs);
    RC_ASSERT(runs == of_all);
    reaches.count_days(wait, ready_hour, runs);
    RC_ASSERT(runs == of_days);
  }));
}
