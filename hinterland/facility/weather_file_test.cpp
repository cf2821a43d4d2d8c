// Importers: what is read from good files, and for each way a file can be broken, where the message points.
#include "hinterland/facility/weather_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "hinterland/facility/monthly_curve.hpp"
#include "hinterland/facility/psychrometrics.hpp"
#include "tests/reference_data.hpp"

using namespace hinterland;

namespace {

// A model year as a table, 2023-01-01T00 on; what is to be broken is done to its rows.
struct Row {
  int month = 1, day = 1, hour = 0;
  std::string temperature, humidity, pressure;
};

std::vector<Row> good_rows() {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const std::size_t month = month_of_hour(i);
    rows.push_back({.month = static_cast<int>(month + 1),
                    .day = static_cast<int>((i - first_hour(month)) / 24 + 1),
                    .hour = static_cast<int>(i % 24),
                    .temperature = fmt::format("{:.1f}", static_cast<double>(i % 24)),
                    .humidity = "60",
                    .pressure = "950"});
  }
  return rows;
}

std::string csv_of(const std::vector<Row>& rows,
                   const std::string& header = "time,temp_c,rh_pct,pressure_hpa") {
  std::string text = header + "\n";
  for (const Row& row : rows) {
    text += fmt::format("2023-{:02}-{:02}T{:02}:00,{},{},{}\n", row.month, row.day, row.hour, row.temperature,
                        row.humidity, row.pressure);
  }
  return text;
}

std::string epw_header(const std::string& periods = "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31") {
  return "LOCATION,Somewhere,-,CHN,Test,999999,40.5,110.2,8.0,1050.0\nDESIGN CONDITIONS,0\n"
         "TYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\n"
         "COMMENTS 1,a \"quoted\" word\nCOMMENTS 2,-\n" +
         periods + "\n";
}

std::string epw_row(const Row& row, int minute = 0) {
  std::string text = fmt::format("2005,{},{},{},{},?9?9,{},99.9,{},{}", row.month, row.day, row.hour + 1,
                                 minute, row.temperature, row.humidity, row.pressure);
  for (int field = 10; field < 35; ++field) text += ",0";
  return text + "\n";
}

std::string epw_of(const std::vector<Row>& rows) {
  std::string text = epw_header();
  for (Row row : rows) {
    if (row.pressure == "950") row.pressure = "95000";
    text += epw_row(row);
  }
  return text;
}

// All errors, a line each; "" where the file is read.
std::string errors_of(const std::string& text, const std::string& file, const WeatherOptions& options = {}) {
  const auto record = parse_weather(text, file, options);
  if (record) return "";
  std::string all;
  for (const Error& error : record.error()) all += describe(error) + "\n";
  return all;
}

// Errors of a good year with something done to its rows.
std::string broken_csv(const std::function<void(std::vector<Row>&)>& change,
                       const WeatherOptions& options = {}) {
  auto rows = good_rows();
  change(rows);
  return errors_of(csv_of(rows), "w.csv", options);
}
std::string broken_epw(const std::function<void(std::vector<Row>&)>& change,
                       const WeatherOptions& options = {}) {
  auto rows = good_rows();
  change(rows);
  return errors_of(epw_of(rows), "w.epw", options);
}

bool says(const std::string& errors, const std::string& part) {
  const bool found = errors.find(part) != std::string::npos;
  if (!found) MESSAGE("in: " << errors);
  return found;
}

long count_of(const std::string& errors) { return std::count(errors.begin(), errors.end(), '\n'); }

}  // namespace

TEST_CASE("a plain year is read as it stands") {
  const auto record = parse_weather(csv_of(good_rows()), "w.csv", {});
  REQUIRE(record);
  REQUIRE(record->years.size() == 1);
  CHECK(record->years[0].year == 2023);
  REQUIRE(record->years[0].hours.size() == kYearHours);
  CHECK(record->years[0].hours[17].temperature_c == 17);
  CHECK(record->years[0].hours[17].humidity_pct == 60);
  CHECK(record->years[0].hours[17].pressure_pa == doctest::Approx(95000));
  CHECK(record->filled_values + record->dropped_hours + record->saturated_hours + record->wrapped_hours == 0);
}

