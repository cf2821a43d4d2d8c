// Time that is kept: int64 milliseconds. Instants count from 1970-01-01T00:00:00 UTC; civil time and zones
// come from Howard Hinnant's date library and the system's zone data, and only at the edges.
#pragma once
#include <cmath>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

struct Duration {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Duration&) const = default;
};

struct Instant {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Instant&) const = default;
};

constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }
constexpr Instant operator+(Instant a, Duration d) { return {a.ms + d.ms}; }
constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
constexpr Hours in_hours(Duration d) { return {static_cast<double>(d.ms) / 3.6e6}; }
inline Duration from_hours(Hours x) { return {std::llround(x.value * 3.6e6)}; }

// The largest time a file may name: 30,000 years. A larger one would overflow sums.
inline constexpr double kMostSeconds = 1e12;

// Civil time "2024-11-15 16:57:50" or "2024-11-15T16:57:50" in the zone `zone` ("Asia/Shanghai", "UTC").
// Fails for another form, an impossible date, an unknown zone, and for a local time that the zone skips or
// repeats: which of two hours is meant, nobody can tell from it.
Expected<Instant> parse_civil(std::string_view text, std::string_view zone);

// Fails if this system knows no zone of that name.
Expected<void> check_zone(std::string_view zone);

// How far the zone's clock stands before UTC without summer time; requires a zone that exists.
Hours standard_offset(std::string_view zone);

// Where an instant falls in the model year of a clock that stands `offset` before UTC (model_year.hpp): same month,
// day and time of day; what falls on 29 February counts as the 28th.
Hours hour_of_model_year(Instant at, Hours offset);

// An hour of the model year from "07-15" (its first hour) or "07-15T08"; fails for anything else and for 29 February.
Expected<Hours> parse_model_hour(std::string_view text);

// What the clocks of `zone` are ahead of UTC at that instant; requires a zone that exists.
Duration utc_offset(Instant at, std::string_view zone);

// "2024-11-15T16:57:50+08:00" in `zone`; requires a zone that exists.
std::string format_civil(Instant at, std::string_view zone);

}  // namespace hinterland
