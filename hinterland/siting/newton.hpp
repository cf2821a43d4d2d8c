// Newton's system of the interior point: where it stands, the steps it takes, and what the elimination keeps.
//
// For each pair of an amount x > 0 and its reduced cost z > 0 a direction is written as
//     dx = -x + c - (x / z) dz
// with c = 0 for the predictor and c = mu / z - x g (1 - g), g = -dz / z of the predictor, for the corrector: the -x
// cancels the row's residual, so a row reads the same at feasible and infeasible points. Before mu is known a right
// side is kept in two parts, of which the second is per mu.
//
// Cells, with lambda = price - kappa - sum nu intensity, g = slack / lambda, h = limit slack / kappa (infinite without
// power limits), w1 = h / (g + h), w2 = 1 - w1, w = 1 / (g + h), G = g w1, a = availability, P = power limit, and N the
// load after the step:
//     N  = G (dprice - intensity dnu) - w1 (c_slack - a (C + dC)) - w2 (c_limit - P)
//     dlambda = w1 (dprice - intensity dnu) + w (c_slack - c_limit + P - a (C + dC))
//
// Far from the end, how far a step goes is decided only by what holds everything together: the prices lambda and kappa,
// columns, rows and caps. Whatever else would fall to nothing on the way keeps a tenth of itself: an amount stays at
// that; the price of a demand or a hub, which only its own arcs know, rises no further than leaves each of them a tenth
// of its reduced cost. Prices stay feasible, and what amounts then miss is in the next step's right side. One arc in a
// year would else hold up all hours: it takes half the steps. Close to the end nothing may give way, or it would not
// converge.
#pragma once
#include <vector>

#include "hinterland/siting/interior_layout.hpp"

namespace hinterland {

struct InteriorPrices {
  explicit InteriorPrices(const InteriorLayout& layout);

  LanesVector cell;               // [group x sites + site] beyond energy: lambda + kappa + sum nu intensity
  LanesVector limit;              // the same of kappa; empty without power limits
  LanesVector demand;             // [group x demands + demand]
  std::vector<double> hub;        // [block x rows + site]
  std::vector<double> deferral;   // [deferral]
  std::vector<double> low, high;  // [open column] of v >= 0 and v <= most
  std::vector<double> row, cap;
};

struct InteriorAmounts {
  explicit InteriorAmounts(const InteriorLayout& layout);

  LanesVector slack, limit_slack;         // [group x sites + site]
  LanesVector unserved;                   // [group x demands + demand]
  LanesVector flow;                       // [group x arcs + arc]
  LanesVector outflow;                    // [outflow]
  std::vector<double> inflow;             // [deferral x sites + site]
  std::vector<double> deferral_unserved;  // [deferral]
  std::vector<double> column;             // [open column]
  std::vector<double> capacity;           // [site] the sum of its columns
  std::vector<double> row_slack, cap_slack;
};

// What a pass over hours or hubs adds up, in parts that are then added in a fixed order.
struct PassSums {
  enum class Of : std::uint8_t { factor, step };
  explicit PassSums(const InteriorLayout& layout, Of pass = Of::step);
  void add(const PassSums& other);

  // A pair's share: its product x z, and g = -dz / z of the predictor.
  void pair(double product, double g);
  // The same of a pair that may stop the step.
  void stopping_pair(double product, double g);

  LanesVector matrix;               // [border x border], over hours; of a pass that factors
  LanesVector right, right_per_mu;  // [border], over hours
  std::vector<double> worth;        // [site] sum of availability x lambda
  double cost = 0;                  // of flows and of what is unserved
  double bound = 0;                 // what the prices, which are dual feasible, prove
  double product = 0, product_g = 0, product_gg = 0;
  struct Reach {
    double shrink = 0, grow = 0;  // largest -dx / x and -dz / z
    void add(const Reach& other);
  };
  Reach stopping, all;  // of the pairs that always stop a step; of all
};

struct Newton {
  explicit Newton(const InteriorLayout& the_layout);

  const InteriorLayout& layout;
  InteriorPrices prices, predictor, step;
  InteriorAmounts amounts, amount_step;
  std::vector<double> capacity_step;                  // [site] of the predictor, then of the corrector
  std::vector<double> predictor_column, column_step;  // [open column]
  std::vector<double> reduced;  // [open column] cost less capacity's worth and rows: low - high
  double primal_length = 0, dual_length = 0;
  double mu = 0;                 // the target
  double most_second_order = 5;  // what bounds the second-order term; less after a short step

