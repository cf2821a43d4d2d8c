// What the broker's things are called: places in its lists, and the number of an attempt.
//
// A policy places tasks, so the `job` of the policies is the broker's task. Names as users write them are kept where
// the program touches the world; in here are numbers.
#pragma once
#include <compare>
#include <cstdint>

#include "hinterland/base/index.hpp"
#include "hinterland/policy/view.hpp"

namespace hinterland {

using TaskIndex = JobIndex;                                    // over all jobs, in the order of submission
using JobNumber = Index<struct BrokerJobTag, std::uint32_t>;   // in the order of submission
using ProjectIndex = Index<struct ProjectTag, std::uint16_t>;  // who pays
using PlacesIndex = Index<struct PlacesTag, std::uint16_t>;    // a list of pools in which a job may run
using HostIndex = Index<struct HostTag, std::uint32_t>;        // a machine in a pool

// One try at a task. Never used twice, by this broker or by one that takes over its journal: it stands in every
// report and in every path of an output, and what bears an older one than the task's last is not believed.
struct AttemptId {
  std::uint64_t value = 0;  // 0: none
  auto operator<=>(const AttemptId&) const = default;
};

// Of a pool: how often its lease was begun anew. What was launched under an earlier term is not begun by its executor
// once that has heard of a later one.
struct Term {
  std::uint32_t value = 0;
  auto operator<=>(const Term&) const = default;
};

}  // namespace hinterland
