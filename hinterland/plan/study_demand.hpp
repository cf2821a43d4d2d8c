// Demand of a study: how much of each class each region wants, and when.
#pragma once
#include <array>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/plan/study.hpp"

namespace hinterland {

// [region of the atlas] mean IT kW of one class over the study, in the year planned for; today's where `today` says so.
Expected<std::vector<double>> demand_levels(const Study& study, const StudyDemand& demand, const Atlas& atlas,
                                            bool today);

// Hours of a week from Monday, at any scale: [168].
using WeekShape = std::array<double, 168>;
Expected<WeekShape> week_shape(const StudyDemand& demand, const std::string& models);

// [hour of the study] factors whose mean is 1, beginning with that hour of the model year, which begins with a Monday.
std::vector<double> hourly_shape(const WeekShape& week, std::size_t first_hour, std::size_t hours);

// IT power that the sites of the atlas have sold: capacity x rack_fill x server_use.
Kilowatts sold(const Atlas& atlas);

}  // namespace hinterland
