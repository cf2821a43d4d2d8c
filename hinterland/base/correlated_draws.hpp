// Correlated draws: uniform numbers for many quantities, some of which move together.
//
// Gaussian copula with one factor a group (Vasicek 1987; Li 2000, Journal of Fixed Income 9(4) 43):
//
//   z_i = sqrt(r) F_g + sqrt(1 - r) e_i,   u_i = Phi(z_i);   F_g, e_i independent standard normals
//
// so every u_i is uniform in [0, 1], two quantities of group g have normal scores of correlation r, and two of
// different groups, or of none, are independent. (Spearman's rank correlation of the u is then
// (6 / pi) asin(r / 2), a little below r.)
//
// Every quantity and every group draws from a stream of its own, named after it: what one draws depends on its
// name and the seed alone, not on which others there are or on their order. Draws come in blocks, and each block
// restarts the streams, so that blocks can be drawn in any order; the first n draws are the same however many
// follow.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hinterland {

struct CorrelatedGroup {
  std::string name;
  double correlation = 0;  // 0 to 1, between the normal scores of any two of its members
};

struct DrawnQuantity {
  std::string name;
  std::optional<std::size_t> group;  // index of its group; none: independent of all others
};

class CorrelatedDraws {
 public:
  static constexpr std::size_t kBlock = 256;  // draws

  CorrelatedDraws(std::uint64_t seed, std::vector<DrawnQuantity> quantities,
                  std::vector<CorrelatedGroup> groups);

  // Draws kBlock b .. kBlock (b + 1) - 1: row by row a draw, in each row one uniform a quantity.
  [[nodiscard]] std::vector<double> block(std::size_t b) const;

 private:
  std::uint64_t seed_;
  std::vector<DrawnQuantity> quantities_;
  std::vector<CorrelatedGroup> groups_;
};

}  // namespace hinterland
