#include "hinterland/siting/warehouse_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "hinterland/siting/ascent.hpp"

namespace hinterland {

namespace {

constexpr double kRounding = 1e-10;
constexpr int kTryAtRoot = 25;  // steps: pricing a choice takes as long as some

class Search {
 public:
  Search(const Warehouses& problem, double gap, const std::function<bool()>& go_on)
      : problem_(problem),
        gap_(gap),
        go_on_(go_on),
        sites_(problem.capacity.size()),
        customers_(problem.demand.size()),
        demand_(std::accumulate(problem.demand.begin(), problem.demand.end(), 0.0)),
        unserved_(customers_),
        share_(sites_),
        site_(sites_) {}

  LocationAnswer run() {
    if (std::accumulate(problem_.capacity.begin(), problem_.capacity.end(), 0.0) < demand_ * (1 - kRounding))
      return {.end = ProgramEnd::infeasible, .objective = kNoLimit, .bound = kNoLimit, .open = {}};
    out_ = {.end = ProgramEnd::solved, .objective = kNoLimit, .bound = -kNoLimit, .open = {}};
    Branch root;
    // What costs nothing to open makes no choice dearer.
    for (const double fixed : problem_.fixed)
      root.fate.push_back(fixed <= 0 ? Fate::always : Fate::undecided);
    // As if capacity were paid for by what it carries.
    for (std::size_t i = 0; i < customers_; ++i) {
      double least = kNoLimit;
      for (std::size_t j = 0; j < sites_; ++j)
        if (problem_.capacity[j] > 0)
          least = std::min(least, cost(i, j) + problem_.fixed[j] * problem_.demand[i] / problem_.capacity[j]);
      root.price.push_back(std::isfinite(least) ? least : 0);
    }
    climb(root, kAtRoot, kTryAtRoot);
    out_.bound = explore(std::move(root));
    // What was left aside on the way is no better than this in the end.
    out_.bound = std::min(out_.bound, to_beat());
    if (out_.bound < to_beat()) out_.end = ProgramEnd::out_of_time;
    if (out_.bound == kNoLimit) out_.end = ProgramEnd::infeasible;
    return std::move(out_);
  }

 private:
  // What a site would do at the prices.
  struct Site {
    double rho = 0;
    std::vector<std::pair<std::size_t, double>> takes;  // customers, and the share of each
  };

  [[nodiscard]] double cost(std::size_t i, std::size_t j) const { return problem_.cost[i * sites_ + j]; }
  [[nodiscard]] double to_beat() const {
    if (!std::isfinite(out_.objective)) return kNoLimit;
    return out_.objective - std::max(kRounding, gap_) * std::abs(out_.objective);
  }

  static constexpr Pace kAtRoot{.steps = 800, .patience = 15, .first_scale = 1.5, .last_scale = 5e-3};
  static constexpr Pace kInBranch{.steps = 60, .patience = 5, .first_scale = 0.5, .last_scale = 1e-2};

  // What no choice of the branch costs less than, but for those that do not beat the best.
  double explore(Branch branch) {
    if (branch.bound >= to_beat() || !go_on_()) return branch.bound;
    branch.bound = std::max(branch.bound, relax(branch));
    const std::size_t doubtful = most_doubtful(branch);
    // One choice is left: its price, as exact as HiGHS's, is what it costs.
    if (doubtful == sites_) return std::max(branch.bound, consider());
    double least = kNoLimit;
    for (const Fate fate : {Fate::always, Fate::never}) {
      Branch half = branch;
      half.fate[doubtful] = fate;
      climb(half, kInBranch, kInBranch.steps);
      least = std::min(least, explore(std::move(half)));
    }
    return std::max(branch.bound, least);
  }

  // The undecided site that is open by a share, or else by the least margin; the number of sites if all is decided.
  [[nodiscard]] std::size_t most_doubtful(const Branch& branch) const {
    std::size_t out = sites_;
    double least = kNoLimit;
    for (std::size_t j = 0; j < sites_; ++j) {
      if (branch.fate[j] != Fate::undecided) continue;
      const double margin = share_[j] > 0 && share_[j] < 1 ? -1 : std::abs(margin_of(j));
      if (margin >= least) continue;
      least = margin;
      out = j;
    }
    return out;
  }

  // Raises the bound, prices a choice every few steps, and decides what it can.
  void climb(Branch& branch, const Pace& pace, int try_each) {
    Ascent ascent(branch, pace);
    while (ascent.goes_on() && go_on_()) {
      const double value = relax(branch);
      ascent.saw(value);
      if (value < kNoLimit && ascent.steps() % try_each == 0) consider();
      if (branch.bound >= to_beat()) return;
      decide(branch, value);
      const bool any = out_.objective < kNoLimit;
      ascent.step(unserved_,
                  any ? out_.objective + 0.01 * std::abs(out_.objective) : value + 0.1 * std::abs(value));
    }
    ascent.finish();
  }

  void fill(const Branch& branch, std::size_t j) {
    Site& site = site_[j];
    site = {.rho = problem_.fixed[j], .takes = {}};
    wanted_.clear();
    for (std::size_t i = 0; i < customers_; ++i)
      if (const double saves = branch.price[i] - cost(i, j); saves > 0)
        wanted_.push_back({.per_unit = problem_.demand[i] > 0 ? saves / problem_.demand[i] : kNoLimit,
                           .saves = saves,
                           .customer = i});
    std::ranges::sort(wanted_, [](const Wanted& one, const Wanted& other) {
      return one.per_unit != other.per_unit ? one.per_unit > other.per_unit : one.customer < other.customer;
    });
    double room = problem_.capacity[j];
    for (const Wanted& next : wanted_) {
      const double demand = problem_.demand[next.customer], share = demand > room ? room / demand : 1;
      if (share > 0) site.takes.emplace_back(next.customer, share);
      site.rho -= share * next.saves;
      room -= share * demand;
      if (share < 1) break;
    }
  }

