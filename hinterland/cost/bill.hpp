// What a job costs, emits and evaporates, its parts kept apart.
//
//   ExactBill   in millionths of the currency, of a kWh, of a kg CO2 and of a litre, before rounding
//   Bill        the same in whole millionths: each part rounded once, so that sums of bills are exact
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace hinterland {

inline constexpr double kMillion = 1e6;
inline double from_millionths(std::int64_t millionths) { return static_cast<double>(millionths) / kMillion; }

// What nearest_whole() takes: 2.25 thousand million of the currency.
inline constexpr double kMostRounded = 2251799813685248.0;

// The nearest whole number, ties to even, for |x| < 2^51. Adding 1.5 x 2^52 pushes the fraction out of the mantissa; the same
// first with 2^32 takes away what is finer than 2^-20: runs of whole seconds at round rates fall on a few fractions, a half
// among them, and the last bits of a product must not decide on which side of it (all such bills would err the same way).
// The same bytes on every IEEE machine.
inline std::int64_t nearest_whole(double x) {
  constexpr double fine = 6442450944.0, whole = 6755399441055744.0;  // 1.5 x 2^32, 1.5 x 2^52
  const double snapped = (x + fine) - fine;
  return std::bit_cast<std::int64_t>(snapped + whole) - std::bit_cast<std::int64_t>(whole);
}

template <class Number>
struct BillOf {
  Number energy = 0, capacity = 0, carbon = 0, water = 0, network = 0;
  Number kwh = 0, kg = 0, litres = 0;

  [[nodiscard]] constexpr Number total() const { return energy + capacity + carbon + water + network; }
  constexpr BillOf& operator+=(const BillOf& more);
  constexpr BillOf& operator-=(const BillOf& less);
  bool operator==(const BillOf&) const = default;
};
using ExactBill = BillOf<double>;
using Bill = BillOf<std::int64_t>;

// Calls f(of a, of b) for each part of two bills.
template <class A, class B, class F>
constexpr void for_each_part(A& a, const B& b, F f) {
  f(a.energy, b.energy);
  f(a.capacity, b.capacity);
  f(a.carbon, b.carbon);
  f(a.water, b.water);
  f(a.network, b.network);
  f(a.kwh, b.kwh);
  f(a.kg, b.kg);
  f(a.litres, b.litres);
}

template <class Number>
constexpr BillOf<Number>& BillOf<Number>::operator+=(const BillOf& more) {
  for_each_part(*this, more, [](Number& part, Number by) { part += by; });
  return *this;
}
template <class Number>
constexpr BillOf<Number>& BillOf<Number>::operator-=(const BillOf& less) {
  for_each_part(*this, less, [](Number& part, Number by) { part -= by; });
  return *this;
}

inline Bill rounded(const ExactBill& exact) {
  Bill bill;
  for_each_part(bill, exact, [](std::int64_t& part, double by) { part = nearest_whole(by); });
  return bill;
}

// By how much the part that differs most does.
inline double largest_difference(const ExactBill& exact, const Bill& bill) {
  double most = 0;
  for_each_part(exact, bill, [&](double price, std::int64_t billed) {
    most = std::max(most, std::abs(price - static_cast<double>(billed)));
  });
  return most;
}

}  // namespace hinterland
