// Regions by seed, for the laws that hold of every economy of several.
#pragma once
#include "hinterland/base/random.hpp"
#include "hinterland/impact/multiregional_table.hpp"

namespace hinterland {

inline RegionalMix random_regions(std::uint64_t seed, std::size_t industries, std::size_t regions) {
  RandomStream draw(seed, "regions");
  RegionalMix mix;
  mix.quotients = mix.export_quotients = Matrix(industries, regions);
  mix.distance_km = Matrix(regions, regions);
  mix.delta = 0.4 * draw.uniform();
  mix.distance_decay = 2 * draw.uniform();
  for (std::size_t r = 0; r < regions; ++r) {
    mix.sizes.push_back(0.1 + draw.uniform());
    for (std::size_t s = 0; s < r; ++s)
      mix.distance_km(r, s) = mix.distance_km(s, r) = 50 + 2000 * draw.uniform();
    for (std::size_t k = 0; k < industries; ++k) {
      // Some regions have none of an industry; the first has some of each.
      mix.quotients(k, r) = r > 0 && draw.uniform() < 0.15 ? 0 : 0.2 + 2 * draw.uniform();
      mix.export_quotients(k, r) = 0.2 + 2 * draw.uniform();
    }
  }
  return mix;
}

}  // namespace hinterland
