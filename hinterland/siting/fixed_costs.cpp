#include "hinterland/siting/fixed_costs.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "hinterland/siting/cut_master.hpp"

namespace hinterland {

namespace {

constexpr int kSlopeRounds = 3, kSearchRounds = 8;
constexpr int kMostSolves = 1000;      // of the continuous problem
constexpr double kSmallest = 0.01;     // of the largest column: what a slope is at least spread over
constexpr double kWorthOpening = 0.1;  // of its fixed cost, that a column's size must cost to be tried
constexpr double kUsed = 1e-6;         // kW
constexpr double kMasterGap = 0.05;    // of the share that is open
constexpr double kForProof = 0.02;     // of the gap: HiGHS's allowance, and what a master leaves open
constexpr int kMostStale = 5;          // masters in a row that raise no bound

bool clearly_less(double one, double other) {
  return one < other && (!std::isfinite(other) || other - one > 1e-9 * std::abs(other));
}

class FixedCosts {
 public:
  FixedCosts(const SitingProblem& problem, const FixedCostsOptions& options)
      : problem_(problem),
        options_(options),
        count_(problem.columns.size()),
        all_(count_, true),
        pool_(problem) {
    for (std::size_t k = 0; k < count_; ++k)
      if (problem.columns[k].fixed > 0) chosen_.push_back(k);
  }

  FixedCostsAnswer solve() {
    const std::vector<double> relaxed = root();
    if (go_on()) scale_slopes(relaxed);
    if (go_on()) search(relaxed);
    if (go_on()) probe(relaxed);
    if (go_on()) ask_masters();
    prove();
    return std::move(out_);
  }

 private:
  bool go_on() const {
    const bool wide = relative_gap(plan_, bound_) > (1 - kForProof) * options_.gap;
    return wide && !out_.stopped && out_.solves < kMostSolves;
  }

  void tell() {
    if (options_.watch && !options_.watch({.solves = out_.solves, .plan = plan_, .bound = bound_}))
      out_.stopped = true;
  }

  std::vector<bool> none() const { return std::vector<bool>(count_); }
  double inner_gap() const { return options_.gap / 4; }

  // Where it is kept.
  std::size_t keep(SitingPrices prices) {
    pool_.add(prices);
    prices_.push_back(std::move(prices));
    return prices_.size() - 1;
  }

  // [site] without a column that is open. Prices say little of them; what opening them saves says more where much is
  // built there.
  std::vector<bool> closed_sites(const SitingProblem& problem, const std::vector<bool>& open) const {
    std::vector<bool> out = pays_to_open(problem_);
    for (std::size_t k = 0; k < count_; ++k)
      if (problem.columns[k].most > 0 && (open.empty() || open[k])) out[problem.columns[k].site] = false;
    return out;
  }

  // Solves a continuous problem with these columns, and keeps what its prices say.
  SitingPlan continuous(const SitingProblem& problem, const SitingOptions& options) {
    SitingOptions watched = options;
    watched.watch = [this](const SitingOptions::Progress&) {
      tell();
      return !out_.stopped;
    };
    SitingAnswer answer = solve_siting(problem, watched);
    ++out_.solves;
    last_ = keep(answer.plan.prices);
    SitingPrices freed = answer.plan.prices;
    freed.free_once_open = closed_sites(problem, options.open);
    if (std::ranges::count(freed.free_once_open, true) > 0) keep(std::move(freed));
    return std::move(answer.plan);
  }

  // What is closed is left out of the bound too: it could only lower it.
  double bound_with(SitingProblem problem, const std::vector<bool>& open, double enough) {
    for (std::size_t k = 0; k < count_; ++k)
      if (!open[k]) problem.columns[k].most = 0;
    return continuous(problem,
                      {.gap = inner_gap(), .open = open, .give_up_above = enough, .bound_only = true})
        .bound;
  }

  // The problem with each fixed cost spread over `sizes`.
  SitingProblem spread(const std::vector<double>& sizes) const {
    SitingProblem out = problem_;
    for (const std::size_t k : chosen_) {
      out.columns[k].cost += problem_.columns[k].fixed / sizes[k];
      out.columns[k].fixed = 0;
    }
    return out;
  }

