// What one unit of a pool of servers costs, emits and evaporates while it is busy, by the hour; and the bill of a job.
//
// A server with C cores, G GPUs and M GB of memory is cut into units such that a core, a GPU and a GB are whole numbers of
// them (policy/size.hpp); a job occupies max(cores / C, GPUs / G, memory / M) of a server, so a whole number of units, and
// sums of load are exact.
//
//   row[h]    of a unit that is busy all of hour h: money for energy, kWh, kg CO2 (location), litres; in millionths
//   A(t)      = sum of row[h'] over the hours before t, the hour of t in proportion       (piecewise linear)
//   bill      = units x (A(end) - A(start)); carbon and water in money are kg and litres times their price; capacity is
//               units x hours x rate, the same in every hour. Each part is rounded once, to a whole millionth.
//
// Time is counted from the start of the run, which is a whole hour of the model year; the year repeats. A rate above its
// forecast in some hours (a price spike) is kept apart, for it happens once.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "hinterland/base/time.hpp"
#include "hinterland/cost/bill.hpp"

namespace hinterland {

inline constexpr Duration kHour{3'600'000};
inline constexpr double kPerHour = 1.0 / 3'600'000;  // of a millisecond

// Of one busy unit: money, kWh, kg and litres, each in millionths. What one bill reads lies together: half a cache line.
struct alignas(32) UnitRow {
  double energy = 0, kwh = 0, kg = 0, litres = 0;
};
constexpr UnitRow operator+(const UnitRow& a, const UnitRow& b) {
  return {a.energy + b.energy, a.kwh + b.kwh, a.kg + b.kg, a.litres + b.litres};
}
constexpr UnitRow operator-(const UnitRow& a, const UnitRow& b) {
  return {a.energy - b.energy, a.kwh - b.kwh, a.kg - b.kg, a.litres - b.litres};
}
constexpr UnitRow operator*(double k, const UnitRow& a) {
  return {k * a.energy, k * a.kwh, k * a.kg, k * a.litres};
}

// Energy dearer (or cheaper) than `rows` say by `factor`, from `from` until `until`, both whole hours since the start.
struct Spike {
  Instant from, until;
  double factor = 1;
};

class UnitRates {
 public:
  // What is charged of a busy unit beyond its energy.
  struct Charges {
    double capacity = 0;                            // millionths of money per unit-hour
    double carbon_per_kg = 0, water_per_litre = 0;  // money
  };
  // `rows`: 8,760 hours of the model year from the start of the run.
  UnitRates(std::vector<UnitRow> rows, const Charges& charges, std::vector<Spike> spikes = {});

  [[nodiscard]] const std::vector<UnitRow>& rows() const { return rows_; }
  [[nodiscard]] const Charges& charges() const { return charges_; }
  [[nodiscard]] const std::vector<Spike>& spikes() const { return spikes_; }

  // What a unit busy from 0 until `t` >= 0 draws, spikes left out. O(1).
  [[nodiscard]] UnitRow until(Instant t) const {
    const auto [years, hour, part] = place(t);
    const UnitRow &a = sums_[hour], &b = sums_[hour + 1];
    const UnitRow within = a + part * (b - a);
    return years == 0 ? within : years * sums_.back() + within;
  }

  // Requires 0 <= start <= end. Network is left at 0: it is no rate of the pool.
  [[nodiscard]] ExactBill exact_bill(Instant start, Instant end, std::int64_t units) const {
    const auto count = static_cast<double>(units);
    UnitRow row = count * (until(end) - until(start));
    if (!spikes_.empty()) row.energy += count * spiked(start, end);
    const double unit_hours = count * (static_cast<double>(end.ms - start.ms) * kPerHour);
    return {.energy = row.energy,
            .capacity = charges_.capacity * unit_hours,
            .carbon = charges_.carbon_per_kg * row.kg,
            .water = charges_.water_per_litre * row.litres,
            .kwh = row.kwh,
            .kg = row.kg,
            .litres = row.litres};
  }
  [[nodiscard]] Bill bill(Instant start, Instant end, std::int64_t units) const {
    return rounded(exact_bill(start, end, units));
  }

  // One column, for policies, which compare many pools and many hours: millionths of money of a unit busy from 0 until `t`,
  // energy, carbon and water together; and kg. Spikes are not in it: nobody has forecast them.
  [[nodiscard]] double money_until(Instant t) const { return upto(money_, t); }
  [[nodiscard]] double kg_until(Instant t) const { return upto(kg_, t); }
  // No unit-hour of the year costs less.
  [[nodiscard]] double least_money() const { return least_money_; }

 private:
  struct Place {
    double years;
    std::size_t hour;
    double part;
  };
  static Place place(Instant t) {
    constexpr std::int64_t year = 8760 * kHour.ms;
    std::int64_t ms = t.ms;
    double years = 0;
    if (ms >= year) {
      const std::int64_t whole = ms / year;
      years = static_cast<double>(whole);
      ms -= whole * year;
    }
    const std::int64_t hour = ms / kHour.ms;
    return {years, static_cast<std::size_t>(hour), static_cast<double>(ms - hour * kHour.ms) * kPerHour};
  }
  static double upto(const std::vector<double>& sums, Instant t) {
    const auto [years, hour, part] = place(t);
    const double within = sums[hour] + part * (sums[hour + 1] - sums[hour]);
    return years == 0 ? within : years * sums.back() + within;
  }
  // Energy of one unit above the forecast.
  [[nodiscard]] double spiked(Instant start, Instant end) const;

  std::vector<UnitRow> rows_, sums_;  // 8,760; 8,761
  std::vector<double> money_, kg_;    // columns of the sums again
  Charges charges_;
  std::vector<Spike> spikes_;
  double least_money_ = std::numeric_limits<double>::infinity();
};

}  // namespace hinterland
