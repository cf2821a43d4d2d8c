#include "hinterland/facility/weather_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr int kFirstYear = 1700, kLastYear = 2300;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// Where a header has what is read; kNone where it has not.
struct Columns {
  std::size_t time = kNone, year = kNone, month = kNone, day = kNone, hour = kNone;
  std::size_t temperature = kNone, humidity = kNone, dewpoint = kNone, pressure = kNone;
  double pressure_unit_pa = 1;
  bool utc = false;
  std::size_t count = 0;
};

struct CivilHour {
  int year = 0, month = 0, day = 0, hour = 0;
  bool utc = false;
};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

class CsvWeather {
 public:
  CsvWeather(std::string_view text, const std::string& file, const WeatherOptions& options)
      : text_(text), options_(options), reader_(text, file) {
    out_.file = file;
    out_.fields = {"temp_c", "rh_pct", "pressure"};
  }

  Expected<WeatherRecord> read() {
    if (!read_header()) return std::unexpected(std::move(out_.errors));
    while (true) {
      const auto more = reader_.next(row_);
      if (more && !*more) break;
      if (!more) {
        add_errors(out_.errors, more.error());
      } else {
        read_row();
      }
    }
    out_.end_line = last_line_ + 1;
    to_local_clock();
    return lay_out(std::move(out_), options_);
  }

 private:
  bool read_header();
  void find_time_columns(const std::vector<std::string>& names);
  void read_row();
  std::optional<CivilHour> time_of_row();
  std::optional<CivilHour> time_of_cell(std::string_view cell);
  std::optional<CivilHour> time_of_parts();
  double number_of(std::size_t index, std::string_view field);
  double value_of(Measured what, std::size_t column, double unit = 1);
  double humidity_of(double temperature);
  void to_local_clock();
  void move_to_local_clock(Reading& reading, int first_year, int last_year, long shift);

  [[nodiscard]] long byte_of(std::size_t index) const { return column_of(text_, row_.cells[index]); }
  void complain(std::size_t index, std::string_view field, std::string what, std::string mend) {
    row_is_good_ = false;
    out_.complain(row_.line, byte_of(index), field, std::move(what), std::move(mend));
  }

  std::string_view text_;
  const WeatherOptions& options_;
  CsvReader reader_;
  CsvRow row_;
  Columns columns_;
  Readings out_;
  bool row_is_good_ = true;
  bool clock_known_ = false;
  long last_line_ = 0;
};

bool CsvWeather::read_header() {
  const auto header = reader_.next(row_);
  if (!header) {
    add_errors(out_.errors, header.error());
    return false;
  }
  if (!*header) {
    out_.complain(0, 0, "", "the file is empty", "Give hourly weather with a header.");
    return false;
  }
  out_.header_line = last_line_ = row_.line;
  if (row_.cells.front() == "LOCATION") {
    out_.complain(row_.line, 0, "", "this is an EPW file", "Name it with the ending .epw.");
    return false;
  }
  const std::vector<std::string> names(row_.cells.begin(), row_.cells.end());
  columns_.count = names.size();
  const auto find = [&](std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return kNone;
    if (std::find(found + 1, names.end(), name) != names.end()) {
      out_.complain(row_.line, 0, name, "two columns have this name", "Keep one.");
    }
    return static_cast<std::size_t>(found - names.begin());
  };
  for (const char* name : {"time", "datetime", "utc_hour", "utc_time"}) {
    if (columns_.time != kNone) break;
    columns_.time = find(name);
    columns_.utc = columns_.time != kNone && std::string_view(name).starts_with("utc");
  }
  columns_.year = find("year"), columns_.month = find("month");
  columns_.day = find("day"), columns_.hour = find("hour");
  columns_.temperature = find("temp_c");
  columns_.humidity = find("rh_pct"), columns_.dewpoint = find("dewpoint_c");
  columns_.pressure = find("pressure_pa");
  if (columns_.pressure == kNone) {
    columns_.pressure = find("pressure_hpa");
    columns_.pressure_unit_pa = 100;
  }
  if (columns_.humidity == kNone) out_.fields[1] = "dewpoint_c";
  out_.fields[2] = columns_.pressure_unit_pa == 1 ? "pressure_pa" : "pressure_hpa";

  const auto lack = [&](std::string_view what, std::string mend) {
    out_.complain(row_.line, 0, what, "the column is missing", std::move(mend));
  };
  const bool by_parts =
      columns_.year != kNone && columns_.month != kNone && columns_.day != kNone && columns_.hour != kNone;
  if (columns_.time == kNone && !by_parts) {
    lack("time", "Give a column time (or utc_hour), or the columns year, month, day, hour.");
  }
  if (columns_.temperature == kNone) {
    lack("temp_c", did_you_mean("temp_c", names, "Give the air's temperature in degrees Celsius."));
  }
  if (columns_.humidity == kNone && columns_.dewpoint == kNone) {
    lack("rh_pct", did_you_mean("rh_pct", names, "Give relative humidity in %, or dewpoint_c."));
  }
  if (columns_.pressure == kNone && !options_.station_pressure_pa) {
    lack("pressure_hpa",
         "Give the station's pressure as a column, or one value for all hours (--pressure-hpa).");
  }
  return out_.errors.empty();
}

