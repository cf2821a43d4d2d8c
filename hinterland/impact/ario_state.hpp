// What an ARIO model holds in memory, and its day in five steps (ario.hpp has the equations and names).
//
// Regions lie side by side in lanes, four to a block; lanes behind the last region hold nothing and stay so. What is of an
// industry in a region stands at [block][industry], the region a lane of it. Money is per day.
#pragma once
#include "hinterland/impact/ario.hpp"
#include "hinterland/siting/lanes.hpp"

namespace hinterland {

struct ArioState {
  std::size_t industries = 0, regions = 0, blocks = 0;
  ArioParameters parameters;

  // What stays as it is.
  LanesVector base, per_base;                             // output before, and 1 / that
  LanesVector exports, final_use;                         // before; final use of home's and imported product
  LanesVector trade;                                      // t: [industry][from][block of to]
  std::vector<double> inputs, import_share;               // a, m: [by][of]
  std::vector<double> final_import_share, usual_imports;  // [industry]
  std::vector<double> pull, per_day, floor;               // [product] n / tau, 1 / n, min(1 / psi, n)

  // What goes from day to day.
  LanesVector stock;                                  // S: [block][by][of]
  LanesVector produced, produced_before;              // p
  LanesVector remembered, remembered_before;          // W
  LanesVector alpha, limit;                           // limit: of p, by stocks
  LanesVector filled, filled_before;                  // phi
  LanesVector usual_filled;                           // sum over q of t^qs phi^q, by the user's region
  LanesVector orders, orders_abroad;                  // of industries, for the day to come
  std::vector<double> import_use, import_use_before;  // [industry] part of usual imports still ordered abroad

  // Of the day at hand.
  LanesVector final_asked;  // of home's product by final users, by their region; `orders` is industries'
  LanesVector fixed_part, movable_part;         // 1 - b, and b / usual_filled
  LanesVector demand, final_demand;             // D_i, D_f
  LanesVector industries_filled, final_filled;  // phi_i, phi_f
  LanesVector delivered, final_delivered;       // the same by the user's region
  std::vector<double> imported;                 // [industry]
  // [by][of] per unit that is ordered: what comes of it from home's product and beside that; what of it is money at home, abroad
  std::vector<double> home_part, abroad_part, home_money, abroad_money;

  [[nodiscard]] std::size_t at(std::size_t block, std::size_t industry) const {
    return block * industries + industry;
  }
  [[nodiscard]] double of(const LanesVector& values, std::size_t industry, std::size_t region) const {
    return values[at(region / kLanes, industry)][region % kLanes];
  }
  void put(LanesVector& values, std::size_t industry, std::size_t region, double value) const {
    values[at(region / kLanes, industry)][region % kLanes] = value;
  }
};

// What is ordered at home and abroad today, and how much of the latter comes.
void place_orders(ArioState& state, const ArioDay& day);
// Orders become demand for each region's output.
void find_demand(ArioState& state);
// How much is made, and what share of demand that is.
void produce(ArioState& state, const ArioDay& day);
// What share of their orders users get.
void deliver(ArioState& state);
// Stocks after receipt and use, the orders for the day to come, and what stocks will let be made then.
void restock(ArioState& state);

}  // namespace hinterland
