// Any bytes as hourly CSV, strictly and patiently. Promised: whole years of possible weather, or errors that say what
// is wrong.
#include "fuzz/weather.hpp"
#include "hinterland/facility/weather_csv.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const std::string_view text = text_of(data, size);
  promise_weather(parse_weather_csv(text, "fuzz.csv", {}));
  promise_weather(parse_weather_csv(text, "fuzz.csv", kPatient));
  WeatherOptions one = kPatient;
  one.year = 2023;
  one.station_pressure_pa = 9e4;
  promise_weather(parse_weather_csv(text, "fuzz.csv", one));
  return 0;
}
