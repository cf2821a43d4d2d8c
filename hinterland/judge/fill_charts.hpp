// What the page of `fill` draws.
#pragma once
#include "hinterland/judge/fill.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Floor and room per idle IT kWh of the `top` best steps, with the ceilings of a home that is built and of one that is
// sunk. Per kWh, so that servers of all sizes share one scale.
BarsBlock fill_bars(const Atlas& atlas, const Fill& fill, std::size_t top);

// Where the work comes from.
MapBlock fill_map(const Atlas& atlas, const Fill& fill);

}  // namespace hinterland
