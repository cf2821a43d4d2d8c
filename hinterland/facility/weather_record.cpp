#include "hinterland/facility/weather_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr double kColdestC = -95, kWarmestC = 62;
constexpr double kMostHumidityPct = 101;
constexpr double kLeastPressurePa = 30000, kMostPressurePa = 110000;
constexpr auto kTemperature = static_cast<std::size_t>(Measured::temperature);
constexpr auto kHumidity = static_cast<std::size_t>(Measured::humidity);
constexpr auto kPressure = static_cast<std::size_t>(Measured::pressure);

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kWeek = 168;

struct Slot {
  std::array<double, 3> values;
  long line = 0;  // 0: the file has no row for the hour
};
using Year = std::vector<Slot>;

Year empty_year() { return {kYearHours, Slot{.values = {kMissing, kMissing, kMissing}}}; }

std::size_t hour_of_year(const Reading& reading) {
  return first_hour(static_cast<std::size_t>(reading.month - 1)) +
         static_cast<std::size_t>(reading.day - 1) * 24 + static_cast<std::size_t>(reading.hour);
}

std::string name_of_hour(int year, std::size_t hour) {
  const std::size_t month = month_of_hour(hour);
  const std::size_t day = (hour - first_hour(month)) / 24 + 1;
  const std::string date = fmt::format("{:02}-{:02} {:02}:00", month + 1, day, hour % 24);
  return year == 0 ? date : fmt::format("{}-{}", year, date);
}

// The file's readings as years of slots, in the making.
class Layout {
 public:
  Layout(Readings& readings, const WeatherOptions& options) : readings_(readings), options_(options) {}

  Expected<WeatherRecord> finish() {
    for (const Reading& reading : readings_.rows) place(reading);
    check_years();
    for (auto first = years_.begin(); first != years_.end();) first = close_gaps(first);
    for (const auto& [year, slots] : years_) check_mean(year, slots);
    if (!readings_.errors.empty()) return std::unexpected(std::move(readings_.errors));
    record_.saturated_hours = readings_.saturated_hours;
    record_.wrapped_hours = readings_.wrapped_hours;
    for (const auto& [year, slots] : years_) record_.years.push_back(measured(year, slots));
    return std::move(record_);
  }

 private:
  using Years = std::map<int, Year>;

  void place(const Reading& reading);
  bool keeps_order(const Reading& reading);
  void check_years();
  void check_mean(int year, const Year& slots);
  Years::iterator close_gaps(Years::iterator first);
  void close_gap(std::vector<Slot*>& slots, std::size_t value, std::size_t from, std::size_t to,
                 int first_year);
  void refuse_gap(const std::vector<Slot*>& slots, std::size_t value, std::size_t from, std::size_t to,
                  int first_year);
  [[nodiscard]] bool is_needed(std::size_t value) const {
    return value != kPressure || !options_.station_pressure_pa;
  }
  [[nodiscard]] std::string gap_mend(std::size_t hours) const;
  [[nodiscard]] MeasuredYear measured(int year, const Year& slots) const;

  Readings& readings_;
  const WeatherOptions& options_;
  WeatherRecord record_;
  Years years_;
  std::set<int> other_years_;
  std::set<std::pair<int, std::size_t>> refused_rows_;  // where a gap was reported already
  const Reading* before_ = nullptr;
  long leap_day_ = 0;  // the last that was reported, by its midnight
};

bool Layout::keeps_order(const Reading& reading) {
  const Reading* before = before_;
  before_ = &reading;
  if (before == nullptr || reading.at > before->at) return true;
  if (reading.at == before->at) {
    readings_.complain(reading.line, 0, "", fmt::format("the hour of line {} again", before->line),
                       "Keep one row an hour: average shorter readings to whole hours first.");
  } else {
    readings_.complain(reading.line, 0, "", fmt::format("earlier than line {}", before->line),
                       "Sort the rows by time.");
  }
  return false;
}

void Layout::place(const Reading& reading) {
  if (!keeps_order(reading)) return;
  if (options_.year && *options_.year != reading.year) {
    other_years_.insert(reading.year);
    return;
  }
  if (reading.month == 2 && reading.day == 29) {
    if (options_.drop_leap_days) {
      ++record_.dropped_hours;
    } else if (leap_day_ != reading.at - reading.hour + 1) {
      leap_day_ = reading.at - reading.hour + 1;
      readings_.complain(
          reading.line, 0, "", "29 February, which a year of 8760 hours has not",
          "Take its rows out, or ask for leap days to be dropped and counted (--drop-leap-days).");
    }
    return;
  }
  auto found = years_.find(reading.year);
  if (found == years_.end()) found = years_.emplace(reading.year, empty_year()).first;
  Slot& slot = found->second[hour_of_year(reading)];
  if (slot.line != 0) {  // in order by the file's clock, and yet twice: a UTC file wrapped onto itself
    readings_.complain(reading.line, 0, "", fmt::format("the local hour of line {} again", slot.line),
                       "Cut the file to whole UTC years.");
    return;
  }
  slot = {.values = reading.values, .line = reading.line};
}

