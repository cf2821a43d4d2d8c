// A path (site_path.hpp) as it stands, for whoever asks.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "hinterland/broker/names.hpp"

namespace hinterland {

// How far an attempt's inputs are that move to its pool.
struct StagingNow {
  std::uint64_t needed = 0, here = 0;  // bytes of them; of them at the site
  double bytes_per_s = 0;              // at which they come; 0: not known yet
  std::string trouble;                 // why nothing moves, if so
};
// The path to a pool that is somewhere else.
struct PathNow {
  std::uint64_t moved = 0, cached = 0;  // bytes of inputs: ever; kept there
  std::uint64_t fetched = 0;            // bytes of outputs that came back, where they are counted
  std::size_t fetching = 0;             // attempts that have ended, but for their outputs, which come
  double most_bytes_per_s = 0;          // that may move; 0: no bound
  std::map<AttemptId, StagingNow> attempts;
};

}  // namespace hinterland
