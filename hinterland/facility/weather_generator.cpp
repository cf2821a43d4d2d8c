// The equations stand in climate.hpp.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "hinterland/base/random.hpp"
#include "hinterland/facility/climate.hpp"
#include "hinterland/facility/day_shape.hpp"
#include "hinterland/facility/monthly_curve.hpp"
#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr double kPhi = 0.71, kPhiVapour = 0.62, kPhiSwing = 0.30;
constexpr double kSwing = 0.835;      // kA: A of (tx - tn)
constexpr double kSwingNoise = 0.45;  // sG
constexpr double kCloudy = 0.70;      // rho: moist days swing less
constexpr double kSkew = 0.30;        // k
constexpr double kVapourShape = -0.07;
constexpr int kRoundsMean = 30, kRoundsOther = 10, kRoundsSigma = 5;
constexpr double kMonthLength = 30.4;
constexpr std::uint64_t kCalibrationSeed = 20200901;
constexpr std::size_t kCalibrationYears = 60;
constexpr int kCalibrationRounds = 6;

double tau_of(double phi) { return -1 / std::log(phi); }

// V and M of (32): the variance of a day's and of a month's mean, of a series of unit variance.
double mean_variance(double tau, double days) {
  const double x = days / tau;
  return 2 / x * (1 - (1 - std::exp(-x)) / x);
}

template <class Of>
Months per_month(Of of) {
  Months out{};
  for (std::size_t m = 0; m < 12; ++m) out[m] = of(m);
  return out;
}

// The variance of the daily means of `hours` within each month.
Months trend_variance(const std::vector<double>& hours) {
  return per_month([&](std::size_t m) {
    const std::size_t first = first_hour(m), days = kMonthDays[m];
    double sum = 0, squares = 0;
    for (std::size_t d = 0; d < days; ++d) {
      const auto day = hours.begin() + static_cast<std::ptrdiff_t>(first + d * 24);
      const double mean = std::accumulate(day, day + 24, 0.0) / 24;
      sum += mean;
      squares += mean * mean;
    }
    const auto n = static_cast<double>(days);
    return std::max((squares - sum * sum / n) / (n - 1), 0.0);
  });
}

// Standard normal draws: both of each Box-Muller pair, which halves their cost against RandomStream::normal().
class NormalPairs {
 public:
  explicit NormalPairs(RandomStream stream) : stream_(stream) {}

  double next() {
    if (spare_) {
      const double second = *spare_;
      spare_.reset();
      return second;
    }
    const double radius = std::sqrt(2 * stream_.exponential());
    const double angle = 2 * std::numbers::pi * stream_.uniform();
    spare_ = radius * std::sin(angle);
    return radius * std::cos(angle);
  }

 private:
  RandomStream stream_;
  std::optional<double> spare_;
};

// A stationary AR(1) series of unit variance, by hours.
class Wander {
 public:
  Wander(double phi_of_a_day, double first)
      : keep_(std::pow(phi_of_a_day, 1.0 / 24)), fresh_(std::sqrt(1 - keep_ * keep_)), at_(first) {}

  double next(double normal) {
    at_ = keep_ * at_ + fresh_ * normal;
    return at_;
  }

 private:
  double keep_, fresh_, at_;
};

// What a climate says of each hour before chance is drawn.
struct HourlyClimate {
  std::vector<double> mean, sigma, swing, log_vapour, vapour_sigma, pressure;
  std::vector<double> vapour_per_k, swing_per_x;  // beta, gx
  Months offset_sd{};

  explicit HourlyClimate(const Climate& climate);

 private:
  void follow_seasons(double latitude_deg);
};

