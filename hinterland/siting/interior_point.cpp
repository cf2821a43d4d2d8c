#include "hinterland/siting/interior_point.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "hinterland/base/share_out.hpp"
#include "hinterland/siting/border_step.hpp"
#include "hinterland/siting/hour_step.hpp"
#include "hinterland/siting/hub_step.hpp"
#include "hinterland/siting/newton.hpp"
#include "hinterland/siting/starting_point.hpp"

namespace hinterland {

namespace {

constexpr double kCentres[] = {5, 1, 0.2, 25};  // of the natural mu
constexpr double kShortOfTheEdge = 0.9;         // how far a step goes of what would make something 0
constexpr int kMostIterations = 150;
constexpr double kCloseToTheEnd = 3e-4;  // of the gap
constexpr double kNoEnd = 1e-6;          // a gap at which it should not end
constexpr double kFarFromDone = 100;     // times the gap that is asked for: another start is worth its time
constexpr std::size_t kParts = 64;       // of a pass

// What narrows the gap by less counts as no better; after more of these in a row it is over.
constexpr double kBetter = 0.97;
constexpr int kMostNoBetter = 12;

// After a step that something near 0 cut short to less than these, more of mu is kept, and less is made of what the
// predictor saw of second order.
constexpr double kVeryShortStep = 0.1, kShortStep = 0.2, kShortishStep = 0.3;
constexpr double kLeastKept = 1e-6, kKeptAfterShortish = 0.05, kKeptAfterShort = 0.3;
constexpr double kSecondOrder = 5, kSecondOrderAfterVeryShort = 1;

// work(index, sums) for 0 .. count - 1, on both threads, in parts whose sums are added in order.
template <class Work>
void in_parts(const InteriorLayout& layout, std::size_t count, PassSums& total, const Work& work) {
  const std::size_t parts = std::min(kParts, count);
  const auto pass = total.matrix.empty() ? PassSums::Of::step : PassSums::Of::factor;
  std::vector<PassSums> sums(parts, PassSums(layout, pass));
  share_out(static_cast<std::int64_t>(parts), [&](std::size_t, std::int64_t part) {
    const auto p = static_cast<std::size_t>(part);
    for (std::size_t k = p * count / parts; k < (p + 1) * count / parts; ++k)
      work(static_cast<std::uint32_t>(k), sums[p]);
  });
  for (const PassSums& part : sums) total.add(part);
}

}  // namespace

// One way from a start to the optimum.
class InteriorSolver::Path {
 public:
  Path(const SitingProblem& problem, const std::vector<bool>& open) : layout_(problem, open) {
    if (layout_.sites > kMostSites)
      throw std::length_error("more open sites than the interior point has room for (kMostSites)");
    if (layout_.border > 2 * kMostSites)
      throw std::length_error("more caps and open sites than the interior point has room for (2 kMostSites)");
    begin();
  }

  const InteriorAnswer& solve(const InteriorOptions& options) {
    for (;;) {
      follow(options);
      const bool ended_short = !answer_.solved && !stopped_;
      if (ended_short && hasty_ && answer_.gap > kNoEnd) {
        hasty_ = false;
        begin();
        continue;
      }
      const bool stuck = ended_short && answer_.gap > kFarFromDone * options.gap;
      if (!stuck || centre_ + 1 == std::size(kCentres))
        return given_up_.gap < answer_.gap ? given_up_ : answer_;
      ++centre_;
      begin();
    }
  }

  Carried carried() const {
    const SitingProblem& problem = *layout_.problem;
    const std::uint32_t spacing = cut_spacing(problem);
    Carried out(problem.hubs.size());
    for (std::size_t b = 0; b < out.size(); ++b)
      if (const std::uint32_t hour = cut_in(problem.hubs[b], spacing))
        out[b] = shares_after(hour / kHoursTogether, b);
    return out;
  }

 private:
  void begin() {
    newton_.reset();  // before there is another: it is large
    newton_ = std::make_unique<Newton>(layout_);
    start(*newton_, kCentres[centre_] * natural_mu(layout_));
    if (answer_.gap < given_up_.gap) given_up_ = std::move(answer_);
    answer_ = {};
    iteration_ = no_better_ = 0;
    length_before_ = 1;
  }

