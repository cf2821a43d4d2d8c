#include "hinterland/siting/hour_step.hpp"

#include "hinterland/siting/demand_step.hpp"

namespace hinterland {

namespace {

// In place, by sweeps of the lower triangle (Goodnight 1979, The American Statistician 33, 149), which leave minus the
// inverse: an M-matrix with a positive excess in each row needs no pivoting.
HINTERLAND_INLINE void invert(Lanes* matrix, std::uint32_t size) {
  Lanes column[kMostSites];
  for (std::uint32_t k = 0; k < size; ++k) {
    for (std::uint32_t i = 0; i < size; ++i)
      column[i] = i < k ? matrix[std::size_t{k} * size + i] : matrix[std::size_t{i} * size + k];
    const Lanes pivot = 1.0 / column[k];
    for (std::uint32_t i = 0; i < size; ++i) {
      if (i == k) continue;
      Lanes* row = matrix + std::size_t{i} * size;
      const Lanes factor = column[i] * pivot;
      for (std::uint32_t j = 0; j <= i; ++j) row[j] -= factor * column[j];
      (i < k ? matrix[std::size_t{k} * size + i] : row[k]) = factor;
    }
    matrix[std::size_t{k} * size + k] = -pivot;
  }
  for (std::uint32_t i = 0; i < size; ++i)
    for (std::uint32_t j = 0; j <= i; ++j)
      matrix[std::size_t{i} * size + j] = matrix[std::size_t{j} * size + i] =
          -matrix[std::size_t{i} * size + j];
}

// out = inverse x in
HINTERLAND_INLINE void multiply(const Lanes* inverse, const Lanes* in, Lanes* out, std::uint32_t size) {
  for (std::uint32_t s = 0; s < size; ++s) {
    Lanes total = lanes(0);
    for (std::uint32_t p = 0; p < size; ++p) total += inverse[s * size + p] * in[p];
    out[s] = total;
  }
}

// solved = inverse x solved; the border's right side loses B' x that.
HINTERLAND_INLINE void solve_hours(Newton& newton, std::uint32_t group, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  Lanes* solved = &newton.solved[layout.cell(group, 0)];
  Lanes out[kMostSites];
  multiply(&newton.inverse[layout.cell(group, 0) * layout.sites], solved, out, layout.sites);
  for (std::uint32_t s = 0; s < layout.sites; ++s) {
    const std::size_t c = layout.cell(group, s);
    solved[s] = out[s];
    sums.right[s] += newton.capacity_border[c] * out[s];
    for (std::uint32_t k = 0; k < layout.caps; ++k)
      sums.right[layout.sites + k] -= newton.cap_border[k][c] * out[s];
  }
}

// The prices' step from `solved` and the steps of hubs, capacities and caps.
HINTERLAND_INLINE void substitute(const Newton& newton, std::uint32_t group,
                                  const std::vector<double>& hub_step,
                                  const std::vector<double>& capacity_step,
                                  const std::vector<double>& cap_step, Lanes* price_step) {
  const InteriorLayout& layout = newton.layout;
  Lanes right[kMostSites], from_right[kMostSites];
  for (std::uint32_t s = 0; s < layout.sites; ++s) {
    const std::size_t c = layout.cell(group, s);
    right[s] = -newton.capacity_border[c] * capacity_step[s];
    for (std::uint32_t k = 0; k < layout.caps; ++k) right[s] += newton.cap_border[k][c] * cap_step[k];
  }
  for (std::uint32_t b = layout.first_hub[group]; b < layout.past_hub[group]; ++b) {
    const InteriorLayout::HubPlace& hub = layout.hubs[b];
    if (!layout.reaches(hub, group)) continue;
    for (const std::uint32_t s : hub.sites)
      right[s] += newton.outflow_theta[layout.outflow(hub, group, s)] * hub_step[layout.first_row(hub) + s];
  }
  multiply(&newton.inverse[layout.cell(group, 0) * layout.sites], right, from_right, layout.sites);
  for (std::uint32_t s = 0; s < layout.sites; ++s)
    price_step[s] = newton.solved[layout.cell(group, s)] + from_right[s];
}

// dprice less what caps raise it by: dlambda + dkappa.
HINTERLAND_INLINE Lanes own_step(const InteriorLayout& layout, std::size_t c, Lanes price_step,
                                 const std::vector<double>& cap_step) {
  for (std::uint32_t k = 0; k < layout.caps; ++k) price_step -= cap_step[k] * layout.intensity[k][c];
  return price_step;
}

}  // namespace

HINTERLAND_LANES
void factor_hours(Newton& newton, std::uint32_t group, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const std::uint32_t size = layout.sites, border = layout.border;
  Lanes* matrix = &newton.inverse[layout.cell(group, 0) * size];
  for (std::uint32_t k = 0; k < size * size; ++k) matrix[k] = lanes(0);
  Lanes excess[kMostSites], right[kMostSites], before[kMostSites];
  Lanes* capacity_border = &newton.capacity_border[layout.cell(group, 0)];
  Lanes product = lanes(0), cost = lanes(0), bound = lanes(0);
  const double primal = newton.primal_length, dual = newton.dual_length;
  const bool limited = !newton.prices.limit.empty();

  for (std::uint32_t s = 0; s < size; ++s) {
    const std::size_t c = layout.cell(group, s);
    before[s] = newton.prices.cell[c];
    newton.prices.cell[c] += dual * newton.step.cell[c];
    newton.amounts.slack[c] = stepped(newton.amounts.slack[c], newton.amount_step.slack[c], primal);
    if (limited) {
      newton.prices.limit[c] += dual * newton.step.limit[c];
      newton.amounts.limit_slack[c] =
          stepped(newton.amounts.limit_slack[c], newton.amount_step.limit_slack[c], primal);
    }
    const CellShares shares = cell_shares(newton, c);
    const Lanes available = layout.availability[c], room = available * newton.amounts.capacity[s];
    product += newton.amounts.slack[c] * shares.lambda;
    sums.worth[s] += sum(available * shares.lambda);
    excess[s] = shares.conductance;
    right[s] = -shares.first * room;
    capacity_border[s] = available * shares.first;
    Lanes load = shares.first * room;
    if (limited) {
      const Lanes limit = layout.power_limit[c];
      product += newton.amounts.limit_slack[c] * newton.prices.limit[c];
      bound -= limit * newton.prices.limit[c];
      right[s] -= (1.0 - shares.first) * limit;
      load += (1.0 - shares.first) * limit;
      sums.matrix[s * border + s] += available * available * shares.both;
      sums.right[s] += available * shares.both * (limit - room);
    }
    for (std::uint32_t k = 0; k < layout.caps; ++k) {
      const Lanes intensity = layout.intensity[k][c];
      const std::uint32_t n = size + k;
      newton.cap_border[k][c] = shares.conductance * intensity;
      sums.matrix[s * border + n] += capacity_border[s] * intensity;
      sums.matrix[n * border + s] += capacity_border[s] * intensity;
      for (std::uint32_t other = 0; other < layout.caps; ++other)
        sums.matrix[n * border + size + other] -= shares.conductance * intensity * layout.intensity[other][c];
      sums.right[n] -= intensity * load;
    }
  }

  const Lanes* energy = &layout.energy[layout.cell(group, 0)];
  const Lanes* price = &newton.prices.cell[layout.cell(group, 0)];
  for (std::uint32_t b = layout.first_hub[group]; b < layout.past_hub[group]; ++b) {
    const InteriorLayout::HubPlace& hub = layout.hubs[b];
    if (!layout.reaches(hub, group)) continue;
    for (const std::uint32_t s : hub.sites) {
      const std::size_t o = layout.outflow(hub, group, s);
      const Lanes out = newton.amounts.outflow[o] =
          stepped(newton.amounts.outflow[o], newton.amount_step.outflow[o], primal);
      const Lanes z = energy[s] + price[s] - newton.prices.hub[layout.first_row(hub) + s];
      const Lanes theta = newton.outflow_theta[o] = out / z;
      excess[s] += theta;
      cost += energy[s] * out;
      product += out * z;
    }
  }
  sums.cost += sum(cost);
  sums.product += sum(product);
  sums.bound += sum(bound);
  factor_demands(newton, group, before, matrix, excess, right, sums);

  for (std::uint32_t s = 0; s < size; ++s)
    for (std::uint32_t p = 0; p < s; ++p) {
      // An arc's site may have a higher number than the one before it: both triangles hold parts.
      const Lanes off = matrix[s * size + p] += matrix[p * size + s];
      excess[s] -= off;
      excess[p] -= off;
    }
  for (std::uint32_t s = 0; s < size; ++s) matrix[s * size + s] = excess[s];
  invert(matrix, size);

  for (std::uint32_t s = 0; s < size; ++s) {
    newton.solved[layout.cell(group, s)] = right[s];
    for (std::uint32_t p = 0; p < size; ++p)
      sums.matrix[s * border + p] += capacity_border[s] * matrix[s * size + p] * capacity_border[p];
  }
  for (std::uint32_t k = 0; k < layout.caps; ++k) {
    const std::uint32_t n = size + k;
    Lanes solved[kMostSites];
    multiply(matrix, &newton.cap_border[k][layout.cell(group, 0)], solved, size);
    for (std::uint32_t s = 0; s < size; ++s) {
      sums.matrix[n * border + s] -= capacity_border[s] * solved[s];
      sums.matrix[s * border + n] -= capacity_border[s] * solved[s];
      for (std::uint32_t other = 0; other < layout.caps; ++other)
        sums.matrix[(size + other) * border + n] +=
            newton.cap_border[other][layout.cell(group, s)] * solved[s];
    }
  }
  solve_hours(newton, group, sums);
}

HINTERLAND_LANES
void predict_hours(Newton& newton, std::uint32_t group, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const std::uint32_t size = layout.sites;
  const std::size_t first = layout.cell(group, 0);
  const double most = newton.most_second_order;
  const bool limited = !newton.prices.limit.empty();
  Lanes* price_step = &newton.predictor.cell[first];
  substitute(newton, group, newton.predictor.hub, newton.capacity_step, newton.predictor.cap, price_step);

  LaneSums found;
  Lanes right[kMostSites], right_per_mu[kMostSites];
  for (std::uint32_t s = 0; s < size; ++s) {
    const std::size_t c = first + s;
    const CellShares shares = cell_shares(newton, c);
    const Lanes available = layout.availability[c], room = available * newton.amounts.capacity[s];
    const Lanes slack = newton.amounts.slack[c], per_lambda = 1.0 / shares.lambda;
    const Lanes own = own_step(layout, c, price_step[s], newton.predictor.cap);
    Lanes lambda_step = shares.first * own;
    if (limited) {
      lambda_step += shares.both * (layout.power_limit[c] - room - available * newton.capacity_step[s]);
      newton.predictor.limit[c] = own - lambda_step;
    }
    const Lanes g = -lambda_step * per_lambda;
    found.stopping_pair(slack * shares.lambda, g);
    // c of the slack, without mu and per mu; likewise of the limit's.
    const Lanes second = -slack * second_order(g, most);
    Lanes load = shares.first * (room - second), load_per_mu = -shares.first * per_lambda;
    if (limited) {
      const Lanes limit_price = newton.prices.limit[c], limit_slack = newton.amounts.limit_slack[c];
      const Lanes per_price = 1.0 / limit_price, limit_g = -newton.predictor.limit[c] * per_price;
      found.stopping_pair(limit_slack * limit_price, limit_g);
      const Lanes limit_second = -limit_slack * second_order(limit_g, most), limit = layout.power_limit[c];
      load += (1.0 - shares.first) * (limit - limit_second);
      load_per_mu -= (1.0 - shares.first) * per_price;
      sums.right[s] += available * shares.both * (second - limit_second + limit - room);
      sums.right_per_mu[s] += available * shares.both * (per_lambda - per_price);
    }
    right[s] = -load;
    right_per_mu[s] = -load_per_mu;
    for (std::uint32_t k = 0; k < layout.caps; ++k) {
      sums.right[size + k] -= layout.intensity[k][c] * load;
      sums.right_per_mu[size + k] -= layout.intensity[k][c] * load_per_mu;
    }
  }

  const Lanes* energy = &layout.energy[first];
  const Lanes* price = &newton.prices.cell[first];
  for (std::uint32_t b = layout.first_hub[group]; b < layout.past_hub[group]; ++b) {
    const InteriorLayout::HubPlace& hub = layout.hubs[b];
    if (!layout.reaches(hub, group)) continue;
    for (const std::uint32_t s : hub.sites) {
      const std::size_t h = layout.first_row(hub) + s;
      const Lanes out = newton.amounts.outflow[layout.outflow(hub, group, s)];
      const Lanes z = energy[s] + price[s] - newton.prices.hub[h], per_z = 1.0 / z;
      const Lanes g = (newton.predictor.hub[h] - price_step[s]) * per_z;
      found.pair(out * z, g);
      right[s] -= out * second_order(g, most);
      right_per_mu[s] += per_z;
    }
  }
  found.give(sums);
  predict_demands(newton, group, right, right_per_mu, sums);
  for (std::uint32_t s = 0; s < size; ++s) {
    newton.right[first + s] = right[s];
    newton.right_per_mu[first + s] = right_per_mu[s];
  }
}

HINTERLAND_LANES
void prepare_hours(Newton& newton, std::uint32_t group, PassSums& sums) {
  for (std::uint32_t s = 0; s < newton.layout.sites; ++s) {
    const std::size_t c = newton.layout.cell(group, s);
    newton.solved[c] = newton.right[c] + newton.mu * newton.right_per_mu[c];
  }
  solve_hours(newton, group, sums);
}

HINTERLAND_LANES
void correct_hours(Newton& newton, std::uint32_t group, PassSums& sums) {
  const InteriorLayout& layout = newton.layout;
  const std::uint32_t size = layout.sites;
  const std::size_t first = layout.cell(group, 0);
  const bool limited = !newton.prices.limit.empty();
  Lanes* price_step = &newton.step.cell[first];
  const Lanes* predicted = &newton.predictor.cell[first];
  substitute(newton, group, newton.step.hub, newton.capacity_step, newton.step.cap, price_step);

  LaneSteps steps{.mu = newton.mu, .most_second_order = newton.most_second_order};
  for (std::uint32_t s = 0; s < size; ++s) {
    const std::size_t c = first + s;
    const CellShares shares = cell_shares(newton, c);
    const Lanes slack = newton.amounts.slack[c], lambda = shares.lambda;
    const Lanes per_product = 1.0 / (lambda * slack), per_lambda = slack * per_product;
    const Lanes own = own_step(layout, c, price_step[s], newton.step.cap);
    Lanes predicted_step = own_step(layout, c, predicted[s], newton.predictor.cap),
          lambda_step = shares.first * own;
    if (limited) {
      const Lanes limit_price = newton.prices.limit[c], limit_slack = newton.amounts.limit_slack[c];
      const Lanes predicted_limit = newton.predictor.limit[c];
      predicted_step -= predicted_limit;
      const Lanes limit_per_product = 1.0 / (limit_price * limit_slack),
                  per_price = limit_slack * limit_per_product;
      const Lanes predicted_limit_g = -predicted_limit * per_price;
      const Lanes c_slack = newton.mu * per_lambda -
                            slack * second_order(-predicted_step * per_lambda, steps.most_second_order);
      const Lanes c_limit =
          newton.mu * per_price - limit_slack * second_order(predicted_limit_g, steps.most_second_order);
      const Lanes after = layout.availability[c] * (newton.amounts.capacity[s] + newton.capacity_step[s]);
      lambda_step += shares.both * (c_slack - c_limit + layout.power_limit[c] - after);
      const Lanes limit_step = newton.step.limit[c] = own - lambda_step;
      newton.amount_step.limit_slack[c] =
          limit_slack *
          steps.stopping_relative(limit_per_product, predicted_limit_g, -limit_step * per_price);
    }
    newton.amount_step.slack[c] =
        slack * steps.stopping_relative(per_product, -predicted_step * per_lambda, -lambda_step * per_lambda);
  }

  const Lanes* energy = &layout.energy[first];
  const Lanes* price = &newton.prices.cell[first];
  for (std::uint32_t b = layout.first_hub[group]; b < layout.past_hub[group]; ++b) {
    const InteriorLayout::HubPlace& hub = layout.hubs[b];
    if (!layout.reaches(hub, group)) continue;
    for (const std::uint32_t s : hub.sites) {
      const std::size_t h = layout.first_row(hub) + s, o = layout.outflow(hub, group, s);
      const Lanes out = newton.amounts.outflow[o], z = energy[s] + price[s] - newton.prices.hub[h];
      const Lanes per_product = 1.0 / (z * out), per_z = out * per_product;
      newton.amount_step.outflow[o] =
          out * steps.relative(per_product, (newton.predictor.hub[h] - predicted[s]) * per_z,
                               (newton.step.hub[h] - price_step[s]) * per_z);
    }
  }
  steps.give(sums);
  correct_demands(newton, group, sums);
}

}  // namespace hinterland
