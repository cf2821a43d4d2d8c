#include "hinterland/siting/newton.hpp"

#include <algorithm>

namespace hinterland {

InteriorPrices::InteriorPrices(const InteriorLayout& layout)
    : cell(std::size_t{layout.groups} * layout.sites),
      limit(layout.power_limit.size()),
      demand(std::size_t{layout.groups} * layout.demands),
      hub(std::size_t{layout.blocks()} * layout.rows),
      deferral(layout.deferrals),
      low(layout.column.size()),
      high(layout.column.size()),
      row(layout.problem->rows.size()),
      cap(layout.caps) {}

InteriorAmounts::InteriorAmounts(const InteriorLayout& layout)
    : slack(std::size_t{layout.groups} * layout.sites),
      limit_slack(layout.power_limit.size()),
      unserved(std::size_t{layout.groups} * layout.demands),
      flow(std::size_t{layout.groups} * layout.arcs),
      outflow(layout.outflows),
      inflow(layout.deferrals * layout.sites),
      deferral_unserved(layout.deferrals),
      column(layout.column.size()),
      capacity(layout.sites),
      row_slack(layout.problem->rows.size()),
      cap_slack(layout.caps) {}

PassSums::PassSums(const InteriorLayout& layout, Of pass)
    : matrix(pass == Of::factor ? std::size_t{layout.border} * layout.border : 0),
      right(layout.border),
      right_per_mu(layout.border),
      worth(layout.sites) {}

void PassSums::add(const PassSums& other) {
  const auto add_all = [](auto& to, const auto& from) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += from[k];
  };
  add_all(matrix, other.matrix);
  add_all(right, other.right);
  add_all(right_per_mu, other.right_per_mu);
  add_all(worth, other.worth);
  cost += other.cost;
  bound += other.bound;
  product += other.product;
  product_g += other.product_g;
  product_gg += other.product_gg;
  stopping.add(other.stopping);
  all.add(other.all);
}

void PassSums::pair(double x_z, double g) {
  product_g += x_z * g;
  product_gg += x_z * g * g;
  all.add({.shrink = 1 - g, .grow = g});
}

void PassSums::stopping_pair(double x_z, double g) {
  pair(x_z, g);
  stopping.add({.shrink = 1 - g, .grow = g});
}

void PassSums::Reach::add(const Reach& other) {
  shrink = std::max(shrink, other.shrink);
  grow = std::max(grow, other.grow);
}

Newton::Newton(const InteriorLayout& the_layout)
    : layout(the_layout),
      prices(layout),
      predictor(layout),
      step(layout),
      amounts(layout),
      amount_step(layout),
      capacity_step(layout.sites),
      predictor_column(layout.column.size()),
      column_step(layout.column.size()),
      reduced(layout.column.size()),
      inverse(std::size_t{layout.groups} * layout.sites * layout.sites),
      solved(prices.cell.size()),
      right(prices.cell.size()),
      right_per_mu(prices.cell.size()),
      capacity_border(prices.cell.size()),
      cap_border(layout.caps, LanesVector(prices.cell.size())),
      outflow_theta(layout.outflows),
      demand_scale(prices.demand.size()),
      demand_right(prices.demand.size()),
      demand_right_per_mu(prices.demand.size()),
      deferral_scale(layout.deferrals),
      deferral_right(layout.deferrals),
      deferral_right_per_mu(layout.deferrals),
      hub_before(prices.hub.size()),
      hub_right(prices.hub.size()),
      hub_right_per_mu(prices.hub.size()),
      hub_border(prices.hub.size() * layout.border),
      hub_border_solved(hub_border.size()),
      band(std::size_t{layout.blocks()} * (layout.band + 1) * layout.rows * layout.rows) {}

}  // namespace hinterland
