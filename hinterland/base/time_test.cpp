// Civil time and instants: only real moments are read, and each reads back as it was written.
#include "hinterland/base/time.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace hinterland;

TEST_CASE("an instant counts milliseconds from 1970 UTC") {
  CHECK(parse_civil("1970-01-01T00:00:00", "UTC")->ms == 0);
  CHECK(parse_civil("2024-01-01 00:00:00", "UTC")->ms == 1'704'067'200'000);
  CHECK(parse_civil("1969-12-31T23:59:59", "UTC")->ms == -1000);
}

TEST_CASE("Shanghai is eight hours ahead of UTC") {
  CHECK(*parse_civil("2024-11-15 16:57:50", "Asia/Shanghai") == *parse_civil("2024-11-15 08:57:50", "UTC"));
}

TEST_CASE("the 29th of February is there in leap years only") {
  CHECK(parse_civil("2024-02-29T12:00:00", "UTC").has_value());
  CHECK(parse_civil("2000-02-29T12:00:00", "UTC").has_value());
  CHECK_FALSE(parse_civil("2023-02-29T12:00:00", "UTC").has_value());
  CHECK_FALSE(parse_civil("1900-02-29T12:00:00", "UTC").has_value());
}

TEST_CASE("a local time that a zone skips or repeats is refused") {
  for (const char* text : {"2024-03-10T02:30:00", "2024-11-03T01:30:00"}) {
    CAPTURE(text);
    const auto at = parse_civil(text, "America/New_York");
    REQUIRE_FALSE(at.has_value());
    CHECK(describe(at.error().front()).find("skipped or repeated") != std::string::npos);
    CHECK(parse_civil(text, "UTC").has_value());
  }
  CHECK(*parse_civil("2024-03-10T03:00:00", "America/New_York") ==
        *parse_civil("2024-03-10T07:00:00", "UTC"));
}

TEST_CASE("text that is no civil time is refused") {
  for (const char* text :
       {"", "2024-11-15", "2024-11-15T16:57", "2024-11-15T16:57:50Z", "2024-13-01T00:00:00",
        "2024-00-01T00:00:00", "2024-04-31T00:00:00", "2024-01-01T24:00:00", "2024-01-01T00:60:00",
        "2024-01-01T00:00:60", "2024/01/01 00:00:00", "+024-01-01T00:00:00", "2024-01-01_00:00:00",
        "2024-01-01T0a:00:00", "Unknown", "二〇二四年一月一日"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_civil(text, "UTC").has_value());
  }
}

TEST_CASE("an unknown zone is refused by name") {
  for (const char* zone : {"Asia/Shanghia", "", "../../etc/passwd"}) {
    CAPTURE(zone);
    const auto at = parse_civil("2024-01-01T00:00:00", zone);
    REQUIRE_FALSE(at.has_value());
    CHECK(at.error().front().what.find("no time zone") != std::string::npos);
  }
}

TEST_CASE("an instant is written with its zone's offset") {
  const Instant at = *parse_civil("2024-11-15T08:57:50", "UTC");
  CHECK(format_civil(at, "Asia/Shanghai") == "2024-11-15T16:57:50+08:00");
  CHECK(format_civil(at, "UTC") == "2024-11-15T08:57:50+00:00");
}

TEST_CASE("the standard offset knows no summer time, on either half of the globe") {
  for (const auto& [zone, hours] : {std::pair("Asia/Shanghai", 8.0), std::pair("UTC", 0.0),
                                    std::pair("Europe/Berlin", 1.0), std::pair("Australia/Sydney", 10.0),
                                    std::pair("America/New_York", -5.0), std::pair("Asia/Kolkata", 5.5)}) {
    CAPTURE(zone);
    CHECK(standard_offset(zone).value == hours);
  }
}

TEST_CASE("what is written reads back as the same second") {
  CHECK(rc::check([] {
    const Instant at{1000 * *rc::gen::inRange<std::int64_t>(0, 4'000'000'000)};
    const auto zone = *rc::gen::element<std::string>("UTC", "Asia/Kolkata", "Asia/Tokyo");
    RC_ASSERT(parse_civil(format_civil(at, zone).substr(0, 19), zone).value() == at);
  }));
}

TEST_CASE("durations are differences of instants") {
  const Instant noon = *parse_civil("2024-01-01T12:00:00", "UTC");
  const Instant night = *parse_civil("2024-01-01T00:00:00", "UTC");
  CHECK(in_hours(noon - night).value == 12);
  CHECK(night + (noon - night) == noon);
}

TEST_CASE("clocks are ahead of UTC by what the zone says at that instant") {
  const auto hours = [](const char* utc, const char* zone) {
    return utc_offset(parse_civil(utc, "UTC").value(), zone).ms / 3'600'000;
  };
  CHECK(hours("2024-07-01T00:00:00", "UTC") == 0);
  CHECK(hours("2024-07-01T00:00:00", "Asia/Shanghai") == 8);
  CHECK(hours("2024-07-01T00:00:00", "Europe/Prague") == 2);
  CHECK(hours("2024-12-01T00:00:00", "Europe/Prague") == 1);
}
