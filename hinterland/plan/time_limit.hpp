// Whether there is time for another step of a solve; whoever has a clock says what it shows.
//
// A step takes as long as the last one; where opening a site costs something, as the longest so far, with the proof
// after it. The first step, and what is left to do when the solver stops (a dispatch, the page), are reckoned from how
// long making the numbers took: a first step of examples/edwc.toml takes 4 to 14 times that, over 60 days to a year, also
// hedged; 12 for the rest is assumed, and tools/bench_plan.py shows whether limits are kept.
#pragma once

namespace hinterland {

class TimeLimit {
 public:
  explicit TimeLimit(double seconds) : seconds_(seconds) {}

  // The numbers are made from here on.
  void begin_numbers(double now) { last_asked_ = now; }
  // Once they are made.
  void begin_solving(double now, bool opening_costs) {
    opening_costs_ = opening_costs;
    const double made = now - last_asked_;
    seconds_ -= kAfterwards * made;
    step_takes_ = kFirstStep * made;
    last_asked_ = now;
  }

  // Asked before each step; the first time, of the first step.
  bool allows_a_step(double now) {
    const double took = now - last_asked_;
    last_asked_ = now;
    if (opening_costs_)
      step_takes_ = took > step_takes_ ? took : step_takes_;
    else if (!first_)
      step_takes_ = took;
    first_ = false;
    return now + (opening_costs_ ? kWithProof : 1) * step_takes_ < seconds_;
  }

 private:
  static constexpr double kAfterwards = 12, kFirstStep = 14, kWithProof = 2;

  double seconds_, last_asked_ = 0, step_takes_ = 0;
  bool opening_costs_ = false, first_ = true;
};

}  // namespace hinterland
