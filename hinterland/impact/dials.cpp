#include "hinterland/impact/dials.hpp"

namespace hinterland {

std::optional<Range> drawn_range(const Field& field, double central, const std::optional<double>& low,
                                 const std::optional<double>& high) {
  if (!low || !high || *low >= *high) return std::nullopt;
  return Range{.low = std::clamp(*low, field.low, central),
               .central = central,
               .high = std::clamp(*high, central, field.high)};
}

}  // namespace hinterland
