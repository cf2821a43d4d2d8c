#include "hinterland/policy/policies.hpp"

#include <array>
#include <vector>

namespace hinterland {

namespace {

constexpr std::array kPolicies = {
    PolicyEntry{"stay", "run where the demand is", stay},
    PolicyEntry{"nearest", "the nearest site where it could start at once, or else the nearest", nearest},
    PolicyEntry{"round-robin", "one site after the other", round_robin},
    PolicyEntry{"least-loaded", "the site where it is expected to start first", least_loaded},
    PolicyEntry{"cheapest-tariff",
                "the least price of energy in the hours it would run, whatever else it costs",
                cheapest_tariff},
    PolicyEntry{"greenest", "the least kg CO2 in the hours it would run", greenest},
    PolicyEntry{"cheapest", "the least full price, with the moving of its data and the risk of being late",
                cheapest},
    PolicyEntry{"wait-for-cheap", "at home, in the cheapest hours within its deadline", wait_for_cheap},
    PolicyEntry{"wait-for-green", "at home, in the hours of least CO2 within its deadline", wait_for_green},
    PolicyEntry{"shadow",
                "the least of energy, moving, lateness and the given scarcity of each site and hour", shadow},
};

}  // namespace

std::span<const PolicyEntry> policies() { return kPolicies; }

Expected<PolicyEntry> find_policy(std::string_view name, const std::string& flag) {
  std::vector<std::string> known;
  for (const PolicyEntry& entry : kPolicies) {
    if (entry.name == name) return entry;
    known.emplace_back(entry.name);
  }
  return failure(
      {.what = "no policy " + in_quotes(name), .where = {.file = flag}, .mend = did_you_mean(name, known)});
}

}  // namespace hinterland