  void follow(const InteriorOptions& options) {
    Newton& n = *newton_;
    answer_.solved = stopped_ = false;
    const double pairs = count_pairs();
    for (; iteration_ < kMostIterations; ++iteration_) {
      PassSums sums(layout_, PassSums::Of::factor);
      each_hour(sums, factor_hours);
      each_block(sums, factor_block);
      n.primal_length = n.dual_length = 0;  // taken
      price_columns(sums);
      // The two differ while amounts miss their rows.
      const double product = sums.product,
                   gap = std::max(product, sums.cost - sums.bound) / std::abs(sums.cost);
      if (!std::isfinite(sums.cost) || !(gap > 0)) return;
      no_better_ = gap > kBetter * answer_.gap ? no_better_ + 1 : 0;
      if (gap < answer_.gap) give(iteration_, gap);
      const bool pruned = sums.bound > options.give_up_above;
      answer_.solved = pruned || gap < options.gap;
      stopped_ = options.watch && !options.watch(iteration_, gap);
      if (answer_.solved || stopped_ || no_better_ > kMostNoBetter) return;

      Border border(n, sums);
      n.mu = predict(border, sums) * product / pairs;
      correct(border);
      if (!finite_step()) return;
      length_before_ = std::min(n.primal_length, n.dual_length);
      n.most_second_order = length_before_ < kVeryShortStep ? kSecondOrderAfterVeryShort : kSecondOrder;
      take_border_step();
    }
  }

  void each_hour(PassSums& sums, void (*work)(Newton&, std::uint32_t, PassSums&)) {
    in_parts(layout_, layout_.groups, sums,
             [&](std::uint32_t group, PassSums& part) { work(*newton_, group, part); });
  }
  void each_block(PassSums& sums, void (*work)(Newton&, std::uint32_t, PassSums&)) {
    in_parts(layout_, layout_.blocks(), sums,
             [&](std::uint32_t block, PassSums& part) { work(*newton_, block, part); });
  }
  void each_hub(PassSums& sums, void (*work)(Newton&, std::uint32_t, PassSums&)) {
    in_parts(layout_, layout_.hubs.size(), sums,
             [&](std::uint32_t hub, PassSums& part) { work(*newton_, hub, part); });
  }

  // Close to the end the system may be too near singular for doubles: then where it stands is where it ends.
  bool finite_step() const {
    const auto finite = [](const std::vector<double>& all) {
      return std::ranges::all_of(all, [](double x) { return std::isfinite(x); });
    };
    return finite(newton_->column_step) && finite(newton_->step.hub) && finite(newton_->step.row) &&
           finite(newton_->step.cap) && std::isfinite(newton_->primal_length) &&
           std::isfinite(newton_->dual_length);
  }

  // Of each of a hub's deferrals, the share that its sites run from `group` on.
  std::vector<double> shares_after(std::uint32_t group, std::size_t number) const {
    const InteriorLayout::HubPlace& hub = layout_.hubs[number];
    std::vector<double> early(layout_.sites), late(layout_.sites), out;
    for (std::uint32_t g = hub.first_group; g < hub.past_group; ++g)
      for (const std::uint32_t s : hub.sites)
        (g < group ? early : late)[s] += sum(newton_->amounts.outflow[layout_.outflow(hub, g, s)]);
    for (std::size_t j = 0; j < layout_.problem->hubs[number].deferrals.size(); ++j) {
      const double* in = &newton_->amounts.inflow[(hub.first_deferral + j) * layout_.sites];
      double all = 0, after = 0;
      for (const std::uint32_t s : hub.sites) {
        all += in[s];
        after += in[s] * late[s] / (early[s] + late[s]);
      }
      out.push_back(all > 0 ? std::clamp(after / all, 0.0, 1.0) : 0);
    }
    return out;
  }

  // What a step is measured against; see newton.hpp.
  const PassSums::Reach& reach(const PassSums& sums) const {
    return !hasty_ || answer_.gap < kCloseToTheEnd ? sums.all : sums.stopping;
  }

