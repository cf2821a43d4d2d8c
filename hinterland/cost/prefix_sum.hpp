// Sums over any hours of the model year in O(1), of N quantities at once.
//
//   S[h] = x[0] + ... + x[h-1],  S[0] = 0;  the year wraps;  a part of an hour counts in proportion
//   sum(from, length) = whole years x S[8760] + F(from + length) - F(from),  F(t) = S[floor t] + frac(t) x[floor t]
//
// What each addition loses is carried along (Kahan 1965), so a year by prefix sums equals the hour-by-hour sum to 1e-15 of
// the sum of magnitudes. The N sums of an hour lie side by side: eight are one line of
// a processor's cache.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "hinterland/base/model_year.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

template <std::size_t N>
class PrefixSums {
 public:
  using Row = std::array<double, N>;

  // `row_of(hour)` gives the N values of each of the 8,760 hours.
  template <class RowOf>
  explicit PrefixSums(RowOf row_of) {
    sums_.reserve(kYearHours + 1);
    sums_.push_back({});
    Row sum{}, lost{};
    for (std::size_t hour = 0; hour < kYearHours; ++hour) {
      const Row row = row_of(hour);
      for (std::size_t i = 0; i < N; ++i) {
        const double more = row[i] - lost[i], next = sum[i] + more;
        lost[i] = (next - sum[i]) - more;
        sum[i] = next;
      }
      sums_.push_back(sum);
    }
  }

  // Integral over `length` >= 0 hours from `from` >= 0, both in hours of the model year.
  [[nodiscard]] Row sum(Hours from, Hours length) const {
    constexpr double year_length = kYear.value;
    const double begin = from.value < year_length ? from.value : std::fmod(from.value, year_length);
    const double years = length.value < year_length ? 0 : std::floor(length.value / year_length);
    const double end = begin + (length.value - years * year_length);
    const bool turns = end > year_length;
    const Place first = place(begin), last = place(turns ? end - year_length : end);
    const double whole = years + (turns ? 1 : 0);
    const Row &a = sums_[first.hour], &b = sums_[first.hour + 1], &c = sums_[last.hour],
              &d = sums_[last.hour + 1];
    Row out;
    for (std::size_t i = 0; i < N; ++i) {
      const double upto_first = a[i] + first.part * (b[i] - a[i]),
                   upto_last = c[i] + last.part * (d[i] - c[i]);
      out[i] = whole * sums_.back()[i] + (upto_last - upto_first);
    }
    return out;
  }

  // The same for whole hours, and faster; requires from < 8760, length <= 8760.
  [[nodiscard]] Row sum_of_hours(std::size_t from, std::size_t length) const {
    const std::size_t end = from + length;
    const bool turns = end > kYearHours;
    const Row &a = sums_[from], &b = sums_[turns ? end - kYearHours : end], &year = sums_.back();
    Row out;
    for (std::size_t i = 0; i < N; ++i) out[i] = (turns ? year[i] : 0) + (b[i] - a[i]);
    return out;
  }

  // The mean over them; over no time at all, the values of that moment.
  [[nodiscard]] Row mean(Hours from, Hours length) const {
    Row out = length.value > 0 ? sum(from, length) : sum({std::floor(from.value)}, {1});
    if (length.value > 0) {
      for (double& value : out) value /= length.value;
    }
    return out;
  }

 private:
  struct Place {
    std::size_t hour;
    double part;
  };
  static Place place(double at) {
    const auto hour = std::min(static_cast<std::size_t>(at), kYearHours - 1);
    return {hour, at - static_cast<double>(hour)};
  }

  std::vector<Row> sums_;  // 8,761 of them
};

// Of one quantity.
class PrefixSum {
 public:
  // `value_of(hour)` gives the value of each of the 8,760 hours.
  template <class ValueOf>
  explicit PrefixSum(ValueOf value_of)
      : sums_([&](std::size_t hour) { return std::array{value_of(hour)}; }) {}
  [[nodiscard]] double sum(Hours from, Hours length) const { return sums_.sum(from, length)[0]; }
  [[nodiscard]] double sum_of_hours(std::size_t from, std::size_t length) const {
    return sums_.sum_of_hours(from, length)[0];
  }
  [[nodiscard]] double mean(Hours from, Hours length) const { return sums_.mean(from, length)[0]; }

 private:
  PrefixSums<1> sums_;
};

}  // namespace hinterland
