// Whether quotes held: of jobs that are done, how many bills lay where their quotes said.
//
// A quote says a price that half of such jobs stay below, and one that nine in ten do (JobQuote). So of many jobs half should be
// billed p50 or less, two fifths more than that and p90 at most, a tenth more; and none more than `most`, unless it was begun
// more than once or a price rose. What is left out of a quote is seen here: retries, queues, inputs that others had moved.
//
// By class, and by how many tasks had been seen when it was quoted: of none a quote has no band, for all three are the most.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "hinterland/broker/state.hpp"

namespace hinterland {

struct QuoteBand {
  PlacesIndex places;
  std::int64_t seen_from = 0, seen_to = 0;        // tasks
  std::int64_t jobs = 0;                          // done, and quoted
  std::int64_t below = 0, within = 0, above = 0;  // p50 and not at it; p50 to p90, both included; p90
  std::int64_t above_most = 0;                    // of those above
};

// Of the projects that `takes` is true of; by class and then by what was seen, rows without a job left out.
std::vector<QuoteBand> quote_bands(const State& state, const std::function<bool(ProjectIndex)>& takes);

}  // namespace hinterland
