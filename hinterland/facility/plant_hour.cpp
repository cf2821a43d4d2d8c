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
  return 1 + hour.power_path + hour.room_fans + hour.humidifier + hour.chiller + hour.chilled_pump +
         hour.economiser_pump + hour.tower_pump + hour.tower_fans + hour.sea_pump;
}

double wue(const PlantHour& hour) {
  return hour.humidified + hour.evaporated + hour.drifted + hour.blown_down;
}

// The systems count per kW of design IT; what is handed out is per kW that IT draws.
PlantHour run_hour(const PlantAtLoad& plant, const WeatherHour& weather, double sea_c) {
  PlantHour out = run_design_kw(plant, weather, sea_c);
  out.power_path = plant.heat - plant.load;
  for (double* part : {&out.power_path, &out.room_fans, &out.humidifier, &out.chiller, &out.chilled_pump,
                       &out.economiser_pump, &out.tower_pump, &out.tower_fans, &out.sea_pump, &out.humidified,
                       &out.evaporated, &out.drifted, &out.blown_down}) {
    *part /= plant.load;
  }
  return out;
}

}  // namespace hinterland
