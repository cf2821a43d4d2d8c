// Any bytes as EPW, strictly and patiently; and as rows behind a good header, which chance would seldom write. Promised:
// a whole year of possible weather and a place on Earth, or errors that say what is wrong.
#include <string>

#include "fuzz/weather.hpp"
#include "hinterland/facility/weather_epw.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kHeader =
    "LOCATION,Somewhere,-,XXX,Test,999999,40.5,110.2,8.0,1050.0\nDESIGN CONDITIONS,0\nTYPICAL/EXTREME "
    "PERIODS,0\n"
    "GROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,-\nCOMMENTS 2,-\n"
    "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n";

void read(std::string_view text) {
  promise_weather(parse_weather_epw(text, "fuzz.epw", {}));
  const auto record = parse_weather_epw(text, "fuzz.epw", kPatient);
  promise_weather(record);
  if (!record) return;
  promise(record->station.has_value());
  promise(std::abs(record->station->latitude_deg) <= 90 && std::abs(record->station->longitude_deg) <= 180);
}

}  // namespace

}  // namespace hinterland

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hinterland::text_of(data, size);
  hinterland::read(text);
  hinterland::read(std::string(hinterland::kHeader) + std::string(text));
  return 0;
}