void Layout::check_years() {
  // No year on earth stays below 1 %.
  if (!years_.empty() && readings_.wettest_pct >= 0 && readings_.wettest_pct <= 1) {
    readings_.complain(0, 0, readings_.fields.at(kHumidity),
                       "no humidity above 1 %: these are fractions, not per cent",
                       "Give relative humidity from 0 to 100 %.");
  }
  const auto& dew = readings_.dew_points;
  if (dew.contradict * 100 > dew.compared) {
    readings_.complain(dew.line, dew.column, "dew point",
                       fmt::format("{}; so in {} of {} rows", dew.first, dew.contradict, dew.compared),
                       "Are temperature, humidity and dew point in each other's place?");
  }
  if (!years_.empty()) return;
  if (options_.year && !other_years_.empty()) {
    readings_.complain(
        0, 0, "", fmt::format("no hour of {} is in it", *options_.year),
        fmt::format("Choose a year from {} to {}.", *other_years_.begin(), *other_years_.rbegin()));
  } else if (readings_.errors.empty()) {
    readings_.complain(0, 0, "", "no hours are in it", "Give a file with a row for each hour of a year.");
  }
}

// Fills or refuses all gaps of the block of consecutive years that begins at `first`; returns the year after it.
Layout::Years::iterator Layout::close_gaps(Years::iterator first) {
  std::vector<Slot*> slots;
  auto end = first;
  while (end != years_.end() && end->first - first->first == std::distance(first, end)) {
    for (Slot& slot : end->second) slots.push_back(&slot);
    ++end;
  }
  for (std::size_t value = 0; value < 3; ++value) {
    if (!is_needed(value)) continue;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (!std::isnan(slots[i]->values[value])) continue;
      const std::size_t from = i;
      while (i < slots.size() && std::isnan(slots[i]->values[value])) ++i;
      close_gap(slots, value, from, i, first->first);
    }
  }
  return end;
}

// The yearly means of Dallol, 34.4 degC, and of the Antarctic plateau, -57 degC, are the ends of what there is.
void Layout::check_mean(int year, const Year& slots) {
  static constexpr double kColdestYearC = -60, kWarmestYearC = 36;
  double sum = 0;
  for (const Slot& slot : slots) sum += slot.values[kTemperature];
  const double mean = sum / static_cast<double>(slots.size());
  if (std::isnan(mean) || (mean >= kColdestYearC && mean <= kWarmestYearC)) return;
  readings_.complain(slots.front().line, 0, readings_.fields.at(kTemperature),
                     fmt::format("{:.1f} degC in the mean of {}, which no place on earth has", mean,
                                 year == 0 ? std::string("the year") : fmt::format("{}", year)),
                     "Is the humidity in its place? Give degrees Celsius.");
}

void Layout::close_gap(std::vector<Slot*>& slots, std::size_t value, std::size_t from, std::size_t to,
                       int first_year) {
  const bool none = from == 0 && to == slots.size();
  if (none || to - from > static_cast<std::size_t>(std::max(options_.most_gap_h, 0))) {
    refuse_gap(slots, value, from, to, first_year);
    return;
  }
  const double right = to < slots.size() ? slots[to]->values[value] : slots[from - 1]->values[value];
  const double left = from > 0 ? slots[from - 1]->values[value] : right;
  for (std::size_t i = from; i < to; ++i) {
    const double share = static_cast<double>(i - from + 1) / static_cast<double>(to - from + 1);
    slots[i]->values[value] = left + share * (right - left);
  }
  record_.filled_values += to - from;
}

std::string Layout::gap_mend(std::size_t hours) const {
  if (options_.most_gap_h > 0) {
    return fmt::format(
        "Gaps of up to {} h were to be filled; complete the file, or choose a year without such a gap.",
        options_.most_gap_h);
  }
  return hours > kWeek ? "Complete the file, or choose another year."
                       : "Complete the file, or ask for gaps to be filled by interpolation and counted "
                         "(--fill-gaps HOURS).";
}

