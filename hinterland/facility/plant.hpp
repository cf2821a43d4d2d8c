// The cooling and power plant of a data centre: what it draws and evaporates for each kW of IT.
//
// Lei & Masanet 2020 (Energy 201, 117556), their symbols in brackets; hours in facility_year.hpp. A parameter that a
// system does not have is ignored by it.
#pragma once
#include "hinterland/base/field.hpp"
#include "hinterland/base/id.hpp"

namespace hinterland {

// chiller: the airside plant that never opens its dampers, for buildings without an economiser.
enum class CoolingSystem { airside, evaporative, seawater, chiller };

// variable: fans and pumps follow the flow; fixed: they run at design speed.
enum class Drives { variable, fixed };

struct Plant {
  PlantId id;
  std::string name, name_zh;
  CoolingSystem system = CoolingSystem::chiller;
  // power path
  double ups_efficiency = 0.945;
  double distribution_loss = 0.01;
  double lighting_share = 0.001;
  // air and water: set points, rises, pressures
  double supply_air_low_c = 14;
  double supply_air_high_c = 31;
  double supply_air_c = 31;
  double air_rise_k = 16.67;
  double water_rise_k = 7.5;
  double tower_range_k = 5;
  double sea_rise_k = 7.5;
  double fan_pa = 750;
  double fan_efficiency = 0.775;
  double tower_fan_pa = 250;
  double tower_fan_efficiency = 0.775;
  double humidifier_pa = 7e6;
  double humidifier_efficiency = 0.7;
  double economiser_pump_pa = 143658;
  double economiser_pump_efficiency = 0.7;
  double chilled_pump_pa = 143658;
  double chilled_pump_efficiency = 0.7;
  double tower_pump_pa = 208660;
  double tower_pump_efficiency = 0.7;
  double sea_pump_pa = 882000;
  double sea_pump_efficiency = 0.7;
  // heat exchange
  double tower_approach_k = 4.75;
  double exchanger_approach_k = 2.25;
  double coil_effectiveness = 0.8;
  double sensible_heat_ratio = 0.97;
  double chiller_load = 0.5;
  double cop_error = 0;
  double liquid_gas_ratio = 2;
  // part load; the shape s(x) = a0 + a1 x + a2 x^2 of the UPS's loss over its load x
  double ups_constant_loss = 0.01333;
  double ups_linear_loss = 0.0064;
  double ups_square_loss = 0.01081;
  double ups_load_at_design = 0.5;
  Drives drives = Drives::variable;
  // water
  double cycles_of_concentration = 5;
  double drift_share = 0.0002;
};

Fields<Plant> plant_fields();

}  // namespace hinterland
