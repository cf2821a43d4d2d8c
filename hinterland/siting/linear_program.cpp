#include "hinterland/siting/linear_program.hpp"

#include <fmt/format.h>
#include <interfaces/highs_c_api.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace hinterland {

namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();
constexpr double kAllowed = 1e-6;  // of a row's size, that a solution may break it by

void require(HighsInt answer, const char* what) {
  if (answer == kHighsStatusError) throw std::runtime_error(fmt::format("HiGHS refused: {}", what));
}

// Column-wise, as HiGHS takes it.
struct Matrix {
  std::vector<HighsInt> begins, rows;
  std::vector<double> factors;
};

double beyond(double value, double least, double most) {
  return std::max({0.0, least - value, value - most});
}

}  // namespace

LinearProgram::Column LinearProgram::add_column(double cost, double least, double most, bool whole) {
  columns_.push_back({.cost = cost, .least = least, .most = most, .whole = whole});
  return static_cast<Column>(columns_.size() - 1);
}

LinearProgram::Row LinearProgram::add_row(double least, double most) {
  rows_.push_back({.least = least, .most = most});
  return static_cast<Row>(rows_.size() - 1);
}

void LinearProgram::put(Row row, Column column, double factor) {
  if (factor != 0) entries_.push_back({.row = row, .column = column, .factor = factor});
}

std::unique_ptr<void, void (*)(void*)> LinearProgram::passed() const {
  std::unique_ptr<void, void (*)(void*)> highs(Highs_create(), Highs_destroy);
  require(Highs_setBoolOptionValue(highs.get(), "output_flag", 0), "output_flag");
  require(Highs_setIntOptionValue(highs.get(), "threads", 1), "threads");
  std::vector<double> cost, least, most, row_least, row_most;
  std::vector<HighsInt> whole;
  for (const ColumnData& column : columns_) {
    cost.push_back(column.cost);
    least.push_back(column.least);
    most.push_back(column.most);
    whole.push_back(column.whole ? kHighsVarTypeInteger : kHighsVarTypeContinuous);
  }
  for (const RowData& row : rows_) {
    row_least.push_back(row.least);
    row_most.push_back(row.most);
  }
  Matrix matrix{.begins = std::vector<HighsInt>(columns_.size() + 1), .rows = {}, .factors = {}};
  for (const Entry& entry : entries_) ++matrix.begins[static_cast<std::size_t>(entry.column) + 1];
  for (std::size_t k = 0; k < columns_.size(); ++k) matrix.begins[k + 1] += matrix.begins[k];
  matrix.rows.resize(entries_.size());
  matrix.factors.resize(entries_.size());
  std::vector<HighsInt> next = matrix.begins;
  for (const Entry& entry : entries_) {
    const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(entry.column)]++);
    matrix.rows[place] = entry.row;
    matrix.factors[place] = entry.factor;
  }
  require(
      Highs_passMip(highs.get(), static_cast<HighsInt>(columns_.size()), static_cast<HighsInt>(rows_.size()),
                    static_cast<HighsInt>(entries_.size()), kHighsMatrixFormatColwise, kHighsObjSenseMinimize,
                    0, cost.data(), least.data(), most.data(), row_least.data(), row_most.data(),
                    matrix.begins.data(), matrix.rows.data(), matrix.factors.data(), whole.data()),
      "the model");
  return highs;
}

bool LinearProgram::write(const std::string& file) const {
  return Highs_writeModel(passed().get(), file.c_str()) != kHighsStatusError;
}

ProgramSolution LinearProgram::solve(double gap, double seconds) const {
  const auto highs = passed();
  const bool any_whole = std::ranges::any_of(columns_, &ColumnData::whole);
  require(Highs_setDoubleOptionValue(highs.get(), "mip_rel_gap", gap), "mip_rel_gap");
  require(Highs_setDoubleOptionValue(highs.get(), "mip_abs_gap", 0), "mip_abs_gap");
  require(Highs_setDoubleOptionValue(highs.get(), "time_limit", seconds), "time_limit");
  // Where rows hold large numbers, undoing its presolve may break one by more than it then accepts.
  if (Highs_run(highs.get()) == kHighsStatusError) {
    require(Highs_clearSolver(highs.get()), "to start over");
    require(Highs_setStringOptionValue(highs.get(), "presolve", "off"), "presolve");
    require(Highs_run(highs.get()), "to run");
  }

  const HighsInt status = Highs_getModelStatus(highs.get());
  ProgramSolution out{
      .end = ProgramEnd::infeasible, .objective = kNone, .bound = kNone, .columns = {}, .row_prices = {}};
  if (status == kHighsModelStatusInfeasible) return out;
  if (status != kHighsModelStatusOptimal && status != kHighsModelStatusTimeLimit &&
      status != kHighsModelStatusModelEmpty)
    throw std::runtime_error(fmt::format("HiGHS ended with model status {}", status));

  out.end = status == kHighsModelStatusTimeLimit ? ProgramEnd::out_of_time : ProgramEnd::solved;
  out.bound = -kNone;
  if (any_whole) require(Highs_getDoubleInfoValue(highs.get(), "mip_dual_bound", &out.bound), "its bound");
  std::vector<double> columns(columns_.size()), prices(rows_.size());
  require(Highs_getSolution(highs.get(), columns.data(), nullptr, nullptr, prices.data()), "its solution");

  // Out of time it may have nothing, or something that is no solution yet.
  std::vector<double> values(rows_.size()), sizes(rows_.size(), 1);
  for (const Entry& entry : entries_) {
    const double part = entry.factor * columns[static_cast<std::size_t>(entry.column)];
    values[static_cast<std::size_t>(entry.row)] += part;
    sizes[static_cast<std::size_t>(entry.row)] += std::abs(part);
  }
  double worst = 0, objective = 0;
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    worst =
        std::max(worst, beyond(columns[k], columns_[k].least, columns_[k].most) / (1 + std::abs(columns[k])));
    columns[k] = std::clamp(columns[k], columns_[k].least, columns_[k].most);
    objective += columns_[k].cost * columns[k];
  }
  for (std::size_t row = 0; row < rows_.size(); ++row)
    worst = std::max(worst, beyond(values[row], rows_[row].least, rows_[row].most) / sizes[row]);
  if (!(worst <= kAllowed)) {
    if (out.end == ProgramEnd::out_of_time) return out;
    throw std::runtime_error(
        fmt::format("HiGHS called a solution optimal that breaks a row by {:.1e} of its size", worst));
  }
  out.objective = objective;
  if (!any_whole && out.end == ProgramEnd::solved) {
    out.bound = objective;
    out.row_prices = std::move(prices);
  }
  out.columns = std::move(columns);
  return out;
}

}  // namespace hinterland
