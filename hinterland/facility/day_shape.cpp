#include "hinterland/facility/day_shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "hinterland/facility/weather.hpp"

namespace hinterland {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDegree = kPi / 180;
constexpr double kWarmest = 15.2, kAfterSunrise = 0.5;  // hx, dr
constexpr double kRising = 0.6, kFalling = 0.54;        // q1, q2

double equation_of_time_min(double day) {
  const double b = 2 * kPi * (day - 81) / 364;
  return 9.87 * std::sin(2 * b) - 7.53 * std::cos(b) - 1.5 * std::sin(b);
}

double coldest_hour(double latitude_deg, double day) {
  const double declination = 23.45 * kDegree * std::sin(2 * kPi * (284 + day) / 365);
  const double cosine = std::clamp(-std::tan(latitude_deg * kDegree) * std::tan(declination), -1.0, 1.0);
  return 12 - std::acos(cosine) / kDegree / 15 + kAfterSunrise;
}

}  // namespace

std::vector<double> day_shape(double latitude_deg, double longitude_deg, double utc_offset_h) {
  std::vector<double> shape(kYearHours);
  for (std::size_t day = 0; day < kYearHours / 24; ++day) {
    const double n = static_cast<double>(day + 1);
    const double solar = (longitude_deg - 15 * utc_offset_h) / 15 + equation_of_time_min(n) / 60;
    const double coldest = coldest_hour(latitude_deg, n), up = kWarmest - coldest;
    std::array<double, 24> hours{};
    double sum = 0;
    for (std::size_t c = 0; c < 24; ++c) {
      double y = std::fmod(static_cast<double>(c) + solar - coldest, 24);
      if (y < 0) y += 24;
      hours[c] = y < up ? -std::cos(kPi * std::pow(y / up, kRising))
                        : std::cos(kPi * std::pow((y - up) / (24 - up), kFalling));
      sum += hours[c];
    }
    for (std::size_t c = 0; c < 24; ++c) shape[day * 24 + c] = (hours[c] - sum / 24) / 2;
  }
  return shape;
}

}  // namespace hinterland
