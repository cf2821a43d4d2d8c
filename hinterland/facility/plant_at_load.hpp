// A plant at a load: all that does not change from hour to hour. Lei & Masanet 2020 in design, our part load below it.
//
// l = IT power / design IT power; every flow and power is per kW of *design* IT. At l = 1 this is their model exactly.
//
//   (10) l_u = 1/UPS_e - 1 ;  l_d = 1/(1-PD_lr) - 1 ;  l_l = L_pct       in parallel; all become heat
//   (27) l_u(l) = (1/UPS_e-1) s(u0 l)/s(u0),  s(u) = a0 + a1 u + a2 u^2  u0 = UPS load at design IT load
//   (28) l_d(l) = (1/(1-PD_lr)-1)(0.5 + 0.5 l^2) ;  l_l constant
//   (29) q(l) = l + l_u + l_d + l_l ;  f = q(l)/q(1)                     heat, and the share of every flow
//        a fan's or pump's power is multiplied by F(max(f, 0.3))/f:
//        fans  F = (0.0013 + 0.1470 f + 0.9506 f^2 - 0.0998 f^3)/0.9991  variable speed, pressure reset
//        pumps F = f (0.3 + 0.7 f^2)                                     affinity laws, 0.3 of the head held
//        Drives::fixed: F = 1. The humidifier's pump follows its flow.
//   (30) the chiller's load factor is max(x_ch f, min(0.2, x_ch))        no staging
//
// With variable drives PUE over load is U-shaped, its minimum near l = 0.6: it does not rise monotonically.
// Sources: form of the UPS's and the distribution's loss, constant lighting: Rasmussen, APC White Paper 113; the default
// a0..a2 attributed to White Paper 108; fan curve: ASHRAE 90.1 table G3.1.3.15. All read second-hand; pumps are ours.
#pragma once
#include "hinterland/facility/plant.hpp"

namespace hinterland {

// How a tower's evaporation is found.
//   air_balance  what the leaving, saturated air carries more than the entering air
//   latent_heat  all heat leaves as vapour: an upper bound in cool weather, too little in hot dry air. No plant of
//                the product takes it; the specification's water values, found both ways, are checked by it
//                (plant_hour_test.cpp).
enum class Evaporation { air_balance, latent_heat };

struct PlantAtLoad {
  CoolingSystem system = CoolingSystem::chiller;
  Evaporation evaporation = Evaporation::air_balance;
  double load = 1;
  double heat = 0;       // q(l), kW
  double coil_heat = 0;  // q(l) and the moisture that the coils condense: q/SHR
  double air_flow = 0;   // m, kg/s over the servers

  // kW for a flow of 1 kg/s, (8) and (29); fans: at a density of 1 kg/m3
  double room_fan = 0, tower_fan = 0;
  double humidifier_pump = 0, economiser_pump = 0, chilled_pump = 0, tower_pump = 0, sea_pump = 0;

  // kg/s of water that carry 1 kW
  double facility_water = 0, tower_water = 0, sea_water = 0;

  double supply_low_c = 0, supply_high_c = 0, supply_c = 0, air_rise_k = 0;
  double water_supply_c = 0, water_return_c = 0;  // T_ws, T_wr of (19)
  double tower_approach_k = 0, tower_range_k = 0, exchanger_approach_k = 0, liquid_gas_ratio = 0;
  double chiller_load = 0, chiller_quality = 1;  // x of (30); 1 + pCOP
  double cycles_of_concentration = 0, drift_share = 0;
};

// Requires 0 < load <= 1 and a plant within the ranges of plant_fields().
PlantAtLoad at_load(const Plant& plant, double load, Evaporation evaporation = Evaporation::air_balance);

}  // namespace hinterland
