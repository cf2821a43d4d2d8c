#include "hinterland/siting/fixed_costs.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "hinterland/siting/cut_master.hpp"

namespace hinterland {

namespace {

constexpr int kSlopeRounds = 3, kSearchRounds = 8;
constexpr double kSmallest = 0.01;     // of the largest column: what a slope is at least spread over
constexpr double kWorthOpening = 0.1;  // of its fixed cost, that a column's size must cost to be tried
constexpr double kUsed = 1e-6;         // kW
constexpr double kMasterGap = 0.05;    // of the share that is open
constexpr double kForProof = 0.02;     // of the gap: HiGHS's allowance, and what a master leaves open
constexpr int kMostStale = 5;          // masters in a row that raise no bound

class FixedCosts {
 public:
  FixedCosts(const SitingProblem& problem, const FixedCostsOptions& options)
      : problem_(problem),
        options_(options),
        count_(problem.columns.size()),
        decided_{.open = std::vector<bool>(count_), .closed = std::vector<bool>(count_)},
        pool_(problem) {
    for (std::size_t k = 0; k < count_; ++k)
      if (problem.columns[k].fixed > 0) chosen_.push_back(k);
  }

  FixedCostsAnswer solve() {
    const std::vector<double> relaxed = root();
    if (go_on()) scale_slopes(relaxed);
    if (go_on()) search(relaxed);
    if (go_on()) probe(relaxed);
    while (go_on() && ask_master()) {
    }
    prove();
    return std::move(out_);
  }

 private:
  bool go_on() const {
    const bool wide = plan_ == kNoLimit || plan_ - bound_ > (1 - kForProof) * options_.gap * plan_;
    return wide && !out_.stopped && out_.solves < options_.most_solves;
  }

  void tell() {
    if (options_.watch && !options_.watch({.solves = out_.solves, .plan = plan_, .bound = bound_}))
      out_.stopped = true;
  }

  double inner_gap() const { return options_.gap / 4; }

  void keep(SitingPrices prices) {
    pool_.add(prices);
    prices_.push_back(std::move(prices));
  }