TEST_CASE("an EPW year is read with its place; hour 1 begins at midnight") {
  const auto record = parse_weather(epw_of(good_rows()), "w.epw", {});
  REQUIRE(record);
  REQUIRE(record->station);
  CHECK(record->station->name == "Somewhere");
  CHECK(record->station->latitude_deg == 40.5);
  CHECK(record->station->longitude_deg == 110.2);
  CHECK(record->station->utc_offset_h == 8);
  CHECK(record->station->elevation_m == 1050);
  CHECK(record->years.at(0).year == 0);
  CHECK(record->years[0].hours[5].temperature_c == 5);
  CHECK(record->years[0].hours[5].pressure_pa == 95000);
}

TEST_CASE("the clock: UTC is shifted, its ends wrap, and needs an offset") {
  const std::string text = csv_of(good_rows(), "utc_hour,temp_c,rh_pct,pressure_hpa");
  for (const double offset : {8.0, -5.0, 5.5, -3.5, 0.0}) {
    CAPTURE(offset);
    const auto record = parse_weather(text, "w.csv", {.utc_offset_h = offset});
    REQUIRE(record);
    REQUIRE(record->years.size() == 1);
    CHECK(record->wrapped_hours == static_cast<std::size_t>(std::abs(std::floor(offset))));
    const auto shift = static_cast<int>(std::floor(offset));
    // At 00:00 UTC the file says 0 degC, and 24 hours repeat.
    for (int hour = 0; hour < 48; ++hour) {
      CHECK(record->years[0].hours.at(static_cast<std::size_t>(hour)).temperature_c ==
            (hour - shift + 48) % 24);
    }
  }
  CHECK(says(errors_of(text, "w.csv"), "w.csv: its times are UTC"));
  // A Z says the same; local times ignore the offset.
  std::string zulu = csv_of(good_rows());
  for (std::size_t at = 0; (at = zulu.find(":00,", at)) != std::string::npos; at += 5)
    zulu.insert(at + 3, "Z");
  const auto record = parse_weather(zulu, "w.csv", {.utc_offset_h = 8});
  REQUIRE(record);
  CHECK(record->years[0].hours[8].temperature_c == 0);
  CHECK(parse_weather(csv_of(good_rows()), "w.csv", {.utc_offset_h = 8})->years[0].hours[8].temperature_c ==
        8);
  const auto first = zulu.find("Z,");
  CHECK(
      says(errors_of(zulu.erase(first, 1), "w.csv", {.utc_offset_h = 8}), "w.csv:3:1: UTC and local times"));
}

TEST_CASE("columns: a date in parts, dew point for humidity, pascals, a pressure for all hours") {
  std::string text = "hour,day,month,year,note,temp_c,dewpoint_c\n";
  for (const Row& row : good_rows()) {
    text += fmt::format("{},{},{},2023,x,20,10\n", row.hour, row.day, row.month);
  }
  const auto record = parse_weather(text, "w.csv", {.station_pressure_pa = 90000});
  REQUIRE(record);
  CHECK(record->years.at(0).hours[0].pressure_pa == 90000);
  CHECK(record->years[0].hours[0].humidity_pct ==
        doctest::Approx(100 * saturation_pressure(10) / saturation_pressure(20)));
  CHECK(says(errors_of(text, "w.csv"), "w.csv:1: pressure_hpa: the column is missing"));
  auto pascals = good_rows();
  for (Row& row : pascals) row.pressure = "95000";
  CHECK(parse_weather(csv_of(pascals, "time,temp_c,rh_pct,pressure_pa"), "w.csv", {})
            ->years[0]
            .hours[0]
            .pressure_pa == 95000);
}

