// Units multiply and divide as physics has them. What must not compile is in tests/compile_fail/.
#include "hinterland/base/quantity.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <type_traits>

using namespace hinterland;

TEST_CASE("power times time times a tariff is money") {
  const Kilowatts power{0.5};
  const Hours time{8};
  const MoneyPerKwh tariff{0.4};
  const Money cost = power * time * tariff;
  CHECK(cost.value == doctest::Approx(1.6));
}

TEST_CASE("a quantity over one of its own kind is a plain number") {
  static_assert(std::is_same_v<decltype(Hours{6} / Hours{4}), double>);
  CHECK(Hours{6} / Hours{4} == 1.5);
}

TEST_CASE("each quotient carries the unit that its name says") {
  static_assert(std::is_same_v<decltype(Money{} / KilowattHours{}), MoneyPerKwh>);
  static_assert(std::is_same_v<decltype(Money{} / Gigabytes{}), MoneyPerGb>);
  static_assert(std::is_same_v<decltype(Money{} / Hours{}), MoneyPerHour>);
  static_assert(std::is_same_v<decltype(Money{} / Kilowatts{}), MoneyPerKw>);
  static_assert(std::is_same_v<decltype(Gigabytes{} / Hours{}), GbPerHour>);
  static_assert(std::is_same_v<decltype(Kilograms{} / KilowattHours{}), KgPerKwh>);
  static_assert(std::is_same_v<decltype(Money{} / Kilograms{}), MoneyPerKg>);
  static_assert(std::is_same_v<decltype(Litres{} / KilowattHours{}), LitresPerKwh>);
  static_assert(std::is_same_v<decltype(Hours{} / Kilometres{}), HoursPerKm>);
  static_assert(std::is_same_v<decltype(M2PerKw{} * Kilowatts{} * MoneyPerM2{}), Money>);
  static_assert(std::is_same_v<decltype(KgPerKwh{} * (Kilowatts{} * Hours{})), Kilograms>);
  CHECK((Money{6} / KilowattHours{4}).value == 1.5);
}

TEST_CASE("a quantity is one double and starts at nothing") {
  static_assert(sizeof(Money) == sizeof(double));
  CHECK(Money{}.value == 0);
}

TEST_CASE("a gigabit a second carries 450 GB an hour") { CHECK(kGbPerHourPerGbps == 450); }

TEST_CASE("milliseconds go into hours and back") {
  CHECK(milliseconds(3'600'000).value == doctest::Approx(1));
  CHECK(rc::check("in_milliseconds(milliseconds(x)) is x", [] {
    const double ms = *rc::gen::inRange(-1'000'000'000, 1'000'000'000);
    RC_ASSERT(in_milliseconds(milliseconds(ms)) == doctest::Approx(ms).epsilon(1e-14));
  }));
}

TEST_CASE("quantities are ordered and added by their values") {
  CHECK(rc::check("order and sums are those of the doubles", [](int a, int b) {
    RC_ASSERT((Money{1.0 * a} < Money{1.0 * b}) == (a < b));
    RC_ASSERT((Money{1.0 * a} + Money{1.0 * b}).value == 1.0 * a + b);
    RC_ASSERT((Money{1.0 * a} - Money{1.0 * b}) + Money{1.0 * b} == Money{1.0 * a});
    Money sum{1.0 * a};
    sum += Money{1.0 * b};
    RC_ASSERT(sum == Money{1.0 * a} + Money{1.0 * b});
  }));
}