  // L(u), with the sites' shares in share_ and how much of each customer nobody serves in unserved_.
  double relax(const Branch& branch) {
    for (std::size_t j = 0; j < sites_; ++j)
      if (branch.fate[j] != Fate::never) fill(branch, j);
    double value = std::accumulate(branch.price.begin(), branch.price.end(), 0.0), room = -demand_;
    std::ranges::fill(share_, 0.0);
    order_.clear();
    for (std::size_t j = 0; j < sites_; ++j) {
      if (branch.fate[j] == Fate::never) continue;
      if (branch.fate[j] == Fate::always || site_[j].rho < 0) {
        share_[j] = 1;
        value += site_[j].rho;
        room += problem_.capacity[j];
      } else if (problem_.capacity[j] > 0) {
        order_.push_back(j);
      }
    }
    std::ranges::sort(order_, {}, [&](std::size_t j) { return std::pair(per_unit(j), j); });
    last_unit_ = 0;
    for (const std::size_t j : order_) {
      if (room >= 0) break;
      share_[j] = std::min(1.0, -room / problem_.capacity[j]);
      value += share_[j] * site_[j].rho;
      last_unit_ = per_unit(j);
      // The one that is open in part makes the price, whatever rounding leaves of the room.
      room = share_[j] < 1 ? 0 : room + problem_.capacity[j];
    }
    if (room < -kRounding * demand_) return kNoLimit;  // all that may be open is too little
    std::ranges::fill(unserved_, 1.0);
    for (std::size_t j = 0; j < sites_; ++j)
      if (share_[j] > 0)
        for (const auto& [i, share] : site_[j].takes) unserved_[i] -= share * share_[j];
    return value;
  }

  [[nodiscard]] double per_unit(std::size_t j) const { return site_[j].rho / problem_.capacity[j]; }

  // Prices the sites that the relaxation opens, and more of them until there is room for all.
  double consider() {
    std::vector<std::size_t> open;
    double room = 0;
    const auto add = [&](std::size_t j) {
      open.push_back(j);
      room += problem_.capacity[j];
    };
    for (std::size_t j = 0; j < sites_; ++j)
      if (share_[j] >= 1) add(j);
    for (const std::size_t j : order_)
      if (share_[j] < 1 && (room < demand_ || open.empty())) add(j);
    if (room < demand_ * (1 - kRounding) || (open.empty() && customers_ > 0)) return kNoLimit;
    std::ranges::sort(open);
    if (const auto known = considered_.find(open); known != considered_.end()) return known->second;
    LinearProgram program;
    double fixed = 0;
    std::vector<LinearProgram::Row> rooms;
    for (const std::size_t j : open) {
      rooms.push_back(program.add_row(-kNoLimit, problem_.capacity[j]));
      fixed += problem_.fixed[j];
    }
    for (std::size_t i = 0; i < customers_; ++i) {
      const auto row = program.add_row(1, 1);
      for (std::size_t k = 0; k < open.size(); ++k) {
        const auto x = program.add_column(cost(i, open[k]), 0, 1);
        program.put(row, x, 1);
        program.put(rooms[k], x, problem_.demand[i]);
      }
    }
    const double served = program.solve().objective + fixed;
    considered_[open] = served;
    if (served < out_.objective) {
      out_.objective = served;
      out_.open = std::move(open);
    }
    return served;
  }

  // With all of it, or nothing of it, other capacity is spared, or has to be had, at last_unit_.
  [[nodiscard]] double margin_of(std::size_t j) const {
    return site_[j].rho - last_unit_ * problem_.capacity[j];
  }

  // What would take the bound beyond the best.
  void decide(Branch& branch, double value) {
    const double beat = to_beat();
    if (!std::isfinite(beat)) return;
    for (std::size_t j = 0; j < sites_; ++j) {
      if (branch.fate[j] != Fate::undecided) continue;
      if (share_[j] == 0 && value + margin_of(j) >= beat) branch.fate[j] = Fate::never;
      if (share_[j] >= 1 && value - margin_of(j) >= beat) branch.fate[j] = Fate::always;
    }
  }

  struct Wanted {
    double per_unit, saves;
    std::size_t customer;
  };

  const Warehouses& problem_;
  const double gap_;
  const std::function<bool()>& go_on_;
  const std::size_t sites_, customers_;
  const double demand_;
  std::vector<double> unserved_;  // [customer] 1 less what sites would serve
  std::vector<double> share_;     // [site] y
  std::vector<Site> site_;
  std::vector<Wanted> wanted_;
  std::vector<std::size_t> order_;  // not open by themselves, the cheapest capacity first
  std::map<std::vector<std::size_t>, double> considered_;  // what choices cost
  double last_unit_ = 0;  // what a unit of capacity costs at the margin of all demand, at least 0
  LocationAnswer out_;
};

}  // namespace

LocationAnswer search_warehouses(const Warehouses& problem, double gap, const std::function<bool()>& go_on) {
  return Search(problem, gap, go_on).run();
}

}  // namespace hinterland
