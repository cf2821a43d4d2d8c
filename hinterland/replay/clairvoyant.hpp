// What one who knew everything would have paid at least for the work of a day: which tasks would come, how long each would run,
// what power would cost, and which pools would go.
//
// The work is every attempt that somebody pays for (day_work.hpp). Let G_p(t) be what a unit busy in p until t costs: energy,
// capacity, carbon, water, and lambda[p,k] >= 0 for being busy in slot k. Then, whatever lambda is, every schedule pays at least
//
//   bound = sum over the work of min over p, s of ( u (G_p(s + r_p) - G_p(s)) + network )    s >= arrival, s + r_p <= until
//         - sum over p, k of lambda[p,k] x unit-hours that p has in k
//
// for the units that are busy are never more than the pool has, and each part of the work costs at least its least (Lagrange's
// bound, as siting/bound.hpp has it, but with whole tasks: nobody is cut into pieces). G is linear within a slot, so the
// least is at s or s + r on the border of two, or at an end of the window (busy_cost.hpp).
//
// lambda is what the planner says that a unit was worth (planned_scarcity.hpp). At those prices the bound is nearly what the day is worth; at none it is what each task
// would pay if it were alone. The higher of the two is told.
//
// Not in it, so that it may be lower than anybody can do: start-up, the moving of inputs of which somebody's bill may lack a part
// (an attempt was lost, a task has not ended), and what rounding to whole millionths may take from a bill.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "hinterland/replay/day_world.hpp"

namespace hinterland {

struct Clairvoyant {
  double bound = 0;       // millionths of money
  double alone = 0;       // the same with lambda = 0
  double scarce = 0;      // the same with the planner's; 0 if there was none
  std::int64_t work = 0;  // attempts
};

// `counts` says whose work it is, and `until` by when each must have ended; [sim's job]. nullopt: the day is longer than ten
// years, and nobody is told.
std::optional<Clairvoyant> clairvoyant_bound(const SimWorld& world, const std::vector<bool>& counts,
                                             const std::vector<bool>& done, std::span<const Instant> until);

}  // namespace hinterland
