// Step 4 of the elimination: capacity columns, caps and rows, one small dense system.
//
// With M and r what hours and hubs leave of  B' dprice,  D = low / v + high / (most - v) of a column, A the rows'
// weights and J a column's site:
//     (J' M J + D) dv + M_cap dnu - A' dm  =  ...          columns
//     M_cap' J dv + (M_nu - slack / nu) dnu  =  ...          caps
//     A dv + (slack / m) dm                =  ...          rows
// quasi-definite; solved by Gauss with row pivots.
#pragma once
#include <vector>

#include "hinterland/siting/newton.hpp"

namespace hinterland {

// Solves one square system for several right sides.
class DenseSystem {
 public:
  explicit DenseSystem(std::size_t size) : size_(size), entries_(size * size) {}
  double& at(std::size_t row, std::size_t column) { return entries_[row * size_ + column]; }
  void factor();
  void solve(std::vector<double>& right) const;

 private:
  std::size_t size_;
  std::vector<double> entries_;
  std::vector<std::size_t> pivot_;
};

// What the columns', caps' and rows' own complementarity adds to the right sides, as c in newton.hpp.
struct BorderRight {
  std::vector<double> low,
      high;  // [open column] of the prices: mu / v - low g (1 - g), likewise high; 0 to predict
  std::vector<double> row, cap;  // of the slacks
};

class Border {
 public:
  // Factors hubs and border; `sums` are those of the factoring pass.
  Border(Newton& newton, const PassSums& sums);

  // Into `prices` the steps of hubs, rows and caps; capacity_step and `columns` too. `sums` holds the right side that
  // the hours left.
  void solve(const LanesVector& right, const BorderRight& own, InteriorPrices& prices,
             std::vector<double>& columns);

 private:
  Newton& newton_;
  DenseSystem system_;
};

}  // namespace hinterland
