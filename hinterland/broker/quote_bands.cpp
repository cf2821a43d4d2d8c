#include "hinterland/broker/quote_bands.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace hinterland {

namespace {

constexpr std::array<std::int64_t, 4> kSeenFrom = {0, 1, 10, 100};

}  // namespace

std::vector<QuoteBand> quote_bands(const State& state, const std::function<bool(ProjectIndex)>& takes) {
  std::map<std::pair<PlacesIndex, std::size_t>, QuoteBand> bands;
  for (const JobState& job : state.jobs) {
    if (phase_of(job) != JobPhase::done || job.quote == JobQuote{} || !takes(job.project)) continue;
    const auto row =
        static_cast<std::size_t>(std::ranges::upper_bound(kSeenFrom, job.quote.seen) - kSeenFrom.begin()) - 1;
    QuoteBand& band = bands[{job.places, row}];
    band.places = job.places;
    band.seen_from = kSeenFrom.at(row);
    band.seen_to = row + 1 < kSeenFrom.size() ? kSeenFrom.at(row + 1) - 1 : kNoBound;
    ++band.jobs;
    band.below += job.money < job.quote.p50 ? 1 : 0;
    band.above += job.money > job.quote.p90 ? 1 : 0;
    band.within += job.money >= job.quote.p50 && job.money <= job.quote.p90 ? 1 : 0;
    band.above_most += job.money > job.quote.most ? 1 : 0;
  }
  std::vector<QuoteBand> out;
  for (const auto& [key, band] : bands) out.push_back(band);
  return out;
}

}  // namespace hinterland
