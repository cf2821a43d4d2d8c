// What money spent in one region of a nation does there: at whom it is spent, at their suppliers, and by the pay that is spent
// again.
//
//   A^r_ij = a_ij min(1, FLQ_ij)        home's coefficients, as far as the region itself supplies (location_quotient.hpp)
//   L = (I - A^r)^-1                    L*: with households as one more industry (leontief.hpp), which earn compensation_j /
//                                       output_j and buy h c_i l_i: h what they spend of pay, c_i home's product i in the
//                                       nation's consumption, l_i = min(1, SLQ_i lambda)
//   of a demand f for the region's products:     direct f,    indirect (L - I) f,    induced L* f - L f
//   of pay w earned there:                       induced L* (0, w)
//
// each in output, value added and jobs by the nation's figures per unit of output: what a region's firms make with as many
// people as the nation's is assumed. Money and jobs of the table's year. (Miller and Blair 2009, sections 2.5, 3.2, 6.2, 8.2.)
#pragma once
#include <vector>

#include "hinterland/impact/leontief.hpp"
#include "hinterland/impact/national_economy.hpp"

namespace hinterland {

// What stays the same for every region.
struct NationalRates {
  std::string file;  // of the table
  Matrix coefficients;
  std::vector<double> added, jobs, compensation;  // [industry] per unit of output
  std::vector<double> consumption;                // [industry] home's part in a unit of what households buy
  // [industry] of what is bought, the part that is made in the nation: for use by industries, for fixed capital
  std::vector<double> home_input, home_capital;
  std::vector<double> capital;  // [industry] depreciation a year per unit of output
};
NationalRates national_rates(const NationalEconomy& economy);

// Output and value added in money a year, jobs in people; of spending that is done once, money and person-years.
struct Effect {
  double output = 0, added = 0, jobs = 0;
  Effect& operator+=(const Effect& more) {
    output += more.output;
    added += more.added;
    jobs += more.jobs;
    return *this;
  }
};

struct LocalEffect {
  Effect direct, indirect, induced;
};

class LocalEconomy {
 public:
  // `quotients`: SLQ of each industry; `weight`: lambda. Fails where the closed table is singular.
  static Expected<LocalEconomy> of(const NationalRates& nation, const std::vector<double>& quotients,
                                   double weight, double households_spend);

  // `demand`: [industry] for the region's own product.
  [[nodiscard]] LocalEffect of_demand(const std::vector<double>& demand) const;
  [[nodiscard]] Effect of_pay(double pay) const;

  // [industry] of what is bought in the region of home's product, the part that is made there.
  [[nodiscard]] const std::vector<double>& local_shares() const { return local_; }

 private:
  LocalEconomy() = default;
  [[nodiscard]] Effect effect(const std::vector<double>& output) const;

  const NationalRates* nation_ = nullptr;
  std::vector<double> local_;
  Matrix open_, closed_;  // L, L*
};

}  // namespace hinterland
