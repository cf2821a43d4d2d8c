// Skilled people of a hub as a stock with flows: how fast it can start up, and how much of the pay stays.
//
// Of M MW in operation a data centre's permanent staff is s M, of whom a share k is skilled; at most a share r of the skilled
// work is done from elsewhere. With P residents, g graduates and u returners a year per ten thousand of them, retention rho, the
// share h whom data centres get, and the rate l at which they leave again:
//
//   dS/dt  = inflow - l S        inflow = P / 10^4 x (g rho + u) h
//   S(t)   = S* + (S(0) - S*) exp(-l t)            S* = inflow / l, where it ends
//   S(0)   = s k (1 - r) M(0)                      just those whom what runs today needs on the spot
//   M(t)   = min(M(0) + wanted, S(t) / (s k (1 - r)))
//   fill   = (M(t) - M(0)) / wanted                from 0 to 1
//
// Of the pay of all staff, q that of a skilled person to another's, what stays in the region is
//
//   (q min(S, s k M) + s (1 - k) M) / (q s k M + s (1 - k) M)
//
// A stock that shrinks (S* < S(0)) fills nothing. Where nobody is needed on the spot (s k (1 - r) = 0) all is staffed at once, and
// where nobody is paid nothing goes elsewhere. (Stocks and flows: Bartholomew, Forbes and McClean 1991, Statistical
// Techniques for Manpower Planning, chapter 4.)
//
// What it hands to a plan: `filled_from`, with which a demand that grows evenly to what is wanted has the same mean as the fill
// over the first H years, 2 mean - 1 but not below 0; and the MW a year that can be staffed over them, for a study's limit.
#pragma once
#include <optional>

#include "hinterland/atlas/skilled_flows.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

struct TalentHub {
  double people = 0;  // of the region
  Kilowatts present;  // IT power in use
  Kilowatts wanted;   // beyond it; above 0
};

// One set of values of all that is not known.
struct TalentCase {
  SkilledFlows flows;
  double staff_per_mw = 0;
};

// What follows from one case.
class TalentCourse {
 public:
  TalentCourse(const TalentHub& hub, const TalentCase& with);

  [[nodiscard]] double stock(double years) const;
  [[nodiscard]] Kilowatts staffed(double years) const;
  [[nodiscard]] double fill(double years) const;
  [[nodiscard]] double mean_fill(double years) const;  // from now on; years above 0
  // When all that is wanted is staffed; nothing: never.
  [[nodiscard]] std::optional<double> full_after() const;
  [[nodiscard]] double pay_that_stays(double years) const;
  [[nodiscard]] double inflow() const { return inflow_; }
  [[nodiscard]] double stock_in_the_end() const { return inflow_ / leaving_; }

 private:
  TalentHub hub_;
  SkilledFlows flows_;
  double staff_per_kw_, here_per_kw_;  // all; skilled people on the spot
  double inflow_, leaving_, begin_;
};

// The ramp's start that has the mean of a fill over the same time.
double filled_from_of(double mean_fill);

}  // namespace hinterland
