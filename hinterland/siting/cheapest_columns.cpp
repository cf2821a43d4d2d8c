#include "hinterland/siting/cheapest_columns.hpp"

#include "hinterland/siting/linear_program.hpp"

namespace hinterland {

std::vector<double> cheapest_columns(const SitingProblem& problem, const std::vector<bool>& open,
                                     const std::vector<double>& needs, double lacking) {
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
  if (lacking < kNoLimit)
    for (const LinearProgram::Row site : at_site)
      program.put(site, program.add_column(lacking, 0, kNoLimit), 1);
  std::vector<double> out = program.solve().columns;
  if (!out.empty()) out.resize(problem.columns.size());
  return out;
}

}  // namespace hinterland
