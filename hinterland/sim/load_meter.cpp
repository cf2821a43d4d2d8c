#include "hinterland/sim/load_meter.hpp"

namespace hinterland {

std::vector<std::int64_t> LoadMeter::busy() const {
  std::vector<std::int64_t> busy;
  busy.reserve(hours_.size());
  std::int64_t level = 0;
  for (const Hour& hour : hours_) {
    level += hour.step;
    busy.push_back(level * kHour.ms + hour.partial);
  }
  while (!busy.empty() && busy.back() == 0) busy.pop_back();
  return busy;
}

LoadMeter::Reading LoadMeter::read(const UnitRates& rates) const {
  Reading sum;
  const std::vector<std::int64_t> busy = this->busy();
  for (std::size_t hour = 0; hour < busy.size(); ++hour) {
    const double unit_hours = static_cast<double>(busy[hour]) * kPerHour;
    const UnitRow& row = rates.rows()[hour % rates.rows().size()];
    double factor = 1;
    const Instant begin{static_cast<std::int64_t>(hour) * kHour.ms};
    for (const Spike& spike : rates.spikes()) {
      if (spike.from <= begin && begin < spike.until) factor += spike.factor - 1;
    }
    sum.energy += unit_hours * factor * row.energy;
    sum.kwh += unit_hours * row.kwh;
    sum.kg += unit_hours * row.kg;
    sum.litres += unit_hours * row.litres;
    sum.unit_ms += busy[hour];
  }
  sum.capacity = rates.charges().capacity * (static_cast<double>(sum.unit_ms) * kPerHour);
  sum.carbon = rates.charges().carbon_per_kg * sum.kg;
  sum.water = rates.charges().water_per_litre * sum.litres;
  return sum;
}

}  // namespace hinterland
