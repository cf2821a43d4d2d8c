// A site's hours as lists: what is drawn and exported; prices are worked out in terms.hpp.
#pragma once
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/price.hpp"
#include "hinterland/cost/site_year.hpp"

namespace hinterland {

// 8,760 values each.
struct HourLists {
  std::vector<double> pue;
  std::vector<double> price;   // money per kWh at the meter
  std::vector<double> carbon;  // kg per kWh at the meter, location
  std::vector<double> water;   // litres per IT kWh
};
HourLists hour_lists(const Atlas& atlas, const Site& site, const SiteYear& year);

// What nobody sells an idle IT kWh below: its price, and its carbon and water at what they are charged. The mean over the
// hours of a run is the floor of a sunk quote for it (quote.hpp).
std::vector<double> floor_by_hour(const Atlas& atlas, const Site& site, const SiteYear& year,
                                  const Charges& charges);

}  // namespace hinterland
