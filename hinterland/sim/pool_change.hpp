// What somebody recorded of a pool, for a world in which a day is run again: it happens at its time, whatever the jobs do.
//
// Faults (world.hpp) say what breaks and for how long; a record says what was decided about it, by whom that was not known:
//
//   capacity   from now on it has so much. What runs there runs on, and more than fits may run
//   empties    who waits for it is placed anew
//   silent     nothing that ends there is heard any more
//   lost       what runs there is lost, and who waits is placed anew; what comes now is heard
//   warned     it may go at `until`: what would not end before goes elsewhere, if there is an elsewhere
//   prices     what energy costs there in these hours is known from now on: policies see it
//
// Where anything was recorded, pools have nothing until it says so.
//
// They belong to step 2 of an instant (simulate.hpp), in the order of the list. Jobs that they drive away are placed anew after
// all of them. When a pool opens, who waits for pools that are not up is placed anew.
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/cost/hour_price.hpp"
#include "hinterland/policy/view.hpp"

namespace hinterland {

struct PoolChange {
  enum class Kind : std::uint8_t { capacity, empties, silent, lost, warned, prices };

  Instant at;
  PoolIndex pool;
  Kind kind = Kind::capacity;
  // capacity: for what begins; and what jobs are held against to see whether they could ever run there
  Size total, built;
  std::int64_t units_total = 0;
  bool up = false;
  Instant until = kNever;         // warned
  std::vector<HourPrice> prices;  // each hour once, in order
};

}  // namespace hinterland
