// Quantities that carry their unit in the type.
//
//   Kilowatts p{0.5};  Hours t{8};  MoneyPerKwh tariff{0.40};
//   Money cost = p * t * tariff;      // compiles
//   Money wrong = p * tariff;         // does not
//
// Base dimensions are the product's own: power (kW), time (h), money (the atlas's currency), data (GB = 1e9
// bytes), mass of CO2 (kg), water (litres), distance (km), land (m2). A quantity is one double; -O2 leaves no
// trace of this file in the machine code. Ratios (PUE, shares) are plain doubles with a name.
#pragma once
#include <compare>

namespace hinterland {

template <int Kw, int H, int Cur, int Gb, int Kg, int L, int Km, int M2>
struct Dimension {};

template <class D>
struct Quantity {
  double value = 0;
  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    value += other.value;
    return *this;
  }
};

template <class A, class B>
struct Product;
template <int... a, int... b>
struct Product<Dimension<a...>, Dimension<b...>> {
  using type = Dimension<(a + b)...>;
};
template <class A, class B>
struct Quotient;
template <int... a, int... b>
struct Quotient<Dimension<a...>, Dimension<b...>> {
  using type = Dimension<(a - b)...>;
};

template <class D>
constexpr Quantity<D> operator+(Quantity<D> x, Quantity<D> y) {
  return {x.value + y.value};
}
template <class D>
constexpr Quantity<D> operator-(Quantity<D> x, Quantity<D> y) {
  return {x.value - y.value};
}
template <class D>
constexpr Quantity<D> operator*(double k, Quantity<D> x) {
  return {k * x.value};
}
template <class D>
constexpr Quantity<D> operator/(Quantity<D> x, double k) {
  return {x.value / k};
}
template <class A, class B>
constexpr Quantity<typename Product<A, B>::type> operator*(Quantity<A> x, Quantity<B> y) {
  return {x.value * y.value};
}
template <class A, class B>
constexpr Quantity<typename Quotient<A, B>::type> operator/(Quantity<A> x, Quantity<B> y) {
  return {x.value / y.value};
}
template <class D>
constexpr double operator/(Quantity<D> x, Quantity<D> y) {
  return x.value / y.value;
}

// clang-format off
//                                        kW   h cur  GB  kg   l  km  m2
using Kilowatts = Quantity<Dimension<      1,  0,  0,  0,  0,  0,  0,  0>>;
using Hours = Quantity<Dimension<          0,  1,  0,  0,  0,  0,  0,  0>>;  // server-hours too: servers are a count
using KilowattHours = Quantity<Dimension<  1,  1,  0,  0,  0,  0,  0,  0>>;
using Money = Quantity<Dimension<          0,  0,  1,  0,  0,  0,  0,  0>>;  // in the atlas's currency
using MoneyPerKwh = Quantity<Dimension<   -1, -1,  1,  0,  0,  0,  0,  0>>;
using MoneyPerHour = Quantity<Dimension<   0, -1,  1,  0,  0,  0,  0,  0>>;
using MoneyPerKw = Quantity<Dimension<    -1,  0,  1,  0,  0,  0,  0,  0>>;
using Gigabytes = Quantity<Dimension<      0,  0,  0,  1,  0,  0,  0,  0>>;
using MoneyPerGb = Quantity<Dimension<     0,  0,  1, -1,  0,  0,  0,  0>>;
using GbPerHour = Quantity<Dimension<      0, -1,  0,  1,  0,  0,  0,  0>>;
using Kilograms = Quantity<Dimension<      0,  0,  0,  0,  1,  0,  0,  0>>;  // of CO2 equivalent
using KgPerKwh = Quantity<Dimension<      -1, -1,  0,  0,  1,  0,  0,  0>>;
using KgPerHour = Quantity<Dimension<      0, -1,  0,  0,  1,  0,  0,  0>>;
using MoneyPerKg = Quantity<Dimension<     0,  0,  1,  0, -1,  0,  0,  0>>;
using Litres = Quantity<Dimension<         0,  0,  0,  0,  0,  1,  0,  0>>;
using LitresPerKwh = Quantity<Dimension<  -1, -1,  0,  0,  0,  1,  0,  0>>;
using LitresPerHour = Quantity<Dimension<  0, -1,  0,  0,  0,  1,  0,  0>>;
using MoneyPerLitre = Quantity<Dimension<  0,  0,  1,  0,  0, -1,  0,  0>>;
using Kilometres = Quantity<Dimension<     0,  0,  0,  0,  0,  0,  1,  0>>;
using HoursPerKm = Quantity<Dimension<     0,  1,  0,  0,  0,  0, -1,  0>>;
using MoneyPerM2 = Quantity<Dimension<     0,  0,  1,  0,  0,  0,  0, -1>>;
using M2PerKw = Quantity<Dimension<       -1,  0,  0,  0,  0,  0,  0,  1>>;
// clang-format on

// The model year: 8,760 hours (DESIGN: rates cover one model year and wrap).
inline constexpr Hours kYear{8760};

// How many canonical units one edge unit is: the columns, flags and JSON speak these, the types do not.
inline constexpr double kHoursPerMillisecond = 1 / 3.6e6;
inline constexpr double kHoursPerMicrosecond = 1 / 3.6e9;
inline constexpr double kGbPerHourPerGbps = 3600.0 / 8.0;  // 1 Gb/s carries 450 GB an hour
inline constexpr double kKilowattsPerMegawatt = 1000.0, kKilogramsPerTonne = 1000.0, kLitresPerM3 = 1000.0;

constexpr Hours milliseconds(double ms) { return {ms * kHoursPerMillisecond}; }
constexpr double in_milliseconds(Hours time) { return time.value / kHoursPerMillisecond; }

}  // namespace hinterland
