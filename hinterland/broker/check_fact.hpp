// Whether a fact may follow from a state, for whoever reads facts that this process did not decide: evolve() requires
// it.
#pragma once
#include <cstdint>
#include <string_view>

#include "hinterland/broker/state.hpp"

namespace hinterland {

inline constexpr std::uint32_t kMostTasks = 1'000'000;  // of a job
inline constexpr std::size_t kMostPartyName = 200;      // bytes
inline constexpr std::size_t kMostAfter = 1000;         // jobs that one may come after
inline constexpr std::size_t kMostHours = 8760;         // of prices heard at once
inline constexpr std::size_t kMostAsked = 300;          // bytes of who asked, and of what
// Hours of a year come again: those that are heard must not be taken for those of a year before.
inline constexpr Duration kPricesAhead{744 * kHour.ms};
inline constexpr std::int64_t kMostPrice = 1'000'000'000'000;  // millionths, of a kWh
inline constexpr Duration kMostTime{3'200'000'000'000};        // that a user may ask for: a hundred years

// Whether its numbers are such as a job can have; what it refers to is not looked at.
bool is_sound(const JobRequest& job);

// Whether somebody who is paid may be called so: on one line, and short enough for it.
bool is_party(std::string_view name);

// Null if it may; else what is wrong with it, as the end of a sentence.
const char* check_fact(const State& state, const Fact& fact);

}  // namespace hinterland
