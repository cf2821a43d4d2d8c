// The network and the transfers that the peers of the benchmarks solve too: ten sites, each with a line out and a line in,
// and a path of its own between any two; 0.1 to 10.1 GB a transfer. Re-made from its formula.
#pragma once
#include <cmath>
#include <utility>
#include <vector>

#include "hinterland/sim/flows.hpp"
#include "tests/peers_world.hpp"

namespace hinterland::test {

struct PeersFlows {
  Network network;
  std::vector<std::pair<Instant, Flows::Start>> flows;
};

// `load` 0: all at once; else one after the other, Poisson, at that load of the thinnest lines out and in.
inline PeersFlows peers_flows(std::size_t count, double load, std::size_t sites = 10) {
  PeersFlows out;
  std::vector<LinkIndex> up, down;
  for (std::size_t i = 0; i < sites; ++i)
    up.push_back(out.network.add_link(1.25e9 * static_cast<double>(1 + i % 3)));
  for (std::size_t i = 0; i < sites; ++i)
    down.push_back(out.network.add_link(1.25e9 * static_cast<double>(1 + i % 4)));
  std::vector<FlowClass> classes(sites * sites);
  for (std::size_t i = 0; i < sites; ++i) {
    for (std::size_t k = 0; k < sites; ++k) {
      if (i == k) continue;
      const LinkIndex between = out.network.add_link(0.25e9 * static_cast<double>(1 + (i * 7 + k * 3) % 5));
      classes[i * sites + k] = out.network.add_class({up[i], between, down[k]});
    }
  }
  SplitMix random(7);
  const double per_second = load > 0 ? load * static_cast<double>(sites) * 1.25e9 / 5.1e9 : 0;
  double now = 0;
  for (std::size_t flow = 0; flow < count; ++flow) {
    const std::size_t from = random.next() % sites;
    std::size_t to = random.next() % sites;
    while (to == from) to = random.next() % sites;
    const double bytes = 1e8 + static_cast<double>(random.next() % 1'000'000) * 1e4;
    if (load > 0) now += -std::log(random.open_unit()) / per_second;
    out.flows.push_back({{static_cast<std::int64_t>(now * 1000)},
                         {classes[from * sites + to], bytes, static_cast<std::uint32_t>(flow)}});
  }
  return out;
}

}  // namespace hinterland::test