  // Kept by the elimination.
  LanesVector inverse;                  // [group x sites x sites] of the hour's matrix
  LanesVector solved;                   // [group x sites + site] inverse times right side
  LanesVector right, right_per_mu;      // [group x sites + site] of the corrector
  LanesVector capacity_border;          // [group x sites + site] a w1; B has its negative
  std::vector<LanesVector> cap_border;  // [cap] the same of G intensity
  LanesVector outflow_theta;            // [outflow] x / z
  LanesVector demand_scale;             // [group x demands + demand] 1 / sum of theta
  LanesVector demand_right, demand_right_per_mu;
  std::vector<double> deferral_scale, deferral_right, deferral_right_per_mu;
  std::vector<double> hub_before;                   // [block x rows + site] its price before the last step
  std::vector<double> hub_right, hub_right_per_mu;  // [block x rows + site]
  std::vector<double> hub_border;         // [(block x rows + site) x border] the hubs' part of border columns
  std::vector<double> hub_border_solved;  // the same, solved by the band
  std::vector<double> band;               // blocks, see hub_step.hpp
};

// Of itself, that an amount or a reduced cost keeps in a step.
inline constexpr double kKept = 0.1;
HINTERLAND_INLINE Lanes stepped(Lanes x, Lanes step, double length) {
  return larger(x + length * step, kKept * x);
}
HINTERLAND_INLINE double stepped(double x, double step, double length) {
  return std::max(x + length * step, kKept * x);
}

HINTERLAND_INLINE Lanes second_order(Lanes g, double most) { return larger(g * (1.0 - g), lanes(-most)); }
HINTERLAND_INLINE double second_order(double g, double most) { return std::max(g * (1 - g), -most); }

// What the lanes of a pass add to its sums.
struct LaneSums {
  Lanes product_g = lanes(0), product_gg = lanes(0), least_g = lanes(1e300), most_g = lanes(-1e300);
  Lanes stopping_g = lanes(0);

  HINTERLAND_INLINE void pair(Lanes x_z, Lanes g) {
    product_g += x_z * g;
    product_gg += x_z * g * g;
    least_g = smaller(least_g, g);
    most_g = larger(most_g, g);
  }
  HINTERLAND_INLINE void stopping_pair(Lanes x_z, Lanes g) {
    pair(x_z, g);
    stopping_g = larger(stopping_g, g);
  }
  HINTERLAND_INLINE void give(PassSums& sums) const {
    sums.product_g += sum(product_g);
    sums.product_gg += sum(product_gg);
    sums.all.add({.shrink = 1 - smallest(least_g), .grow = largest(most_g)});
    sums.stopping.add({.shrink = 0, .grow = largest(stopping_g)});
  }
};

struct LaneSteps {
  double mu = 0, most_second_order = 0;
  Lanes shrink = lanes(0), grow = lanes(0), stopping_grow = lanes(0);

  // dx / x of a pair, from 1 / (x z) and g of the predictor and of this step.
  HINTERLAND_INLINE Lanes relative(Lanes per_product, Lanes predicted_g, Lanes g) {
    const Lanes change = mu * per_product - 1.0 - second_order(predicted_g, most_second_order) + g;
    shrink = larger(shrink, -change);
    grow = larger(grow, g);
    return change;
  }
  HINTERLAND_INLINE Lanes stopping_relative(Lanes per_product, Lanes predicted_g, Lanes g) {
    stopping_grow = larger(stopping_grow, g);
    return relative(per_product, predicted_g, g);
  }
  HINTERLAND_INLINE void give(PassSums& sums) const {
    sums.all.add({.shrink = largest(shrink), .grow = largest(grow)});
    sums.stopping.add({.shrink = 0, .grow = largest(stopping_grow)});
  }
};

// How a cell's two slacks share its load; see above.
struct CellShares {
  Lanes lambda, conductance, first, both;  // lambda, G, w1, w
};
HINTERLAND_INLINE CellShares cell_shares(const Newton& n, std::size_t c) {
  Lanes lambda = n.prices.cell[c];
  for (std::uint32_t k = 0; k < n.layout.caps; ++k) lambda -= n.prices.cap[k] * n.layout.intensity[k][c];
  if (n.prices.limit.empty())
    return {
        .lambda = lambda, .conductance = n.amounts.slack[c] / lambda, .first = lanes(1), .both = lanes(0)};
  lambda -= n.prices.limit[c];
  const Lanes g = n.amounts.slack[c] / lambda, h = n.amounts.limit_slack[c] / n.prices.limit[c];
  const Lanes both = 1.0 / (g + h);
  return {.lambda = lambda, .conductance = g * h * both, .first = h * both, .both = both};
}

}  // namespace hinterland
