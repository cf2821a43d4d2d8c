// What the cooling systems share, each power and water per kW of *design* IT. Private to this library.
//
//   (9)  COP0(x,T) = 16.798751 + 9.885294 x - 8.528931 x^2 - 0.760621 T + 0.008840 T^2 + 0.084615 x T
//        COP = COP0 (1 + pCOP);  T = temperature of the water that cools the condenser; not clamped
//   (18) m_ct = q_ct/(c_w dT_CT);  P_ctp = pump(m_ct, dp_ct, eta_ct);  P_ctf = fan(m_ct/LG, rho(T), dp_ctfan, eta_ctfan)
//   (25) air balance: m_a = m_ct/LG;  h_out = h(T,w) + q_ct/m_a;  T_out saturated at h_out by (5);
//        m_evap = max(m_a [w(611.2 exp(B(T_out))) - w], 0)
//        latent heat: m_evap = q_ct/lat(Tc + dT_CT/2)
//   (26) m_drift = drift m_ct;  m_blow = max(m_evap/(CoC-1) - m_drift, 0)
#pragma once
#include "hinterland/facility/plant_hour.hpp"

namespace hinterland {

// kW of compressor per kW of heat, with cooling water of `water_c`.
double chiller_kw(const PlantAtLoad& plant, double water_c);

// Rejects `heat` kW through the tower in this weather: adds pump, fans and water to `out`.
void reject_to_tower(const PlantAtLoad& plant, const WeatherHour& weather, double wet_bulb_c, double heat,
                     PlantHour& out);

PlantHour run_airside(const PlantAtLoad& plant, const WeatherHour& weather);
PlantHour run_chiller(const PlantAtLoad& plant, const WeatherHour& weather);
PlantHour run_evaporative(const PlantAtLoad& plant, const WeatherHour& weather);
PlantHour run_seawater(const PlantAtLoad& plant, const WeatherHour& weather, double sea_c);

inline constexpr double kSecondsPerHour = 3600;  // kg/s of water for 1 kW of IT -> L/kWh

}  // namespace hinterland
