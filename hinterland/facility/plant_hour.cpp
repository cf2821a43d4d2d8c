#include "hinterland/facility/plant_hour.hpp"

#include "hinterland/facility/cooling.hpp"

namespace hinterland {

namespace {

PlantHour run_design_kw(const PlantAtLoad& plant, const WeatherHour& weather, double sea_c) {
  switch (plant.system) {
    case CoolingSystem::airside: return run_airside(plant, weather);
    case CoolingSystem::evaporative: return run_evaporative(plant, weather);
    case CoolingSystem::seawater: return run_seawater(plant, weather, sea_c);
    case CoolingSystem::chiller: break;
  }
  return run_chiller(plant, weather);
}

}  // namespace

double pue(const PlantHour& hour) {
  double sum = 1;
  for (const auto power : kPowers) sum += hour.*power;
  return sum;
}

double wue(const PlantHour& hour) {
  double sum = 0;
  for (const auto water : kWaters) sum += hour.*water;
  return sum;
}

// The systems count per kW of design IT; what is handed out is per kW that IT draws.
PlantHour run_hour(const PlantAtLoad& plant, const WeatherHour& weather, double sea_c) {
  PlantHour out = run_design_kw(plant, weather, sea_c);
  out.power_path = plant.heat - plant.load;
  for (const auto part : kPowersAndWaters) out.*part /= plant.load;
  return out;
}

}  // namespace hinterland
