// Any bytes as the result of a plan. Promised: capacities of one that is accepted are finite and not below 0, and no site
// stands there twice.
#include <cmath>
#include <set>

#include "fuzz/fuzz.hpp"
#include "hinterland/impact/site_capacity.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto plan = parse_planned_capacity(text_of(data, size), "fuzz.json");
  if (!plan) {
    promise_errors(plan.error());
    return 0;
  }
  std::set<std::string> known;
  for (const SiteCapacity& one : plan->sites) {
    promise(known.insert(one.site.text).second);
    for (const Kilowatts power : {one.kept, one.idle, one.filled, one.fresh})
      promise(std::isfinite(power.value) && power.value >= 0);
    promise(one.served && std::isfinite(one.served->value) && one.served->value >= 0);
  }
  return 0;
}
