// Hours of time by the clock of a zone.
#include "hinterland/work/hour_slots.hpp"

#include <doctest/doctest.h>

#include "hinterland/base/time.hpp"

using namespace hinterland;

namespace {

HourSlots::Slot slot(const char* utc, const char* zone) {
  return HourSlots(zone, true).of(hour_index(parse_civil(utc, "UTC").value().ms));
}

}  // namespace

TEST_CASE("an hour of time has an hour of the day and a weekday from Monday") {
  CHECK(slot("2024-01-01T00:30:00", "UTC").hour == 0);
  CHECK(slot("2024-01-01T00:30:00", "UTC").weekday == 0);
  CHECK(slot("2024-01-07T23:00:00", "UTC").hour == 23);
  CHECK(slot("2024-01-07T23:00:00", "UTC").weekday == 6);
  CHECK(slot("2024-01-07T23:00:00", "Asia/Shanghai").hour == 7);
  CHECK(slot("2024-01-07T23:00:00", "Asia/Shanghai").weekday == 0);
  CHECK(slot("1969-12-31T23:00:00", "UTC").hour == 23);
  CHECK(slot("1969-12-31T23:00:00", "UTC").weekday == 2);
}

TEST_CASE("clocks that change are followed from hour to hour, whatever was asked before") {
  HourSlots prague("Europe/Prague", true);
  const std::int64_t day = hour_index(parse_civil("2024-03-31T00:00:00", "UTC").value().ms);
  CHECK(prague.of(day).hour == 1);
  CHECK(prague.of(day + 1).hour == 3);
  CHECK(prague.of(day).hour == 1);
  CHECK(prague.of(day + 24).hour == 2);
}

TEST_CASE("an undated trace's days begin with it") {
  HourSlots undated("Asia/Shanghai", false);
  CHECK(undated.of(0).hour == 0);
  CHECK(undated.of(25).hour == 1);
}

TEST_CASE("hours before 1970 are counted downwards") {
  CHECK(hour_index(-1) == -1);
  CHECK(hour_index(-kHourMs) == -1);
  CHECK(hour_index(kHourMs) == 1);
}
