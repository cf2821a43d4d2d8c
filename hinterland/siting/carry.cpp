#include "hinterland/siting/carry.hpp"

#include <algorithm>

namespace hinterland {

std::uint32_t cut_spacing(const SitingProblem& problem) {
  std::uint32_t longest = 1;
  for (const Hub& hub : problem.hubs) longest = std::max(longest, hub.past_hour - hub.first_hour);
  return (longest + 23) / 24 * 24;
}

std::uint32_t cut_in(const Hub& hub, std::uint32_t spacing) {
  const std::uint32_t last = (hub.past_hour - 1) / spacing * spacing;
  return last > hub.first_hour ? last : 0;
}

SitingProblem cut(const SitingProblem& problem, const Carried& carried) {
  SitingProblem out = problem;
  out.hubs.clear();
  const std::uint32_t spacing = cut_spacing(problem);
  // Parts after a cut begin there: they wait for the hubs before it.
  std::vector<Hub> after;
  const auto add_those_up_to = [&](std::uint32_t hour) {
    for (Hub& hub : after)
      if (hub.first_hour <= hour) out.hubs.push_back(std::move(hub));
    std::erase_if(after, [&](const Hub& hub) { return hub.first_hour <= hour; });
  };
  for (std::size_t b = 0; b < problem.hubs.size(); ++b) {
    Hub hub = problem.hubs[b];
    add_those_up_to(hub.first_hour);
    if (const std::uint32_t hour = cut_in(hub, spacing)) {
      Hub late = hub;
      hub.past_hour = late.first_hour = hour;
      for (std::size_t j = 0; j < hub.deferrals.size(); ++j) {
        hub.deferrals[j].kwh *= 1 - carried[b][j];
        late.deferrals[j].kwh *= carried[b][j];
      }
      after.push_back(std::move(late));
    }
    out.hubs.push_back(std::move(hub));
  }
  add_those_up_to(problem.hours);
  return out;
}

}  // namespace hinterland