  double most(std::size_t k) const { return layout_.problem->columns[layout_.column[k]].most; }

  double count_pairs() const {
    double pairs =
        4.0 * static_cast<double>(newton_->amounts.slack.size() + newton_->amounts.limit_slack.size() +
                                  newton_->amounts.unserved.size() + newton_->amounts.flow.size());
    for (const InteriorLayout::HubPlace& hub : layout_.hubs)
      pairs += 4.0 * static_cast<double>(hub.sites.size()) * (hub.past_group - hub.first_group);
    pairs += static_cast<double>(layout_.deferrals * (layout_.sites + 1));
    return pairs + 2.0 * static_cast<double>(layout_.column.size()) +
           static_cast<double>(newton_->prices.row.size() + newton_->prices.cap.size());
  }

  // The columns' prices from what capacity is worth, and what columns, rows and caps add to cost, bound and gap.
  void price_columns(PassSums& sums) {
    const std::vector<CapacityRow>& rows = layout_.problem->rows;
    for (std::size_t k = 0; k < newton_->reduced.size(); ++k) {
      const CapacityColumn& column = layout_.problem->columns[layout_.column[k]];
      double reduced = column.cost - sums.worth[layout_.column_site[k]];
      for (std::size_t r = 0; r < rows.size(); ++r)
        reduced -= newton_->prices.row[r] * rows[r].weight[layout_.column[k]];
      newton_->reduced[k] = reduced;
      newton_->prices.low[k] = reduced + newton_->prices.high[k];
      sums.cost += column.cost * newton_->amounts.column[k];
      sums.product += newton_->amounts.column[k] * newton_->prices.low[k] +
                      (most(k) - newton_->amounts.column[k]) * newton_->prices.high[k];
      sums.bound -= most(k) * newton_->prices.high[k];
    }
    for (std::size_t r = 0; r < newton_->prices.row.size(); ++r) {
      sums.product += newton_->amounts.row_slack[r] * newton_->prices.row[r];
      sums.bound += rows[r].least * newton_->prices.row[r];
    }
    for (std::size_t c = 0; c < newton_->prices.cap.size(); ++c) {
      sums.product += newton_->amounts.cap_slack[c] * newton_->prices.cap[c];
      sums.bound -= layout_.cap_most[c] * newton_->prices.cap[c];
    }
  }

  // g of the predictor for the pairs of the border.
  struct BorderG {
    std::vector<double> low, high, row, cap;
  };

  // The predictor; returns how much of mu is kept (Mehrotra's cube).
  double predict(Border& border, const PassSums& factored) {
    const std::size_t columns = newton_->reduced.size(), rows = newton_->prices.row.size(),
                      caps = newton_->prices.cap.size();
    border.solve(factored.right,
                 {.low = std::vector<double>(columns),
                  .high = std::vector<double>(columns),
                  .row = std::vector<double>(rows),
                  .cap = std::vector<double>(caps)},
                 newton_->predictor, newton_->predictor_column);
    sums_ = PassSums(layout_);
    each_hour(sums_, predict_hours);
    each_hub(sums_, predict_hub);
    g_ = {};
    for (std::size_t k = 0; k < columns; ++k) {
      const double room = most(k) - newton_->amounts.column[k];
      g_.low.push_back(1 + newton_->predictor_column[k] / newton_->amounts.column[k]);
      g_.high.push_back(1 - newton_->predictor_column[k] / room);
      sums_.stopping_pair(newton_->amounts.column[k] * newton_->prices.low[k], g_.low[k]);
      sums_.stopping_pair(room * newton_->prices.high[k], g_.high[k]);
    }
    for (std::size_t r = 0; r < rows; ++r) {
      g_.row.push_back(-newton_->predictor.row[r] / newton_->prices.row[r]);
      sums_.stopping_pair(newton_->amounts.row_slack[r] * newton_->prices.row[r], g_.row[r]);
    }
    for (std::size_t c = 0; c < caps; ++c) {
      g_.cap.push_back(-newton_->predictor.cap[c] / newton_->prices.cap[c]);
      sums_.stopping_pair(newton_->amounts.cap_slack[c] * newton_->prices.cap[c], g_.cap[c]);
    }
    const double primal = std::min(1.0, 1 / reach(sums_).shrink), dual = std::min(1.0, 1 / reach(sums_).grow);
    const double before = factored.product;
    const double after = (1 - primal) * before + (primal - dual * (1 - primal)) * sums_.product_g -
                         primal * dual * sums_.product_gg;
    const double kept = std::clamp(std::pow(std::max(after, 0.0) / before, 3), kLeastKept, 1.0);
    // After a step that something near 0 cut short, back to the middle first: else such steps go on for hundreds of
    // iterations. With caps that was tried and is worse.
    const bool capped = caps > 0;
    if (length_before_ < kVeryShortStep) return capped ? std::max(kept, kKeptAfterShort) : 1;
    if (length_before_ < kShortStep && !capped) return std::max(kept, kKeptAfterShort);
    return length_before_ < kShortishStep ? std::max(kept, kKeptAfterShortish) : kept;
  }

