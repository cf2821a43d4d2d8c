#include "hinterland/atlas/spatial_economy.hpp"

namespace hinterland {

Fields<SpatialEconomy> spatial_economy_fields() {
  return {
      field("id", &SpatialEconomy::id).naming().documented("short name of the row"),
      field("capital_share", &SpatialEconomy::capital_share).within(0, 0.9).documented("of output"),
      field("owners_elsewhere", &SpatialEconomy::owners_elsewhere)
          .within(0, 1)
          .documented("of capital's return, what goes to the places that owned it before it moved"),
      field("agglomeration", &SpatialEconomy::agglomeration)
          .within(0, 0.5)
          .documented("by how much output rises with people beyond their own work, as an elasticity"),
      field("trade_elasticity", &SpatialEconomy::trade_elasticity)
          .above(0, 50)
          .documented("of what is bought from a place to its price"),
      field("distance_decay", &SpatialEconomy::distance_decay)
          .within(0, 10)
          .documented("of trade, as an elasticity"),
      field("home_km", &SpatialEconomy::home_km)
          .above(0, 10'000)
          .documented("how far goods travel within a region"),
      field("housing_share", &SpatialEconomy::housing_share).within(0, 0.9).documented("of spending"),
      field("housing_elasticity", &SpatialEconomy::housing_elasticity)
          .within(0, 100)
          .documented("of homes to their rent"),
      field("migration_elasticity", &SpatialEconomy::migration_elasticity)
          .above(0, 50)
          .documented("of a place's people to what it offers"),
      field("barrier_share", &SpatialEconomy::barrier_share)
          .within(0, 1)
          .documented("of the gap between places, what keeps people out rather than pleases them"),
  };
}

}  // namespace hinterland
