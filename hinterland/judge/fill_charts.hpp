// What the page of `fill` draws.
#pragma once
#include <string>

#include "hinterland/judge/fill.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Floor and room per idle IT kWh of the `top` best steps, with marks at the floor and at the ceilings of a
// home that is built and of one that is sunk, in the order in which charts assign their symbols: floor,
// ceiling, ceiling sunk. Per kWh, so that servers of all sizes share one scale.
BarsBlock fill_bars(const Atlas& atlas, const Fill& fill, std::size_t top);

// The floor of an idle IT kWh, by month and hour of the day, and in words.
HeatBlock fill_hours(const Atlas& atlas, const RateYear& rates, const FillQuestion& question,
                     const Fill& fill);
Words hours_text(const Atlas& atlas, const HeatBlock& hours);

// Where the work comes from.
MapBlock fill_map(const Atlas& atlas, const Fill& fill);

}  // namespace hinterland
