#include "hinterland/siting/hub_step.hpp"

#include <cmath>

namespace hinterland {

namespace {

// What the deferrals of a hub have in common.
struct HubView {
  HubView(const Newton& n, std::uint32_t number)
      : layout(n.layout),
        place(layout.hubs[number]),
        first_row(layout.first_row(place)),
        past_deferral(number + 1 < layout.hubs.size() ? layout.hubs[number + 1].first_deferral
                                                      : layout.deferrals) {}

  double unserved(std::size_t j) const {
    return layout.problem->deferrable[layout.deferral_demand[j]].unserved;
  }
  const double* network(std::size_t j) const {
    return &layout.inflow_network[std::size_t{layout.deferral_demand[j]} * layout.sites];
  }

  const InteriorLayout& layout;
  const InteriorLayout::HubPlace& place;
  std::size_t first_row, past_deferral;
};

// Adds the deferrals' part to their own block (its lower triangle: all that a factor reads) and right side, and
// takes their last step.
HINTERLAND_LANES
void factor_deferrals(Newton& newton, const HubView& hub, double* block, double* right, PassSums& sums) {
  const std::uint32_t size = newton.layout.sites;
  const double* hub_price = &newton.prices.hub[hub.first_row];
  const double* hub_before = &newton.hub_before[hub.first_row];
  double theta[kMostSites] = {};
  for (std::size_t j = hub.place.first_deferral; j < hub.past_deferral; ++j) {
    const double unserved = hub.unserved(j), price_before = newton.prices.deferral[j];
    const double* network = hub.network(j);
    double price = std::min(price_before + newton.dual_length * newton.step.deferral[j],
                            unserved - kKept * (unserved - price_before));
    for (const std::uint32_t s : hub.place.sites)
      price =
          std::min(price, network[s] + hub_price[s] - kKept * (network[s] + hub_before[s] - price_before));
    newton.prices.deferral[j] = price;
    const double left = newton.amounts.deferral_unserved[j] = stepped(
        newton.amounts.deferral_unserved[j], newton.amount_step.deferral_unserved[j], newton.primal_length);
    const double left_z = unserved - price;
    double* in = &newton.amounts.inflow[j * size];
    const double* in_step = &newton.amount_step.inflow[j * size];
    double total = left / left_z;
    sums.product += left * left_z;
    sums.cost += unserved * left;
    sums.bound += price * newton.layout.kwh[j];
    for (const std::uint32_t s : hub.place.sites) {
      in[s] = stepped(in[s], in_step[s], newton.primal_length);
      const double z = network[s] + hub_price[s] - price;
      theta[s] = in[s] / z;
      total += theta[s];
      sums.product += in[s] * z;
      sums.cost += network[s] * in[s];
    }
    const double scale = newton.deferral_scale[j] = 1 / total;
    for (const std::uint32_t s : hub.place.sites) {
      const double share = theta[s] * scale;
      right[s] += share * newton.layout.kwh[j];
      double* row = block + std::size_t{s} * newton.layout.rows;
      for (std::uint32_t p = 0; p <= s; ++p) row[p] -= share * theta[p];
      row[s] += theta[s];
    }
  }
}

// The block row's part of a hub and those that share hours with it: less sum theta_out H^-1 theta_out.
HINTERLAND_LANES
void couple(Newton& newton, std::uint32_t number, double* blocks) {
  const InteriorLayout& layout = newton.layout;
  const InteriorLayout::HubPlace& hub = layout.hubs[number];
  const std::uint32_t size = layout.sites;
  Lanes row[kMostSites];
  for (std::uint32_t other = layout.block_first[hub.block]; other < hub.past_reach; ++other) {
    const InteriorLayout::HubPlace& place = layout.hubs[other];
    double* block = blocks + std::size_t{place.block - hub.block} * layout.rows * layout.rows;
    const std::uint32_t first = std::max(hub.first_group, place.first_group);
    const std::uint32_t past = std::min(hub.past_group, place.past_group);
    for (const std::uint32_t s : place.sites) {
      for (std::uint32_t p = 0; p < size; ++p) row[p] = lanes(0);
      for (std::uint32_t g = first; g < past; ++g) {
        const Lanes out = newton.outflow_theta[layout.outflow(place, g, s)];
        const Lanes* inverse = &newton.inverse[layout.cell(g, s) * size];
        const Lanes* theta = &newton.outflow_theta[layout.outflow(hub, g, 0)];
        for (std::uint32_t p = 0; p < size; ++p) row[p] += out * inverse[p] * theta[p];
      }
      for (const std::uint32_t p : hub.sites) block[s * layout.rows + p] -= sum(row[p]);
    }
  }
}

// sum theta_out H^-1 B, and theta_out x solved into `right`.
HINTERLAND_LANES
void border_of(Newton& newton, std::uint32_t number, double* own_block, double* right) {
  const InteriorLayout& layout = newton.layout;
  const InteriorLayout::HubPlace& hub = layout.hubs[number];
  const std::uint32_t size = layout.sites;
  Lanes row[2 * kMostSites];
  for (const std::uint32_t s : hub.sites) {
    for (std::uint32_t n = 0; n < layout.border; ++n) row[n] = lanes(0);
    Lanes theta_sum = lanes(0), solved = lanes(0);
    for (std::uint32_t g = hub.first_group; g < hub.past_group; ++g) {
      const Lanes theta = newton.outflow_theta[layout.outflow(hub, g, s)];
      theta_sum += theta;
      solved += theta * newton.solved[layout.cell(g, s)];
      const Lanes* inverse = &newton.inverse[layout.cell(g, s) * size];
      for (std::uint32_t p = 0; p < size; ++p) {
        const std::size_t c = layout.cell(g, p);
        const Lanes factor = theta * inverse[p];
        row[p] -= factor * newton.capacity_border[c];
        for (std::uint32_t k = 0; k < layout.caps; ++k) row[size + k] += factor * newton.cap_border[k][c];
      }
    }
    own_block[s * layout.rows + s] += sum(theta_sum);
    right[s] += sum(solved);
    double* out = &newton.hub_border[(layout.first_row(hub) + s) * layout.border];
    for (std::uint32_t n = 0; n < layout.border; ++n) out[n] = sum(row[n]);
  }
}

}  // namespace

void factor_block(Newton& newton, std::uint32_t block, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const std::uint32_t rows = layout.rows;
  const std::size_t row_size = std::size_t{layout.band + 1} * rows * rows;
  double* own = &newton.band[block * row_size];
  std::fill(own, own + row_size, 0.0);
  double* right = &newton.hub_right[std::size_t{block} * rows];
  std::fill(right, right + rows, 0.0);
  for (std::uint32_t hub = layout.block_first[block]; hub < layout.block_first[block + 1]; ++hub) {
    factor_deferrals(newton, HubView(newton, hub), own, right, sums);
    couple(newton, hub, own);
    border_of(newton, hub, own, right);
  }
  for (std::uint32_t s = 0; s < rows; ++s)
    if (own[s * rows + s] == 0) own[s * rows + s] = 1;
}

void predict_hub(Newton& newton, std::uint32_t number, PassSums& sums) {
  const HubView hub(newton, number);
  const InteriorLayout& layout = newton.layout;
  const double most = newton.most_second_order;
  const double* hub_price = &newton.prices.hub[hub.first_row];
  const double* hub_step = &newton.predictor.hub[hub.first_row];
  double* right = &newton.hub_right[hub.first_row];
  double* right_per_mu = &newton.hub_right_per_mu[hub.first_row];
  for (const std::uint32_t s : hub.place.sites) {
    right[s] = right_per_mu[s] = 0;
    for (std::uint32_t g = hub.place.first_group; g < hub.place.past_group; ++g) {
      const std::size_t c = layout.cell(g, s);
      const Lanes per_z = 1.0 / (layout.energy[c] + newton.prices.cell[c] - hub_price[s]);
      const Lanes relative = (hub_step[s] - newton.predictor.cell[c]) * per_z;
      right[s] += sum(newton.amounts.outflow[layout.outflow(hub.place, g, s)] * second_order(relative, most));
      right_per_mu[s] -= sum(per_z);
    }
  }
  double theta[kMostSites], per_z[kMostSites], second[kMostSites];
  for (std::size_t j = hub.place.first_deferral; j < hub.past_deferral; ++j) {
    const double price = newton.prices.deferral[j], left = newton.amounts.deferral_unserved[j];
    const double* network = hub.network(j);
    const double* in = &newton.amounts.inflow[j * layout.sites];
    double step = layout.kwh[j];
    for (const std::uint32_t s : hub.place.sites) {
      per_z[s] = 1 / (network[s] + hub_price[s] - price);
      theta[s] = in[s] * per_z[s];
      step += theta[s] * hub_step[s];
    }
    step *= newton.deferral_scale[j];
    newton.predictor.deferral[j] = step;
    const double left_z = hub.unserved(j) - price, left_g = step / left_z;
    sums.pair(left * left_z, left_g);
    double row = layout.kwh[j] + left * second_order(left_g, most), row_per_mu = -1 / left_z;
    for (const std::uint32_t s : hub.place.sites) {
      const double g = (step - hub_step[s]) * per_z[s];
      sums.pair(in[s] / per_z[s], g);
      second[s] = in[s] * second_order(g, most);
      row += second[s];
      row_per_mu -= per_z[s];
    }
    newton.deferral_right[j] = row;
    newton.deferral_right_per_mu[j] = row_per_mu;
    for (const std::uint32_t s : hub.place.sites) {
      const double share = theta[s] * newton.deferral_scale[j];
      right[s] += share * row - second[s];
      right_per_mu[s] += share * row_per_mu + per_z[s];
    }
  }
}

void prepare_hub(Newton& newton, std::uint32_t number) {
  const HubView hub(newton, number);
  const InteriorLayout& layout = newton.layout;
  for (const std::uint32_t s : hub.place.sites) {
    Lanes from_hours = lanes(0);
    for (std::uint32_t g = hub.place.first_group; g < hub.place.past_group; ++g)
      from_hours += newton.outflow_theta[layout.outflow(hub.place, g, s)] * newton.solved[layout.cell(g, s)];
    double& right = newton.hub_right[hub.first_row + s];
    right += newton.mu * newton.hub_right_per_mu[hub.first_row + s] + sum(from_hours);
  }
}

void correct_hub(Newton& newton, std::uint32_t number, PassSums& sums) {
  const HubView hub(newton, number);
  const InteriorLayout& layout = newton.layout;
  const double mu = newton.mu, most = newton.most_second_order;
  const double* hub_price = &newton.prices.hub[hub.first_row];
  const double* predicted = &newton.predictor.hub[hub.first_row];
  const double* hub_step = &newton.step.hub[hub.first_row];
  const auto relative = [&](double per_product, double predicted_g, double g) {
    const double change = mu * per_product - 1 - second_order(predicted_g, most) + g;
    sums.all.add({.shrink = -change, .grow = g});
    return change;
  };
  double per_z[kMostSites];
  for (std::size_t j = hub.place.first_deferral; j < hub.past_deferral; ++j) {
    const double price = newton.prices.deferral[j], left = newton.amounts.deferral_unserved[j];
    const double* network = hub.network(j);
    const double* in = &newton.amounts.inflow[j * layout.sites];
    double* in_step = &newton.amount_step.inflow[j * layout.sites];
    double step = newton.deferral_right[j] + mu * newton.deferral_right_per_mu[j];
    for (const std::uint32_t s : hub.place.sites) {
      per_z[s] = 1 / (network[s] + hub_price[s] - price);
      step += in[s] * per_z[s] * hub_step[s];
    }
    step *= newton.deferral_scale[j];
    newton.step.deferral[j] = step;
    const double predicted_step = newton.predictor.deferral[j], left_z = hub.unserved(j) - price;
    newton.amount_step.deferral_unserved[j] =
        left * relative(1 / (left_z * left), predicted_step / left_z, step / left_z);
    for (const std::uint32_t s : hub.place.sites)
      in_step[s] = in[s] * relative(per_z[s] / in[s], (predicted_step - predicted[s]) * per_z[s],
                                    (step - hub_step[s]) * per_z[s]);
  }
}

HINTERLAND_LANES
void take_hub_prices(Newton& newton, std::uint32_t number) {
  const HubView hub(newton, number);
  const InteriorLayout& layout = newton.layout;
  for (const std::uint32_t s : hub.place.sites) {
    double& price = newton.prices.hub[hub.first_row + s];
    newton.hub_before[hub.first_row + s] = price;
    Lanes most = lanes(price + newton.dual_length * newton.step.hub[hub.first_row + s]);
    for (std::uint32_t g = hub.place.first_group; g < hub.place.past_group; ++g) {
      const std::size_t c = layout.cell(g, s);
      const Lanes before = layout.energy[c] + newton.prices.cell[c];
      most = smaller(most, before + newton.dual_length * newton.step.cell[c] - kKept * (before - price));
    }
    price = smallest(most);
  }
}

}  // namespace hinterland
