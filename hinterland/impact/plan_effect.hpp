// What capacity that is put somewhere does to the regions that get it: investment, jobs, power, water, and what of the money
// stays. Of what is added at a site (servers for empty racks, and new buildings with servers):
//
//   investment   building = new kW x price of building        land = new kW x m2 a kW x price of land
//                servers = added kW / busy power x price      (of a site that is leased: no building, no land)
//   once         building and servers, apart, are spent over industries by the atlas's `spending`; of industry i's part
//                home's share x the region's share min(1, SLQ lambda) is demand for the region's product, of research
//                x (1 - research_leakage); its effect in person-years and value added by local_economy.hpp
//   a year       IT energy      what the plan serves there x added / all of it, or added x power_load x 8,760 h
//                energy, water  x PUE, x WUE of the site's year;       power bill = energy x the site's price
//                pay = staff_per_mw x MW x pay          upkeep = MW x upkeep, spent as above
//                capital = annuities of building and servers + interest x land     (cost/price.hpp)
//                wear = (building - 0) / life + (servers - resale) / life          return = capital - wear
//   direct       jobs: staff                            value added: pay + capital
//   indirect     suppliers of power and upkeep in the region, and theirs
//   induced      by pay: the staff's there, (1 - staff_leakage) of it, and the suppliers'
//
//   made there   direct + indirect + induced value added
//   stays there  pay (1 - staff_leakage) + return (1 - owner_leakage) + indirect + induced
//   per job      investment / (direct + indirect + induced jobs)
//
// The same investment as another use's capital, split over its industries i by weight w_i:
//
//   output_i = investment w_i / (depreciation_i capital_life / output_i),   jobs of output_i: its own, suppliers', induced
//
// All figures with a range are drawn at once (dials.hpp): those of staffing, spending, industry_mix, regional_economy, of the
// sites and the server, and the cost of capital. A region's quotients may lie off their row of the mix (model_regions.hpp).
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/in_parallel.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/impact/band.hpp"
#include "hinterland/impact/drivers.hpp"
#include "hinterland/impact/local_economy.hpp"
#include "hinterland/impact/model_regions.hpp"
#include "hinterland/impact/site_capacity.hpp"

namespace hinterland {

// A flow of money a year: all of it, and what of it is paid or bought in the region.
struct Spent {
  double all = 0, here = 0;
};

// Of one site, or summed over several. Money, people, person-years; energy in kWh a year, water in litres a year.
struct SiteEffect {
  double added_mw = 0, filled_mw = 0, idle_mw = 0;
  double building = 0, land = 0, servers = 0;
  LocalEffect built, equipped;  // of what building and servers buy in the region; jobs: person-years
  double building_jobs = 0;     // all three of building, over construction_years
  double it_kwh = 0, facility_kwh = 0, litres = 0;
  Spent power, upkeep, pay, gain;  // gain: the return on capital
  double wear = 0;
  double staff = 0;       // of what is added
  double idle_staff = 0;  // of servers no longer kept, if nobody else runs them
  Effect suppliers, induced;

  SiteEffect& operator+=(const SiteEffect& more);
  [[nodiscard]] double investment() const { return building + land + servers; }
  // Of building.
  [[nodiscard]] double person_years() const { return all(built); }
  [[nodiscard]] double equipping_person_years() const { return all(equipped); }
  [[nodiscard]] double jobs() const { return staff + suppliers.jobs + induced.jobs; }
  [[nodiscard]] double made() const { return pay.all + gain.all + wear + suppliers.added + induced.added; }
  [[nodiscard]] double stays() const { return pay.here + gain.here + suppliers.added + induced.added; }

 private:
  static double all(const LocalEffect& of) { return of.direct.jobs + of.indirect.jobs + of.induced.jobs; }
};

// The same money in another use.
struct UseEffect {
  Effect direct, indirect, induced;
  [[nodiscard]] double jobs() const { return direct.jobs + indirect.jobs + induced.jobs; }
};

struct PlanOutcome {
  std::vector<SiteEffect> sites;
  SiteEffect all;
  std::vector<UseEffect> uses;
};

struct OtherUse {
  std::string name, name_zh;
};

struct PlanEffectOptions {
  ServerId server{"cpu-server"};  // that the capacity is bought in
  std::size_t draws = 500;        // 0: none
  std::uint64_t seed = 1;
  double level = kBandLevel;
  std::size_t threads = kAllCores;
};

struct PlanEffect {
  PlannedCapacity plan;  // sites with something added, or no longer kept
  PlanEffectOptions options;
  const NationalEconomy* economy = nullptr;
  Staffing staffing;
  RegionalEconomy regional;
  std::vector<OtherUse> uses;
  PlanOutcome central;
  std::vector<PlanOutcome> drawn;
  std::vector<Driver> drivers;  // of all permanent jobs there
  std::size_t left_out = 0;     // draws whose local tables have no inverse
  std::size_t drawn_figures = 0;
  bool interrupted = false;

  // Of a figure of each draw; requires a draw.
  [[nodiscard]] Band band(const std::function<double(const PlanOutcome&)>& of) const;
};

// Fails for sites and a server that the atlas lacks, for tables that are missing, and for a singular table.
Expected<PlanEffect> plan_effect(const Atlas& atlas, const NationalEconomy& economy, const RateYear& rates,
                                 const PlannedCapacity& plan, const PlanEffectOptions& options,
                                 Progress& progress);

}  // namespace hinterland
