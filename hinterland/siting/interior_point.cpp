#include "hinterland/siting/interior_point.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/base/share_out.hpp"
#include "hinterland/siting/border_step.hpp"
#include "hinterland/siting/hour_step.hpp"
#include "hinterland/siting/hub_step.hpp"
#include "hinterland/siting/newton.hpp"
#include "hinterland/siting/starting_point.hpp"

namespace hinterland {

namespace {

constexpr double kShortOfTheEdge = 0.9;  // how far a step goes of what would make something 0
constexpr std::size_t kParts = 64;       // of a pass

// work(index, sums) for 0 .. count - 1, on both threads, in parts whose sums are added in order.
template <class Work>
void in_parts(const InteriorLayout& layout, std::size_t count, PassSums& total, const Work& work) {
  const std::size_t parts = std::min(kParts, count);
  std::vector<PassSums> sums(parts, PassSums(layout));
  SilentProgress silent;
  share_out("", static_cast<std::int64_t>(parts), silent, [&](std::size_t, std::int64_t part) {
    const auto p = static_cast<std::size_t>(part);
    for (std::size_t k = p * count / parts; k < (p + 1) * count / parts; ++k)
      work(static_cast<std::uint32_t>(k), sums[p]);
  });
  for (const PassSums& part : sums) total.add(part);
}

class InteriorPoint {
 public:
  InteriorPoint(const InteriorLayout& layout, const InteriorOptions& options)
      : layout_(layout), options_(options), n_(layout) {}

  InteriorAnswer solve(double mu) {
    start(n_, mu);
    const double pairs = count_pairs();
    InteriorAnswer out;
    double length_before = 1;
    int no_better = 0;
    for (int iteration = 0; iteration < options_.most_iterations; ++iteration) {
      PassSums sums(layout_);
      each_hour(sums, factor_hours);
      each_hub(sums, factor_hub);
      price_columns(sums);
      const double product = sums.product, gap = product / std::abs(sums.cost);
      if (!std::isfinite(sums.cost) || !(gap > 0)) break;
      no_better = gap > 0.97 * out.gap ? no_better + 1 : 0;
      if (gap < out.gap) give(out, iteration, sums.cost, gap);
      const bool pruned = gap < 0.2 && sums.cost - product > options_.give_up_above;
      if (pruned || gap < options_.gap) {
        out.solved = true;
        break;
      }
      if (options_.watch && !options_.watch(iteration, sums.cost, gap)) break;
      if (no_better > 12) break;

      Border border(n_, sums);
      n_.mu = predict(border, sums, length_before) * product / pairs;
      correct(border);
      if (!finite_step()) break;
      length_before = std::min(n_.primal_length, n_.dual_length);
      n_.most_second_order = length_before < 0.1 ? 1 : 5;
      take_border_step();
    }
    return out;
  }

 private:
  void each_hour(PassSums& sums, void (*work)(Newton&, std::uint32_t, PassSums&)) {
    in_parts(layout_, layout_.groups, sums,
             [&](std::uint32_t group, PassSums& part) { work(n_, group, part); });
  }
  void each_hub(PassSums& sums, void (*work)(Newton&, std::uint32_t, PassSums&)) {
    in_parts(layout_, layout_.hubs.size(), sums,
             [&](std::uint32_t hub, PassSums& part) { work(n_, hub, part); });
  }

  // Close to the end the system may be too near singular for doubles: then where it stands is where it ends.
  bool finite_step() const {
    const auto finite = [](const std::vector<double>& all) {
      return std::ranges::all_of(all, [](double x) { return std::isfinite(x); });
    };
    return finite(n_.column_step) && finite(n_.step.hub) && finite(n_.step.row) && finite(n_.step.cap) &&
           std::isfinite(n_.primal_length) && std::isfinite(n_.dual_length);
  }

  double most(std::size_t k) const { return layout_.problem->columns[layout_.column[k]].most; }

  double count_pairs() const {
    double pairs = 4.0 * static_cast<double>(n_.amounts.slack.size() + n_.amounts.limit_slack.size() +
                                             n_.amounts.unserved.size() + n_.amounts.flow.size());
    for (const InteriorLayout::HubPlace& hub : layout_.hubs)
      pairs += 4.0 * static_cast<double>(hub.sites.size()) * (hub.past_group - hub.first_group);
    pairs += static_cast<double>(layout_.deferrals * (layout_.sites + 1));
    return pairs + 2.0 * static_cast<double>(layout_.column.size()) +
           static_cast<double>(n_.prices.row.size() + n_.prices.cap.size());
  }

