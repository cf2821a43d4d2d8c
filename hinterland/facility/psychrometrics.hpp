// Moist air and water, as Lei & Masanet 2020 (Energy 201, 117556) have them: closed forms of an ideal gas.
//
//   (1) B(T)   = (18.678 - T/234.5) T / (257.14 + T)
//   (2) ps(T)  = 611.21 exp(B(T))              over water, below 0 degC too
//   (3) w(pv)  = k pv / (p - pv)               k = 0.62198 unless said otherwise
//   (4) h(T,w) = 1.01 T + (2500 + 1.84 T) w
//   (5) wet bulb Tw: h(Tw, w(611.2 exp(B(Tw)))) = h(T, w(RH/100 ps(T)))     611.2 left, 611.21 right
//   (6) rho(T) = 1.293 (p/101325) 273.15/(273.15 + T)
//   (7) lat(T) = 2500.5 - 2.3097 T - 0.0013 T^2
//
// T in degC, p in Pa, RH in % (0..100), w in kg water / kg dry air, h in kJ/kg, rho in kg/m3. The slightly different
// constants are the source's; they matter at 1e-6 of a PUE.
//
// psychrolib 2.5.0 solves ASHRAE's adiabatic balance instead of (5): it charges the water that evaporates with its own
// enthalpy 4.186 Tw, takes ps over ice below 0.01 degC, and k = 0.621945. For 7 degC, 61 %, 100 kPa it gives
// 3.92667 degC, ours is 0.004 K lower. At saturation (5) gives some 1e-4 K more than T, which the source leaves as it is.
#pragma once
#include <cmath>

namespace hinterland {

inline constexpr double kWaterToAir = 0.62198;              // k of (3)
inline constexpr double kSaturationPa = 611.21;             // of (2)
inline constexpr double kWetBulbSaturationPa = 611.2;       // of the left side of (5)
inline constexpr double kAirHeat = 1.01, kWaterHeat = 4.2;  // kJ/kg/K

inline double saturation_exponent(double t) { return (18.678 - t / 234.5) * t / (257.14 + t); }

inline double saturation_pressure(double t) { return kSaturationPa * std::exp(saturation_exponent(t)); }

inline double humidity_ratio(double vapour_pa, double pressure_pa, double k = kWaterToAir) {
  return k * vapour_pa / (pressure_pa - vapour_pa);
}

inline double enthalpy(double t, double w) { return kAirHeat * t + (2500 + 1.84 * t) * w; }

inline double air_density(double t, double pressure_pa) {
  return 1.293 * (pressure_pa / 101325) * 273.15 / (273.15 + t);
}

inline double latent_heat(double t) { return 2500.5 - 2.3097 * t - 0.0013 * t * t; }

// (5). Requires -100 < t < 100, humidity 0 to 100, and a pressure above that of saturation.
double wet_bulb(double t, double humidity_pct, double pressure_pa);

// The temperature at which saturated air, by (5)'s left side, has the enthalpy `h`. Finds it from any `start` at or
// below it.
double saturated_temperature(double h, double pressure_pa, double start);

// kW to move a mass flow in kg/s against a pressure in Pa. Per kg/s of water, and per kg/s of air of density 1 kg/m3
// (divide by the density).
inline double pump_kw(double pressure_pa, double efficiency) {
  return pressure_pa / (1000 * efficiency * 1000);
}
inline double fan_kw(double pressure_pa, double efficiency) { return pressure_pa / (efficiency * 1000); }

}  // namespace hinterland