// "2023-01-01T00", then ":00" and ":00:00", then "Z".
std::optional<CivilHour> CsvWeather::time_of_cell(std::string_view cell) {
  std::string_view rest = cell;
  CivilHour at{.utc = columns_.utc};
  if (rest.ends_with('Z')) {
    at.utc = true;
    rest.remove_suffix(1);
  }
  const auto year = digits(rest, 0, 4), month = digits(rest, 5, 2), day = digits(rest, 8, 2),
             hour = digits(rest, 11, 2);
  const bool marked =
      rest.size() >= 13 && rest[4] == '-' && rest[7] == '-' && (rest[10] == 'T' || rest[10] == ' ');
  std::optional<int> minute = 0, second = 0;
  if (rest.size() > 13) minute = rest[13] == ':' ? digits(rest, 14, 2) : std::nullopt;
  if (rest.size() > 16) second = rest[16] == ':' && rest.size() == 19 ? digits(rest, 17, 2) : std::nullopt;
  if (!marked || !year || !month || !day || !hour || !minute || !second) {
    complain(columns_.time, "", in_quotes(cell) + " is no time", "Give it as 2023-01-01T00:00.");
    return std::nullopt;
  }
  if (*minute != 0 || *second != 0) {
    complain(columns_.time, "", in_quotes(cell) + " is not the start of an hour",
             "Give one row an hour: average shorter readings to whole hours first.");
    return std::nullopt;
  }
  at.year = *year, at.month = *month, at.day = *day, at.hour = *hour;
  return at;
}

std::optional<CivilHour> CsvWeather::time_of_parts() {
  CivilHour at;
  const std::array<std::pair<std::size_t, int*>, 4> parts{{{columns_.year, &at.year},
                                                           {columns_.month, &at.month},
                                                           {columns_.day, &at.day},
                                                           {columns_.hour, &at.hour}}};
  for (const auto& [column, part] : parts) {
    const std::string_view cell = row_.cells[column];
    const auto value = parse_integer(cell);
    if (!value || *value < 0 || *value > kLastYear) {
      complain(column, "", in_quotes(cell) + " is no part of a date", "Give whole numbers: 2023, 1, 31, 0.");
      return std::nullopt;
    }
    *part = static_cast<int>(*value);
  }
  return at;
}

std::optional<CivilHour> CsvWeather::time_of_row() {
  const std::size_t column = columns_.time != kNone ? columns_.time : columns_.hour;
  const auto at = columns_.time != kNone ? time_of_cell(row_.cells[column]) : time_of_parts();
  if (!at) return std::nullopt;
  if (at->hour > 23) {
    complain(column, "", fmt::format("hour {}", at->hour), "Count a day's hours from 0 to 23.");
    return std::nullopt;
  }
  if (at->year < kFirstYear || at->year > kLastYear || !midnight(at->year, at->month, at->day)) {
    complain(column, "", fmt::format("no day is {}-{:02}-{:02}", at->year, at->month, at->day),
             "Give a date that exists.");
    return std::nullopt;
  }
  if (!clock_known_) {
    clock_known_ = true;
    columns_.utc = at->utc;
  } else if (at->utc != columns_.utc) {
    complain(column, "", "UTC and local times in one file", "Give all times by one clock.");
    return std::nullopt;
  }
  return at;
}

