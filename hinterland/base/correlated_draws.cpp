#include "hinterland/base/correlated_draws.hpp"

#include <cmath>

#include "hinterland/base/normal.hpp"
#include "hinterland/base/random.hpp"

namespace hinterland {

CorrelatedDraws::CorrelatedDraws(std::uint64_t seed, std::vector<DrawnQuantity> quantities,
                                 std::vector<CorrelatedGroup> groups)
    : seed_(seed), quantities_(std::move(quantities)), groups_(std::move(groups)) {}

std::vector<double> CorrelatedDraws::block(std::size_t b) const {
  const auto stream = [&](const char* kind, const std::string& name) {
    return RandomStream(seed_, std::string(kind) + name + "/" + std::to_string(b));
  };
  std::vector<std::vector<double>> factors;
  for (const CorrelatedGroup& group : groups_) {
    RandomStream draw = stream("factor ", group.name);
    for (double& value : factors.emplace_back(kBlock)) value = draw.normal();
  }
  const std::size_t width = quantities_.size();
  std::vector<double> uniforms(kBlock * width);
  for (std::size_t i = 0; i < width; ++i) {
    RandomStream draw = stream("draw ", quantities_[i].name);
    if (!quantities_[i].group) {
      for (std::size_t row = 0; row < kBlock; ++row) uniforms[row * width + i] = draw.uniform();
      continue;
    }
    const std::vector<double>& factor = factors[*quantities_[i].group];
    const double r = groups_[*quantities_[i].group].correlation;
    const double shared = std::sqrt(r), own = std::sqrt(1 - r);
    for (std::size_t row = 0; row < kBlock; ++row)
      uniforms[row * width + i] = normal_cdf(shared * factor[row] + own * draw.normal());
  }
  return uniforms;
}

}  // namespace hinterland
