// What a broker serves, with what the atlas has to say about it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/broker/state.hpp"
#include "hinterland/broker/world.hpp"
#include "hinterland/cost/price.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/serve/sites_file.hpp"

namespace hinterland {

// What the broker is given. Pools and classes that `state` knows come first, in its order; of those that the file has
// no more, a pool has no capacity and a class no places. Rates are those of the model year as it falls upon the year
// of `now`.
struct ServedClass {
  std::string name, workload, from;  // of the sites file, the atlas's preset or file, the region of its users
};
struct ServedWorld {
  BrokerWorld world;
  std::vector<std::int64_t> units_per_server;  // by pool
  std::vector<Size> server;                    // by pool: of the atlas's server
  std::vector<std::string> site;               // by pool
  std::vector<ServedClass> classes;            // that the file has
  std::string currency;                        // of all money: the atlas's
};
Expected<ServedWorld> served_world(const SitesFile& sites, const Atlas& atlas, const RateYear& rates,
                                   const Charges& charges, const std::string& presets, const State& state,
                                   Instant now);

}  // namespace hinterland
