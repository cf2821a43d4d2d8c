// A pool's meter: what was busy in each hour, from its events alone, without a look at any job or bill.
//
// An event adds `units` from t on: what it adds within its own hour goes to `partial`, the whole hours after it follow from
// the running sum of `step`. O(1) an event, exact in integers:
//
//   busy[h] (unit-ms) = level x 3,600,000 + partial[h],     level = sum of step up to h
//   energy            = sum of busy[h] / 3,600,000 x row[h]           row: cost/unit_rates.hpp
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/cost/unit_rates.hpp"

namespace hinterland {

class LoadMeter {
 public:
  // Requires t >= 0.
  void change(Instant t, std::int64_t units) {
    const auto hour = static_cast<std::size_t>(t.ms / kHour.ms);
    if (hour + 2 > hours_.size()) hours_.resize(hour + hour / 2 + 64);
    hours_[hour].partial += units * (static_cast<std::int64_t>(hour + 1) * kHour.ms - t.ms);
    hours_[hour + 1].step += units;
  }

  // Busy unit-ms of each hour until the last event.
  [[nodiscard]] std::vector<std::int64_t> busy() const;

  // What the busy units drew, in millionths: energy, carbon and water in money, kWh, kg, litres; and capacity.
  struct Reading {
    double energy = 0, capacity = 0, carbon = 0, water = 0, kwh = 0, kg = 0, litres = 0;
    std::int64_t unit_ms = 0;
  };
  [[nodiscard]] Reading read(const UnitRates& rates) const;

 private:
  struct Hour {
    std::int64_t partial = 0, step = 0;
  };
  std::vector<Hour> hours_;
};

}  // namespace hinterland
