#include "hinterland/work/hour_slots.hpp"

#include "hinterland/base/time.hpp"

namespace hinterland {

HourSlots::Slot HourSlots::of(std::int64_t hour) {
  const std::int64_t day = floor_by(hour, 24);
  if (dated_ && (day != known_day_ || !steady_)) {
    const auto offset = [&](std::int64_t at) { return hour_index(utc_offset({at * kHourMs}, zone_).ms); };
    steady_ = offset(day * 24) == offset(day * 24 + 24);
    offset_hours_ = offset(steady_ ? day * 24 : hour);
    known_day_ = day;
  }
  const std::int64_t local = hour + offset_hours_;
  const std::int64_t local_day = floor_by(local, 24);
  static constexpr std::int64_t kThursday = 3;  // 1970-01-01
  const std::int64_t weekday = (local_day + kThursday) - 7 * floor_by(local_day + kThursday, 7);
  return {.hour = static_cast<std::size_t>(local - 24 * local_day),
          .weekday = static_cast<std::size_t>(weekday)};
}

}  // namespace hinterland