HourlyClimate::HourlyClimate(const Climate& climate) {
  const auto& months = climate.months;
  mean = monthly_curve(per_month([&](std::size_t m) { return months[m].mean_c; }), kRoundsMean);
  const double tau = tau_of(kPhi), of_day = mean_variance(tau, 1),
               of_month = mean_variance(tau, kMonthLength);
  const Months trend = trend_variance(mean);
  const Months variance = per_month([&](std::size_t m) {
    const double daily = months[m].daily_sd_c * months[m].daily_sd_c;
    return std::max(daily - trend[m], 0.3 * daily) / (of_day - of_month);
  });
  sigma = monthly_curve(per_month([&](std::size_t m) { return std::sqrt(variance[m]); }), kRoundsSigma);
  offset_sd = per_month([&](std::size_t m) {
    const double sd = months[m].interannual_sd_c;
    return std::sqrt(std::max(sd * sd - variance[m] * of_month, 0.0));
  });

  const std::vector<double> shape =
      day_shape(climate.latitude_deg, climate.longitude_deg, climate.utc_offset_h);
  swing = monthly_curve(
      per_month([&](std::size_t m) { return kSwing * (months[m].daily_max_c - months[m].daily_min_c); }),
      kRoundsOther);
  log_vapour = monthly_curve(
      per_month([&](std::size_t m) { return std::log(100 * months[m].vapour_pressure_hpa); }), kRoundsOther);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    swing[i] *= shape[i];
    log_vapour[i] += kVapourShape * shape[i];
  }
  vapour_sigma =
      monthly_curve(per_month([&](std::size_t m) {
                      const double e = months[m].vapour_pressure_hpa;
                      const double rh = std::min(100 * e / saturation_pressure(months[m].mean_c), 1.0);
                      return std::clamp(std::exp(-2.019 - 0.00103 * e * e - 1.414 * std::log(rh)), 0.04, 0.6);
                    }),
                    kRoundsSigma);
  const double to_hours = 1 / std::sqrt(mean_variance(tau_of(kPhiVapour), 1));
  for (double& s : vapour_sigma) s *= to_hours;
  pressure = monthly_curve(per_month([&](std::size_t m) { return 100 * months[m].station_pressure_hpa; }),
                           kRoundsOther);
  follow_seasons(climate.latitude_deg);
}

// beta and gx of (35).
void HourlyClimate::follow_seasons(double latitude_deg) {
  vapour_per_k.resize(kYearHours);
  swing_per_x.resize(kYearHours);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const double days = (static_cast<double>(i) + 0.5) / 24;
    const double w = 2 * std::numbers::pi * days / 365 + (latitude_deg < 0 ? std::numbers::pi : 0);
    const double cosine = std::cos(w), sine = std::sin(w);
    vapour_per_k[i] = 0.0479 + 0.0358 * cosine - 0.0076 * sine;
    swing_per_x[i] = 0.153 - 0.102 * cosine + 0.054 * sine;
  }
}

// A drawn year before the vapour's correction: temperature, vapour pressure as it would be without a limit, and the
// pressure of saturation, which is the limit.
struct DrawnYear {
  std::vector<double> temperature, vapour, saturation;
};

DrawnYear draw_year(const HourlyClimate& climate, NormalPairs normal, const Months& offsets) {
  const std::vector<double> offset = curve_through(offsets);
  const double k2 = kSkew * kSkew;
  const double skew_mean = std::exp(k2 / 2), skew_scale = 1 / std::sqrt(std::exp(k2) * (std::exp(k2) - 1));
  const double clear = std::sqrt(1 - kCloudy * kCloudy);
  Wander heat(kPhi, normal.next()), moisture(kPhiVapour, normal.next()), cloud(kPhiSwing, normal.next());
  DrawnYear year;
  for (auto* hours : {&year.temperature, &year.vapour, &year.saturation}) hours->resize(kYearHours);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const double x = heat.next(normal.next());
    const double y = (skew_mean - std::exp(-kSkew * moisture.next(normal.next()))) * skew_scale;
    const double z = cloud.next(normal.next());
    const double departure = climate.sigma[i] * x + offset[i];
    const double gain =
        std::max(0.05, 1 + kSwingNoise * (clear * z - kCloudy * y) + climate.swing_per_x[i] * x);
    const double t = climate.mean[i] + departure + climate.swing[i] * gain;
    year.temperature[i] = t;
    year.vapour[i] =
        std::exp(climate.log_vapour[i] + climate.vapour_per_k[i] * departure + climate.vapour_sigma[i] * y);
    year.saturation[i] = saturation_pressure(t);
  }
  return year;
}

RandomStream stream_of(std::uint64_t seed, const char* purpose, std::uint64_t year) {
  return {seed, purpose + std::to_string(year)};
}

