// Inequality as pages: of an atlas's regions with what has become of it, and of any table of places.
#pragma once
#include "hinterland/impact/place_table.hpp"
#include "hinterland/impact/regional_inequality.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// `counties` where the data folder has them.
Page inequality_page(const Atlas& atlas, const RegionalInequality& result, const PlaceInequality* counties);
Page place_inequality_page(const PlaceInequality& result);

// The block of measures of one list of places, for both.
FactsBlock measures_block(const PlaceInequality& result);

// "0.0786": four significant digits, enough to recompute by.
std::string measure_text(double value);

}  // namespace hinterland
