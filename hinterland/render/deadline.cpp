#include "hinterland/render/deadline.hpp"

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr Hours kMost{876'000};
constexpr Duration kDay{86'400'000};

// "06:00"
bool is_time_of_day(std::string_view text) {
  constexpr std::string_view form = "00:00";
  if (text.size() != form.size()) return false;
  for (std::size_t k = 0; k < form.size(); ++k) {
    const bool digit = text[k] >= '0' && text[k] <= '9';
    if (form[k] == ':' ? text[k] != ':' : !digit) return false;
  }
  return true;
}

}  // namespace

Expected<Instant> parse_deadline(std::string_view text, std::string_view zone, Instant now,
                                 const std::string& where) {
  const auto fail = [&](std::string what) {
    return failure(
        {.what = std::move(what),
         .where = {.file = where},
         .mend = "Give hours from now (6), a time of day (06:00), or a day and time (2026-12-01T06:00:00)."});
  };
  if (const auto hours = parse_number(text)) {
    if (!(*hours > 0 && *hours <= kMost.value)) return fail(in_quotes(text) + " hours are no time to come");
    return now + from_hours({*hours});
  }
  const auto on_day_of = [&](Instant day) {
    constexpr std::size_t date = 11;  // "2026-12-01T"
    return parse_civil(format_civil(day, zone).substr(0, date) + std::string(text) + ":00", zone);
  };
  if (const auto known = check_zone(zone); !known) return std::unexpected(known.error());
  auto at = is_time_of_day(text) ? on_day_of(now) : parse_civil(text, zone);
  if (at && *at <= now && is_time_of_day(text)) at = on_day_of(now + kDay);
  if (!at) return fail(in_quotes(text) + " is no time");
  if (*at <= now || in_hours(*at - now) > kMost) return fail(in_quotes(text) + " is past, or too far away");
  return at;
}

}  // namespace hinterland
