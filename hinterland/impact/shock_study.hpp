// What a shock costs, how sure that is, and what capacity or stocks kept against it are worth.
//
//   loss avoided a year  = times a year x (loss without - loss with)
//   worth of keeping it  = loss avoided a year - what it costs a year
//
// each measured in value added (shock_run.hpp). The loss is run once with all figures as they stand, and once a draw with all
// figures that have a range drawn at once (dials.hpp): those of the atlas's tables industries, industry_mix, regional_economy
// and supply_chains, the cost of capital, and those of the scenario. Bands hold 90 % of the draws unless
// a verb asks (band.hpp).
//
// A zone is used as far as that helps (backup_use.hpp). What it costs a year:
//   of computing     its site's building, land and servers at the atlas's prices, staff and upkeep; no power, for it idles
//   of others        share x the industry's capital (depreciation x capital_life_years) by annuity over that life
// Reserves cost holding_cost_per_year of their worth.
//
// A site that stops takes from its region's computing industry
//   dependence x its sold power / sold power of all sites in the region                       (sold: capacity x fill x use)
// and a zone of computing is one pool of power that gives it back where it is missed, in the regions it stands in for
// (shock_run.hpp); a region without a site misses nothing that it could give. What a kW sold in a region carries is the
// region's computing output / its sold power, so that the loss in money does depend on how finely the map is cut: output is
// spread over a group's members by gross product, sold power is not.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/in_parallel.hpp"
#include "hinterland/impact/band.hpp"
#include "hinterland/impact/drivers.hpp"
#include "hinterland/impact/kept_cost.hpp"
#include "hinterland/impact/model_regions.hpp"
#include "hinterland/impact/national_economy.hpp"
#include "hinterland/impact/shock_run.hpp"

namespace hinterland {

// A backup zone or a reserve.
struct KeptValue {
  std::string key;
  bool zone = true;
  double used = 1;     // of a zone, as the figures stand
  double avoided = 0;  // loss avoided in one such shock
  KeptCost cost;       // as the figures stand
  Band avoided_band, yearly_band, cost_band, worth_band;
  double worth_share = 0;   // of the draws in which it is worth more than it costs
  double unused_share = 0;  // of the draws in which a zone is not wholly used
  [[nodiscard]] double worth(double per_year) const { return per_year * avoided - total(cost); }
};

struct ShockOptions {
  std::size_t draws = 200;  // 0: none
  std::uint64_t seed = 1;
  double level = kBandLevel;
  std::size_t threads = kAllCores;
};

struct ShockStudy {
  ShockScenario shock;
  ShockOptions options;
  std::vector<ModelRegion> regions;
  const NationalEconomy* economy = nullptr;
  std::vector<double> region_added;  // [region] value added a year before
  std::vector<double> industry_added;
  ShockCourse course;  // as the figures stand
  Band lost, final_unmet, exports_unmet, worst_day;
  std::vector<Band> by_region, by_industry, daily;
  std::vector<KeptValue> kept;
  std::vector<Driver> drivers;          // of the loss
  std::size_t draws = 0, left_out = 0;  // left out: drawn parameters that do not fit (ario.hpp)
  std::size_t drawn_figures = 0;
  bool interrupted = false;

  [[nodiscard]] double added() const;  // of all regions, a year
};

// Fails for names that the atlas or its input-output table lacks, and for parameters that do not fit.
Expected<ShockStudy> study_shock(const Atlas& atlas, const NationalEconomy& economy,
                                 const ShockScenario& shock, const ShockOptions& options, Progress& progress);

}  // namespace hinterland
