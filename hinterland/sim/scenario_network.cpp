#include "hinterland/sim/scenario_network.hpp"

#include <utility>

namespace hinterland {

namespace {

// A line out and a line in for each site.
SiteLines add_lines(SimWorld& world, double gbps) {
  Network& network = world.staging.network;
  const double bytes_per_second = gbps * 1e9 / 8;
  SiteLines lines;
  for (const SimPool& pool : world.pools) {
    const auto [place, fresh] = lines.try_emplace(pool.site);
    if (fresh) place->second = {network.add_link(bytes_per_second), network.add_link(bytes_per_second)};
  }
  return lines;
}

constexpr std::size_t kOut = 0, kIn = 1;

void add_classes(const ScenarioWork& work, const SiteLines& lines, SimWorld& world) {
  Staging& staging = world.staging;
  const SiteLines own = work.most_gbps ? add_lines(world, *work.most_gbps) : SiteLines{};
  std::map<std::pair<SiteId, SiteId>, FlowClass> classes;
  for (const SimPool& from : world.pools) {
    for (const SimPool& to : world.pools) {
      const auto [place, fresh] = classes.try_emplace({from.site, to.site});
      if (fresh && from.site != to.site) {
        std::vector<LinkIndex> path{lines.at(from.site)[kOut], lines.at(to.site)[kIn]};
        if (work.most_gbps) path.insert(path.end(), {own.at(from.site)[kOut], own.at(to.site)[kIn]});
        place->second = staging.network.add_class(std::move(path), work.weight);
      }
      staging.flow_class.push_back(place->second);
    }
  }
}

}  // namespace

SiteLines add_network(const Scenario& scenario, SimWorld& world) {
  SiteLines lines = add_lines(world, scenario.site_gbps);
  for (const ScenarioWork& work : scenario.work) add_classes(work, lines, world);
  return lines;
}

}  // namespace hinterland