double CsvWeather::number_of(std::size_t column, std::string_view field) {
  const std::string_view cell = row_.cells[column];
  if (cell.empty() || cell == "NA" || cell == "NaN" || cell == "nan") return kMissing;
  const auto value = parse_number(cell);
  if (value) return *value;
  complain(column, field, in_quotes(cell) + " is no number",
           "Give a plain number, or nothing if it is not known.");
  return 0;
}

double CsvWeather::value_of(Measured what, std::size_t column, double unit) {
  const double value = number_of(column, out_.fields.at(static_cast<std::size_t>(what)));
  if (std::isnan(value) || !row_is_good_) return value;
  return out_.possible(what, value * unit, row_.line, byte_of(column));
}

double CsvWeather::humidity_of(double temperature) {
  if (columns_.humidity != kNone) {
    const double humidity = value_of(Measured::humidity, columns_.humidity);
    if (columns_.dewpoint == kNone) return humidity;
    if (!std::isnan(humidity)) {
      const double dewpoint = number_of(columns_.dewpoint, "dewpoint_c");
      if (row_is_good_)
        out_.compare_dew_point(dewpoint, temperature, humidity, row_.line, byte_of(columns_.dewpoint));
      return humidity;
    }
  }
  const double dewpoint = number_of(columns_.dewpoint, "dewpoint_c");
  if (std::isnan(dewpoint) || std::isnan(temperature) || !row_is_good_) return kMissing;
  if (dewpoint < -100 || dewpoint > temperature + 0.2) {
    complain(columns_.dewpoint, "dewpoint_c",
             fmt::format("a dew point of {} degC where the air has {} degC", dewpoint, temperature),
             "A dew point is never above the temperature; are two columns swapped?");
    return 0;
  }
  const double humidity = 100 * saturation_pressure(dewpoint) / saturation_pressure(temperature);
  if (humidity <= 100) return humidity;
  ++out_.saturated_hours;
  return 100;
}

void CsvWeather::read_row() {
  last_line_ = row_.line;
  row_is_good_ = true;
  if (row_.cells.size() != columns_.count) {
    out_.complain(row_.line, 0, "",
                  fmt::format("{} cells where the header has {}", row_.cells.size(), columns_.count),
                  "Is the line cut off, or a comma unquoted?");
    return;
  }
  const auto at = time_of_row();
  if (!at) return;
  Reading reading{.line = row_.line, .year = at->year, .month = at->month, .day = at->day, .hour = at->hour};
  reading.at = *midnight(at->year, at->month, at->day) + at->hour;
  // A year that is not wanted need not be readable; but the shift from UTC may wrap its hours into the one that is.
  if (options_.year && !columns_.utc && at->year != *options_.year) {
    out_.rows.push_back(reading);
    return;
  }
  const double temperature = value_of(Measured::temperature, columns_.temperature);
  reading.values = {temperature, humidity_of(temperature), kMissing};
  if (!options_.station_pressure_pa) {
    reading.values[2] = value_of(Measured::pressure, columns_.pressure, columns_.pressure_unit_pa);
  }
  out_.rows.push_back(reading);
}

void CsvWeather::move_to_local_clock(Reading& reading, int first_year, int last_year, long shift) {
  const std::chrono::sys_time<std::chrono::hours> local{std::chrono::hours{reading.at + shift}};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  reading.year = static_cast<int>(date.year());
  reading.month = static_cast<int>(static_cast<unsigned>(date.month()));
  reading.day = static_cast<int>(static_cast<unsigned>(date.day()));
  reading.hour = static_cast<int>((local - day).count());
  if (reading.year > last_year || reading.year < first_year) {
    reading.year = reading.year > last_year ? first_year : last_year;
    ++out_.wrapped_hours;
  }
}

void CsvWeather::to_local_clock() {
  if (!columns_.utc || out_.rows.empty()) return;
  if (!options_.utc_offset_h) {
    out_.complain(0, 0, "", "its times are UTC", "Say how many hours the local clock is ahead of UTC.");
    return;
  }
  const auto [first, last] = std::ranges::minmax(out_.rows, {}, &Reading::year);
  const int first_year = first.year, last_year = last.year;
  const long shift = static_cast<long>(std::floor(*options_.utc_offset_h));
  for (Reading& reading : out_.rows) move_to_local_clock(reading, first_year, last_year, shift);
}

}  // namespace

Expected<WeatherRecord> parse_weather_csv(std::string_view text, const std::string& file,
                                          const WeatherOptions& options) {
  return CsvWeather(text, file, options).read();
}

}  // namespace hinterland
