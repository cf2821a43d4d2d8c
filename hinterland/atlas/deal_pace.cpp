#include "hinterland/atlas/deal_pace.hpp"

namespace hinterland {

Fields<DealPace> deal_pace_fields() {
  return {
      field("id", &DealPace::id).naming().documented("one row: the atlas's own"),
      field("start_years", &DealPace::to_start, kYear.value)
          .above(0, 100)
          .documented("mean time from signing to the beginning of construction"),
      field("build_years", &DealPace::to_build, kYear.value)
          .above(0, 100)
          .documented("mean time from the beginning of construction to operation"),
      field("dropped_per_year", &DealPace::dropped_per_year)
          .above(0, 10)
          .documented("rate at which deals that are not yet in operation are given up"),
  };
}

}  // namespace hinterland
