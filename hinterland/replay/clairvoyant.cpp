#include "hinterland/replay/clairvoyant.hpp"

#include <algorithm>
#include <limits>

#include "hinterland/replay/busy_cost.hpp"
#include "hinterland/replay/planned_scarcity.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostPlannedSlots =
    17'520;                       // two years of hours: of a longer day the planner is not asked
constexpr double kRounded = 0.5;  // of a millionth, each part of a bill

// What the work costs at least at these prices, less what they give back. `lambda`: [slot x pools + pool], or empty: none.
double bound_at(const DayWork& day, const std::vector<double>& lambda, std::int64_t& attempts) {
  std::vector<BusyCost> costs;
  double given = 0;
  for (std::size_t p = 0; p < day.pools(); ++p) {
    std::vector<double> rates = day.rates(p);
    for (std::size_t k = 0; k < day.slots() && !lambda.empty(); ++k) {
      const double scarce = lambda[k * day.pools() + p];
      rates[k] += scarce;
      given += scarce * day.room(k, p);
    }
    costs.emplace_back(day.begin(), day.slot(), std::move(rates));
  }
  const double rounding = kRounded * static_cast<double>(day.bill_parts());
  double sum = 0;
  attempts = 0;
  day.for_each([&](const DayWork::Work& work) {
    double least = std::numeric_limits<double>::infinity();
    for (const DayWork::Where& one : work.where) {
      const double busy = costs[one.pool].least(work.from, work.until, one.run);
      least = std::min(least, static_cast<double>(work.units) * busy + one.network);
    }
    ++attempts;
    // Whoever did it did it somewhere; if that is nowhere here, nothing is claimed of it.
    if (least == std::numeric_limits<double>::infinity()) return;
    // No bill is below nothing, however it is rounded, where nothing that it is made of is.
    sum += lambda.empty() && least >= 0 ? std::max(0.0, least - rounding) : least - rounding;
  });
  return sum - given;
}

}  // namespace

std::optional<Clairvoyant> clairvoyant_bound(const SimWorld& world, const std::vector<bool>& counts,
                                             const std::vector<bool>& done, std::span<const Instant> until) {
  const DayWork day(world, counts, done, until);
  if (day.slots() > DayWork::kMostSlots) return std::nullopt;
  Clairvoyant out;
  if (day.slots() == 0) return out;
  out.alone = out.bound = bound_at(day, {}, out.work);
  const std::vector<double> lambda =
      day.slots() <= kMostPlannedSlots ? planned_scarcity(day) : std::vector<double>{};
  if (!lambda.empty()) {
    out.scarce = bound_at(day, lambda, out.work);
    out.bound = std::max(out.bound, out.scarce);
  }
  return out;
}

}  // namespace hinterland
