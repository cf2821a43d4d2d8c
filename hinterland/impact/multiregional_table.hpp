// The economy of several regions, made from a nation's input-output table where no regional one was surveyed.
//
//   output      x_k^r = x_k s_k^r,   s_k^r = size^r q_k^r / sum over regions of the same     (q: location quotients)
//   exports     e_k^r = e_k by s_k^r and an export quotient, at most 0.9 of x_k^r (or e_k / x_k)
//   final use   f_k^r = f_k size^r / sum of sizes                                   (consumption and fixed capital)
//   inputs      a_kj, of which the share m_kj is imported: the nation's, in every region
//   trade       t_k^rs: the share of what s uses of home's product k that comes from r; sums to 1 over r, and is the same
//               for all users in s (Chenery 1953; Moses 1955, Econometrica 23(1) 5)
//
// so that all goes somewhere:  x_k^r = sum over s of t_k^rs u_k^s + e_k^r,
//                              u_k^s = sum over j of a_kj (1 - m_kj) x_j^s + (1 - n_k) f_k^s
// The trade is the nearest to a first guess (in the sense of RAS; Bacharach 1965) whose sums are these. The guess: s meets
// min(1, SLQ lambda) of its use itself (location_quotient.hpp), the rest comes from others by gravity, output / distance^
// decay. Changes in inventories are left out of final use, so that one year can repeat: x = L (f + e) of the nation's
// model is close to its table, not equal to it.
#pragma once
#include <vector>

#include "hinterland/impact/io_table.hpp"

namespace hinterland {

struct RegionalMix {
  std::vector<double> sizes;  // [region] such as gross product; above 0
  Matrix quotients;  // [industry][region] how much more of it than by size; some region has some of each
  Matrix export_quotients;  // [industry][region] how much more of its output it exports than others; above 0
  Matrix distance_km;       // [region][region] above 0 between two regions
  double delta = 0.25;      // of Flegg's lambda
  double distance_decay = 1;
};

// [industry][region] `national` output shared out as above.
Matrix regional_output(const std::vector<double>& national, const RegionalMix& mix);

struct MultiregionalTable {
  std::size_t industries = 0, regions = 0;
  Matrix inputs;                           // a: [of][by] per unit of output, home's and imported
  Matrix import_share;                     // m: [of][by]
  std::vector<double> added;               // [industry] value added per unit of output
  Matrix output, exports;                  // [industry][region] money a year
  Matrix final_use;                        // [industry][region] home's and imported
  std::vector<double> final_import_share;  // n: [industry]
  std::vector<double> trade;               // t: [industry][from][to]

  [[nodiscard]] double traded(std::size_t industry, std::size_t from, std::size_t to) const {
    return trade[(industry * regions + from) * regions + to];
  }
  // u: what region `to` uses of home's product, money a year.
  [[nodiscard]] double home_use(std::size_t industry, std::size_t to) const;
};

// Fails, naming the table's file, where leontief_of() does. Requires what RegionalMix says.
Expected<MultiregionalTable> multiregional_table(const IoTable& nation, const RegionalMix& mix);

}  // namespace hinterland
