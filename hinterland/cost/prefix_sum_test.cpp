#include "hinterland/cost/prefix_sum.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "hinterland/base/random.hpp"

using namespace hinterland;

namespace {

std::vector<double> any_year(std::uint64_t seed) {
  RandomStream draw(seed, "prices");
  std::vector<double> hours(8760);
  for (double& hour : hours) hour = draw.normal();  // prices below zero are prices too
  return hours;
}

PrefixSum prefix_of(const std::vector<double>& hours) {
  return PrefixSum([&](std::size_t hour) { return hours[hour]; });
}

// Minute by minute is too slow; hour by hour with the two broken hours at the ends is exact.
double by_hand(const std::vector<double>& hours, double from, double length) {
  double sum = 0, at = from;
  const double end = from + length;
  while (at < end) {
    const double next = std::min(std::floor(at) + 1, end);
    sum += (next - at) * hours[static_cast<std::size_t>(at) % hours.size()];
    at = next;
  }
  return sum;
}

}  // namespace

TEST_CASE("a year by prefix sums is the hour-by-hour sum") {
  const auto hours = any_year(7);
  double sum = 0, size = 0;
  for (const double hour : hours) sum += hour, size += std::abs(hour);
  const PrefixSum prefix = prefix_of(hours);
  CHECK(std::abs(prefix.sum({0}, kYear) - sum) <= 1e-12 * size);
  CHECK(prefix.sum({0}, 3.0 * kYear) == doctest::Approx(3 * sum));
  CHECK(prefix.mean({}, kYear) == doctest::Approx(sum / 8760));
}

TEST_CASE("any hours, over the turn of the year too") {
  CHECK(rc::check("sum(from, length) is the sum by hand", [] {
    const auto hours = any_year(*rc::gen::inRange<std::uint64_t>(0, 5));
    const PrefixSum prefix = prefix_of(hours);
    const double from = *rc::gen::inRange(0, 876'000) / 100.0;
    const double length = *rc::gen::inRange(0, 2'000'000) / 100.0;
    RC_ASSERT(std::abs(prefix.sum({from}, {length}) - by_hand(hours, from, length)) < 1e-8);
  }));
  CHECK(rc::check("neighbouring hours add up", [] {
    const PrefixSum prefix = prefix_of(any_year(1));
    const double from = *rc::gen::inRange(0, 8760), a = *rc::gen::inRange(0, 900) / 10.0,
                 b = *rc::gen::inRange(0, 900) / 10.0;
    RC_ASSERT(std::abs(prefix.sum({from}, {a}) + prefix.sum({from + a}, {b}) - prefix.sum({from}, {a + b})) <
              1e-9);
  }));
}

TEST_CASE("a moment has the value of its hour") {
  const auto hours = any_year(3);
  const PrefixSum prefix = prefix_of(hours);
  CHECK(prefix.mean({17.5}, {0}) == doctest::Approx(hours[17]));
  CHECK(prefix.mean({8760 + 17.0}, {1}) == doctest::Approx(hours[17]));
}

TEST_CASE("sums of several quantities are the sums of each") {
  const auto one = any_year(1), two = any_year(2);
  const PrefixSums<2> both([&](std::size_t hour) { return std::array{one[hour], two[hour]}; });
  CHECK(rc::check("over any hours", [&] {
    const Hours from{*rc::gen::inRange(0, 1'000'000) / 100.0},
        length{*rc::gen::inRange(0, 2'000'000) / 100.0};
    const auto sums = both.sum(from, length);
    RC_ASSERT(sums[0] == prefix_of(one).sum(from, length));
    RC_ASSERT(sums[1] == prefix_of(two).sum(from, length));
  }));
}
