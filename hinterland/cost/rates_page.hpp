// A site's hourly rates as a page, as JSON (data/schema/rates.schema.json) and as CSV of 8,760 hours.
#pragma once
#include <string>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/site_year.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page rates_page(const Atlas& atlas, const Site& site, const SiteYear& year);
std::string rates_json(const Atlas& atlas, const Site& site, const SiteYear& year);

// Columns: hour (0 to 8759, local standard time), pue, price_CUR_per_kwh and carbon_kg_per_kwh of a kWh at the meter, and
// water_l_per_kwh of IT.
std::string rates_csv(const Atlas& atlas, const Site& site, const SiteYear& year);

// Months by hours of the day: PUE, and the price and the carbon of a kWh that reaches the servers.
HeatBlock pue_map(const Atlas& atlas, const Site& site, const SiteYear& year);
HeatBlock price_map(const Atlas& atlas, const Site& site, const SiteYear& year);
HeatBlock carbon_map(const Atlas& atlas, const Site& site, const SiteYear& year);

}  // namespace hinterland
