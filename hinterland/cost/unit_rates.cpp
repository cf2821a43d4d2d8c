#include "hinterland/cost/unit_rates.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

UnitRates::UnitRates(std::vector<UnitRow> rows, const Charges& charges, std::vector<Spike> spikes)
    : rows_(std::move(rows)), charges_(charges), spikes_(std::move(spikes)) {
  sums_.reserve(rows_.size() + 1);
  sums_.push_back({});
  UnitRow sum, lost;  // what each addition loses is carried along (Kahan 1965)
  for (const UnitRow& row : rows_) {
    const UnitRow more = row - lost, next = sum + more;
    lost = (next - sum) - more;
    sum = next;
    sums_.push_back(sum);
  }
  const auto money = [&](const UnitRow& row) {
    return row.energy + charges_.carbon_per_kg * row.kg + charges_.water_per_litre * row.litres;
  };
  for (const UnitRow& row : sums_) {
    money_.push_back(money(row));
    kg_.push_back(row.kg);
  }
  // A hair less than the least: a difference of sums may fall below the hour itself by its last bits.
  for (const UnitRow& row : rows_)
    least_money_ = std::min(least_money_, money(row) - 1e-9 * std::abs(money(row)));
}

double UnitRates::spiked(Instant start, Instant end) const {
  double more = 0;
  for (const Spike& spike : spikes_) {
    const Instant from = std::max(start, spike.from), upto = std::min(end, spike.until);
    if (from < upto) more += (spike.factor - 1) * (until(upto).energy - until(from).energy);
  }
  return more;
}

}  // namespace hinterland
