#include "hinterland/siting/demand_step.hpp"

namespace hinterland {

HINTERLAND_LANES
void factor_demands(Newton& newton, std::uint32_t group, const Lanes* before, Lanes* matrix, Lanes* excess,
                    Lanes* right, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const Lanes* energy = &layout.energy[layout.cell(group, 0)];
  const Lanes* price = &newton.prices.cell[layout.cell(group, 0)];
  Lanes* flow = newton.amounts.flow.data() + std::size_t{group} * layout.arcs;
  const Lanes* flow_step = newton.amount_step.flow.data() + std::size_t{group} * layout.arcs;
  const double primal = newton.primal_length, dual = newton.dual_length;
  Lanes cost = lanes(0), product = lanes(0), bound = lanes(0), theta[kMostSites];
  for (std::uint32_t i = 0; i < layout.demands; ++i) {
    const std::size_t d = std::size_t{group} * layout.demands + i;
    const std::uint32_t first = layout.first_arc[i], count = layout.first_arc[i + 1] - first;
    const Lanes price_before = newton.prices.demand[d];
    Lanes demand_price = smaller(price_before + dual * newton.step.demand[d],
                                 layout.unserved[i] - kKept * (layout.unserved[i] - price_before));
    for (std::uint32_t a = first; a < first + count; ++a) {
      const std::uint32_t s = layout.arc_site[a];
      const Lanes costs = energy[s] + layout.arc_network[a];
      demand_price = smaller(demand_price, costs + price[s] - kKept * (costs + before[s] - price_before));
    }
    newton.prices.demand[d] = demand_price;
    bound += demand_price * layout.prompt_kw[d];
    const Lanes unserved = newton.amounts.unserved[d] =
        stepped(newton.amounts.unserved[d], newton.amount_step.unserved[d], primal);
    const Lanes unserved_z = layout.unserved[i] - demand_price, unserved_theta = unserved / unserved_z;
    product += unserved * unserved_z;
    cost += layout.unserved[i] * unserved;
    Lanes total = unserved_theta;
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t a = first + k, s = layout.arc_site[a];
      const Lanes x = flow[a] = stepped(flow[a], flow_step[a], primal);
      const Lanes costs = energy[s] + layout.arc_network[a], z = costs + price[s] - demand_price;
      theta[k] = x / z;
      total += theta[k];
      product += x * z;
      cost += costs * x;
    }
    const Lanes scale = newton.demand_scale[d] = 1.0 / total;
    const Lanes unserved_share = unserved_theta * scale, wanted = layout.prompt_kw[d] * scale;
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t s = layout.arc_site[first + k];
      excess[s] += theta[k] * unserved_share;
      right[s] += theta[k] * wanted;
      const Lanes share = theta[k] * scale;
      Lanes* row = matrix + std::size_t{s} * layout.sites;
      for (std::uint32_t other = 0; other < k; ++other)
        row[layout.arc_site[first + other]] -= share * theta[other];
    }
  }
  sums.cost += sum(cost);
  sums.product += sum(product);
  sums.bound += sum(bound);
}

