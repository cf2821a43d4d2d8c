// The climate of a place: twelve monthly normals, from which the generator draws hourly years.
//
// Per month m: t (mean), sd (of daily means), ia (interannual sd of the month's mean), tx, tn (mean daily max/min),
// e (vapour pressure, hPa), p. MP(v, N) is monthly_curve(v, N); D = (hour + 0.5)/24 days; ps of psychrometrics.hpp.
//
//   (32) tau = -1/ln phi (likewise tau_e);  V(tau) = 2 tau (1 - tau (1-exp(-1/tau)))
//        M(tau) = (2 tau/30.4)(1 - (tau/30.4)(1-exp(-30.4/tau)))
//        T0 = MP(t, 30);  tr_m = variance of T0's daily means within the month
//        s2_m = max(sd^2 - tr_m, 0.3 sd^2)/(V(tau)-M(tau));  sigma = MP(sqrt(s2), 5)
//        monthly offsets I_m ~ N(0, max(ia^2 - s2_m M(tau), 0)), linear between mid-months of the same year
//   (33) hourly AR(1) series X, Y0, Z of unit variance, independent, with r = phi^(1/24), phi_e^(1/24), phi_z^(1/24)
//        Y = (exp(k^2/2) - exp(-k Y0))/sqrt(exp(k^2)(exp(k^2)-1))          unit variance, skewed to the dry side
//   (34) S = day_shape
//   (35) w = 2 pi D/365 (+ pi south of the equator);  beta = b0 + b1 cos w + b2 sin w;  gx = g0 + g1 cos w + g2 sin w
//        A = MP(kA (tx-tn), 10);  G = max(0.05, 1 + sG(-rho Y + sqrt(1-rho^2) Z) + gx X)
//        dT = sigma X + I;  T = T0 + dT + A S G
//   (36) rh_m = min(100 e/ps(t), 1);  sig_e = MP(clamp(exp(s0 + s1 e^2 + s2 ln rh_m), 0.04, 0.6), 5)/sqrt(V(tau_e))
//        ln e_h = MP(ln(100 e), 10) + beta dT + sig_e Y + ae S + f_m;  e_h = min(exp(.), ps(T));  RH = 100 e_h/ps(T)
//        p = MP(p, 10)
//
// phi .71, phi_e .62, phi_z .30, kA .835, sG .45, rho .70, k .30, ae -.07, s0 -2.019, s1 -.00103, s2 -1.414,
// b .0479 .0358 -.0076 per K, g .153 -.102 .054: fitted on five Chinese cities, 2010 to 2015, part of them by eye.
// How near a generated year comes to a measured one is tested (generated_weather_test.cpp). Unseen mid-latitude places do
// nearly as well; the tropics, and dry summers, worse. Years vary less from one to the next than real ones do.
#pragma once
#include <array>
#include <cstdint>

#include "hinterland/facility/weather.hpp"

namespace hinterland {

// What a CLIMAT report tells of a month, averaged over years.
struct MonthNormal {
  double mean_c = 0;            // mean temperature
  double daily_sd_c = 0;        // standard deviation of the daily means within the month
  double interannual_sd_c = 0;  // of the month's mean, from year to year
  double daily_max_c = 0;       // mean daily maximum
  double daily_min_c = 0;       // mean daily minimum
  double vapour_pressure_hpa = 0;
  double station_pressure_hpa = 0;
  double vapour_correction = 0;  // f_m of the generator (calibrate_vapour), added to ln e
};

struct Climate {
  double latitude_deg = 0, longitude_deg = 0;
  double utc_offset_h = 0;  // of the clock in which the hours count
  std::array<MonthNormal, 12> months;
};

// A drawn year. Same climate, seed and year: the same hours. `year` numbers the years of one seed. Requires vapour
// pressures above 0 and daily maxima not below the minima.
WeatherYear generate_weather(const Climate& climate, std::uint64_t seed, std::uint64_t year = 0);

// A typical year: that year's chances, moved so that each month's temperature and vapour pressure have the means of the
// normals. Temperature by a curve through the months, vapour with it as in any warm or cold spell (35), then by a factor a
// month. One drawn year is a K or more off in some months, a typical one is not.
WeatherYear typical_weather(const Climate& climate, std::uint64_t seed, std::uint64_t year = 0);

// The corrections f_m for which generated vapour pressure has the normals' monthly means, on a calibration sample of 60
// years with a stream of its own; what the atlas stores in vapour_correction (any that is there is not read).
//   f_m starts at 0; 6 times f_m += ln(100 e_m) - ln(mean of e_h in month m)
std::array<double, 12> calibrate_vapour(const Climate& climate);

// The climate with these corrections in its months.
Climate calibrated(Climate climate);

}  // namespace hinterland
