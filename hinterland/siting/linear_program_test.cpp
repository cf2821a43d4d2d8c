#include "hinterland/siting/linear_program.hpp"

#include <doctest/doctest.h>

namespace hinterland {

TEST_CASE("what a small program costs, and what its rows are worth") {
  // max 3 x + 2 y,  x + y <= 4,  x + 3 y <= 6,  x <= 3: at (3, 1).
  LinearProgram program;
  const auto x = program.add_column(-3, 0, 3), y = program.add_column(-2, 0, 1e30);
  const auto first = program.add_row(-1e30, 4), second = program.add_row(-1e30, 6);
  program.put(first, x, 1);
  program.put(first, y, 1);
  program.put(second, x, 1);
  program.put(second, y, 3);
  const ProgramSolution solution = program.solve();
  CHECK(solution.end == ProgramEnd::solved);
  CHECK(solution.objective == doctest::Approx(-11));
  CHECK(solution.bound == doctest::Approx(-11));
  CHECK(solution.columns[0] == doctest::Approx(3));
  CHECK(solution.columns[1] == doctest::Approx(1));
  REQUIRE(solution.row_prices.size() == 2);
  // At (3, 1) both rows bind, y alone pays: whichever HiGHS prices, the dual objective is the primal one.
  const double reduced = -3 - solution.row_prices[0] - solution.row_prices[1];
  CHECK(4 * solution.row_prices[0] + 6 * solution.row_prices[1] + 3 * reduced == doctest::Approx(-11));
}

TEST_CASE("whole columns") {
  // A knapsack of 10: values 6 5 5, weights 6 5 5.
  LinearProgram program;
  const auto row = program.add_row(-1e30, 10);
  const double value[] = {6.5, 5, 5}, weight[] = {6, 5, 5};
  for (int k = 0; k < 3; ++k) program.put(row, program.add_column(-value[k], 0, 1, true), weight[k]);
  const ProgramSolution solution = program.solve();
  CHECK(solution.end == ProgramEnd::solved);
  CHECK(solution.objective == doctest::Approx(-10));
  CHECK(solution.bound == doctest::Approx(-10));
}

TEST_CASE("what cannot be is no error") {
  LinearProgram program;
  program.put(program.add_row(2, 1e30), program.add_column(1, 0, 1), 1);
  CHECK(program.solve().end == ProgramEnd::infeasible);
}

}  // namespace hinterland
