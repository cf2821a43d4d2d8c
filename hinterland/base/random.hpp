// Seeded random streams: one small generator, a stream per purpose.
//
// xoshiro256++ 1.0 (Blackman and Vigna 2021, ACM TOMS 47(3) 36), its state filled by splitmix64 from the
// user's seed and the purpose's name. Two purposes never share draws, so adding draws to one does not move
// another. Same seed, same purpose: same draws on every machine (integers exactly; exponential and normal up
// to libm).
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace hinterland {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose);

  std::uint64_t next();  // 64 uniform bits
  double uniform();      // in [0, 1), 53 bits
  double exponential();  // mean 1
  double normal();       // mean 0, variance 1 (Box-Muller, one of the pair)

 private:
  std::array<std::uint64_t, 4> state_{};
};

// 64 bits that look random and depend on `x` alone: an order that a seed decides and that nothing else can move.
std::uint64_t scrambled(std::uint64_t x);

}  // namespace hinterland
