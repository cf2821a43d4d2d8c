// Which hour of the day and which weekday an hour of time is, by the clock of a zone.
//
// Hours of time are counted from 1970 in UTC (from the start of an undated trace, whose days begin with it). In a zone
// that is half an hour off, an hour belongs to the clock's hour in which it begins.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace hinterland {

inline constexpr std::int64_t kHourMs = 3'600'000;

// Whole steps, rounded down: before 1970 too, a moment lies in the hour that began before it. Requires step > 0.
constexpr std::int64_t floor_by(std::int64_t value, std::int64_t step) {
  return value >= 0 ? value / step : -((step - 1 - value) / step);
}

constexpr std::int64_t hour_index(std::int64_t ms) { return floor_by(ms, kHourMs); }

class HourSlots {
 public:
  HourSlots(std::string zone, bool dated) : zone_(std::move(zone)), dated_(dated) {}
  struct Slot {
    std::size_t hour = 0, weekday = 0;  // 0 to 23; from Monday 0 to 6
  };
  Slot of(std::int64_t hour);

 private:
  std::string zone_;
  bool dated_;
  std::int64_t known_day_ = INT64_MIN,
               offset_hours_ = 0;  // looked up once a day unless the clocks change in it
  bool steady_ = false;
};

}  // namespace hinterland