  void correct(Border& border) {
    PassSums prepared(layout_);
    each_hour(prepared, prepare_hours);
    each_hub(prepared, [](Newton& newton, std::uint32_t hub, PassSums&) { prepare_hub(newton, hub); });
    LanesVector right = prepared.right;
    for (std::size_t k = 0; k < right.size(); ++k)
      right[k] += sums_.right[k] + newton_->mu * sums_.right_per_mu[k];

    const double bend = newton_->most_second_order;
    BorderRight own;
    for (std::size_t k = 0; k < newton_->reduced.size(); ++k) {
      own.low.push_back(newton_->mu / newton_->amounts.column[k] -
                        newton_->prices.low[k] * second_order(g_.low[k], bend));
      own.high.push_back(newton_->mu / (most(k) - newton_->amounts.column[k]) -
                         newton_->prices.high[k] * second_order(g_.high[k], bend));
    }
    for (std::size_t r = 0; r < newton_->prices.row.size(); ++r)
      own.row.push_back(newton_->mu / newton_->prices.row[r] -
                        newton_->amounts.row_slack[r] * second_order(g_.row[r], bend));
    for (std::size_t c = 0; c < newton_->prices.cap.size(); ++c)
      own.cap.push_back(newton_->mu / newton_->prices.cap[c] -
                        newton_->amounts.cap_slack[c] * second_order(g_.cap[c], bend));
    border.solve(right, own, newton_->step, newton_->column_step);

    PassSums steps(layout_);
    each_hour(steps, correct_hours);
    each_hub(steps, correct_hub);
    border_lengths(own, steps);
    newton_->primal_length = std::min(1.0, kShortOfTheEdge / reach(steps).shrink);
    newton_->dual_length = std::min(1.0, kShortOfTheEdge / reach(steps).grow);
  }

  void border_lengths(const BorderRight& own, PassSums& steps) {
    PassSums::Reach border;
    const auto shrinks = [&](double amount, double step) {
      border.shrink = std::max(border.shrink, -step / amount);
    };
    const auto grows = [&](double price, double step) { border.grow = std::max(border.grow, -step / price); };
    for (std::size_t k = 0; k < newton_->reduced.size(); ++k) {
      const double v = newton_->amounts.column[k], room = most(k) - v, step = newton_->column_step[k];
      newton_->step.low[k] = own.low[k] - newton_->prices.low[k] - newton_->prices.low[k] / v * step;
      newton_->step.high[k] = own.high[k] - newton_->prices.high[k] + newton_->prices.high[k] / room * step;
      shrinks(v, step);
      shrinks(room, -step);
      grows(newton_->prices.low[k], newton_->step.low[k]);
      grows(newton_->prices.high[k], newton_->step.high[k]);
    }
    for (std::size_t r = 0; r < newton_->prices.row.size(); ++r) {
      const double slack = newton_->amounts.row_slack[r];
      newton_->amount_step.row_slack[r] =
          own.row[r] - slack - slack / newton_->prices.row[r] * newton_->step.row[r];
      shrinks(slack, newton_->amount_step.row_slack[r]);
      grows(newton_->prices.row[r], newton_->step.row[r]);
    }
    for (std::size_t c = 0; c < newton_->prices.cap.size(); ++c) {
      const double slack = newton_->amounts.cap_slack[c];
      newton_->amount_step.cap_slack[c] =
          own.cap[c] - slack - slack / newton_->prices.cap[c] * newton_->step.cap[c];
      shrinks(slack, newton_->amount_step.cap_slack[c]);
      grows(newton_->prices.cap[c], newton_->step.cap[c]);
    }
    steps.stopping.add(border);
    steps.all.add(border);
  }