TEST_CASE("missing hours are located, and filled only when asked, counted") {
  const auto gap = [](std::vector<Row>& rows) { rows.erase(rows.begin() + 100, rows.begin() + 103); };
  CHECK(says(broken_csv(gap),
             "w.csv:102: 3 hours are missing before this row, from 2023-01-05 04:00. Complete"));
  CHECK(says(broken_epw(gap), "w.epw:109: 3 hours are missing before this row, from 01-05 04:00"));
  CHECK(count_of(broken_csv(gap)) == 1);
  CHECK(says(broken_csv(gap, {.most_gap_h = 2}), "Gaps of up to 2 h were to be filled"));
  auto rows = good_rows();
  gap(rows);
  const auto record = parse_weather(csv_of(rows), "w.csv", {.most_gap_h = 3});
  REQUIRE(record);
  CHECK(record->filled_values == 9);
  for (std::size_t i = 99; i < 104; ++i) {
    CHECK(record->years[0].hours[i].temperature_c == doctest::Approx(static_cast<double>(i % 24)));
  }
  // At the ends there is one neighbour, which is held.
  rows = good_rows();
  rows.pop_back();
  CHECK(says(errors_of(csv_of(rows), "w.csv"),
             "w.csv:8760: 1 hour is missing after this row, from 2023-12-31 23:00"));
  CHECK(parse_weather(csv_of(rows), "w.csv", {.most_gap_h = 1})->years[0].hours.back().temperature_c == 22);
}

TEST_CASE("missing values are located by field, and filled only when asked, counted") {
  const auto blank = [](std::vector<Row>& rows) {
    rows[10].temperature = "";
    rows[11].humidity = "NA";
  };
  const std::string errors = broken_csv(blank);
  CHECK(says(errors, "w.csv:12: temp_c: no value. Complete"));
  CHECK(says(errors, "w.csv:13: rh_pct: no value"));
  CHECK(broken_csv(blank, {.most_gap_h = 1}).empty());
  const auto codes = [](std::vector<Row>& rows) {
    rows[10].temperature = "99.9";
    rows[11].humidity = "999";
    rows[12].pressure = "999999";
  };
  const std::string coded = broken_epw(codes);
  CHECK(says(coded, "w.epw:19: dry bulb: no value"));
  CHECK(says(coded, "w.epw:20: relative humidity: no value"));
  CHECK(says(coded, "w.epw:21: pressure: no value"));
  auto rows = good_rows();
  codes(rows);
  CHECK(parse_weather(epw_of(rows), "w.epw", {.most_gap_h = 1})->filled_values == 3);
  // A pressure that is not read need not be there.
  CHECK(broken_epw([](std::vector<Row>& all) { all[12].pressure = "999999"; }, {.station_pressure_pa = 9e4})
            .empty());
}

TEST_CASE("a dew point above the dry bulb, or humidity in fractions, tells of columns that are mistaken") {
  std::string swapped = epw_of(good_rows());
  const auto at = swapped.find(",99.9,");
  REQUIRE(at != std::string::npos);
  swapped.replace(at, 6, ",40,");
  std::string told;
  const auto refused = parse_weather(swapped, "w.epw", {});
  REQUIRE_FALSE(refused);
  for (const Error& error : refused.error()) told += describe(error) + "\n";
  CHECK(says(told, "w.epw:9:23: dew point: a dew point of 40 degC where the air has"));
  CHECK(says(broken_epw([](std::vector<Row>& all) {
               for (Row& row : all) row.humidity = "0.6";
             }),
             "fractions, not per cent"));
}

