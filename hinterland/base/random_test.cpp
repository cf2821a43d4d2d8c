// Random streams: a stream a purpose, the same for the same seed, and drawn from what they say.
#include "hinterland/base/random.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

using namespace hinterland;

namespace {

std::vector<std::uint64_t> draws(std::uint64_t seed, const std::string& purpose, int count) {
  RandomStream stream(seed, purpose);
  std::vector<std::uint64_t> out;
  for (int i = 0; i < count; ++i) out.push_back(stream.next());
  return out;
}

struct Moments {
  double mean = 0, variance = 0;
};

constexpr int kDraws = 200'000;

template <class Draw>
Moments moments(Draw draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  return {.mean = mean, .variance = squares / kDraws - mean * mean};
}

// Five standard errors of a mean of kDraws draws.
double five_sigma(double variance) { return 5 * std::sqrt(variance / kDraws); }

}  // namespace

// The outputs were computed apart from this code, in Python, from the authors' published C: xoshiro256++ 1.0,
// its state filled by splitmix64 started at splitmix64(FNV-1a("test")) xor 42.
TEST_CASE("the generator is xoshiro256++ as published") {
  CHECK(draws(42, "test", 4) == std::vector<std::uint64_t>{0x36b6b2ef4ef3ac64U, 0xb7c7eb91f36160U,
                                                           0x4154727f9a864a5fU, 0x75d9b70b497d6e06U});
}

TEST_CASE("streams repeat by seed and differ by seed and by purpose") {
  CHECK(rc::check("same seed and purpose, same draws; else not one in common", [](std::uint64_t seed) {
    const auto one = draws(seed, "arrivals", 16);
    RC_ASSERT(one == draws(seed, "arrivals", 16));
    std::set<std::uint64_t> all(one.begin(), one.end());
    for (const auto& other :
         {draws(seed, "runs", 16), draws(seed + 1, "arrivals", 16), draws(seed, "", 16)}) {
      all.insert(other.begin(), other.end());
    }
    RC_ASSERT(all.size() == 64U);
  }));
}

TEST_CASE("seed 0 and an empty purpose are a stream like any other") {
  const auto some = draws(0, "", 100);
  CHECK(std::set(some.begin(), some.end()).size() == 100);
}

TEST_CASE("uniform draws lie in [0, 1) with mean 1/2 and variance 1/12") {
  RandomStream stream(1, "uniform");
  double least = 1, most = 0;
  const Moments found = moments([&] {
    const double x = stream.uniform();
    least = std::min(least, x);
    most = std::max(most, x);
    return x;
  });
  CHECK(least >= 0);
  CHECK(most < 1);
  CHECK(std::abs(found.mean - 0.5) < five_sigma(1.0 / 12));
  CHECK(std::abs(found.variance - 1.0 / 12) < five_sigma(1.0 / 180));  // E(x-m)^4 - variance^2 = 1/80 - 1/144
}

TEST_CASE("exponential draws are not negative, with mean 1 and variance 1") {
  RandomStream stream(1, "exponential");
  double least = 1;
  const Moments found = moments([&] {
    const double x = stream.exponential();
    least = std::min(least, x);
    return x;
  });
  CHECK(least >= 0);
  CHECK(std::abs(found.mean - 1) < five_sigma(1));
  CHECK(std::abs(found.variance - 1) < five_sigma(8));  // fourth central moment 9
}

TEST_CASE("normal draws have mean 0 and variance 1, and 4.55 % lie beyond two sigma") {
  RandomStream stream(1, "normal");
  int beyond = 0;
  const Moments found = moments([&] {
    const double x = stream.normal();
    if (std::abs(x) > 2) ++beyond;
    return x;
  });
  CHECK(std::abs(found.mean) < five_sigma(1));
  CHECK(std::abs(found.variance - 1) < five_sigma(2));  // fourth central moment 3
  const double tail = std::erfc(std::sqrt(2.0));
  CHECK(std::abs(1.0 * beyond / kDraws - tail) < five_sigma(tail * (1 - tail)));
}
