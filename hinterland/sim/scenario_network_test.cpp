#include "hinterland/sim/scenario_network.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hinterland/sim/max_min.hpp"

namespace hinterland {

TEST_CASE("classes of work share a site's line by weight, and stay below what each may have") {
  Scenario scenario;
  scenario.site_gbps = 8;  // 1 GB/s
  scenario.work.resize(3);
  scenario.work[1].weight = 3;
  scenario.work[2].most_gbps = 0.8;  // 0.1 GB/s
  SimWorld world;
  // Two server types at the first site share its line.
  for (const char* site : {"coast", "coast", "west", "north"})
    world.pools.push_back({.site = {site}, .server = {}});
  const SiteLines lines = add_network(scenario, world);
  CHECK(lines.size() == 3);
  const Staging& staging = world.staging;
  REQUIRE(staging.flow_class.size() == 3 * 4 * 4);
  CHECK(staging.network.links() == 6 + 6);
  const auto flow = [&](std::size_t work, std::size_t from, std::size_t to) {
    return staging.flow_class[(work * 4 + from) * 4 + to];
  };
  CHECK(flow(0, 0, 2) == flow(0, 1, 2));
  CHECK(flow(0, 0, 2) != flow(1, 0, 2));
  CHECK(flow(0, 0, 2) != flow(0, 2, 0));

  MaxMin rates(staging.network);
  const auto rates_after = [&](std::vector<FlowClass> begun) {
    for (const FlowClass one : begun) rates.add_flows(one, 1);
    std::ranges::sort(begun);
    rates.update(begun);
  };
  rates_after({flow(0, 0, 2), flow(1, 1, 3)});  // by the one line out of the coast
  CHECK(rates.rate(flow(0, 0, 2)) == doctest::Approx(0.25e9));
  CHECK(rates.rate(flow(1, 1, 3)) == doctest::Approx(0.75e9));
  rates_after(
      {flow(2, 0, 2), flow(2, 0, 3)});  // both together no more than the class may have out of the coast
  CHECK(rates.rate(flow(2, 0, 2)) == doctest::Approx(0.05e9));
  CHECK(rates.rate(flow(2, 0, 3)) == doctest::Approx(0.05e9));
  CHECK(rates.rate(flow(0, 0, 2)) == doctest::Approx(0.225e9));
  CHECK(rates.rate(flow(1, 1, 3)) == doctest::Approx(0.675e9));
}

}  // namespace hinterland
