// What the frames that are left cost and when they are there, before they are asked for.
//
//   work       the forecast's sum of frames, and a start-up for each task of the plan          task-hours
//   server-h   work x max(cores / C, memory / M) of the class's server (work/workload.hpp)
//   price      of each site: judge's, for that many server-hours and the bytes that move: the same question, the same table
//   until      work / n for n tasks at a time, and one more task: the last may begin just before all others end. One task if
//              there are no more than n
//
// judge spreads a batch over what its deadline leaves: so it is priced for the hours from now until the deadline, a day if there is
// none.
//
// Low and high are the forecast's (forecast.hpp): price and work follow them as they are, for all is linear in the work. What they do
// not hold: other prices than those that are quoted now, other speeds than where the first frames were rendered, and frames that
// have to be rendered again.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/judge/verdict.hpp"
#include "hinterland/render/chunks.hpp"
#include "hinterland/render/forecast.hpp"

namespace hinterland {

struct TaskSize {
  double cores = 1, memory_gb = 0;
};

struct RenderEstimate {
  Forecast forecast;
  Duration start_up;  // of a task, the mean
  std::vector<Chunk> chunks;
  std::size_t at_once = 1;
  TimeRange work, until;  // of all of them
};

// `fixed_chunk`: so many frames a task, instead of by the times that were measured; 0: by them.
RenderEstimate estimate_render(const Frames& left, const Forecast& forecast, Duration start_up,
                               std::size_t at_once, std::size_t fixed_chunk);

// Hours that a task of so many frames may take before it is ended: four times what the slowest takes that was measured, a minute
// at least.
Hours hours_for(const RenderEstimate& estimate, std::size_t frames);

struct MoneyRange {
  Money low, central, high;
};
struct SitePrice {
  const Site* site = nullptr;
  MoneyRange price;
};
struct PricedRender {
  Hours low, central, high;  // server-hours
  Question question;         // judge's, of the central work
  Verdict verdict;
  std::vector<SitePrice> sites;  // where it may go that are allowed, in the order of the verdict

  // From the cheapest site's low to the dearest one's high; central is that of the cheapest. None: no site may have it.
  [[nodiscard]] std::optional<MoneyRange> anywhere() const;
};

struct RenderPricing {
  Workload like;           // what judge has to know of the class beside its size
  RegionId from;           // where its users are
  std::vector<SiteId> at;  // where it may go
  Capacity home, away;
  TaskSize task;
  Gigabytes in, out;      // that move
  Hours deadline, start;  // from now; of the model year
};

// Fails as judge() does.
Expected<PricedRender> price_render(const Atlas& atlas, const RateYear& rates, const RenderEstimate& estimate,
                                    const RenderPricing& pricing);

}  // namespace hinterland
