// Who gives way to a job of higher priority.
//
// Candidates run at a lower priority. They are taken in the order of what would be lost (least unit-ms since the last
// checkpoint, then the latest begun, then the last in the trace: a total order of integers) until the job fits; then those that
// turn out not to be needed are spared, the costliest first, or a job that lacks one core could end a job of 256. If
// even all of them make no room, nobody gives way.
//
// A pool that shrinks asks the same with a need of nothing and less than nothing free.
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/policy/view.hpp"

namespace hinterland {

struct Runner {
  JobIndex job;
  std::size_t place = 0;  // in its pool
  Size size;
  std::int64_t lost = 0;  // unit-ms that it would have to do again
  Instant began;
};

// The places of those that give way, the costliest first; empty if nothing helps. Requires that `need` does not fit into `free`.
std::vector<std::size_t> victims(std::vector<Runner> candidates, const Size& need, Size free);

}  // namespace hinterland