// Rows that are missing are told once, whatever values they would have held; values missing in a row by their field.
void Layout::refuse_gap(const std::vector<Slot*>& slots, std::size_t value, std::size_t from, std::size_t to,
                        int first_year) {
  const auto year_of = [&](std::size_t i) { return first_year + static_cast<int>(i / kYearHours); };
  for (std::size_t i = from; i < to;) {
    const std::size_t start = i;
    const bool rows = slots[i]->line != 0;
    while (i < to && (slots[i]->line != 0) == rows) ++i;
    const std::size_t hours = i - start;
    const std::string since = name_of_hour(year_of(start), start % kYearHours);
    if (rows) {
      const std::string what =
          hours == 1 ? "no value" : fmt::format("no value for {} h from {}", hours, since);
      readings_.complain(slots[start]->line, 0, readings_.fields.at(value), what, gap_mend(to - from));
      continue;
    }
    const long before = start > 0 ? slots[start - 1]->line : readings_.header_line;
    const long after = i < slots.size() ? slots[i]->line : readings_.end_line;
    // Lines that could not be read were told of already.
    const bool unread = !readings_.errors.empty() && after - before - 1 >= static_cast<long>(hours);
    if (unread || !refused_rows_.emplace(first_year, start).second) continue;
    readings_.complain(
        i < slots.size() ? after : before, 0, "",
        fmt::format("{} hour{} missing {} this row, from {}", hours, hours == 1 ? " is" : "s are",
                    i < slots.size() ? "before" : "after", since),
        gap_mend(to - from));
  }
}

MeasuredYear Layout::measured(int year, const Year& slots) const {
  MeasuredYear out{.year = year, .hours = {}};
  out.hours.reserve(kYearHours);
  for (const Slot& slot : slots) {
    out.hours.push_back({.temperature_c = slot.values[kTemperature],
                         .humidity_pct = slot.values[kHumidity],
                         .pressure_pa = options_.station_pressure_pa.value_or(slot.values[kPressure])});
  }
  return out;
}

}  // namespace

void Readings::complain(long line, long column, std::string_view field, std::string what, std::string mend) {
  add_error(errors, {.what = std::move(what),
                     .where = {.file = file, .line = line, .column = column, .field = std::string(field)},
                     .mend = std::move(mend)});
}

double Readings::possible(Measured what, double value, long line, long column) {
  const std::string& field = fields.at(static_cast<std::size_t>(what));
  switch (what) {
    case Measured::temperature:
      if (value >= kColdestC && value <= kWarmestC) return value;
      complain(line, column, field,
               fmt::format("no air has {:.6g} degC{}", value,
                           value > 300 ? "; that looks like a pressure, or kelvin"
                           : value > 0 ? "; that looks like a humidity, or Fahrenheit"
                                       : ""),
               "Are two columns swapped? Give degrees Celsius.");
      return 0;
    case Measured::humidity:
      wettest_pct = std::max(wettest_pct, value);
      if (value >= 0 && value <= 100) return value;
      if (value > 100 && value <= kMostHumidityPct) {
        ++saturated_hours;
        return 100;
      }
      complain(line, column, field,
               fmt::format("no air has a humidity of {:.6g} %{}", value,
                           value > 300 ? "; that looks like a pressure" : ""),
               "Give relative humidity from 0 to 100 %; is another column in its place?");
      return 0;
    case Measured::pressure:
      if (value >= kLeastPressurePa && value <= kMostPressurePa) return value;
      complain(line, column, field,
               fmt::format("no place has a pressure of {:.6g} Pa{}", value,
                           value > 300 && value < 1100 ? "; that looks like hPa" : ""),
               "Give the station's pressure, not reduced to the sea; are units or columns mistaken?");
      return kMostPressurePa;
  }
  return 0;
}

void Readings::compare_dew_point(double dew_point_c, double temperature_c, double humidity_pct, long line,
                                 long column) {
  static constexpr double kKelvin = 3, kPct = 1;
  if (std::isnan(dew_point_c) || std::isnan(temperature_c) || std::isnan(humidity_pct)) return;
  ++dew_points.compared;
  const auto humidity_at = [&](double dew_point) {
    return 100 * saturation_pressure(dew_point) / saturation_pressure(temperature_c);
  };
  if (humidity_pct >= humidity_at(dew_point_c - kKelvin) - kPct &&
      humidity_pct <= humidity_at(dew_point_c + kKelvin) + kPct)
    return;
  if (dew_points.contradict++ > 0) return;
  dew_points.line = line;
  dew_points.column = column;
  dew_points.first =
      fmt::format("a dew point of {:.6g} degC is {:.0f} % of humidity at {:.6g} degC, not {:.6g} %",
                  dew_point_c, humidity_at(dew_point_c), temperature_c, humidity_pct);
}

Expected<WeatherRecord> lay_out(Readings readings, const WeatherOptions& options) {
  return Layout(readings, options).finish();
}

long column_of(std::string_view text, std::string_view cell) {
  const std::less<> before;
  if (cell.data() == nullptr || before(cell.data(), text.data()) ||
      before(text.data() + text.size(), cell.data())) {
    return 0;
  }
  const auto at = static_cast<std::size_t>(cell.data() - text.data());
  const auto line_end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return static_cast<long>(line_end == std::string_view::npos ? at + 1 : at - line_end);
}

std::optional<long> midnight(int year, int month, int day) {
  // std::chrono keeps a month and a day in a byte, and day 1029 would be day 5.
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * 24L;
}

}  // namespace hinterland
