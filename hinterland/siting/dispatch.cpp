#include "hinterland/siting/dispatch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "hinterland/base/share_out.hpp"
#include "hinterland/siting/span_flow.hpp"

namespace hinterland {

namespace {

// The longest runs of hours that no window begins in before and ends in after.
std::vector<Span> spans(const SitingProblem& problem) {
  std::vector<Span> out;
  std::size_t hub = 0;
  for (std::uint32_t hour = 0; hour < problem.hours;) {
    Span span{.first_hour = hour, .past_hour = hour + kHoursTogether, .first_hub = hub, .past_hub = hub};
    while (hub < problem.hubs.size() && problem.hubs[hub].first_hour < span.past_hour)
      span.past_hour = std::max(span.past_hour, problem.hubs[hub++].past_hour);
    span.past_hub = hub;
    hour = span.past_hour;
    out.push_back(span);
  }
  return out;
}

constexpr std::size_t kBatch = 16;  // spans that are in memory at a time, and until somebody may stop it

// A power of two, so that scaling is exact.
double whole_unit(const SitingProblem& problem, const std::vector<double>& capacity) {
  double most = std::accumulate(problem.prompt_kw.begin(), problem.prompt_kw.end(), 1.0);
  for (const Hub& hub : problem.hubs)
    for (const Deferral& deferral : hub.deferrals) most += deferral.kwh;
  for (const double kw : capacity) most = std::max(most, kw);
  return std::exp2(std::ceil(std::log2(most)) - 50);
}

}  // namespace

Dispatch dispatch(const SitingProblem& problem, const std::vector<double>& capacity,
                  const DispatchStart& start) {
  const std::size_t cells = problem.energy.size();
  std::vector<double> energy = problem.energy;
  for (std::size_t k = 0; k < start.cap_prices.size(); ++k)
    for (std::size_t c = 0; c < cells; ++c) energy[c] += start.cap_prices[k] * problem.caps[k].intensity[c];

  const CostGrid grid(problem, energy);
  for (double& money : energy) money = grid(money);
  const DemandCosts prompt(problem, grid);
  const std::vector<Span> all = spans(problem);
  const double unit = whole_unit(problem, capacity);
  Dispatch out;
  out.load.resize(cells);
  out.scarcity.resize(cells);
  out.prompt_kwh.resize(problem.prompt.size() * problem.sites);
  out.deferrable_kwh.resize(problem.deferrable.size() * problem.sites);
  out.cap_use.resize(problem.caps.size());

  // Sums are taken in the order of the spans, a batch at a time: who solved what shows nowhere.
  for (std::size_t first = 0; first < all.size(); first += kBatch) {
    if (start.go_on && !start.go_on()) {
      out.cost = kNoLimit;
      return out;
    }
    std::vector<SpanFlow> flows;
    const std::size_t past = std::min(all.size(), first + kBatch);
    flows.reserve(past - first);
    for (std::size_t k = first; k < past; ++k)
      flows.emplace_back(problem, grid, prompt, all[k], energy, capacity, unit);
    share_out(static_cast<std::int64_t>(flows.size()),
              [&](std::size_t, std::int64_t k) { flows[static_cast<std::size_t>(k)].solve(start.scarcity); });
    for (const SpanFlow& flow : flows) flow.collect(out);
  }
  return out;
}

}  // namespace hinterland
