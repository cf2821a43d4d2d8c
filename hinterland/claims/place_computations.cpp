// Computations on sites: where they are, their climate, what strikes them.
#include <algorithm>

#include "hinterland/claims/computation_lists.hpp"

namespace hinterland {

namespace {

using enum OperandKind;

Computed mean_temperature(const Atlas& atlas, const Site& site) {
  double total = 0;
  for (const ClimateMonth& month : atlas.climate) {
    if (month.station == site.climate_station) total += month.mean_c;
  }
  return total / 12;  // the loader has checked that there are twelve
}

Computed hazards_of(const Atlas& atlas, const Operands& of) {
  return static_cast<double>(
      std::ranges::count_if(atlas.hazards, [&](const Hazard& one) { return one.takes({of[0].text}); }));
}

std::vector<Computation> of_sites() {
  return {
      {"distance_km",
       {site, site},
       false,
       "the great circle between the two",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         return great_circle(cells.atlas().sites.at({of[0].text}).at(),
                             cells.atlas().sites.at({of[1].text}).at())
             .value;
       }},
      {"latency_ms",
       {site, site},
       false,
       "one way, published where it is, else by distance (atlas/path.hpp)",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         return expected_latency(cells.atlas(), cells.atlas().sites.at({of[0].text}),
                                 cells.atlas().sites.at({of[1].text})) /
                milliseconds(1);
       }},
      {"mean_temperature_c",
       {site},
       false,
       "the mean of the twelve monthly means at the site's station",
       [](const AtlasCells& cells, const Operands& of) {
         return mean_temperature(cells.atlas(), cells.atlas().sites.at({of[0].text}));
       }},
      {"hazards",
       {site},
       false,
       "how many of the atlas's hazards take the site",
       [](const AtlasCells& cells, const Operands& of) { return hazards_of(cells.atlas(), of); }},
      {"hazards_of_kind",
       {site, hazard_kind},
       false,
       "of those, the ones of a kind",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         return static_cast<double>(std::ranges::count_if(cells.atlas().hazards, [&](const Hazard& one) {
           return one.takes({of[0].text}) && one.kind == of[1].text;
         }));
       }},
  };
}

}  // namespace

void add_place_computations(std::vector<Computation>& all) {
  const auto list = of_sites();
  all.insert(all.end(), list.begin(), list.end());
}

}  // namespace hinterland
