// Leontief's quantity model: the output that a final demand takes, directly and along all chains of suppliers.
//
//   A_ij = domestic_ij / output_j      L = (I - A)^-1      x = L f       (Leontief 1936; Miller and Blair 2009, ch. 2)
//
// of home's industries only: what is imported leaks. Of one unit of final demand for j
//   output multiplier       sum over i of L_ij, at least 1
//   content of q            sum over i of q_i L_ij, q_i of something per unit of i's output: jobs, compensation, imports
// and value added and imports in it sum to 1. With households as one more industry, which earns compensation and buys
// consumption (Miller and Blair, section 2.5), L holds what wages induce as well ("type II").
#pragma once
#include <vector>

#include "hinterland/impact/io_table.hpp"

namespace hinterland {

struct Leontief {
  Matrix coefficients;  // A
  Matrix inverse;       // L
};

// Fails where I - A is singular or some L_ij is below zero: then no finite output meets every demand. `named` says what is
// at fault in a message.
Expected<Leontief> leontief_of(Matrix coefficients, const std::string& named);

// A of home's industries; and per unit of output of each.
Matrix domestic_coefficients(const IoTable& table);
std::vector<double> per_output(const IoTable& table, const std::vector<double>& of_industries);
std::vector<double> imports_per_output(const IoTable& table);
std::vector<double> value_added_per_output(const IoTable& table);

std::vector<double> output_multipliers(const Leontief& model);

// A with households as the last industry. `earned`: what they earn here per unit of each industry's output; `bought`:
// what they buy here of each industry per unit earned, 1 at most in all.
Matrix with_households(const Matrix& coefficients, const std::vector<double>& earned,
                       const std::vector<double>& bought);

}  // namespace hinterland