  // [site] without a column that is open. Prices say little of them; what opening them saves says more where much is
  // built there.
  std::vector<bool> closed_sites(const SitingProblem& problem, const std::vector<bool>& open) const {
    std::vector<bool> out = has_to_be_opened(problem_);
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
    keep(answer.plan.prices);
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

  // Spread over the largest sizes, except what is decided: that costs its fixed cost, or cannot be had.
  SitingProblem relaxation(double& constant) const {
    std::vector<double> sizes;
    for (const CapacityColumn& column : problem_.columns) sizes.push_back(column.most);
    SitingProblem out = spread(sizes);
    constant = 0;
    for (const std::size_t k : chosen_)
      if (decided_.open[k]) {
        out.columns[k].cost = problem_.columns[k].cost;
        constant += problem_.columns[k].fixed;
      }
    return out;
  }

  std::vector<bool> not_closed() const {
    std::vector<bool> open = decided_.closed;
    open.flip();
    return open;
  }

  void offer(SitingPlan plan) {
    if (!plan.keeps_rows() || plan.objective >= plan_) return;
    plan_ = plan.objective;
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
    const SitingPlan plan = continuous(relaxation(constant), {.gap = inner_gap(), .open = not_closed()});
    bound_ = std::max(bound_, plan.bound);
    offer_columns(plan);
    tell();
    return plan.columns;
  }

  std::vector<bool> worth_opening(const std::vector<double>& columns) const {
    std::vector<bool> open = not_closed();
    for (const std::size_t k : chosen_)
      open[k] = open[k] && (decided_.open[k] || columns[k] * problem_.columns[k].cost >=
                                                    kWorthOpening * problem_.columns[k].fixed);
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
    return plan_ < before * (1 - 1e-9);
  }

  void scale_slopes(std::vector<double> columns) {
    for (int round = 0; round < kSlopeRounds && go_on(); ++round) {
      const double largest = *std::ranges::max_element(columns);
      for (double& kw : columns) kw = std::max(kw, kSmallest * largest);
      columns =
          continuous(spread(columns), {.gap = 4 * inner_gap(), .open = not_closed(), .bound_only = true})
              .columns;
      try_open(worth_opening(columns));
    }
  }

  std::vector<bool> used() const {
    std::vector<bool> open = not_closed();
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

  // What is the case in every plan that is better than the best.
  void probe(const std::vector<double>& relaxed) {
    std::vector<std::size_t> order = chosen_;
    std::ranges::stable_sort(order, {}, [&](std::size_t k) { return -relaxed[k]; });
    for (const std::size_t k : order) {
      if (!go_on()) return;
      double constant = 0;
      const SitingProblem others = relaxation(constant);
      std::vector<bool> open = not_closed();
      open[k] = false;
      decided_.open[k] = bound_with(others, open, plan_ - constant) + constant > plan_;
      tell();
    }
    for (const std::size_t k : order) {
      if (decided_.open[k] || !go_on()) continue;
      decided_.open[k] = true;  // as if it were: it is paid for
      double constant = 0;
      const SitingProblem others = relaxation(constant);
      decided_.open[k] = false;
      decided_.closed[k] = bound_with(others, not_closed(), plan_ - constant) + constant > plan_;
      tell();
    }
  }

  // False: nothing more is to be learnt.
  bool ask_master() {
    // No nearer than is worth the time while much is open.
    const double open_share = plan_ == kNoLimit ? 1 : (plan_ - bound_) / plan_;
    const MasterAnswer answer = pool_.solve(std::max(options_.gap / 10, kMasterGap * open_share));
    // Plans that probing left out cost more than the best.
    if (answer.bound > bound_) proof_ = pool_.proven_by();
    bound_ = std::max(bound_, std::min(answer.bound, plan_));
    tell();
    if (answer.columns.empty() || !go_on()) return false;
    std::vector<bool> open;
    for (const double share : answer.open) open.push_back(share > 0.5);
    const bool is_new = !tried_.contains(open);
    if (is_new) try_open(open);
    return go_on() && (cut_at(answer.columns) || is_new);
  }

  // A master misjudges what its sizes leave to pay. Ask halfway to the best plan's, and at its own.
  bool cut_at(const std::vector<double>& sizes) {
    for (const double share : {0.5, 1.0}) {
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
    stale_ = bound_ > last_bound_ * (1 + 1e-9) ? 0 : stale_ + 1;
    last_bound_ = bound_;
    return stale_ < kMostStale;
  }

  // The bound that anybody works out from prices.
  void prove() {
    SitingPlan& plan = out_.plan;
    plan.bound = bound_;
    if (plan.columns.empty()) return;
    const auto own = static_cast<std::size_t>(std::ranges::find(prices_, plan.prices) - prices_.begin());
    for (const std::size_t l : proof_)
      if (l != own) plan.more_prices.push_back(std::move(prices_[l]));
    plan.bound = bound_of(problem_, plan.prices, plan.more_prices);
  }

  const SitingProblem& problem_;
  const FixedCostsOptions& options_;
  const std::size_t count_;
  std::vector<std::size_t> chosen_;  // columns with a fixed cost
  struct {
    std::vector<bool> open, closed;  // [column] in every plan that is better than the best
  } decided_;
  std::vector<SitingPrices> prices_;  // of each solve
  CutPool pool_;                      // of their cuts
  std::vector<std::size_t> proof_{0};  // those that prove the bound: the relaxation's, until a master says more
  std::set<std::vector<bool>> tried_;
  double plan_ = kNoLimit, bound_ = -kNoLimit, last_bound_ = -kNoLimit;
  int stale_ = 0;
  FixedCostsAnswer out_;
};

}  // namespace

FixedCostsAnswer solve_fixed_costs(const SitingProblem& problem, const FixedCostsOptions& options) {
  return FixedCosts(problem, options).solve();
}

}  // namespace hinterland
