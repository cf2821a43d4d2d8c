#include "hinterland/siting/cheapest_columns.hpp"

#include "hinterland/siting/linear_program.hpp"

namespace hinterland {

std::vector<double> cheapest_columns(const SitingProblem& problem, const std::vector<bool>& open,
                                     const std::vector<double>& needs) {
  LinearProgram program;
  std::vector<LinearProgram::Row> at_site;
  for (const double kw : needs) at_site.push_back(program.add_row(kw, kNoLimit));
  for (std::size_t k = 0; k < problem.columns.size(); ++k) {
    const CapacityColumn& column = problem.columns[k];
    program.put(at_site[column.site], program.add_column(column.cost, 0, open[k] ? column.most : 0), 1);
  }
  for (const CapacityRow& row : problem.rows) {
    const auto r = program.add_row(row.least, kNoLimit);
    for (std::size_t k = 0; k < problem.columns.size(); ++k)
      program.put(r, static_cast<LinearProgram::Column>(k), row.weight[k]);
  }
  return program.solve().columns;
}

}  // namespace hinterland