TEST_CASE("29 February is an error, or dropped and counted") {
  const auto leap = [](std::vector<Row>& rows) {
    const std::vector<Row> day(rows.begin(), rows.begin() + 24);
    const auto at = rows.insert(rows.begin() + 1416, day.begin(), day.end());
    for (auto row = at; row != at + 24; ++row) row->month = 2, row->day = 29;
  };
  CHECK(says(broken_epw(leap), "w.epw:1425: 29 February"));
  CHECK(count_of(broken_epw(leap)) == 1);
  auto rows = good_rows();
  leap(rows);
  const auto record = parse_weather(epw_of(rows), "w.epw", {.drop_leap_days = true});
  REQUIRE(record);
  CHECK(record->dropped_hours == 24);
  CHECK(record->years[0].hours.size() == kYearHours);
  CHECK(says(broken_csv(leap), "w.csv:1418:1: no day is 2023-02-29"));
  // A day that a byte cannot hold is not another day.
  const auto far =
      "year,month,day,hour,temp_c,rh_pct,pressure_hpa\n2023,2,1029,0,1,50,950\n2023,257,5,0,1,50,950\n";
  CHECK(says(errors_of(far, "w.csv"), "w.csv:2:13: no day is 2023-02-1029"));
  CHECK(says(errors_of(far, "w.csv"), "w.csv:3:12: no day is 2023-257-05"));
}

TEST_CASE("rows within the hour, doubled rows, and rows that go back are refused") {
  CHECK(says(
      errors_of(epw_header("DATA PERIODS,1,4,Data,Sunday,1/1,12/31") + epw_row(good_rows()[0], 15), "w.epw"),
      "w.epw:8:16: records per hour: 4 rows an hour"));
  std::string quarters = epw_header();
  for (const int minute : {15, 30, 45, 60}) quarters += epw_row(good_rows()[0], minute);
  CHECK(says(errors_of(quarters, "w.epw"), "w.epw:10:12: minute: minute 30 where the first row has 15"));
  CHECK(says(
      errors_of("time,temp_c,rh_pct,pressure_hpa\n2023-01-01T00:00,1,50,950\n2023-01-01T00:15,1,50,950\n",
                "w.csv"),
      "w.csv:3:1: '2023-01-01T00:15' is not the start of an hour"));
  const auto doubled = [](std::vector<Row>& rows) { rows.insert(rows.begin() + 5, rows[5]); };
  CHECK(says(broken_csv(doubled), "w.csv:8: the hour of line 7 again"));
  CHECK(says(broken_epw(doubled), "w.epw:15: the hour of line 14 again"));
  CHECK(says(broken_csv([](std::vector<Row>& rows) { std::swap(rows[5], rows[7]); }),
             "w.csv:8: earlier than line 7"));
}

TEST_CASE("impossible values, swapped columns and mistaken units are refused where they stand") {
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].humidity = "130"; }),
             "w.csv:5:22: rh_pct: no air has a humidity of 130 %"));
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].humidity = "-1"; }),
             "no air has a humidity of -1 %"));
  CHECK(says(broken_epw([](std::vector<Row>& rows) { rows[3].humidity = "130"; }),
             "w.epw:12:28: relative humidity"));
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].temperature = "950"; }),
             "w.csv:5:18: temp_c: no air has 950 degC; that looks like a pressure"));
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].temperature = "72"; }),
             "looks like a humidity, or Fahrenheit"));
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].pressure = "95"; }),
             "no place has a pressure of 9500 Pa"));
  CHECK(says(broken_epw([](std::vector<Row>& rows) { rows[3].pressure = "951"; }),
             "951 Pa; that looks like hPa"));
  const auto swapped = [](std::vector<Row>& rows) {
    for (Row& row : rows) std::swap(row.temperature, row.pressure);
  };
  const std::string errors = broken_csv(swapped);
  CHECK(says(errors, "w.csv:2:18: temp_c: no air has 950 degC; that looks like a pressure"));
  CHECK(count_of(errors) == kMostErrors + 1);  // all 17,520 are counted
  CHECK(says(errors, "17420 more problem(s)"));
  CHECK(says(errors_of("time,temp_c,dewpoint_c,pressure_hpa\n2023-01-01T00,5,9,950\n", "w.csv"),
             "w.csv:2:17: dewpoint_c: a dew point of 9 degC where the air has 5 degC"));
}

