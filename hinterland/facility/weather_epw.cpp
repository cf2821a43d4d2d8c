#include "hinterland/facility/weather_epw.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::array<std::string_view, 8> kHeader{"LOCATION",
                                                  "DESIGN CONDITIONS",
                                                  "TYPICAL/EXTREME PERIODS",
                                                  "GROUND TEMPERATURES",
                                                  "HOLIDAYS/DAYLIGHT SAVINGS",
                                                  "COMMENTS 1",
                                                  "COMMENTS 2",
                                                  "DATA PERIODS"};
constexpr std::size_t kFields = 35;
constexpr double kDewPointRounding = 0.5;  // K: both are rounded
constexpr std::size_t kMonth = 1, kDay = 2, kHour = 3, kMinute = 4, kDryBulb = 6, kDewPoint = 7,
                      kHumidity = 8, kPressure = 9;
constexpr int kLeapYear = 2000;  // a calendar with every day in it
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed(std::string_view cell) {
  const auto first = cell.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(' ') - first + 1);
}

class Epw {
 public:
  Epw(std::string_view text, const std::string& file, const WeatherOptions& options)
      : text_(text), options_(options), reader_(text, file, ',', Quotes::none) {
    out_.file = file;
    out_.fields = {"dry bulb", "relative humidity", "pressure"};
  }

  Expected<WeatherRecord> read() {
    if (!read_header()) return std::unexpected(std::move(out_.errors));
    while (next_row()) read_row();
    out_.end_line = row_.line + 1;
    auto record = lay_out(std::move(out_), options_);
    if (record) record->station = station_;
    return record;
  }

 private:
  // The next row that can be split; false at the end.
  bool next_row() {
    while (true) {
      const auto more = reader_.next(row_);
      if (more) return *more;
      add_errors(out_.errors, more.error());
    }
  }
  bool read_header();
  void read_location();
  void read_periods();
  void check_dew_point(double dry_bulb, double humidity);
  void read_row();
  std::optional<Reading> time_of_row();
  std::optional<int> part_of(std::size_t index, std::string_view field, int least, int most);
  double header_number(std::size_t index, std::string_view field, double least, double most);
  double value_of(Measured what, std::size_t index, double missing);

  void complain(std::size_t index, std::string_view field, std::string what, std::string mend) {
    out_.complain(row_.line, column_of(text_, row_.cells[index]), field, std::move(what), std::move(mend));
  }

  std::string_view text_;
  const WeatherOptions& options_;
  CsvReader reader_;
  CsvRow row_;
  Readings out_;
  WeatherStation station_;
  std::optional<int> minute_;
};

bool Epw::read_header() {
  for (const std::string_view wanted : kHeader) {
    if (!next_row() || row_.cells.front() != wanted) {
      out_.complain(row_.line, 0, "", fmt::format("no line {}, which an EPW file has here", wanted),
                    wanted == kHeader.front() ? "Is this an EPW file? Name plain tables .csv."
                                              : "Restore the eight header lines.");
      return false;
    }
    if (wanted == "LOCATION") read_location();
    if (wanted == "DATA PERIODS") read_periods();
  }
  out_.header_line = row_.line;
  return out_.errors.empty();
}

double Epw::header_number(std::size_t index, std::string_view field, double least, double most) {
  if (index >= row_.cells.size()) {
    out_.complain(row_.line, 0, field, "is missing", "Restore the header line.");
    return 0;
  }
  const auto value = parse_number(trimmed(row_.cells[index]));
  if (value && *value >= least && *value <= most) return *value;
  complain(index, field, in_quotes(row_.cells[index]) + " is no such value",
           fmt::format("Give a number from {} to {}.", least, most));
  return 0;
}

void Epw::read_location() {
  station_.latitude_deg = header_number(6, "latitude", -90, 90);
  station_.longitude_deg = header_number(7, "longitude", -180, 180);
  station_.utc_offset_h = header_number(8, "time zone", -12, 14);
  station_.elevation_m = header_number(9, "elevation", -1000, 9999.9);
  if (row_.cells.size() > 1) station_.name = std::string(trimmed(row_.cells[1]));
}