  // Spread over the largest sizes, except where it is paid: all of that is in `constant`.
  SitingProblem relaxation(const std::vector<bool>& paid, double& constant) const {
    std::vector<double> sizes;
    for (const CapacityColumn& column : problem_.columns) sizes.push_back(column.most);
    SitingProblem out = spread(sizes);
    constant = 0;
    for (const std::size_t k : chosen_)
      if (paid[k]) {
        out.columns[k].cost = problem_.columns[k].cost;
        constant += problem_.columns[k].fixed;
      }
    return out;
  }

  void offer(SitingPlan plan) {
    if (!plan.keeps_rows() || plan.objective >= plan_) return;
    plan_ = plan.objective;
    own_ = last_;
    out_.plan = std::move(plan);
  }

  // What the columns of another problem cost in this one.
  void offer_columns(const SitingPlan& plan) {
    if (plan.objective == kNoLimit) return;  // given up
    SitingPlan here = plan;
    here.objective = plan.dispatch.cost;
    for (std::size_t k = 0; k < count_; ++k)
      if (plan.columns[k] > 0)
        here.objective += plan.columns[k] * problem_.columns[k].cost + problem_.columns[k].fixed;
    offer(std::move(here));
  }

  std::vector<double> root() {
    double constant = 0;
    const SitingPlan plan = continuous(relaxation(none(), constant), {.gap = inner_gap(), .open = all_});
    bound_ = std::max(bound_, plan.bound);
    offer_columns(plan);
    tell();
    return plan.columns;
  }

  std::vector<bool> worth_opening(const std::vector<double>& columns) const {
    std::vector<bool> open = all_;
    for (const std::size_t k : chosen_)
      open[k] = columns[k] * problem_.columns[k].cost >= kWorthOpening * problem_.columns[k].fixed;
    return open;
  }

  // The best plan with these columns open. True: it is better than what there was.
  bool try_open(const std::vector<bool>& open) {
    if (!tried_.insert(open).second) return false;
    double fixed = 0;
    for (const std::size_t k : chosen_) fixed += open[k] ? problem_.columns[k].fixed : 0;
    const double before = plan_;
    SitingProblem free = problem_;
    for (CapacityColumn& column : free.columns) column.fixed = 0;
    offer_columns(continuous(free, {.gap = inner_gap(), .open = open, .give_up_above = plan_ - fixed}));
    tell();
    return clearly_less(plan_, before);
  }

  void scale_slopes(std::vector<double> columns) {
    for (int round = 0; round < kSlopeRounds && go_on(); ++round) {
      const double largest = *std::ranges::max_element(columns);
      for (double& kw : columns) kw = std::max(kw, kSmallest * largest);
      columns =
          continuous(spread(columns), {.gap = 4 * inner_gap(), .open = all_, .bound_only = true}).columns;
      if (go_on()) try_open(worth_opening(columns));
    }
  }

  std::vector<bool> used() const {
    std::vector<bool> open = all_;
    for (const std::size_t k : chosen_) open[k] = out_.plan.columns[k] > kUsed;
    return open;
  }

  void search(const std::vector<double>& relaxed) {
    if (out_.plan.columns.empty()) return;
    for (int round = 0; round < kSearchRounds && go_on(); ++round) {
      bool better = false;
      std::vector<std::size_t> smallest = chosen_;
      std::ranges::stable_sort(smallest, {}, [&](std::size_t k) { return out_.plan.columns[k]; });
      for (const std::size_t k : smallest) {
        std::vector<bool> open = used();
        if (!open[k] || !go_on()) continue;
        open[k] = false;
        better = try_open(open) || better;
      }
      std::vector<std::size_t> likeliest = chosen_;
      std::ranges::stable_sort(likeliest, {}, [&](std::size_t k) { return -relaxed[k]; });
      for (const std::size_t k : likeliest) {
        std::vector<bool> open = used();
        if (open[k] || !go_on()) continue;
        open[k] = true;
        better = try_open(open) || better;
      }
      if (!better) return;
    }
  }