Months draw_offsets(const HourlyClimate& climate, RandomStream stream) {
  return per_month([&](std::size_t m) { return climate.offset_sd[m] * stream.normal(); });
}

WeatherYear weather_of(const HourlyClimate& hourly, const Climate& climate, const DrawnYear& drawn) {
  WeatherYear weather(kYearHours);
  for (std::size_t m = 0; m < 12; ++m) {
    const double correction = std::exp(climate.months[m].vapour_correction);
    for (std::size_t i = first_hour(m); i < first_hour(m + 1); ++i) {
      const double vapour = std::min(drawn.vapour[i] * correction, drawn.saturation[i]);
      weather[i] = {.temperature_c = drawn.temperature[i],
                    .humidity_pct = 100 * (vapour / drawn.saturation[i]),
                    .pressure_pa = hourly.pressure[i]};
    }
  }
  return weather;
}

double month_mean(const std::vector<double>& hours, std::size_t m) {
  const auto begin = hours.begin() + static_cast<std::ptrdiff_t>(first_hour(m)),
             end = hours.begin() + static_cast<std::ptrdiff_t>(first_hour(m + 1));
  return std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin);
}

// The month's f_m over these years.
double correction_of(std::span<const DrawnYear> years, const Climate& climate, std::size_t m) {
  const std::size_t first = first_hour(m), end = first_hour(m + 1);
  const auto hours = static_cast<double>((end - first) * years.size());
  double correction = 0;
  for (int round = 0; round < kCalibrationRounds; ++round) {
    const double factor = std::exp(correction);
    double sum = 0;
    for (const DrawnYear& year : years) {
      for (std::size_t i = first; i < end; ++i) sum += std::min(year.vapour[i] * factor, year.saturation[i]);
    }
    correction += std::log(100 * climate.months[m].vapour_pressure_hpa) - std::log(sum / hours);
  }
  return correction;
}

}  // namespace

WeatherYear generate_weather(const Climate& climate, std::uint64_t seed, std::uint64_t year) {
  const HourlyClimate hourly(climate);
  const Months offsets = draw_offsets(hourly, stream_of(seed, "weather months ", year));
  return weather_of(hourly, climate,
                    draw_year(hourly, NormalPairs(stream_of(seed, "weather hours ", year)), offsets));
}

WeatherYear typical_weather(const Climate& climate, std::uint64_t seed, std::uint64_t year) {
  const HourlyClimate hourly(climate);
  DrawnYear drawn = draw_year(hourly, NormalPairs(stream_of(seed, "weather hours ", year)), Months{});
  const std::vector<double> shift = monthly_curve(
      per_month([&](std::size_t m) { return climate.months[m].mean_c - month_mean(drawn.temperature, m); }),
      kRoundsMean);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    drawn.temperature[i] += shift[i];
    drawn.vapour[i] *= std::exp(hourly.vapour_per_k[i] * shift[i]);
    drawn.saturation[i] = saturation_pressure(drawn.temperature[i]);
  }
  // The factor takes the place of the stored correction, which holds in the mean of many years.
  Climate typical = climate;
  for (std::size_t m = 0; m < 12; ++m)
    typical.months[m].vapour_correction = correction_of({&drawn, 1}, climate, m);
  return weather_of(hourly, typical, drawn);
}

std::array<double, 12> calibrate_vapour(const Climate& climate) {
  const HourlyClimate hourly(climate);
  std::vector<DrawnYear> sample;
  for (std::size_t year = 0; year < kCalibrationYears; ++year) {
    const Months offsets =
        draw_offsets(hourly, stream_of(kCalibrationSeed, "vapour calibration months ", year));
    sample.push_back(draw_year(
        hourly, NormalPairs(stream_of(kCalibrationSeed, "vapour calibration hours ", year)), offsets));
  }
  return per_month([&](std::size_t m) { return correction_of(sample, climate, m); });
}

Climate calibrated(Climate climate) {
  const auto corrections = calibrate_vapour(climate);
  for (std::size_t m = 0; m < 12; ++m) climate.months[m].vapour_correction = corrections[m];
  return climate;
}

}  // namespace hinterland
