// broker_simulation [--from SEED] [--seeds N]: deployments by seed under all laws, and each planted mistake under the law that must
// find it. broker_simulation --seed SEED [--mistake NAME] replays one.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "tests/broker_simulation/simulation.hpp"
#include "tests/seeds.hpp"

namespace hinterland::test {

namespace {

constexpr std::uint64_t kSeedsForMistakes = 4000;

int replay(std::uint64_t seed, Mistake mistake) {
  const Verdict verdict = simulate_deployment(seed, mistake);
  fmt::print("seed {}: {} events, {} crashes, {} attempts, {} facts, digest {:016x}\n", seed, verdict.events,
             verdict.crashes, verdict.attempts, verdict.facts, verdict.digest);
  if (verdict.law.empty()) return 0;
  fmt::print("broken: {}: {}\n", verdict.law, verdict.what);
  return 1;
}

// The seed of the first run that breaks its law, and without it none; if there is one.
bool is_found(Mistake mistake) {
  for (std::uint64_t seed = 0; seed < kSeedsForMistakes; ++seed) {
    const Verdict verdict = simulate_deployment(seed, mistake);
    if (verdict.law != law_of(mistake) || !simulate_deployment(seed, Mistake::none).law.empty()) continue;
    fmt::print("ok {}: seed {} breaks '{}': {}\n", name_of(mistake), seed, verdict.law, verdict.what);
    return true;
  }
  fmt::print("FAILED {}: no seed of {} breaks '{}'\n", name_of(mistake), kSeedsForMistakes, law_of(mistake));
  return false;
}

int run(std::uint64_t from, std::uint64_t seeds) {
  int passed = 0, failed = 0;
  Verdict sum;
  for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
    const Verdict verdict = simulate_deployment(seed, Mistake::none);
    sum.events += verdict.events;
    sum.crashes += verdict.crashes;
    sum.attempts += verdict.attempts;
    ++(verdict.law.empty() ? passed : failed);
    if (!verdict.law.empty())
      fmt::print("FAILED {}: {}\n  again: build/broker_simulation --seed {}\n", verdict.law, verdict.what,
                 seed);
    if (seed % 500 == 0 && simulate_deployment(seed, Mistake::none).digest != verdict.digest) {
      ++failed;
      fmt::print("FAILED determinism: seed {} runs otherwise the second time\n", seed);
    }
  }
  fmt::print("{} deployments, {} events, {} crashes, {} attempts\n", seeds, sum.events, sum.crashes,
             sum.attempts);
  for (int mistake = 1; mistake < kMistakes; ++mistake)
    ++(is_found(static_cast<Mistake>(mistake)) ? passed : failed);
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace

const char* name_of(Mistake mistake) {
  static constexpr const char* kNames[kMistakes] = {"none",
                                                    "answer-before-fsync",
                                                    "publish-before-fsync",
                                                    "silence-is-death",
                                                    "trust-stale-reports",
                                                    "no-effects-in-recovery",
                                                    "charge-what-was-there",
                                                    "resubmit-unreconciled"};
  return kNames[static_cast<int>(mistake)];
}

const char* law_of(Mistake mistake) {
  static constexpr const char* kLaws[kMistakes] = {
      "",         "acknowledged", "one result",   "one at a time", "whole results",
      "liveness", "moved once",   "one at a time"};
  return kLaws[static_cast<int>(mistake)];
}

int main(int argc, char** argv) {
  std::uint64_t from = 0, count = seeds(20'000), seed = 0;
  bool one = false;
  Mistake mistake = Mistake::none;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i], value = argv[i + 1];
    std::uint64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    if (flag == "--from") from = number;
    if (flag == "--seeds") count = number;
    if (flag == "--seed") {
      seed = number;
      one = true;
    }
    for (int k = 0; flag == "--mistake" && k < kMistakes; ++k) {
      if (value == name_of(static_cast<Mistake>(k))) mistake = static_cast<Mistake>(k);
    }
  }
  return one ? replay(seed, mistake) : run(from, count);
}

}  // namespace hinterland::test

int main(int argc, char** argv) { return hinterland::test::main(argc, argv); }
