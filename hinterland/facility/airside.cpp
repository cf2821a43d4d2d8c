// Outside air through the room, cooled by evaporation where that is enough; else a chiller takes all of it.
//
//   (12) Ts = clamp(T, T_sa_lo, T_sa_hi);  w = w(RH/100 ps(T); k = 0.622);  h = h(T,w)
//   (13) h1 = h(27, w(611.21 exp(18.678*15/(257.14+15))))      27 degC, dew point 15 degC
//   (14) w_ad = (h - 1.01 Ts)/(2500 + 1.84 Ts)                 after adiabatic cooling to Ts
//   (15) h < h1:                          free, dw = (T <= Ts) ? w(0.20 ps(Ts)) - w : w_ad - w
//        h <= h(Ts, w(0.80 ps(Ts))):      free, dw = w_ad - w
//        else not free, dw = 0;           dw = max(dw, 0)
//   (16) P_fan = fan(m, rho(Ts))
//   (17) m_hd = m - m/(1+dw), P_hd = pump(m_hd)                while free
//   (18) not free: Tc = Tw + AT_CT, P_ch = q/COP, P_cw = pump(q/(c_w dT_w)), q_ct = q + P_ch to the tower
//   (24) humidification water = f_oa m dw, f_oa = dT_air/(dT_air + Ts - T) for T < Ts, else 1: below the lower set point
//        return air is mixed in, and only the outside share needs water
//
// 0.80 is the published tool's (its sensitivity notebook has 0.90). Supply enthalpy equals outdoor enthalpy whenever
// free, so there is no mixed mode, and the dew-point and humidity set points of the source cancel out: Plant has none.
#include <algorithm>

#include "hinterland/facility/cooling.hpp"
#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr double kOutsideRatio = 0.622;  // k of (12)
constexpr double kDriest = 0.20, kMoistest = 0.80;
constexpr double kLimitC = 27;
const double kLimitVapour = kSaturationPa * std::exp(18.678 * 15 / (257.14 + 15));

struct OutsideAir {
  bool free = false;
  double added = 0;  // dw
};

// (13) to (15).
OutsideAir outside_air(const WeatherHour& weather, double supply_c) {
  const double t = weather.temperature_c, p = weather.pressure_pa;
  const double w = humidity_ratio(weather.humidity_pct / 100 * saturation_pressure(t), p, kOutsideRatio);
  const double h = enthalpy(t, w);
  const double cooled = (h - kAirHeat * supply_c) / (2500 + 1.84 * supply_c) - w;
  const double limit = enthalpy(kLimitC, humidity_ratio(kLimitVapour, p));
  if (h < limit) {
    const double added =
        t <= supply_c ? humidity_ratio(kDriest * saturation_pressure(supply_c), p) - w : cooled;
    return {.free = true, .added = std::max(added, 0.0)};
  }
  const double moistest = humidity_ratio(kMoistest * saturation_pressure(supply_c), p);
  if (h <= enthalpy(supply_c, moistest)) return {.free = true, .added = std::max(cooled, 0.0)};
  return {};
}

// (18).
void run_compressor(const PlantAtLoad& plant, const WeatherHour& weather, PlantHour& out) {
  const double tw = wet_bulb(weather.temperature_c, weather.humidity_pct, weather.pressure_pa);
  out.chiller = plant.heat * chiller_kw(plant, tw + plant.tower_approach_k);
  out.chilled_pump = plant.heat * plant.facility_water * plant.chilled_pump;
  out.chiller_share = 1;
  reject_to_tower(plant, weather, tw, plant.heat + out.chiller, out);
}

}  // namespace

PlantHour run_airside(const PlantAtLoad& plant, const WeatherHour& weather) {
  const double t = weather.temperature_c;
  const double supply = std::clamp(t, plant.supply_low_c, plant.supply_high_c);
  PlantHour out;
  out.room_fans = plant.air_flow * plant.room_fan / air_density(supply, weather.pressure_pa);
  const OutsideAir air = outside_air(weather, supply);
  if (!air.free) {
    run_compressor(plant, weather, out);
    return out;
  }
  out.humidifier = (plant.air_flow - plant.air_flow / (1 + air.added)) * plant.humidifier_pump;
  const double outside = t < supply ? plant.air_rise_k / (plant.air_rise_k + supply - t) : 1;
  out.humidified = kSecondsPerHour * outside * plant.air_flow * air.added;
  return out;
}

// The dampers stay shut: the room's air is at the set point whatever the weather, and nothing dries it.
PlantHour run_chiller(const PlantAtLoad& plant, const WeatherHour& weather) {
  PlantHour out;
  out.room_fans = plant.air_flow * plant.room_fan / air_density(plant.supply_c, weather.pressure_pa);
  run_compressor(plant, weather, out);
  return out;
}

}  // namespace hinterland
