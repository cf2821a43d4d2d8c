#include "hinterland/facility/plant_at_load.hpp"

#include <algorithm>

#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr double kLeastFlow = 0.3;     // f_min: no drive goes below it
constexpr double kHeldHead = 0.3;      // share of a pump's head that is static or held
constexpr double kIdleShare = 0.5;     // of the distribution's loss, at no load
constexpr double kLeastChiller = 0.2;  // x below which no chiller runs

// s(u) of (27).
double ups_loss_shape(const Plant& plant, double u) {
  return plant.ups_constant_loss + plant.ups_linear_loss * u + plant.ups_square_loss * u * u;
}

// A UPS whose loss has no shape keeps its share of the load.
double ups_loss(const Plant& plant, double load) {
  const double u = plant.ups_load_at_design, design = ups_loss_shape(plant, u);
  const double shape = design > 0 ? ups_loss_shape(plant, u * load) / design : load;
  return (1 / plant.ups_efficiency - 1) * shape;
}

// q(l) of (29).
double heat_at(const Plant& plant, double load) {
  const double distribution = 1 / (1 - plant.distribution_loss) - 1;
  return load + ups_loss(plant, load) + distribution * (kIdleShare + (1 - kIdleShare) * load * load) +
         plant.lighting_share;
}

double fan_law(double f) { return (0.0013 + 0.1470 * f + 0.9506 * f * f - 0.0998 * f * f * f) / 0.9991; }

double pump_law(double f) { return f * (kHeldHead + (1 - kHeldHead) * f * f); }

}  // namespace

PlantAtLoad at_load(const Plant& plant, double load, Evaporation evaporation) {
  PlantAtLoad out{.system = plant.system, .evaporation = evaporation, .load = load};
  out.heat = heat_at(plant, load);
  out.coil_heat = out.heat / plant.sensible_heat_ratio;
  out.air_flow = out.heat / (kAirHeat * plant.air_rise_k);

  const double f = out.heat / heat_at(plant, 1);
  const double moved = std::clamp(f, kLeastFlow, 1.0);
  const bool fixed = plant.drives == Drives::fixed;
  const double fans = (fixed ? 1 : fan_law(moved)) / f;
  const double pumps = (fixed ? 1 : pump_law(moved)) / f;
  out.room_fan = fans * fan_kw(plant.fan_pa, plant.fan_efficiency);
  out.tower_fan = fans * fan_kw(plant.tower_fan_pa, plant.tower_fan_efficiency);
  out.humidifier_pump = pump_kw(plant.humidifier_pa, plant.humidifier_efficiency);
  out.economiser_pump = pumps * pump_kw(plant.economiser_pump_pa, plant.economiser_pump_efficiency);
  out.chilled_pump = pumps * pump_kw(plant.chilled_pump_pa, plant.chilled_pump_efficiency);
  out.tower_pump = pumps * pump_kw(plant.tower_pump_pa, plant.tower_pump_efficiency);
  out.sea_pump = pumps * pump_kw(plant.sea_pump_pa, plant.sea_pump_efficiency);

  out.facility_water = 1 / (kWaterHeat * plant.water_rise_k);
  out.tower_water = 1 / (kWaterHeat * plant.tower_range_k);
  out.sea_water = 1 / (kWaterHeat * plant.sea_rise_k);

  out.supply_low_c = plant.supply_air_low_c;
  out.supply_high_c = std::max(plant.supply_air_high_c, plant.supply_air_low_c);
  out.supply_c = plant.supply_air_c;
  out.air_rise_k = plant.air_rise_k;
  out.water_supply_c = plant.supply_air_c + plant.air_rise_k - plant.air_rise_k / plant.coil_effectiveness;
  out.water_return_c = out.water_supply_c + plant.water_rise_k;
  out.tower_approach_k = plant.tower_approach_k;
  out.tower_range_k = plant.tower_range_k;
  out.exchanger_approach_k = plant.exchanger_approach_k;
  out.liquid_gas_ratio = plant.liquid_gas_ratio;
  out.chiller_load = std::max(plant.chiller_load * f, std::min(kLeastChiller, plant.chiller_load));
  out.chiller_quality = 1 + plant.cop_error;
  out.cycles_of_concentration = plant.cycles_of_concentration;
  out.drift_share = plant.drift_share;
  return out;
}

}  // namespace hinterland
