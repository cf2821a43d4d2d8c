// Where the accounts change their revision: what differs across such a break did not all happen.
//
// A figure of the atlas whose id begins with "accounts-break" names the first year of a later revision; with its value gone
// (or set to a year outside the accounts) there is no break. Across it nothing that turns can be told, and what an end-to-end
// change owes to it is shown by Theil T of the later year as it would be had each region's GDP risen like the whole:
//
//   gdp'(region, from) = gdp(region, before) x sum gdp(., from) / sum gdp(., before),   people as in `from`
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

// How a region's GDP moves over a break, at current prices.
struct BreakRise {
  std::string name, name_zh;
  double rise = 0;
};

struct SeriesBreak {
  int before = 0, from = 0;      // the last year of the one revision, the first of the other
  double rise = 0;               // of all regions' GDP together
  std::vector<BreakRise> rises;  // of each region; the most first
  double even_theil_t = 0;       // of GDP a head in `from`, had each region's risen by `rise`
};

// Those that lie between two of the years, in their order. Requires years that rise, in each of which every region has an
// account.
std::vector<SeriesBreak> series_breaks(const Atlas& atlas, const std::vector<int>& years);

}  // namespace hinterland
