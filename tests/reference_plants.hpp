// The reference's example plants, for tests: lei2020_example_params.json as Plant.
#pragma once
#include <string>
#include <vector>

#include "hinterland/facility/plant.hpp"

namespace hinterland {

// A parameter vector in the reference's order. Airside has 26, evaporative 26, seawater 22.
inline Plant reference_plant(CoolingSystem system, const std::vector<double>& values) {
  constexpr double Plant::* none = nullptr;  // dew points and humidity set points, which cancel out
  using P = Plant;
  static const std::vector<double P::*> kAirside{&P::ups_efficiency,
                                                 &P::distribution_loss,
                                                 &P::lighting_share,
                                                 &P::supply_air_low_c,
                                                 &P::supply_air_high_c,
                                                 none,
                                                 none,
                                                 none,
                                                 none,
                                                 &P::air_rise_k,
                                                 &P::water_rise_k,
                                                 &P::tower_range_k,
                                                 &P::fan_pa,
                                                 &P::fan_efficiency,
                                                 &P::tower_fan_pa,
                                                 &P::tower_fan_efficiency,
                                                 &P::humidifier_pa,
                                                 &P::humidifier_efficiency,
                                                 &P::chilled_pump_pa,
                                                 &P::chilled_pump_efficiency,
                                                 &P::tower_pump_pa,
                                                 &P::tower_pump_efficiency,
                                                 &P::tower_approach_k,
                                                 &P::chiller_load,
                                                 &P::cop_error,
                                                 &P::liquid_gas_ratio};
  static const std::vector<double P::*> kEvaporative{&P::ups_efficiency,
                                                     &P::distribution_loss,
                                                     &P::lighting_share,
                                                     &P::supply_air_c,
                                                     &P::air_rise_k,
                                                     &P::water_rise_k,
                                                     &P::tower_range_k,
                                                     &P::fan_pa,
                                                     &P::fan_efficiency,
                                                     &P::tower_fan_pa,
                                                     &P::tower_fan_efficiency,
                                                     &P::humidifier_pa,
                                                     &P::humidifier_efficiency,
                                                     &P::economiser_pump_pa,
                                                     &P::economiser_pump_efficiency,
                                                     &P::chilled_pump_pa,
                                                     &P::chilled_pump_efficiency,
                                                     &P::tower_pump_pa,
                                                     &P::tower_pump_efficiency,
                                                     &P::tower_approach_k,
                                                     &P::exchanger_approach_k,
                                                     &P::coil_effectiveness,
                                                     &P::sensible_heat_ratio,
                                                     &P::chiller_load,
                                                     &P::cop_error,
                                                     &P::liquid_gas_ratio};
  static const std::vector<double P::*> kSeawater{&P::ups_efficiency,
                                                  &P::distribution_loss,
                                                  &P::lighting_share,
                                                  &P::supply_air_c,
                                                  &P::air_rise_k,
                                                  &P::water_rise_k,
                                                  &P::sea_rise_k,
                                                  &P::fan_pa,
                                                  &P::fan_efficiency,
                                                  &P::humidifier_pa,
                                                  &P::humidifier_efficiency,
                                                  &P::economiser_pump_pa,
                                                  &P::economiser_pump_efficiency,
                                                  &P::chilled_pump_pa,
                                                  &P::chilled_pump_efficiency,
                                                  &P::sea_pump_pa,
                                                  &P::sea_pump_efficiency,
                                                  &P::exchanger_approach_k,
                                                  &P::coil_effectiveness,
                                                  &P::sensible_heat_ratio,
                                                  &P::chiller_load,
                                                  &P::cop_error};
  const auto& order = system == CoolingSystem::evaporative ? kEvaporative
                      : system == CoolingSystem::seawater  ? kSeawater
                                                           : kAirside;
  Plant plant;
  plant.system = system;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] != none) plant.*order[i] = values.at(i);
  }
  return plant;
}

// The examples, so that tests which need no golden run without the reference files. Checked against them by
// plant_hour_test.cpp.
inline Plant example_plant(CoolingSystem system) {
  switch (system) {
    case CoolingSystem::evaporative:
      return reference_plant(
          system,
          {0.980302734, 0.00560546875, 0.00181445313, 27.3671875,  18.8856337,  7.50488281,  4.13867188,
           416.992188,  0.713720703,   148.339844,    0.745947266, 6500976.56,  0.674023438, 156284.191,
           0.668945312, 171884.552,    0.745117188,   210534.68,   0.709960938, 6.50576172,  2.29404297,
           0.816601563, 0.986289063,   0.224023438,   0.105488281, 1.11914062});
    case CoolingSystem::seawater:
      return reference_plant(
          system, {0.975556641, 0.0135351562, 0.000560546875, 34.2578125,   14.1438802,  9.49707031,
                   7.50488281,  413.867188,   0.671240234,    6656835.94,   0.632226562, 136980.148,
                   0.628710937, 136194.518,   0.743945313,    699398.438,   0.798242188, 2.49814453,
                   0.804492187, 0.971992187,  0.770117188,    0.00880859375});
    default:
      return reference_plant(
          system,
          {0.980302734,  0.00560546875, 0.00181445313, 10.3671875,  34.1953125, -10.4970703, 15.8320312,
           0.0901953125, 0.676464844,   14.7840712,    6.91894531,  4.28710938, 685.058594,  0.829931641,
           203.417969,   0.897802734,   7315820.31,    0.704492187, 146519.937, 0.790039062, 212001.82,
           0.716601562,  6.33818359,    0.224023438,   0.105488281, 1.11914062});
  }
}

}  // namespace hinterland
