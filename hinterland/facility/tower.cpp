#include <algorithm>

#include "hinterland/facility/cooling.hpp"
#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

double chiller_kw(const PlantAtLoad& plant, double water_c) {
  const double x = plant.chiller_load, t = water_c;
  const double cop =
      16.798751 + 9.885294 * x - 8.528931 * x * x - 0.760621 * t + 0.008840 * t * t + 0.084615 * x * t;
  return 1 / (cop * plant.chiller_quality);
}

namespace {

// (25), kg/s.
double evaporation(const PlantAtLoad& plant, const WeatherHour& weather, double wet_bulb_c, double heat,
                   double air) {
  if (plant.evaporation == Evaporation::latent_heat) {
    return heat / latent_heat(wet_bulb_c + plant.tower_approach_k + plant.tower_range_k / 2);
  }
  const double p = weather.pressure_pa;
  const double w = humidity_ratio(weather.humidity_pct / 100 * saturation_pressure(weather.temperature_c), p);
  const double leaving = enthalpy(weather.temperature_c, w) + heat / air;
  const double t_out = saturated_temperature(leaving, p, wet_bulb_c);
  const double w_out = humidity_ratio(kWetBulbSaturationPa * std::exp(saturation_exponent(t_out)), p);
  return std::max(air * (w_out - w), 0.0);
}

}  // namespace

void reject_to_tower(const PlantAtLoad& plant, const WeatherHour& weather, double wet_bulb_c, double heat,
                     PlantHour& out) {
  const double water = heat * plant.tower_water;
  const double air = water / plant.liquid_gas_ratio;
  out.tower_pump = water * plant.tower_pump;
  out.tower_fans = air * plant.tower_fan / air_density(weather.temperature_c, weather.pressure_pa);
  const double evaporated = evaporation(plant, weather, wet_bulb_c, heat, air);
  const double drifted = plant.drift_share * water;
  out.evaporated = kSecondsPerHour * evaporated;
  out.drifted = kSecondsPerHour * drifted;
  out.blown_down =
      kSecondsPerHour * std::max(evaporated / (plant.cycles_of_concentration - 1) - drifted, 0.0);
}

}  // namespace hinterland
