// How long an attempt that a cluster does not list any more may be alive, and what its end was in Slurm's words.
#pragma once
#include <cstdint>
#include <string>

#include "hinterland/broker/event.hpp"

namespace hinterland {

inline constexpr std::int64_t kGone =
    60'000;  // ms without a trace, after which its machine is said to have failed
inline constexpr std::int64_t kShared = 15'000;  // until what a node wrote is seen here

// Of a job that is over and left no word of how.
Cause slurm_cause_of(const std::string& state, bool killed);

}  // namespace hinterland
