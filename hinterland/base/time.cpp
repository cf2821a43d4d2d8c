#include "hinterland/base/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

#include "hinterland/base/model_year.hpp"

namespace hinterland {

namespace {

using std::chrono::seconds;
using LocalSeconds = date::local_time<seconds>;

std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return value;
}

// Fixed form, so no stream: a trace has millions of these.
std::optional<LocalSeconds> parse_local(std::string_view text) {
  if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return {};
  if (text[10] != ' ' && text[10] != 'T') return {};
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return {};
  const date::year_month_day civil{date::year(static_cast<int>(*year)), date::month(*month), date::day(*day)};
  if (!civil.ok() || *hour > 23 || *minute > 59 || *second > 59) return {};
  return LocalSeconds{date::local_days{civil}} + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         seconds(*second);
}

Error bad_time(std::string_view text, std::string_view why) {
  return {.what = fmt::format("{} is {}", in_quotes(text), why),
          .where = {},
          .mend = "Give civil time as 2024-11-15T16:57:50."};
}

}  // namespace

Expected<Instant> parse_civil(std::string_view text, std::string_view zone) {
  const auto local = parse_local(text);
  if (!local) return failure(bad_time(text, "no time"));
  if (zone == "UTC") {
    return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(local->time_since_epoch()).count()};
  }
  try {
    const date::local_info info = date::locate_zone(zone)->get_info(*local);
    if (info.result != date::local_info::unique) {
      Error never_or_twice = bad_time(text, "skipped or repeated by the zone " + std::string(zone));
      never_or_twice.mend =
          "Write the times in UTC and name that zone (TZ=UTC sacct ...), or leave such lines out "
          "(--skip-bad-lines; in a scenario bad_lines = \"leave_out\").";
      return failure(std::move(never_or_twice));
    }
    const auto utc = local->time_since_epoch() - info.first.offset;
    return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(utc).count()};
  } catch (const std::runtime_error&) {
    return failure({.what = fmt::format("'{}' is no time zone known to this system", zone),
                    .where = {},
                    .mend = "Give an IANA name such as Asia/Shanghai."});
  }
}

Expected<void> check_zone(std::string_view zone) {
  const auto any = parse_civil("2024-01-01T12:00:00", zone);
  if (!any) return std::unexpected(any.error());
  return {};
}

Hours standard_offset(std::string_view zone) {
  // Summer time is ahead and in half of the year; where the year begins in summer, July is standard.
  const date::time_zone* place = date::locate_zone(zone);
  const auto at = [&](int month) {
    return place->get_info(date::sys_days{date::year(2025) / month / 1}).offset;
  };
  return {static_cast<double>(std::min(at(1), at(7)).count()) / 3600};
}

Hours hour_of_model_year(Instant at, Hours offset) {
  const date::sys_time<std::chrono::milliseconds> local{
      std::chrono::milliseconds(at.ms + static_cast<std::int64_t>(offset.value * 3.6e6))};
  const auto day = date::floor<date::days>(local);
  const date::year_month_day civil(day);
  const auto month = static_cast<unsigned>(civil.month()) - 1;
  const std::size_t date = std::min<std::size_t>(static_cast<unsigned>(civil.day()), kMonthDays.at(month));
  return {static_cast<double>(first_hour(month) + 24 * (date - 1)) +
          static_cast<double>((local - day).count()) / 3.6e6};
}

Expected<Hours> parse_model_hour(std::string_view text) {
  const bool timed = text.size() == 8 && text[5] == 'T';
  std::optional<unsigned> month, day, hour = 0U;
  if ((text.size() == 5 || timed) && text[2] == '-') {
    month = digits(text, 0, 2);
    day = digits(text, 3, 2);
    if (timed) hour = digits(text, 6, 2);
  }
  const bool good = month && day && hour && *month >= 1 && *month <= 12 && *day >= 1 &&
                    *day <= kMonthDays.at(*month - 1) && *hour < 24;
  if (!good) {
    return failure({.what = in_quotes(text) + " is no hour of the model year",
                    .where = {},
                    .mend = "Write MM-DD or MM-DDTHH, such as 07-15T08; the model year has no 29 February."});
  }
  return Hours{static_cast<double>(first_hour(*month - 1) + 24 * std::size_t{*day - 1} + *hour)};
}

Duration utc_offset(Instant at, std::string_view zone) {
  if (zone == "UTC") return {0};
  const date::sys_time<std::chrono::milliseconds> utc{std::chrono::milliseconds(at.ms)};
  const auto offset = date::locate_zone(zone)->get_info(date::floor<seconds>(utc)).offset;
  return {std::chrono::duration_cast<std::chrono::milliseconds>(offset).count()};
}

std::string format_civil(Instant at, std::string_view zone) {
  const date::sys_time<std::chrono::milliseconds> utc{std::chrono::milliseconds(at.ms)};
  return date::format("%FT%T%Ez", date::make_zoned(date::locate_zone(zone), date::floor<seconds>(utc)));
}

}  // namespace hinterland
