// A whole deployment in one thread, by seed: users, a broker with its journal, executors on several sites, a store of
// outputs, and a network between them that loses, doubles, delays and reorders. Everything can fail, and each seed has its own
// mix of what does (swarm testing: Groce et al. 2012, ISSTA). The same seed gives the same run.
//
//   stage.hpp       time, chance and the network
//   executor.hpp    what runs attempts, as the broker's protocol asks
//   deployment.hpp  users, the broker's process, and what goes wrong
//   laws.hpp        what must hold
#pragma once
#include <cstdint>
#include <string>

namespace hinterland::test {

// Mistakes that whoever runs the core could make. Each breaks the law that law_of() names.
enum class Mistake : std::uint8_t {
  none,
  answer_before_fsync,
  publish_before_fsync,
  silence_is_death,     // places anew what a silent site runs, before its lease is over
  trust_stale_reports,  // takes the success of any attempt for the task's
  no_effects_in_recovery,
  charge_what_was_there,  // bills an attempt for inputs that others had moved
  resubmit_unreconciled,  // takes a launch that nobody confirmed for one that never was
};
inline constexpr int kMistakes = 8;
const char* name_of(Mistake mistake);
const char* law_of(Mistake mistake);

struct Verdict {
  std::string law;   // that was broken; empty: none
  std::string what;  // and how
  std::uint64_t events = 0, crashes = 0, attempts = 0, facts = 0;
  std::uint64_t digest = 0;  // of all facts in their order
};

Verdict simulate_deployment(std::uint64_t seed, Mistake mistake);

}  // namespace hinterland::test
