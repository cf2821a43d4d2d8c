// Any bytes as hourly CSV, strictly and patiently. Promised: whole years of possible weather, or errors that say what
// is wrong.
#include "fuzz/weather.hpp"
#include "hinterland/facility/weather_csv.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  WeatherOptions options;
  // A year is laid out each time, so one way a run: the length decides which.
  if (size % 3 != 0) options = kPatient;
  if (size % 3 == 1) {
    options.year = 2023;
    options.station_pressure_pa = 9e4;
  }
  promise_weather(parse_weather_csv(text_of(data, size), "fuzz.csv", options));
  return 0;
}
