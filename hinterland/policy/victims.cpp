#include "hinterland/policy/victims.hpp"

#include <algorithm>
#include <ranges>
#include <tuple>

namespace hinterland {

std::vector<std::size_t> victims(std::vector<Runner> candidates, const Size& need, Size free) {
  std::ranges::sort(candidates, {}, [](const Runner& runner) {
    return std::tuple{runner.lost, -runner.began.ms, ~runner.job.value};
  });
  std::size_t taken = 0;
  while (taken < candidates.size() && !need.fits_into(free)) free += candidates[taken++].size;
  if (!need.fits_into(free)) return {};
  candidates.resize(taken);
  std::vector<std::size_t> places;
  for (const Runner& runner : std::views::reverse(candidates)) {
    if (need.fits_into(free - runner.size)) {
      free -= runner.size;
    } else {
      places.push_back(runner.place);
    }
  }
  return places;
}

}  // namespace hinterland
