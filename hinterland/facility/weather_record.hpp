// Measured weather as whole years: where the readings of a file, of whatever format, are checked and laid out.
//
// Nothing is repaired unless asked, and what was done is counted:
//   missing hours or values   an error; most_gap_h > 0 fills gaps of up to so many hours, linear between their neighbours
//                             (at the record's ends, held)
//   29 February               an error; drop_leap_days leaves it out (a model year has 365 days)
//   humidity above 100 %      up to 101 % is a sensor in saturated air and is taken as 100; beyond, an error
//   UTC files                 hours that the shift to the local clock pushes out of the file's years stand at the other
//                             end, where as many are lacking
// Two readings of an hour, readings that go back in time, and values that no weather has are errors, each located. So are
// columns that seem to be swapped: a dew point that contradicts temperature and humidity in more than one row of a hundred,
// and a year warmer or colder in the mean than any place on earth.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/facility/weather.hpp"

namespace hinterland {

struct WeatherOptions {
  std::optional<int> year;  // of a file of several; none: all of them
  std::optional<double>
      station_pressure_pa;             // taken instead of the file's pressure; needed where it has none
  std::optional<double> utc_offset_h;  // of the local clock; needed where the file's times are UTC
  int most_gap_h = 0;
  bool drop_leap_days = false;
};

struct MeasuredYear {
  int year = 0;  // 0 where the months come from different years (EPW)
  WeatherYear hours;
};

// What a file says of the place itself.
struct WeatherStation {
  std::string name;
  double latitude_deg = 0, longitude_deg = 0;
  double utc_offset_h = 0;
  double elevation_m = 0;
};

struct WeatherRecord {
  std::optional<WeatherStation> station;
  std::vector<MeasuredYear> years;  // at least one, in order
  std::size_t filled_values = 0;    // temperatures, humidities, pressures that were interpolated
  std::size_t dropped_hours = 0;    // of 29 February
  std::size_t saturated_hours = 0;  // humidity above 100 %, taken as 100
  std::size_t wrapped_hours = 0;    // of a UTC file, taken from its other end
};

enum class Measured { temperature, humidity, pressure };

// One row of a file.
struct Reading {
  long line = 0;
  long at = 0;                                 // hours since any start, by the file's clock: its order
  int year = 0, month = 1, day = 1, hour = 0;  // the hour that begins then, by the local clock
  std::array<double, 3> values{};              // by Measured; NaN: missing
};

// A file's rows on their way to a record.
struct Readings {
  std::string file;
  std::array<std::string, 3> fields;   // what the file calls its columns, for messages
  long header_line = 0, end_line = 0;  // the rows lie between
  std::vector<Reading> rows;
  std::size_t wrapped_hours = 0;
  std::size_t saturated_hours = 0;
  double wettest_pct = -1;  // the highest humidity that was read; -1: none was
  struct DewPoints {
    long compared = 0, contradict = 0;
    long line = 0, column = 0;  // of the first that does
    std::string first;          // what it says
  } dew_points;
  Errors errors;

  // Notes an error of the file.
  void complain(long line, long column, std::string_view field, std::string what, std::string mend);

  // The value, if weather can have it. Else the error is noted and some possible value returned, so that the rest of
  // the file is checked too. Temperature in degC, humidity in %, pressure in Pa.
  double possible(Measured what, double value, long line, long column);

  // Notes whether a dew point, which is not used, agrees with the temperature and humidity of its row: within 3 K, and 1 %
  // of humidity for rounding. NaN: not known.
  void compare_dew_point(double dew_point_c, double temperature_c, double humidity_pct, long line,
                         long column);
};

// The record, or all that is wrong with the readings.
Expected<WeatherRecord> lay_out(Readings readings, const WeatherOptions& options);

// The byte of its line, from 1, at which a cell begins; 0 for a cell that is no part of the text.
long column_of(std::string_view text, std::string_view cell);

// Hours since 1970 of a civil date's midnight; nothing for a date that does not exist.
std::optional<long> midnight(int year, int month, int day);

}  // namespace hinterland
