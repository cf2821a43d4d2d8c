// How fast deals move from stage to stage before any of a programme's have been counted: what impact/deal_fit.hpp begins with.
#pragma once
#include "hinterland/base/field.hpp"

namespace hinterland {

struct DealPace {
  DealPaceId id;
  Hours to_start, to_build;     // mean time from signing to construction, and from there to operation
  double dropped_per_year = 0;  // of the deals at either stage, how many are given up in a year, as a rate
};

Fields<DealPace> deal_pace_fields();

}  // namespace hinterland
