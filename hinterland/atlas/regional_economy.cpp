#include "hinterland/atlas/regional_economy.hpp"

namespace hinterland {

namespace {

constexpr double kHoursPerDay = 24;

}  // namespace

Fields<RegionalEconomy> regional_economy_fields() {
  return {
      field("id", &RegionalEconomy::id).naming().documented("short name of the row"),
      field("flegg_delta", &RegionalEconomy::flegg_delta)
          .within(0, 0.99)
          .documented("how much less of its needs a small region meets itself"),
      field("quotient_factor", &RegionalEconomy::quotient_factor)
          .within(1, 100)
          .documented("how far a region's location quotient may lie from its row of industry_mix, times or "
                      "divided by"),
      field("distance_decay", &RegionalEconomy::distance_decay)
          .within(0, 5)
          .documented("trade between regions falls with distance to this power"),
      field("households_spend", &RegionalEconomy::households_spend)
          .within(0, 1)
          .documented("share of pay that is spent on consumption"),
      field("capital_life_years", &RegionalEconomy::capital_life, kYear.value)
          .above(0, 100)
          .documented("a year's depreciation times this is an industry's capital"),
      field("capital_per_added", &RegionalEconomy::capital_per_added)
          .above(0, 100)
          .documented("capital that is lost with an industry's capacity, in years of its value added"),
  };
}

Fields<Staffing> staffing_fields() {
  return {
      field("id", &Staffing::id).naming().documented("short name of the row"),
      field("staff_per_mw", &Staffing::staff_per_mw)
          .within(0, 1000)
          .documented("permanent staff of a MW of IT power"),
      field("pay_$_per_year", &Staffing::pay).within(0, 1e9).documented("what one of them costs"),
      field("upkeep_$_per_mw_year", &Staffing::upkeep)
          .within(0, 1e12)
          .documented("maintenance and services of a MW, without power and staff"),
      field("construction_years", &Staffing::construction, kYear.value)
          .above(0, 50)
          .documented("how long building takes"),
      field("owner_leakage", &Staffing::owner_leakage)
          .within(0, 1)
          .documented("share of the return on capital that goes to owners elsewhere"),
      field("staff_leakage", &Staffing::staff_leakage)
          .within(0, 1)
          .documented("share of pay that best-paid staff elsewhere earn"),
      field("research_leakage", &Staffing::research_leakage)
          .within(0, 1)
          .documented("share of what is bought of research industries that is bought elsewhere"),
  };
}

Fields<SupplyChain> supply_chain_fields() {
  return {
      field("id", &SupplyChain::id).naming().documented("short name of the row"),
      field("stock_floor", &SupplyChain::stock_floor)
          .above(0, 1)
          .documented("share of its target below which a stock holds production back"),
      field("final_weight", &SupplyChain::final_weight)
          .within(0, 1)
          .documented(
              "of final users against industries when there is too little: 1 alike, 0 industries first"),
      field("refill", &SupplyChain::refill)
          .above(0, 100)
          .documented("time to restore a stock, in the days that it holds"),
      field("memory_days", &SupplyChain::memory, kHoursPerDay)
          .within(1, 3650)
          .documented("days over which firms judge what stock they need"),
      field("most_overproduction", &SupplyChain::most_overproduction)
          .within(1, 10)
          .documented("the most that can be made, against before"),
      field("overproduction_days", &SupplyChain::overproduction, kHoursPerDay)
          .within(1, 3650)
          .documented("how slowly firms get there"),
      field("substitution", &SupplyChain::substitution)
          .within(0, 1)
          .documented("share of orders that goes to whoever can deliver"),
      field("import_substitution", &SupplyChain::import_substitution)
          .within(0, 1)
          .documented("share of lacking imports that is ordered at home instead"),
      field("rebuilding_days", &SupplyChain::rebuilding, kHoursPerDay)
          .within(1, 3650)
          .documented("in which damage would be rebuilt if all that is ordered came"),
      field("computing_dependence", &SupplyChain::computing_dependence)
          .within(0, 1)
          .documented("share of the computing industry's output that stops when its data centres do"),
      field("holding_cost_per_year", &SupplyChain::holding_cost_per_year)
          .within(0, 10)
          .documented("what holding a stock costs, of its worth"),
  };
}

}  // namespace hinterland
