// A site's model year: what an hour of IT power costs, emits and evaporates, hour by hour, summed in O(1).
//
// The atlas has levels (the price of power, a metered PUE); weather, tariff periods and imported curves have shapes:
//
//   PUE(h)    = 1 + k o(h)    o: modelled overhead;  k = (metered PUE - 1) / mean o, or 1 where none is metered
//   price(h)  = P u(h) + f(h)           P: the atlas's price;   u: shape, mean 1;   f: what P does not scale
//   carbon(h) = C g(h)                  C: the grid's average;  g: shape, mean 1   (or C = 1, g: an imported curve)
//   water(h)  = m w(h)                  w: modelled litres per IT kWh;  m = metered WUE / mean w, or 1
//
// An IT kWh in hour h costs PUE(h) price(h), so what a run needs are the means of o, u, u o, f, f o, g, g o
// and w over its hours: HourMeans. Levels stay outside, so that a change of P or of a metered PUE needs no
// hour again (terms.hpp). Only which hours a run that waits takes is settled by the level and k that the
// year was made with: P scales all hours alike, and k moves them little against each other.
//
// What does not add up over jobs comes down to a kWh or a GB by a rule: a month's demand charge (meter.hpp), a line's month
// (transfer.hpp).
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hinterland/base/quantity.hpp"
#include "hinterland/cost/prefix_sum.hpp"

namespace hinterland {

class StartReaches;

// Means over the hours of a run.
struct HourMeans {
  double overhead = 0;                                // o
  double price_shape = 1, price_shape_overhead = 0;   // u, u o
  double fixed = 0, fixed_overhead = 0;               // f, f o; money per kWh
  double carbon = 1, carbon_overhead = 0;             // g, g o
  double water = 0;                                   // w, litres per IT kWh
  std::optional<double> marginal, marginal_overhead;  // kg per kWh, of the unit that one more kWh would run
};

// The hours themselves, 8,760 in each list; an empty list says: no shape, u = g = 1, f = w = o = 0, no marginal.
struct SiteHours {
  std::vector<double> overhead;
  std::vector<double> price_shape;
  std::vector<double> fixed;
  std::vector<double> carbon;
  bool carbon_is_level = false;  // `carbon` is kg per kWh, whatever the grid's average is
  std::vector<double> water;
  std::vector<double> marginal;
};

// When work runs. Without a start any hour of the year is as likely as another, or any day if it is ready at one hour.
struct Run {
  Hours length;                      // > 0, or 0 for a moment
  Hours wait;                        // how much later it may begin; it takes the cheapest whole hour
  std::optional<Hours> start;        // hour of the model year in which it is ready
  std::optional<double> ready_hour;  // hour of the day in which it is ready, 0 to 24
};

class SiteYear {
 public:
  // A run that may wait takes the hours in which (1 + k o) (level u + f) is least.
  SiteYear(SiteHours hours, MoneyPerKwh level, double k);

  [[nodiscard]] const HourMeans& means() const { return year_; }  // of the whole year
  [[nodiscard]] HourMeans over(Hours from, Hours length) const;   // O(1)

  // Means over the hours of a run. O(1) with a start and no wait. Without a start it is the mean over all days on which it
  // may be ready, worked out exactly (start_reach.hpp) for a ladder of lengths and waits up to a year, linear between its
  // steps, each step kept for the next time. How far off that is: docs/adr/0008.
  // Safe to call from several threads.
  [[nodiscard]] HourMeans over(const Run& run) const;

  // When a run that is ready at `start` begins: then, or at the cheapest whole hour within `wait`.
  [[nodiscard]] Hours cheapest_start(Hours start, Hours wait, Hours length) const;

  // The same year with every hour at its mean: what a price from annual means would have used.
  [[nodiscard]] SiteYear flattened() const;

  [[nodiscard]] const SiteHours& hours() const { return hours_; }

 private:
  struct Memo;
  SiteYear(const HourMeans& means, bool carbon_is_level);  // the same in every hour
  [[nodiscard]] const PrefixSum& cost() const;
  [[nodiscard]] HourMeans weighted(std::span<const double> times) const;
  [[nodiscard]] HourMeans look_at_the_year(int length, int wait, int ready_hour) const;
  [[nodiscard]] const StartReaches& reaches_of(int length) const;
  [[nodiscard]] const HourMeans& step(int length, int wait, int ready_hour) const;

  SiteHours hours_;
  MoneyPerKwh level_;
  double k_ = 1;
  HourMeans year_;
  std::shared_ptr<Memo> memo_;  // what was worked out when first asked for; null where every hour is the same
};

}  // namespace hinterland