HINTERLAND_LANES
void predict_demands(Newton& newton, std::uint32_t group, Lanes* right, Lanes* right_per_mu, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const Lanes* energy = &layout.energy[layout.cell(group, 0)];
  const Lanes* price = &newton.prices.cell[layout.cell(group, 0)];
  const Lanes* price_step = &newton.predictor.cell[layout.cell(group, 0)];
  const Lanes* flow = newton.amounts.flow.data() + std::size_t{group} * layout.arcs;
  const double most = newton.most_second_order;
  LaneSums found;
  Lanes theta[kMostSites], z[kMostSites], per_z[kMostSites], second[kMostSites];
  for (std::uint32_t i = 0; i < layout.demands; ++i) {
    const std::size_t d = std::size_t{group} * layout.demands + i;
    const Lanes demand_price = newton.prices.demand[d];
    const std::uint32_t first = layout.first_arc[i], count = layout.first_arc[i + 1] - first;
    Lanes demand_step = layout.prompt_kw[d];
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t a = first + k, s = layout.arc_site[a];
      z[k] = energy[s] + layout.arc_network[a] + price[s] - demand_price;
      per_z[k] = 1.0 / z[k];
      theta[k] = flow[a] * per_z[k];
      demand_step += theta[k] * price_step[s];
    }
    demand_step *= newton.demand_scale[d];
    newton.predictor.demand[d] = demand_step;

    const Lanes unserved = newton.amounts.unserved[d], unserved_z = layout.unserved[i] - demand_price;
    const Lanes per_unserved_z = 1.0 / unserved_z, unserved_g = demand_step * per_unserved_z;
    found.pair(unserved * unserved_z, unserved_g);
    Lanes row = layout.prompt_kw[d] + unserved * second_order(unserved_g, most), row_per_mu = -per_unserved_z;
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t a = first + k;
      const Lanes g = (demand_step - price_step[layout.arc_site[a]]) * per_z[k];
      found.pair(flow[a] * z[k], g);
      second[k] = flow[a] * second_order(g, most);
      row += second[k];
      row_per_mu -= per_z[k];
    }
    newton.demand_right[d] = row;
    newton.demand_right_per_mu[d] = row_per_mu;
    row *= newton.demand_scale[d];
    row_per_mu *= newton.demand_scale[d];
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t s = layout.arc_site[first + k];
      right[s] += theta[k] * row - second[k];
      right_per_mu[s] += theta[k] * row_per_mu + per_z[k];
    }
  }
  found.give(sums);
}

HINTERLAND_LANES
void correct_demands(Newton& newton, std::uint32_t group, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const Lanes* energy = &layout.energy[layout.cell(group, 0)];
  const Lanes* price = &newton.prices.cell[layout.cell(group, 0)];
  const Lanes* predicted = &newton.predictor.cell[layout.cell(group, 0)];
  const Lanes* price_step = &newton.step.cell[layout.cell(group, 0)];
  const Lanes* flow = newton.amounts.flow.data() + std::size_t{group} * layout.arcs;
  Lanes* flow_step = newton.amount_step.flow.data() + std::size_t{group} * layout.arcs;
  LaneSteps steps{.mu = newton.mu, .most_second_order = newton.most_second_order};
  Lanes per_z[kMostSites], per_product[kMostSites];
  for (std::uint32_t i = 0; i < layout.demands; ++i) {
    const std::size_t d = std::size_t{group} * layout.demands + i;
    const Lanes demand_price = newton.prices.demand[d];
    const std::uint32_t first = layout.first_arc[i], count = layout.first_arc[i + 1] - first;
    Lanes demand_step = newton.demand_right[d] + newton.mu * newton.demand_right_per_mu[d];
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t a = first + k, s = layout.arc_site[a];
      const Lanes z = energy[s] + layout.arc_network[a] + price[s] - demand_price;
      per_product[k] = 1.0 / (z * flow[a]);
      per_z[k] = flow[a] * per_product[k];
      demand_step += flow[a] * per_z[k] * price_step[s];
    }
    demand_step *= newton.demand_scale[d];
    newton.step.demand[d] = demand_step;
    const Lanes predicted_demand = newton.predictor.demand[d], unserved = newton.amounts.unserved[d];
    const Lanes per_unserved_product = 1.0 / ((layout.unserved[i] - demand_price) * unserved);
    const Lanes per_unserved_z = unserved * per_unserved_product;
    newton.amount_step.unserved[d] =
        unserved *
        steps.relative(per_unserved_product, predicted_demand * per_unserved_z, demand_step * per_unserved_z);
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t a = first + k, s = layout.arc_site[a];
      flow_step[a] = flow[a] * steps.relative(per_product[k], (predicted_demand - predicted[s]) * per_z[k],
                                              (demand_step - price_step[s]) * per_z[k]);
    }
  }
  steps.give(sums);
}

}  // namespace hinterland