  // The columns' prices from what capacity is worth, and what columns, rows and caps add to cost and gap.
  void price_columns(PassSums& sums) {
    const std::vector<CapacityRow>& rows = layout_.problem->rows;
    for (std::size_t k = 0; k < n_.reduced.size(); ++k) {
      const CapacityColumn& column = layout_.problem->columns[layout_.column[k]];
      double reduced = column.cost - sums.worth[layout_.column_site[k]];
      for (std::size_t r = 0; r < rows.size(); ++r) reduced -= n_.prices.row[r] * rows[r].factor[column.site];
      n_.reduced[k] = reduced;
      n_.prices.low[k] = reduced + n_.prices.high[k];
      sums.cost += column.cost * n_.amounts.column[k];
      sums.product +=
          n_.amounts.column[k] * n_.prices.low[k] + (most(k) - n_.amounts.column[k]) * n_.prices.high[k];
    }
    for (std::size_t r = 0; r < n_.prices.row.size(); ++r)
      sums.product += n_.amounts.row_slack[r] * n_.prices.row[r];
    for (std::size_t c = 0; c < n_.prices.cap.size(); ++c)
      sums.product += n_.amounts.cap_slack[c] * n_.prices.cap[c];
  }

  // g of the predictor for the pairs of the border.
  struct BorderG {
    std::vector<double> low, high, row, cap;
  };

  // The predictor; returns how much of mu is kept (Mehrotra's cube).
  double predict(Border& border, const PassSums& factored, double length_before) {
    const std::size_t columns = n_.reduced.size(), rows = n_.prices.row.size(), caps = n_.prices.cap.size();
    border.solve(factored.right,
                 {.low = std::vector<double>(columns),
                  .high = std::vector<double>(columns),
                  .row = std::vector<double>(rows),
                  .cap = std::vector<double>(caps)},
                 n_.predictor, n_.predictor_column);
    sums_ = PassSums(layout_);
    each_hour(sums_, predict_hours);
    each_hub(sums_, predict_hub);
    g_ = {};
    for (std::size_t k = 0; k < columns; ++k) {
      const double room = most(k) - n_.amounts.column[k];
      g_.low.push_back(1 + n_.predictor_column[k] / n_.amounts.column[k]);
      g_.high.push_back(1 - n_.predictor_column[k] / room);
      sums_.pair(n_.amounts.column[k] * n_.prices.low[k], g_.low[k]);
      sums_.pair(room * n_.prices.high[k], g_.high[k]);
    }
    for (std::size_t r = 0; r < rows; ++r) {
      g_.row.push_back(-n_.predictor.row[r] / n_.prices.row[r]);
      sums_.pair(n_.amounts.row_slack[r] * n_.prices.row[r], g_.row[r]);
    }
    for (std::size_t c = 0; c < caps; ++c) {
      g_.cap.push_back(-n_.predictor.cap[c] / n_.prices.cap[c]);
      sums_.pair(n_.amounts.cap_slack[c] * n_.prices.cap[c], g_.cap[c]);
    }
    const double primal = std::min(1.0, 1 / sums_.shrink);
    const double dual = sums_.grow > 0 ? std::min(1.0, 1 / sums_.grow) : 1;
    const double before = factored.product;
    const double after = (1 - primal) * before + (primal - dual * (1 - primal)) * sums_.product_g -
                         primal * dual * sums_.product_gg;
    const double kept = std::clamp(std::pow(std::max(after, 0.0) / before, 3), 1e-6, 1.0);
    return length_before < 0.1 ? std::max(kept, 0.3) : length_before < 0.3 ? std::max(kept, 0.05) : kept;
  }

  void correct(Border& border) {
    PassSums prepared(layout_);
    each_hour(prepared, prepare_hours);
    each_hub(prepared, [](Newton& newton, std::uint32_t hub, PassSums&) { prepare_hub(newton, hub); });
    LanesVector right = prepared.right;
    for (std::size_t k = 0; k < right.size(); ++k) right[k] += sums_.right[k] + n_.mu * sums_.right_per_mu[k];

    const double bend = n_.most_second_order;
    BorderRight own;
    for (std::size_t k = 0; k < n_.reduced.size(); ++k) {
      own.low.push_back(n_.mu / n_.amounts.column[k] - n_.prices.low[k] * second_order(g_.low[k], bend));
      own.high.push_back(n_.mu / (most(k) - n_.amounts.column[k]) -
                         n_.prices.high[k] * second_order(g_.high[k], bend));
    }
    for (std::size_t r = 0; r < n_.prices.row.size(); ++r)
      own.row.push_back(n_.mu / n_.prices.row[r] - n_.amounts.row_slack[r] * second_order(g_.row[r], bend));
    for (std::size_t c = 0; c < n_.prices.cap.size(); ++c)
      own.cap.push_back(n_.mu / n_.prices.cap[c] - n_.amounts.cap_slack[c] * second_order(g_.cap[c], bend));
    border.solve(right, own, n_.step, n_.column_step);

    PassSums steps(layout_);
    each_hour(steps, correct_hours);
    each_hub(steps, correct_hub);
    border_lengths(own, steps);
    n_.primal_length = std::min(1.0, kShortOfTheEdge / steps.shrink);
    n_.dual_length = steps.grow > 0 ? std::min(1.0, kShortOfTheEdge / steps.grow) : 1;
  }

