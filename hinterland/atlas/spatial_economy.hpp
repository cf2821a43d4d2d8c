// What the model of where people and capital go assumes (impact/spatial_model.hpp says what each does). One row.
#pragma once
#include "hinterland/base/field.hpp"

namespace hinterland {

struct SpatialEconomy {
  SpatialEconomyId id;
  double capital_share = 0.5;     // alpha: of output
  double owners_elsewhere = 0.5;  // phi: of capital's return, what goes to those who owned it before it moved
  double agglomeration = 0.05;    // gamma: of output to people beyond their own work
  double trade_elasticity = 4;    // sigma - 1
  double distance_decay = 1;      // of trade
  double home_km = 150;           // how far goods travel within a region
  double housing_share = 0.2;     // of spending
  double housing_elasticity = 1;  // eta: of homes to their rent
  double migration_elasticity = 1.5;  // kappa: of people to what a place offers
  double barrier_share =
      0.5;  // omega: of the gap between places, what keeps people out rather than pleases them
};

Fields<SpatialEconomy> spatial_economy_fields();

}  // namespace hinterland