  // Probing: a column that no better plan can do without is open in all of them, one that none can have is closed. Only
  // the cuts stay, of which each answer's prices make a good one.
  void probe(const std::vector<double>& relaxed) {
    std::vector<std::size_t> order = chosen_;
    std::ranges::stable_sort(order, {}, [&](std::size_t k) { return -relaxed[k]; });
    std::vector<bool> open = none(), closed = none();
    const auto exceeds = [&](const std::vector<bool>& paid, const std::vector<bool>& may) {
      double constant = 0;
      const SitingProblem others = relaxation(paid, constant);
      const bool out = bound_with(others, may, plan_ - constant) + constant > plan_;
      tell();
      return out;
    };
    const auto but = [](std::vector<bool> columns, std::size_t k, bool value) {
      columns[k] = value;
      return columns;
    };
    const auto not_closed = [&] {
      std::vector<bool> out = closed;
      out.flip();
      return out;
    };
    for (const std::size_t k : order) {
      if (!go_on()) return;
      open[k] = exceeds(open, but(all_, k, false));
    }
    for (const std::size_t k : order)
      if (!open[k] && go_on()) closed[k] = exceeds(but(open, k, true), not_closed());
  }

  // Until nothing more is to be learnt.
  void ask_masters() {
    int stale = 0;
    for (double last = -kNoLimit; go_on(); last = bound_) {
      // No nearer than is worth the time while much is open.
      const double open_share = plan_ == kNoLimit ? 1 : std::min(1.0, (plan_ - bound_) / std::abs(plan_));
      const MasterAnswer answer = pool_.solve(std::max(options_.gap / 10, kMasterGap * open_share));
      if (answer.bound > bound_) proof_ = pool_.proven_by();
      bound_ = std::max(bound_, std::min(answer.bound, plan_));  // rounding might take it past the best plan
      tell();
      if (answer.columns.empty() || !go_on()) return;
      std::vector<bool> open;
      for (const double share : answer.open) open.push_back(share > 0.5);
      const bool is_new = !tried_.contains(open);
      if (is_new) try_open(open);
      cut_at(answer.columns);
      stale = clearly_less(last, bound_) ? 0 : stale + 1;
      if (stale >= kMostStale && !is_new) return;
    }
  }

  // A master misjudges what its sizes leave to pay. Ask halfway to the best plan's, and at its own.
  void cut_at(const std::vector<double>& sizes) {
    for (const double share : {0.5, 1.0}) {
      if (!go_on()) return;
      SitingProblem sized = problem_;
      sized.rows.clear();
      for (std::size_t k = 0; k < count_; ++k) {
        CapacityColumn& column = sized.columns[k];
        const double best = out_.plan.columns.empty() ? sizes[k] : out_.plan.columns[k];
        column.most = share * sizes[k] + (1 - share) * best;
        column.cost *= 0.02;  // next to nothing: all of it is wanted
        column.fixed = 0;
      }
      continuous(sized, {.gap = inner_gap(), .bound_only = true});
      tell();
    }
  }

  // The bound that anybody works out from prices.
  void prove() {
    SitingPlan& plan = out_.plan;
    plan.bound = bound_;
    if (plan.columns.empty()) return;
    for (const std::size_t l : proof_)
      if (l != own_) plan.more_prices.push_back(std::move(prices_[l]));
    plan.bound = bound_of(problem_, plan.prices, plan.more_prices);
  }

  const SitingProblem& problem_;
  const FixedCostsOptions& options_;
  const std::size_t count_;
  std::vector<std::size_t> chosen_;   // columns with a fixed cost
  const std::vector<bool> all_;       // [column] true
  std::vector<SitingPrices> prices_;  // of each solve
  std::size_t last_ = 0, own_ = 0;    // of them: the last solve's, the best plan's
  CutPool pool_;                      // of their cuts
  // Those that prove the bound: the relaxation's, until a master says more.
  std::vector<std::size_t> proof_{0};
  std::set<std::vector<bool>> tried_;
  double plan_ = kNoLimit, bound_ = -kNoLimit;
  FixedCostsAnswer out_;
};

}  // namespace

FixedCostsAnswer solve_fixed_costs(const SitingProblem& problem, const FixedCostsOptions& options) {
  return FixedCosts(problem, options).solve();
}

}  // namespace hinterland
