// Cold water from a tower or from the sea through a heat exchanger, in series with a chiller that does the rest.
//
//   (19) q_c = q/SHR;  T_r = T_sa + dT_air;  T_ws = T_r - dT_air/HTE;  T_wr = T_ws + dT_w
//   (20) m_hd = (q_c - q)/lat((T_ws+T_wr)/2);  P_hd = pump(m_hd)
//   (21) Tc = Tw + AT_CT (sea: Tsea);  phi = clamp((T_wr - Tc - AT_HE)/(T_wr - T_ws), 0, 1)
//   (22) q_we = phi q_c;  q_ch = q_c - q_we;  P_we = pump(q_we/(c_w dT_w));  P_cw = pump(q_ch/(c_w dT_w));
//        P_ch = q_ch/COP(x_ch, Tc)
//   (23) tower: q_ct = q_c + P_ch, always on;  sea: P_sea = pump((q_c + P_ch)/(c_w dT_sea));  P_fan = fan(m, rho(T_sa))
//   (24) humidification water = m_hd
#include <algorithm>

#include "hinterland/facility/cooling.hpp"
#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

// (19) to (22) with cooling water of `water_c`.
PlantHour run_waterside(const PlantAtLoad& plant, double pressure_pa, double water_c) {
  PlantHour out;
  const double middle = (plant.water_supply_c + plant.water_return_c) / 2;
  const double humidified = (plant.coil_heat - plant.heat) / latent_heat(middle);
  out.humidifier = humidified * plant.humidifier_pump;
  out.humidified = kSecondsPerHour * humidified;
  out.room_fans = plant.air_flow * plant.room_fan / air_density(plant.supply_c, pressure_pa);

  const double rise = plant.water_return_c - plant.water_supply_c;
  const double free =
      std::clamp((plant.water_return_c - water_c - plant.exchanger_approach_k) / rise, 0.0, 1.0);
  const double free_heat = free * plant.coil_heat, chilled_heat = plant.coil_heat - free_heat;
  out.economiser_pump = free_heat * plant.facility_water * plant.economiser_pump;
  out.chilled_pump = chilled_heat * plant.facility_water * plant.chilled_pump;
  out.chiller = chilled_heat * chiller_kw(plant, water_c);
  out.chiller_share = 1 - free;
  return out;
}

}  // namespace

PlantHour run_evaporative(const PlantAtLoad& plant, const WeatherHour& weather) {
  const double tw = wet_bulb(weather.temperature_c, weather.humidity_pct, weather.pressure_pa);
  PlantHour out = run_waterside(plant, weather.pressure_pa, tw + plant.tower_approach_k);
  reject_to_tower(plant, weather, tw, plant.coil_heat + out.chiller, out);
  return out;
}

PlantHour run_seawater(const PlantAtLoad& plant, const WeatherHour& weather, double sea_c) {
  PlantHour out = run_waterside(plant, weather.pressure_pa, sea_c);
  out.sea_pump = (plant.coil_heat + out.chiller) * plant.sea_water * plant.sea_pump;
  return out;
}

}  // namespace hinterland
