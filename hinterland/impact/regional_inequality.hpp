// Inequality of GDP per head over the regions of an atlas, year by year, and what has become of it.
//
// A region is one place, its weight the people at the end of the year, its value GDP / people (inequality.hpp); the nation is
// the sum of the regions. Regions are taken apart by a grouping of the atlas. Convergence is between the first and the last
// year, each region counting once (convergence.hpp). Where the accounts change their revision on the way
// (series_break.hpp), that is said and no turn is told across it. All of it is nominal: inflation that all regions share leaves every
// measure as it is, prices that differ between regions do not.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/spread.hpp"
#include "hinterland/impact/beside_nation.hpp"
#include "hinterland/impact/convergence.hpp"
#include "hinterland/impact/inequality.hpp"
#include "hinterland/impact/series_break.hpp"

namespace hinterland {

struct InequalityYear {
  int year = 0;
  Decomposition parts;  // groups in the order of RegionalInequality::groups
  double sigma = 0;     // of ln GDP per head, each region counting once
};

// GDP that something adds to a region in the last year, in money: low, central, high.
struct RegionChange {
  RegionId region;
  Range gdp;
};

// The last year with the changes added at their low, central and high ends; people stay as they are.
struct ChangedInequality {
  std::vector<RegionChange> changes;
  Decomposition low, central, high;
};

struct RegionalInequality {
  std::string grouping;
  std::vector<RegionGroup> groups;
  std::vector<InequalityYear> years;    // rising
  double level = 0.95;                  // of the intervals
  std::optional<BetaConvergence> beta;  // none: fewer than four regions, or one year
  std::optional<SigmaConvergence> sigma;
  std::vector<Course> group_courses;   // as `groups`
  std::vector<Course> region_courses;  // as the atlas's regions
  std::vector<std::pair<double, double>> lorenz_first, lorenz_last;
  std::optional<ChangedInequality> changed;
  std::vector<SeriesBreak> breaks;  // between the first year and the last

  [[nodiscard]] const InequalityYear& first() const { return years.front(); }
  [[nodiscard]] const InequalityYear& last() const { return years.back(); }
};

struct InequalityQuestion {
  std::string grouping;  // empty: the atlas's first
  std::optional<int> first, last;
  double level = 0.95;
  std::vector<RegionChange> changes;
};

// Fails, naming the flag: no year in which all regions have an account, an unknown grouping or region, years that are not
// there, a change that leaves a region less than no GDP.
Expected<RegionalInequality> regional_inequality(const Atlas& atlas, const InequalityQuestion& question);

struct PlaceInequality;
// `counties` where there are some.
std::string inequality_json(const Atlas& atlas, const RegionalInequality& result,
                            const PlaceInequality* counties);

}  // namespace hinterland
