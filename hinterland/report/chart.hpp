// Charts without the drawing: what a screen reader is told of one, its data as a table, and as JSON for the page's
// script (web/charts/).
#pragma once
#include <string>
#include <utility>
#include <variant>

#include "hinterland/report/page.hpp"

namespace hinterland {

using Chart = std::variant<BarsBlock, HeatBlock, LinesBlock, TornadoBlock, MapBlock>;

// Kind, caption and extent in a sentence.
Words label_of(const Chart& chart);

// The same data to read. Curves of more than 100 points are summed up over 48 equal stretches of them.
TableBlock table_of(const Chart& chart);

// Numbers with 7 digits, NaN as null.
std::string json_of(const Chart& chart);

// The ends of a heat map's colours: those given, else the least and greatest value; {0, 0} if there is none.
// Ends that only rounding sets apart (visible_spread() is 0) are one.
std::pair<double, double> colour_ends(const HeatBlock& heat);

// What a chart shows of the spread from low to high: 0 below 1e-9 of the values, which is the rounding of sums
// and no relief; at least 1e-4 of them otherwise, so that distinct() writes 7 digits at most, as the JSON does.
double visible_spread(double low, double high);

}  // namespace hinterland
