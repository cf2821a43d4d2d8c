// What the models of regions assume where nothing was measured, as facts with ranges: how regions trade, who works at a
// data centre and what of its money stays, and how firms meet a shock. One row each.
#pragma once
#include "hinterland/base/field.hpp"

namespace hinterland {

struct RegionalEconomy {
  RegionalEconomyId id;
  double flegg_delta = 0.25;  // impact/location_quotient.hpp
  double quotient_factor =
      1;  // how far a single region's quotient may lie from its row of the mix, up or down
  double distance_decay = 1;      // of trade; impact/multiregional_table.hpp
  double households_spend = 0.7;  // of pay, on consumption
  Hours capital_life;             // depreciation of a year x this is an industry's capital
  double capital_per_added =
      4;  // capital that a shock destroys with an industry, per its value added of a year
};

struct Staffing {
  StaffingId id;
  double staff_per_mw = 0;      // permanent, of IT power designed for
  Money pay;                    // of one, a year
  Money upkeep;                 // of one MW, a year: maintenance and services, without power and staff
  Hours construction;           // how long building takes
  double owner_leakage = 0;     // of the return on capital, what goes to owners elsewhere
  double staff_leakage = 0;     // of pay, what best-paid staff elsewhere earn
  double research_leakage = 0;  // of what is bought from industries of research, what is bought elsewhere
};

// impact/ario.hpp says what each does.
struct SupplyChain {
  SupplyChainId id;
  double stock_floor = 0.9, final_weight = 0.4, refill = 1;
  Hours memory;
  double most_overproduction = 1.25;
  Hours overproduction;
  double substitution = 0.5, import_substitution = 0.2;
  Hours rebuilding;                 // time in which damage would be rebuilt if all that is ordered came
  double computing_dependence = 0;  // of the computing industry's output, what stops when its data centres do
  double holding_cost_per_year = 0;  // of a stock's worth
};

Fields<RegionalEconomy> regional_economy_fields();
Fields<Staffing> staffing_fields();
Fields<SupplyChain> supply_chain_fields();

}  // namespace hinterland