  void border_lengths(const BorderRight& own, PassSums& steps) {
    const auto shrinks = [&](double amount, double step) {
      steps.shrink = std::max(steps.shrink, -step / amount);
    };
    const auto grows = [&](double price, double step) { steps.grow = std::max(steps.grow, -step / price); };
    for (std::size_t k = 0; k < n_.reduced.size(); ++k) {
      const double v = n_.amounts.column[k], room = most(k) - v, step = n_.column_step[k];
      n_.step.low[k] = own.low[k] - n_.prices.low[k] - n_.prices.low[k] / v * step;
      n_.step.high[k] = own.high[k] - n_.prices.high[k] + n_.prices.high[k] / room * step;
      shrinks(v, step);
      shrinks(room, -step);
      grows(n_.prices.low[k], n_.step.low[k]);
      grows(n_.prices.high[k], n_.step.high[k]);
    }
    for (std::size_t r = 0; r < n_.prices.row.size(); ++r) {
      const double slack = n_.amounts.row_slack[r];
      n_.amount_step.row_slack[r] = own.row[r] - slack - slack / n_.prices.row[r] * n_.step.row[r];
      shrinks(slack, n_.amount_step.row_slack[r]);
      grows(n_.prices.row[r], n_.step.row[r]);
    }
    for (std::size_t c = 0; c < n_.prices.cap.size(); ++c) {
      const double slack = n_.amounts.cap_slack[c];
      n_.amount_step.cap_slack[c] = own.cap[c] - slack - slack / n_.prices.cap[c] * n_.step.cap[c];
      shrinks(slack, n_.amount_step.cap_slack[c]);
      grows(n_.prices.cap[c], n_.step.cap[c]);
    }
  }

  // What the passes over hours and deferrals do not take themselves.
  void take_border_step() {
    const auto take = [](std::vector<double>& to, const std::vector<double>& step, double length) {
      for (std::size_t k = 0; k < to.size(); ++k) to[k] += length * step[k];
    };
    take(n_.prices.hub, n_.step.hub, n_.dual_length);
    take(n_.prices.high, n_.step.high, n_.dual_length);
    take(n_.prices.row, n_.step.row, n_.dual_length);
    take(n_.prices.cap, n_.step.cap, n_.dual_length);
    take(n_.amounts.row_slack, n_.amount_step.row_slack, n_.primal_length);
    take(n_.amounts.cap_slack, n_.amount_step.cap_slack, n_.primal_length);
    take(n_.amounts.column, n_.column_step, n_.primal_length);
    std::ranges::fill(n_.amounts.capacity, 0.0);
    for (std::size_t k = 0; k < n_.reduced.size(); ++k)
      n_.amounts.capacity[layout_.column_site[k]] += n_.amounts.column[k];
  }

  void give(InteriorAnswer& out, int iteration, double cost, double gap) const {
    out.iterations = iteration;
    out.cost = cost;
    out.gap = gap;
    const SitingProblem& problem = *layout_.problem;
    out.columns.resize(problem.columns.size());
    for (std::size_t k = 0; k < n_.reduced.size(); ++k) out.columns[layout_.column[k]] = n_.amounts.column[k];
    out.prices = {.capacity = std::vector<double>(problem.energy.size(), kNoLimit),
                  .power = std::vector<double>(problem.power_limit.size()),
                  .rows = n_.prices.row,
                  .caps = n_.prices.cap};
    for (std::uint32_t g = 0; g < layout_.groups; ++g)
      for (std::uint32_t s = 0; s < layout_.sites; ++s) {
        const std::size_t c = layout_.cell(g, s);
        const Lanes lambda = cell_shares(n_, c).lambda;
        for (std::uint32_t lane = 0; lane < kHoursTogether; ++lane) {
          const std::size_t to = problem.at(g * kHoursTogether + lane, layout_.site[s]);
          out.prices.capacity[to] = lambda[lane];
          if (problem.power_limit.empty()) continue;
          // The layout made up a limit where there is none.
          (problem.power_limit[to] < kNoLimit ? out.prices.power : out.prices.capacity)[to] +=
              n_.prices.limit[c][lane];
        }
      }
  }

  const InteriorLayout& layout_;
  const InteriorOptions& options_;
  Newton n_;
  PassSums sums_{layout_};  // of the predictor
  BorderG g_;
};

}  // namespace

InteriorAnswer solve_interior(const SitingProblem& problem, const std::vector<bool>& open,
                              const InteriorOptions& options) {
  const InteriorLayout layout(problem, open);
  // A start that does not get going is tried again from another centre.
  InteriorAnswer out;
  for (const double centre : {5.0, 1.0, 0.2, 25.0}) {
    out = InteriorPoint(layout, options).solve(centre * natural_mu(layout));
    if (out.solved || out.gap < 100 * options.gap) break;
  }
  return out;
}

}  // namespace hinterland
