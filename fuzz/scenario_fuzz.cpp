// Any bytes as a scenario. Promised: one that is accepted has pools and work, each pool one way of being sized, and is read
// again to the same from the same bytes.
#include "fuzz/fuzz.hpp"
#include "hinterland/sim/scenario.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto scenario = parse_scenario(text_of(data, size), "fuzz.toml", {"seed=7"});
  if (!scenario) {
    promise_errors(scenario.error());
    return 0;
  }
  promise(scenario->seed == 7);
  promise(!scenario->pools.empty());
  promise(scenario->work.empty() != scenario->trace.empty());
  for (const ScenarioPool& pool : scenario->pools) {
    promise(pool.servers.has_value() + pool.load.has_value() + pool.of_demand.has_value() == 1);
    promise(pool.background >= 0 && pool.background < 1);
  }
  for (const ScenarioFault& fault : scenario->faults) promise(fault.length.value > 0);
  return 0;
}
