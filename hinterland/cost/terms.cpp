#include "hinterland/cost/terms.hpp"

namespace hinterland {

ServerTerms server_terms(const Server& server) {
  return {.price = server.price,
          .life = server.life,
          .resale_share = server.resale_share,
          .busy = server.busy,
          .idle = server.idle,
          .embodied = server.embodied};
}

ServerShape server_shape(const Server& server) {
  return {.cores = server.cores, .gpus = server.gpus, .memory_gb = server.memory_gb};
}

SiteTerms site_terms(const Atlas& atlas, const Site& site) {
  const Grid& grid = atlas.grids.at(site.grid);
  return {.pue = site.pue_reported,
          .tariff = site.power_price,
          .server_use = site.server_use,
          .rack_fill = site.rack_fill,
          .building = site.building_price,
          .building_life = site.building_life,
          .land = atlas.country().land * site.land_price,
          .location = grid.location,
          .market = (1 - site.green_share) * grid.market,
          .marginal = grid.marginal,
          .water = site.water,
          .scarcity = {}};
}

SiteTerms used_as(SiteTerms terms, const Site& other) {
  terms.server_use = other.server_use;
  terms.rack_fill = other.rack_fill;
  return terms;
}

}  // namespace hinterland
