// RAS: the matrix nearest to a guess whose rows and columns sum to what is known (Stone 1961; Bacharach 1965).
//
//   m_ij = r_i guess_ij s_j,   sum over j of m_ij = rows_i,   sum over i of m_ij = columns_j
//
// found by scaling rows and columns in turn; it minimises sum m_ij ln(m_ij / guess_ij). Rows and columns must sum to the
// same, and every row and column with a sum above 0 must have a guess above 0 that lets it: a guess that is above 0
// wherever both sums are always does.
#pragma once
#include <vector>

#include "hinterland/impact/matrix.hpp"

namespace hinterland {

// Scales until each row is within 1e-12 of its sum, or 1,000 times; columns then are exact but for rounding.
void balance(Matrix& guess, const std::vector<double>& rows, const std::vector<double>& columns);

}  // namespace hinterland