void Epw::read_periods() {
  const double records = header_number(2, "records per hour", 1, 60);
  if (records > 1) {
    complain(2, "records per hour", fmt::format("{} rows an hour", records),
             "Give one row an hour: average shorter readings to whole hours first.");
  }
}

std::optional<int> Epw::part_of(std::size_t index, std::string_view field, int least, int most) {
  const std::string_view cell = trimmed(row_.cells[index]);
  const auto value = parse_integer(cell);
  if (value && *value >= least && *value <= most) return static_cast<int>(*value);
  complain(index, field, in_quotes(cell) + " is not possible",
           fmt::format("Give a whole number from {} to {}.", least, most));
  return std::nullopt;
}

std::optional<Reading> Epw::time_of_row() {
  const auto month = part_of(kMonth, "month", 1, 12), day = part_of(kDay, "day", 1, 31);
  const auto hour = part_of(kHour, "hour", 1, 24), minute = part_of(kMinute, "minute", 0, 60);
  if (!month || !day || !hour || !minute) return std::nullopt;
  const auto since = midnight(kLeapYear, *month, *day);
  if (!since) {
    complain(kDay, "day", fmt::format("no day is {:02}-{:02}", *month, *day), "Give a date that exists.");
    return std::nullopt;
  }
  if (minute_.value_or(*minute) != *minute) {
    complain(kMinute, "minute", fmt::format("minute {} where the first row has {}", *minute, *minute_),
             "Give one row an hour: average shorter readings to whole hours first.");
    return std::nullopt;
  }
  minute_ = minute;
  return Reading{
      .line = row_.line, .at = *since + *hour - 1, .month = *month, .day = *day, .hour = *hour - 1};
}

double Epw::value_of(Measured what, std::size_t index, double missing) {
  const std::string_view cell = trimmed(row_.cells[index]);
  const auto value = parse_number(cell);
  if (!value) {
    complain(index, out_.fields.at(static_cast<std::size_t>(what)), in_quotes(cell) + " is no number",
             fmt::format("Give a plain number, or {} if it is not known.", missing));
    return 0;
  }
  if (std::abs(*value - missing) < 1e-9) return kMissing;
  return out_.possible(what, *value, row_.line, column_of(text_, row_.cells[index]));
}

// The dew point is not used, but it tells whether dry bulb and humidity are what they are said to be.
void Epw::check_dew_point(double dry_bulb, double humidity) {
  const auto dew_point = parse_number(row_.cells[kDewPoint]);
  if (!dew_point || *dew_point >= 99.9 || std::isnan(dry_bulb)) return;
  const long column = column_of(text_, row_.cells[kDewPoint]);
  if (*dew_point > dry_bulb + kDewPointRounding) {
    out_.complain(row_.line, column, "dew point",
                  fmt::format("a dew point of {} degC where the air has {} degC", *dew_point, dry_bulb),
                  "A dew point is never above the dry bulb; are the two columns swapped?");
  } else {
    out_.compare_dew_point(*dew_point, dry_bulb, humidity, row_.line, column);
  }
}

void Epw::read_row() {
  if (row_.cells.size() != kFields) {
    out_.complain(row_.line, 0, "",
                  fmt::format("{} fields where an EPW row has {}", row_.cells.size(), kFields),
                  "Is the line cut off?");
    return;
  }
  auto reading = time_of_row();
  if (!reading) return;
  const double dry_bulb = value_of(Measured::temperature, kDryBulb, 99.9);
  const double humidity = value_of(Measured::humidity, kHumidity, 999);
  check_dew_point(dry_bulb, humidity);
  reading->values = {
      dry_bulb, humidity,
      options_.station_pressure_pa ? kMissing : value_of(Measured::pressure, kPressure, 999999)};
  out_.rows.push_back(*reading);
}

}  // namespace

Expected<WeatherRecord> parse_weather_epw(std::string_view text, const std::string& file,
                                          const WeatherOptions& options) {
  WeatherOptions only = options;  // there is one year, of no number
  only.year.reset();
  return Epw(text, file, only).read();
}

}  // namespace hinterland
