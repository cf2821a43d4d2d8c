// A range as a distribution: low, central and high of a value, and how likely what lies between is.
//
// Triangular: nothing outside [low, high], the central value the likeliest, straight lines between:
//
//   F(c) = (c - a) / (b - a)                          a, c, b: low, central, high
//   F^-1(u) = a + sqrt(u (b - a) (c - a))             u <= F(c)
//             b - sqrt((1 - u) (b - a) (b - c))       u >  F(c)
//
// (Kotz and van Dorp 2004, Beyond Beta, chapter 1.) Not PERT: its inverse needs the incomplete beta function,
// and it claims more (thin tails) than three figures from a source say.
//
// A range of a factor ten or more (low > 0, high >= 10 low) speaks of an order of magnitude; its triangle stands
// on the logarithm. On a linear scale nearly all draws of 1 to 1,000 would lie above a central 30.
#pragma once

namespace hinterland {

struct Range {
  double low = 0, central = 0, high = 0;
};

inline constexpr double kOrderOfMagnitude = 10;  // high / low from which the logarithm is drawn

class Spread {
 public:
  // A central value outside its range widens the range to itself.
  explicit Spread(Range range);

  // The value below which a share `u` in [0, 1] of all draws lies: never falls with u, and stays inside the range.
  // A range without width gives its one value.
  [[nodiscard]] double quantile(double u) const;

  [[nodiscard]] bool logarithmic() const { return logarithmic_; }
  [[nodiscard]] const Range& range() const { return range_; }

 private:
  Range range_;
  bool logarithmic_;
  double low_, high_;          // on the scale that is drawn
  double turn_, rise_, fall_;  // F(c), (b - a) (c - a), (b - a) (b - c)
};

}  // namespace hinterland
