// One hour of a plant: what it draws, evaporates and blows away for each kW of IT, part by part.
//
//   PUE = 1 + the sum of the powers        WUE = the sum of the waters
//
// Lei & Masanet 2020; each system has its equations in its own file:
//   airside, chiller      airside.cpp       outside air, cooled by evaporation, or else a chiller: all or nothing
//   evaporative           waterside.cpp     tower water through a heat exchanger, a chiller for the rest
//   seawater              waterside.cpp     the same with the sea instead of a tower
// and what rejects heat to a tower is in tower.hpp. Water is ours (tower.hpp, airside.cpp), consistent with its flows.
//
// Within one regime of one plant PUE never falls when the wet bulb rises at the same dry bulb; the regimes:
//   airside      free, supply no drier than wanted | free and humidified | chiller
//   evaporative  economiser alone | both | chiller alone        (likewise seawater, in the sea's temperature)
// Exceptions, both the source's: moister outside air spares the airside plant's humidifier (some 1e-3 of PUE), and
// the COP of (9) turns at 43.0 - 4.8 x degC of cooling water, above which it rises again. Between the airside plant's
// regimes PUE jumps by 0.2 to 0.3.
#pragma once
#include <algorithm>
#include <array>

#include "hinterland/facility/plant_at_load.hpp"
#include "hinterland/facility/weather.hpp"

namespace hinterland {

struct PlantHour {
  // kW per kW of IT
  double power_path = 0;  // UPS, distribution, lighting
  double room_fans = 0;
  double humidifier = 0;
  double chiller = 0;  // the compressor
  double chilled_pump = 0;
  double economiser_pump = 0;
  double tower_pump = 0;
  double tower_fans = 0;
  double sea_pump = 0;
  // litres per kWh of IT
  double humidified = 0;
  double evaporated = 0;
  double drifted = 0;
  double blown_down = 0;

  double chiller_share = 0;  // of the heat
};

// The parts by kind, for whatever holds for all of them: a new one is listed here and nowhere else.
inline constexpr std::array kPowers = {
    &PlantHour::power_path, &PlantHour::room_fans,    &PlantHour::humidifier,
    &PlantHour::chiller,    &PlantHour::chilled_pump, &PlantHour::economiser_pump,
    &PlantHour::tower_pump, &PlantHour::tower_fans,   &PlantHour::sea_pump,
};
inline constexpr std::array kWaters = {&PlantHour::humidified, &PlantHour::evaporated, &PlantHour::drifted,
                                       &PlantHour::blown_down};
inline constexpr auto kPowersAndWaters = [] {
  std::array<double PlantHour::*, kPowers.size() + kWaters.size()> all{};
  std::ranges::copy(kWaters, std::ranges::copy(kPowers, all.begin()).out);
  return all;
}();
static_assert(sizeof(PlantHour) == (kPowersAndWaters.size() + 1) * sizeof(double),
              "each part of an hour but chiller_share is a power or a water");

double pue(const PlantHour& hour);
double wue(const PlantHour& hour);  // L/kWh

// `sea_c` is the sea's temperature, which only CoolingSystem::seawater reads.
PlantHour run_hour(const PlantAtLoad& plant, const WeatherHour& weather, double sea_c);

}  // namespace hinterland