TEST_CASE("temperature and humidity swapped are found by the dew point, or by a year that no place has") {
  // A desert: 20 to 40 degC at 20 to 40 %.
  const auto desert = [](bool swapped, bool with_dew_point) {
    std::string text =
        with_dew_point ? "time,temp_c,rh_pct,dewpoint_c,pressure_hpa\n" : "time,temp_c,rh_pct,pressure_hpa\n";
    for (const Row& row : good_rows()) {
      const double temperature = 22 + row.hour / 2.0, humidity = 45 - row.hour;
      const double a = 17.625 * temperature / (243.04 + temperature) + std::log(humidity / 100);
      text += fmt::format("2023-{:02}-{:02}T{:02},{},{}", row.month, row.day, row.hour,
                          swapped ? humidity : temperature, swapped ? temperature : humidity);
      if (with_dew_point) text += fmt::format(",{:.1f}", 243.04 * a / (17.625 - a));
      text += ",950\n";
    }
    return text;
  };
  CHECK(errors_of(desert(false, true), "w.csv").empty());
  const std::string errors = errors_of(desert(true, true), "w.csv");
  CHECK(says(errors, "dew point: a dew point of "));
  CHECK(says(errors, "of 8760 rows. Are temperature, humidity and dew point in each other's place?"));
  const auto humid = [](std::vector<Row>& rows) {
    for (Row& row : rows) row.temperature = "60";
  };
  CHECK(
      says(broken_csv(humid), "w.csv:2: temp_c: 60.0 degC in the mean of 2023, which no place on earth has"));
  CHECK(says(broken_epw(humid), "degC in the mean of the year, which no place on earth has"));
}

TEST_CASE("a little above saturation is taken as saturated, and counted") {
  auto rows = good_rows();
  rows[0].humidity = "100.4";
  rows[1].humidity = "101";
  const auto record = parse_weather(csv_of(rows), "w.csv", {});
  REQUIRE(record);
  CHECK(record->saturated_hours == 2);
  CHECK(record->years[0].hours[0].humidity_pct == 100);
  CHECK(says(broken_csv([](std::vector<Row>& all) { all[0].humidity = "101.1"; }), "humidity of 101.1 %"));
}

TEST_CASE("text for numbers, cut rows and other files are refused where they stand") {
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].temperature = "warm"; }),
             "w.csv:5:18: temp_c: 'warm' is no number"));
  CHECK(says(broken_epw([](std::vector<Row>& rows) { rows[3].temperature = "nan"; }),
             "w.epw:12:19: dry bulb: 'nan' is no number"));
  CHECK(says(broken_csv([](std::vector<Row>& rows) { rows[3].pressure = "950,1"; }),
             "w.csv:5: 5 cells where the header has 4"));
  CHECK(says(broken_epw([](std::vector<Row>& rows) { rows[3].pressure = "1,1"; }),
             "w.epw:12: 36 fields where an EPW row has 35"));
  CHECK(count_of(broken_csv([](std::vector<Row>& rows) { rows[3].pressure = "950,1"; })) ==
        1);  // no missing hour too
  CHECK(says(errors_of("", "w.csv"), "w.csv: the file is empty"));
  CHECK(says(errors_of("a,b\n1,2\n", "w.csv"), "w.csv:1: temp_c: the column is missing"));
  CHECK(says(errors_of("time,temp_f,rh_pct,pressure_hpa\n", "w.csv"), "Did you mean temp_f?"));
  CHECK(says(errors_of("time,temp_c,temp_c,rh_pct,pressure_hpa\n", "w.csv"),
             "temp_c: two columns have this name"));
  CHECK(says(errors_of("time,temp_c,rh_pct,pressure_hpa\n", "w.csv"), "w.csv: no hours are in it"));
  CHECK(says(errors_of(csv_of(good_rows()), "w.epw"), "w.epw:1: no line LOCATION"));
  CHECK(says(errors_of("LOCATION,x,-,-,-,1,95,200,8,10\nDESIGN CONDITIONS\nGROUND TEMPERATURES,0\n", "w"),
             "w:1:20: latitude: '95' is no such value"));
  for (const char* time :
       {"2023-01-01", "01/02/2023 00:00", "2023-13-01T00", "2023-01-01T24", "2023-01-01T00:00+08"}) {
    CHECK(says(errors_of(fmt::format("time,temp_c,rh_pct,pressure_hpa\n{},1,50,950\n", time), "w.csv"),
               "w.csv:2:1: "));
  }
}