  // What the passes over hours and deferrals do not take themselves.
  void take_border_step() {
    const auto take = [](std::vector<double>& to, const std::vector<double>& step, double length) {
      for (std::size_t k = 0; k < to.size(); ++k) to[k] += length * step[k];
    };
    PassSums nothing(layout_);
    each_hub(nothing, [](Newton& newton, std::uint32_t hub, PassSums&) { take_hub_prices(newton, hub); });
    take(newton_->prices.high, newton_->step.high, newton_->dual_length);
    take(newton_->prices.row, newton_->step.row, newton_->dual_length);
    take(newton_->prices.cap, newton_->step.cap, newton_->dual_length);
    take(newton_->amounts.row_slack, newton_->amount_step.row_slack, newton_->primal_length);
    take(newton_->amounts.cap_slack, newton_->amount_step.cap_slack, newton_->primal_length);
    take(newton_->amounts.column, newton_->column_step, newton_->primal_length);
    std::ranges::fill(newton_->amounts.capacity, 0.0);
    for (std::size_t k = 0; k < newton_->reduced.size(); ++k)
      newton_->amounts.capacity[layout_.column_site[k]] += newton_->amounts.column[k];
  }

  void give(int iteration, double gap) {
    InteriorAnswer& out = answer_;
    out.iterations = iteration;
    out.gap = gap;
    const SitingProblem& problem = *layout_.problem;
    out.columns.resize(problem.columns.size());
    for (std::size_t k = 0; k < newton_->reduced.size(); ++k)
      out.columns[layout_.column[k]] = newton_->amounts.column[k];
    out.prices = {.capacity = std::vector<double>(problem.energy.size(), kNoLimit),
                  .power = std::vector<double>(problem.power_limit.size()),
                  .rows = newton_->prices.row,
                  .caps = newton_->prices.cap};
    for (std::uint32_t g = 0; g < layout_.groups; ++g)
      for (std::uint32_t s = 0; s < layout_.sites; ++s) {
        const std::size_t c = layout_.cell(g, s);
        const Lanes lambda = cell_shares(*newton_, c).lambda;
        for (std::uint32_t lane = 0; lane < kHoursTogether; ++lane) {
          const std::size_t to = problem.at(g * kHoursTogether + lane, layout_.site[s]);
          out.prices.capacity[to] = lambda[lane];
          if (problem.power_limit.empty()) continue;
          // Where capacity keeps the limit anyway the layout made up a smaller one.
          const bool made_up = layout_.power_limit[c][lane] < problem.power_limit[to];
          (made_up ? out.prices.capacity : out.prices.power)[to] += newton_->prices.limit[c][lane];
        }
      }
  }

  const InteriorLayout layout_;
  std::size_t centre_ = 0;
  std::unique_ptr<Newton> newton_;
  InteriorAnswer answer_, given_up_;  // of this start, and the best of those before
  int iteration_ = 0, no_better_ = 0;
  double length_before_ = 1;
  bool hasty_ = true;       // things may give way, see newton.hpp; false once that led nowhere
  bool stopped_ = false;    // by whoever watched
  PassSums sums_{layout_};  // of the predictor
  BorderG g_;
};

InteriorSolver::InteriorSolver(const SitingProblem& problem, const std::vector<bool>& open)
    : path_(std::make_unique<Path>(problem, open)) {}
InteriorSolver::~InteriorSolver() = default;

Carried InteriorSolver::carried() const { return path_->carried(); }

const InteriorAnswer& InteriorSolver::solve(const InteriorOptions& options) { return path_->solve(options); }

}  // namespace hinterland
