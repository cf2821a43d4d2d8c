#include "hinterland/cost/meter.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <numeric>

using namespace hinterland;

TEST_CASE("a demand charge asks for the highest draw only") {
  const std::vector<Kilowatts> month = {{100}, {400}, {250}};
  CHECK(demand_charge(month, {40}).value == doctest::Approx(16'000));
  CHECK(demand_charge({}, {40}).value == 0);
}

TEST_CASE("a flat load pays by the kWh what it pays by the month") {
  // 400 kW all month: 40 x 400 a month over 400 x 730 kWh.
  CHECK(demand_share({40}, 1).value == doctest::Approx(40.0 * 400 / (400 * 730)));
  // At a load factor of 0.9 each kWh bears a tenth part more.
  CHECK(demand_share({40}, 0.9).value == doctest::Approx(demand_share({40}, 1).value / 0.9));
}

TEST_CASE("the 95th percentile forgets the highest twentieth") {
  std::vector<GbPerHour> samples(100, GbPerHour{10});
  for (int i = 0; i < 5; ++i) samples[static_cast<std::size_t>(i)] = {1000};
  CHECK(percentile_95(samples).value == 10);
  samples[5] = {1000};
  CHECK(percentile_95(samples).value == 1000);
  CHECK(percentile_95({}).value == 0);
}

TEST_CASE("shares add up to the bill") {
  CHECK(rc::check("shares add up, and nobody pays less than nothing", [] {
    const auto use = *rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(0, 1000), [](int x) { return x / 10.0; }));
    RC_PRE(!use.empty());
    const auto parts = shared_by_use({1234.5}, use);
    double sum = 0;
    for (const Money part : parts) {
      RC_ASSERT(part.value >= 0);
      sum += part.value;
    }
    RC_ASSERT(std::abs(sum - 1234.5) < 1e-9);
  }));
}
