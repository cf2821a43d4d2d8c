// The hourly rates of every site of an atlas: weather and plant to PUE and water, tariff periods and curves to prices.
//
//   weather   the typical year drawn from the station's monthly normals (facility/climate.hpp), seeded
//   overhead  the site's plant in that weather, at its power_load (facility/facility_year.hpp)
//   tariff    agency: the periods of its tariff; contract and spot: flat, unless the books bring a curve
//             u(h) = ratio(h) / mean ratio on the energy part, so that a flat load pays the atlas's price;
//             the demand part d = demand charge / (730 h x load factor) is the same in every hour: f(h) = d (1 - u(h))
//   carbon    flat, unless a curve gives its shape
//
// The physics takes some 5 ms a site; what it gives is kept in a cache folder (rate_cache.hpp).
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/site_year.hpp"
#include "hinterland/facility/facility_year.hpp"

namespace hinterland {

class RateYear {
 public:
  // Requires a site of the atlas.
  [[nodiscard]] const SiteYear& at(const SiteId& site) const { return years_.at(site); }
  void put(const SiteId& site, SiteYear year) { years_.insert_or_assign(site, std::move(year)); }

  // Every hour at its mean: what prices from annual means would have used.
  [[nodiscard]] RateYear flattened() const;

 private:
  std::unordered_map<SiteId, SiteYear> years_;
};

// `cache` is a folder that may not exist yet; empty: nothing is kept. A cache that can't be read or written is as good as
// none. Same atlas and seed: the same rates, cached or not.
RateYear rate_year(const Atlas& atlas, std::uint64_t seed, const std::string& cache);

// One site's year; `facility` is its plant's in the weather of the site.
SiteYear site_year(const Atlas& atlas, const Site& site, const FacilityYear& facility);

}  // namespace hinterland
