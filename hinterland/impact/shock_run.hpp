// One run of a shock through an economy: what was lost, by day, region and industry.
//
//   value added lost = sum over days of (value added before - value added that day), by region and industry
//
// net of what is made up later: overproduction, rebuilding and refilled stocks count against the loss. Final use not met
// counts what consumers, investors and buyers abroad asked for that day and did not get; what they no longer asked for is no
// part of it. Both are money of the table's year.
#pragma once
#include <vector>

#include "hinterland/impact/ario.hpp"
#include "hinterland/impact/shock_scenario.hpp"

namespace hinterland {

// A loss of the scenario on the places of a model.
struct PlacedLoss {
  const ShockLoss* loss = nullptr;
  std::vector<std::size_t> industries, regions;
  double part = 1;  // of the loss's course: a site's part of its region's industry
};

// Capacity kept elsewhere that stands in for what is missing. Each day, of usual output in a place (k, r):
//
//   left(k, r) = min(1, left(k, r) + share(k, r))
//   left(k, r) += (1 - left(k, r)) min(1, power / sum over places of power_of_output (1 - left))
//
// so that one pool serves all places by what they miss, and how finely a map is cut does not change how far it reaches.
struct StandIn {
  Matrix share;      // [industry][region] of usual output; empty: none
  double power = 0;  // of the pool, kW
  Matrix
      power_of_output;  // [industry][region] kW that all of the place's output takes; 0: the pool cannot stand in

  [[nodiscard]] StandIn scaled(double used) const;
};

struct PlacedShock {
  std::vector<PlacedLoss> exports, imports, capacity;
  StandIn standing_in;
  std::size_t days = 365;
  double rebuilding_days = 60, capital_per_added = 4;
  std::vector<double> capital_goods;  // [industry] what a unit of rebuilding buys; sums to 1
};

struct ShockCourse {
  std::vector<double> daily;                   // [day] value added, of that before
  std::vector<double> by_region, by_industry;  // value added lost
  double lost = 0, final_unmet = 0, exports_unmet = 0;
  double damage = 0;       // capital destroyed
  double left_damage = 0;  // not rebuilt at the end

  [[nodiscard]] double worst_day() const;  // the least of `daily`
};

// Requires parameters that fit (fit_parameters).
ShockCourse run_shock(const MultiregionalTable& table, const ArioParameters& parameters,
                      const PlacedShock& shock);

}  // namespace hinterland