TEST_CASE("a year of several can be chosen; the others need not be whole") {
  std::string text = csv_of(good_rows());
  text += "2024-01-01T00:00,1,50,950\n2024-01-01T01:00,hot,50,950\n";
  CHECK(says(errors_of(text, "w.csv"), "w.csv:8763:18: temp_c: 'hot'"));
  CHECK(errors_of(text, "w.csv", {.year = 2023}).empty());
  CHECK(says(errors_of(text, "w.csv", {.year = 2019}),
             "w.csv: no hour of 2019 is in it. Choose a year from 2023 to 2024."));
}

TEST_CASE("gaps between years are filled across them") {
  std::string text = csv_of(good_rows());
  std::string next = text.substr(text.find('\n') + 1);
  for (std::size_t at = 0; (at = next.find("2023-", at)) != std::string::npos;) next.replace(at, 4, "2025");
  const auto both = parse_weather(text + next, "w.csv", {});
  REQUIRE(both);
  CHECK(both->years.size() == 2);
  CHECK(both->years[1].year == 2025);
}

TEST_CASE("any text is refused or read, and every error points somewhere") {
  CHECK(rc::check("from rows of cells that nearly make a file", [] {
    const auto cell =
        rc::gen::element<std::string>("2023-01-01T00", "2023-01-01T01", "20", "50", "950", "", "-", "1e9",
                                      "NA", "2", "29", "LOCATION", "time", "temp_c", "rh_pct");
    std::string text = "time,temp_c,rh_pct,pressure_hpa\n";
    for (const auto& row : *rc::gen::container<std::vector<std::vector<std::string>>>(
             rc::gen::container<std::vector<std::string>>(4, cell))) {
      text += fmt::format("{},{},{},{}\n", row[0], row[1], row[2], row[3]);
    }
    const auto record = parse_weather(text, "w.csv", {.most_gap_h = 9000});
    if (record) {
      for (const MeasuredYear& year : record->years) RC_ASSERT(year.hours.size() == kYearHours);
    } else {
      for (const Error& error : record.error()) RC_ASSERT(error.where.file == "w.csv");
    }
  }));
}

TEST_CASE("real files: six years of a city with leap days and gaps, and a year in UTC") {
  const auto city = reference_text("weather/uci_hourly_shanghai_2010_2015.csv.gz");
  const auto region = reference_text("world/KR_2023.csv.gz");
  if (!city || !region) return;
  const auto strict = parse_weather(*city, "shanghai", {});
  REQUIRE_FALSE(strict);
  const WeatherOptions most{.most_gap_h = 12, .drop_leap_days = true};
  CHECK(says(errors_of(*city, "shanghai", most),
             "shanghai:48425: pressure_hpa: no value for 16 h from 2015-07-11 15:00"));
  const auto record = parse_weather(*city, "shanghai", {.most_gap_h = 16, .drop_leap_days = true});
  REQUIRE_MESSAGE(record, (record ? std::string() : describe(record.error().front())));
  CHECK(record->years.size() == 6);
  CHECK(record->years[0].year == 2010);
  CHECK(record->dropped_hours == 24);
  CHECK(record->filled_values == 13 + 13 + 28);  // empty cells of temp_c, rh_pct and pressure_hpa
  const auto seoul = parse_weather(*region, "KR", {.station_pressure_pa = 1e5, .utc_offset_h = 9});
  REQUIRE(seoul);
  CHECK(seoul->wrapped_hours == 9);
}
