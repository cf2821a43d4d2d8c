#include "hinterland/siting/border_step.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/siting/band.hpp"

namespace hinterland {

namespace {

BlockBand hub_band(Newton& newton) {
  const InteriorLayout& layout = newton.layout;
  return {.size = layout.rows, .blocks = layout.blocks(), .band = layout.band, .data = newton.band};
}

const CapacityColumn& column_of(const InteriorLayout& layout, std::size_t k) {
  return layout.problem->columns[layout.column[k]];
}

}  // namespace

void DenseSystem::factor() {
  pivot_.resize(size_);
  for (std::size_t k = 0; k < size_; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < size_; ++i)
      if (std::abs(at(i, k)) > std::abs(at(best, k))) best = i;
    pivot_[k] = best;
    if (best != k)
      for (std::size_t j = 0; j < size_; ++j) std::swap(at(k, j), at(best, j));
    const double scale = 1 / at(k, k);
    for (std::size_t i = k + 1; i < size_; ++i) {
      const double factor = at(i, k) *= scale;
      if (factor == 0) continue;
      for (std::size_t j = k + 1; j < size_; ++j) at(i, j) -= factor * at(k, j);
    }
  }
}

void DenseSystem::solve(std::vector<double>& right) const {
  const double* entries = entries_.data();
  for (std::size_t k = 0; k < size_; ++k) std::swap(right[k], right[pivot_[k]]);
  for (std::size_t i = 0; i < size_; ++i)
    for (std::size_t j = 0; j < i; ++j) right[i] -= entries[i * size_ + j] * right[j];
  for (std::size_t i = size_; i-- > 0;) {
    for (std::size_t j = i + 1; j < size_; ++j) right[i] -= entries[i * size_ + j] * right[j];
    right[i] /= entries[i * size_ + i];
  }
}

Border::Border(Newton& newton, const PassSums& sums)
    : newton_(newton),
      system_(newton.layout.column.size() + newton.layout.caps + newton.layout.problem->rows.size()) {
  const InteriorLayout& layout = newton.layout;
  const std::size_t border = layout.border, columns = layout.column.size();
  const std::vector<CapacityRow>& rows = layout.problem->rows;
  factor(hub_band(newton));
  newton.hub_border_solved = newton.hub_border;
  hinterland::solve(hub_band(newton), newton.hub_border_solved, layout.border);

  std::vector<double> matrix(border * border);
  for (std::size_t k = 0; k < matrix.size(); ++k) matrix[k] = sum(sums.matrix[k]);
  for (std::size_t h = 0; h < newton.prices.hub.size(); ++h)
    for (std::size_t i = 0; i < border; ++i)
      for (std::size_t j = 0; j < border; ++j)
        matrix[i * border + j] +=
            newton.hub_border[h * border + i] * newton.hub_border_solved[h * border + j];

  for (std::size_t k = 0; k < columns; ++k) {
    const CapacityColumn& column = column_of(layout, k);
    const std::uint32_t s = layout.column_site[k];
    for (std::size_t other = 0; other < columns; ++other)
      system_.at(k, other) = matrix[s * border + layout.column_site[other]];
    system_.at(k, k) += newton.prices.low[k] / newton.amounts.column[k] +
                        newton.prices.high[k] / (column.most - newton.amounts.column[k]);
    for (std::size_t c = 0; c < layout.caps; ++c)
      system_.at(k, columns + c) = system_.at(columns + c, k) = matrix[s * border + layout.sites + c];
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const double weight = rows[r].weight[layout.column[k]];
      system_.at(k, columns + layout.caps + r) = -weight;
      system_.at(columns + layout.caps + r, k) = weight;
    }
  }
  for (std::size_t c = 0; c < layout.caps; ++c) {
    for (std::size_t other = 0; other < layout.caps; ++other)
      system_.at(columns + c, columns + other) = matrix[(layout.sites + c) * border + layout.sites + other];
    system_.at(columns + c, columns + c) -= newton.amounts.cap_slack[c] / newton.prices.cap[c];
  }
  for (std::size_t r = 0; r < rows.size(); ++r)
    system_.at(columns + layout.caps + r, columns + layout.caps + r) =
        newton.amounts.row_slack[r] / newton.prices.row[r];
  system_.factor();
}

void Border::solve(const LanesVector& right, const BorderRight& own, InteriorPrices& prices,
                   std::vector<double>& columns) {
  const InteriorLayout& layout = newton_.layout;
  const std::size_t border = layout.border, count = layout.column.size();
  const SitingProblem& problem = *layout.problem;
  std::vector<double> left(border);
  for (std::size_t n = 0; n < border; ++n) left[n] = sum(right[n]);
  for (std::size_t h = 0; h < newton_.prices.hub.size(); ++h)
    for (std::size_t n = 0; n < border; ++n)
      left[n] -= newton_.hub_border_solved[h * border + n] * newton_.hub_right[h];

  std::vector<double> solution;
  for (std::size_t k = 0; k < count; ++k)
    solution.push_back(own.low[k] - own.high[k] - newton_.reduced[k] + left[layout.column_site[k]]);
  for (std::size_t c = 0; c < layout.caps; ++c)
    solution.push_back(layout.cap_most[c] - own.cap[c] + left[layout.sites + c]);
  for (std::size_t r = 0; r < problem.rows.size(); ++r) {
    double has = 0;
    for (std::size_t k = 0; k < count; ++k)
      has += problem.rows[r].weight[layout.column[k]] * newton_.amounts.column[k];
    solution.push_back(problem.rows[r].least - has + own.row[r]);
  }
  system_.solve(solution);

  std::ranges::fill(newton_.capacity_step, 0.0);
  for (std::size_t k = 0; k < count; ++k) {
    columns[k] = solution[k];
    newton_.capacity_step[layout.column_site[k]] += solution[k];
  }
  for (std::size_t c = 0; c < layout.caps; ++c) prices.cap[c] = solution[count + c];
  for (std::size_t r = 0; r < problem.rows.size(); ++r) prices.row[r] = solution[count + layout.caps + r];

  prices.hub = newton_.hub_right;
  hinterland::solve(hub_band(newton_), prices.hub, 1);
  for (std::size_t h = 0; h < prices.hub.size(); ++h) {
    const double* with_border = &newton_.hub_border_solved[h * border];
    for (std::uint32_t s = 0; s < layout.sites; ++s)
      prices.hub[h] += with_border[s] * newton_.capacity_step[s];
    for (std::size_t c = 0; c < layout.caps; ++c)
      prices.hub[h] += with_border[layout.sites + c] * prices.cap[c];
  }
}

}  // namespace hinterland
