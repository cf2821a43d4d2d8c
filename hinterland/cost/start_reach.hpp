// Which starts runs take that may wait: over all of them, without looking at each.
//
// A run that is ready at r and may wait w hours begins at the cheapest of r, ..., r + w, of equals at the first. So h is
// the start of those whose w + 1 hours lie between the last hour before h that is no dearer and the next after it that is
// cheaper. With these b hours before and a hours after it,
//
//   h - b < r <= h <= r + w < h + a      that is min(b, a, w + 1, b + a - w - 1) hours r, or none
//
// b and a do not depend on the wait: they are found once (a stack of hours, each dearer than those below it), and then
// every wait costs a few operations an hour. The year wraps; nobody waits longer than it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hinterland {

class StartReaches {
 public:
  explicit StartReaches(std::span<const double> costs);  // [hour] of a run that begins then; 8,760 of them

  // How many of the 8,760 hours in which a run may be ready make it begin at each hour; 0 <= wait, which beyond a year less an
  // hour counts as that. Gives 8,760 numbers.
  void count_all(int wait, std::span<std::int32_t> runs) const;

  // How many of the 365 days, if it is ready at `ready_hour` (0 to 23) of each.
  void count_days(int wait, int ready_hour, std::span<std::int32_t> runs) const;

 private:
  std::vector<std::int16_t> before_, after_;  // [hour] b and a, 1 to 8,760
};

}  // namespace hinterland
