// How a branch and bound raises Lagrange's bound of a branch: by steps along a subgradient of its prices, each a share of
// what would close the gap (Held, Wolfe & Crowder 1974, Mathematical Programming 6, 62).
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

enum class Fate : std::uint8_t { undecided, never, always };

struct Branch {
  std::vector<Fate> fate;     // of what may be opened
  std::vector<double> price;  // of serving somebody
  double bound = -kNoLimit;   // what no choice of the branch costs less than
};

struct Pace {
  int steps, patience;             // at most; without a better bound, before steps are halved
  double first_scale, last_scale;  // a step's share; it ends below the last
};

class Ascent {
 public:
  Ascent(Branch& branch, const Pace& pace)
      : branch_(branch), pace_(pace), scale_(pace.first_scale), best_(branch.price) {}

  [[nodiscard]] bool goes_on() const { return steps_ < pace_.steps && scale_ > pace_.last_scale; }
  [[nodiscard]] int steps() const { return steps_; }

  // The bound at the branch's prices; infinite: it has no choice at all.
  void saw(double value);
  // Raises the prices of those who are not served, and lowers those of whom several would serve, towards `aim`.
  void step(const std::vector<double>& unserved, double aim);
  // The best prices seen back into the branch.
  void finish() { branch_.price = std::move(best_); }

 private:
  Branch& branch_;
  const Pace& pace_;
  double scale_, value_ = -kNoLimit;
  int steps_ = 0, stale_ = 0;
  std::vector<double> best_;
};

}  // namespace hinterland
