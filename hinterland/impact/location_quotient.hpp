// A region's input coefficients from the nation's, by location quotients: how much of what it needs it can supply.
//
//   SLQ_i  = (x_i^r / x^r) / (x_i^n / x^n)         how much more of i the region makes than the nation, for its size
//   CILQ_ij = SLQ_i / SLQ_j                        the supplier's against the buyer's
//   lambda = [log2(1 + x^r / x^n)]^delta           a larger region buys less elsewhere; 0 <= delta < 1
//   FLQ_ij = CILQ_ij lambda (i != j), SLQ_i lambda (i = j)
//   a_ij^r = a_ij^n min(1, FLQ_ij)
//
// Flegg and Webber 1997, Regional Studies 31(8) 795 (their reply, with log2 and delta); the diagonal by SLQ as they advise.
// x is output or employment. delta is found by comparison with surveyed regional tables: mostly 0.1 to 0.4. Final demand
// for i is met in the region to min(1, SLQ_i lambda). An industry that the region does not have supplies nothing.
#pragma once
#include <vector>

#include "hinterland/impact/matrix.hpp"

namespace hinterland {

// Of a region that makes `region` of each industry's product in a nation that makes `nation`; both sum to more than 0.
std::vector<double> simple_quotients(const std::vector<double>& region, const std::vector<double>& nation);

// `share`: of the region in the nation, 0 to 1.
double size_weight(double share, double delta);

// min(1, FLQ), from SLQ and lambda.
Matrix local_shares(const std::vector<double>& quotients, double weight);

// a^r from a^n.
Matrix regional_coefficients(const Matrix& national, const std::vector<double>& quotients, double weight);

// min(1, SLQ_i lambda).
std::vector<double> local_final_shares(const std::vector<double>& quotients, double weight);

}  // namespace hinterland
