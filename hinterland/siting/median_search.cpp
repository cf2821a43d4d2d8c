#include "hinterland/siting/median_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/siting/ascent.hpp"

namespace hinterland {

namespace {

using Nodes = std::vector<std::size_t>;

constexpr double kWorthImproving = 1.05;  // times the best cost, of a choice at the root
constexpr double kRounding = 1e-10;

// The nearest and the second nearest median of each node.
class Nearest {
 public:
  Nearest(const Medians& problem, Nodes medians)
      : problem_(problem), medians_(std::move(medians)), first_(problem.nodes), second_(problem.nodes) {
    look();
  }

  [[nodiscard]] double cost() const {
    double sum = 0;
    for (const Ends& one : first_) sum += one.distance;
    return sum;
  }
  [[nodiscard]] const Nodes& medians() const { return medians_; }

  // The best exchange of one median; false: none helps.
  bool exchange() {
    double best = -kRounding * (1 + cost());
    std::size_t out = 0, in = problem_.nodes;
    std::vector<double> loss(medians_.size());
    for (std::size_t f = 0; f < problem_.nodes; ++f) {
      const double* distance = &problem_.distance[f * problem_.nodes];
      std::ranges::fill(loss, 0.0);
      double change = 0;
      for (std::size_t i = 0; i < problem_.nodes; ++i) {
        const Ends& first = first_[i];
        if (distance[i] < first.distance)
          change += distance[i] - first.distance;
        else
          loss[first.median] += std::min(distance[i], second_[i]) - first.distance;
      }
      const auto least = std::ranges::min_element(loss);
      if (change + *least >= best) continue;
      best = change + *least;
      out = static_cast<std::size_t>(least - loss.begin());
      in = f;
    }
    if (in == problem_.nodes) return false;
    medians_[out] = in;
    look();
    return true;
  }

 private:
  struct Ends {
    double distance = 0;
    std::size_t median = 0;  // its place in medians_
  };

  void look() {
    for (std::size_t i = 0; i < problem_.nodes; ++i) {
      first_[i] = {.distance = kNoLimit, .median = 0};
      second_[i] = kNoLimit;
      for (std::size_t m = 0; m < medians_.size(); ++m) {
        const double distance = problem_.distance[medians_[m] * problem_.nodes + i];
        if (distance < first_[i].distance) {
          second_[i] = first_[i].distance;
          first_[i] = {.distance = distance, .median = m};
        } else {
          second_[i] = std::min(second_[i], distance);
        }
      }
    }
  }

  const Medians& problem_;
  Nodes medians_;
  std::vector<Ends> first_;
  std::vector<double> second_;
};

class Search {
 public:
  Search(const Medians& problem, double gap, const std::function<bool()>& go_on)
      : problem_(problem),
        gap_(gap),
        go_on_(go_on),
        whole_(std::ranges::all_of(problem.distance, [](double d) { return d == std::floor(d); })),
        near_(problem.nodes * problem.nodes),
        near_count_(problem.nodes),
        rho_(problem.nodes),
        is_taken_(problem.nodes),
        unserved_(problem.nodes) {
    out_ = {.end = ProgramEnd::solved, .objective = kNoLimit, .bound = 0, .open = {}};
  }

  LocationAnswer run() {
    const std::size_t n = problem_.nodes;
    std::ranges::fill(near_count_, n);
    for (std::size_t i = 0; i < n; ++i) {
      Near* near = &near_[i * n];
      for (std::size_t j = 0; j < n; ++j)
        near[j] = {.distance = problem_.distance[i * n + j], .node = static_cast<std::uint32_t>(j)};
      std::sort(near, near + n, [](const Near& one, const Near& other) {
        return one.distance != other.distance ? one.distance < other.distance : one.node < other.node;
      });
    }
    Nodes first;
    for (std::size_t m = 0; m < problem_.medians; ++m) first.push_back(m * n / problem_.medians);
    improve(std::move(first));
    Branch root{.fate = std::vector<Fate>(n, Fate::undecided), .price = std::vector<double>(n)};
    for (std::size_t i = 0; i < n; ++i)
      root.price[i] = near_[i * n + std::min(n - 1, n / problem_.medians)].distance;
    climb(root, kAtRoot, kWorthImproving);
    forget(root.fate);
    out_.bound = explore(std::move(root));
    // What was left aside on the way is no better than this in the end.
    out_.bound = std::min(out_.bound, to_beat());
    if (out_.bound < to_beat()) out_.end = ProgramEnd::out_of_time;
    if (whole_) out_.bound = std::max(0.0, std::ceil(out_.bound - kRounding * out_.bound));
    std::ranges::sort(out_.open);
    return std::move(out_);
  }

 private:
  struct Near {
    double distance;
    std::uint32_t node;
  };
  static constexpr Pace kAtRoot{.steps = 2000, .patience = 20, .first_scale = 1.5, .last_scale = 1e-3};
  static constexpr Pace kInBranch{.steps = 100, .patience = 5, .first_scale = 0.5, .last_scale = 1e-2};

  // Less than this a better choice would have to cost.
  [[nodiscard]] double to_beat() const {
    return std::min(whole_ ? out_.objective - 0.99 : out_.objective * (1 - kRounding),
                    out_.objective * (1 - gap_));
  }

  void improve(Nodes medians) {
    Nearest nearest(problem_, std::move(medians));
    while (go_on_() && nearest.exchange()) {
    }
    if (nearest.cost() >= out_.objective) return;
    out_.objective = nearest.cost();
    out_.open = nearest.medians();
  }

  // What no choice of the branch costs less than, but for those that do not beat the best.
  double explore(Branch branch) {
    if (!settle_counts(branch) || branch.bound >= to_beat() || !go_on_()) return branch.bound;
    branch.bound = std::max(branch.bound, relax(branch));
    const auto undecided =
        std::ranges::find(taken_, Fate::undecided, [&](std::size_t j) { return branch.fate[j]; });
    if (undecided == taken_.end()) {  // one choice is left
      consider(1);
      return std::max(branch.bound, taken_cost_);
    }
    const std::size_t most_wanted = *undecided;
    double least = kNoLimit;
    for (const Fate fate : {Fate::always, Fate::never}) {
      Branch half = branch;
      half.fate[most_wanted] = fate;
      climb(half, kInBranch, 1);
      least = std::min(least, explore(std::move(half)));
    }
    return std::max(branch.bound, least);
  }

  // Nodes that are never medians of what is left to explore.
  void forget(const std::vector<Fate>& fate) {
    for (std::size_t i = 0; i < problem_.nodes; ++i) {
      const auto first = near_.begin() + static_cast<std::ptrdiff_t>(i * problem_.nodes);
      const auto past = std::remove_if(first, first + static_cast<std::ptrdiff_t>(near_count_[i]),
                                       [&](const Near& near) { return fate[near.node] == Fate::never; });
      near_count_[i] = static_cast<std::size_t>(past - first);
    }
  }

  // Raises the bound, tries the choices that it meets if they cost no more than `worth` times the best, and decides
  // what it can.
  void climb(Branch& branch, const Pace& pace, double worth) {
    Ascent ascent(branch, pace);
    while (ascent.goes_on() && go_on_()) {
      if (!settle_counts(branch)) return;
      const double value = relax(branch);
      ascent.saw(value);
      consider(worth);
      if (branch.bound >= to_beat()) return;
      decide(branch, value);
      ascent.step(unserved_, 1.01 * out_.objective);
    }
    ascent.finish();
  }

  // Where as many are always medians as there are, no other is; where no more are left, all of them are. False: there
  // is no such choice, and the bound says so.
  bool settle_counts(Branch& branch) const {
    const auto count = [&](Fate fate) {
      return static_cast<std::size_t>(std::ranges::count(branch.fate, fate));
    };
    const std::size_t always = count(Fate::always), undecided = count(Fate::undecided), p = problem_.medians;
    if (always > p || always + undecided < p) {
      branch.bound = kNoLimit;
      return false;
    }
    if (always == p) std::ranges::replace(branch.fate, Fate::undecided, Fate::never);
    if (always + undecided == p) std::ranges::replace(branch.fate, Fate::undecided, Fate::always);
    return true;
  }

  // L(u) of the branch; its medians into taken_, the others that are undecided into left_, the least rho first of both.
  double relax(const Branch& branch) {
    const std::size_t n = problem_.nodes;
    std::ranges::fill(rho_, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      const double price = branch.price[i];
      for (const Near *near = &near_[i * n], *past = near + near_count_[i];
           near < past && near->distance < price; ++near)
        rho_[near->node] += near->distance - price;
    }
    taken_.clear();
    left_.clear();
    for (std::size_t j = 0; j < n; ++j) {
      if (branch.fate[j] == Fate::always) taken_.push_back(j);
      if (branch.fate[j] == Fate::undecided) left_.push_back(j);
    }
    always_ = taken_.size();
    std::ranges::sort(left_, [&](std::size_t one, std::size_t other) {
      return rho_[one] != rho_[other] ? rho_[one] < rho_[other] : one < other;
    });
    const auto more = left_.begin() + static_cast<std::ptrdiff_t>(problem_.medians - always_);
    taken_.insert(taken_.end(), left_.begin(), more);
    left_.erase(left_.begin(), more);
    look_at_taken(branch);
    double sum = std::accumulate(branch.price.begin(), branch.price.end(), 0.0);
    for (const std::size_t j : taken_) sum += rho_[j];
    return sum;
  }

  // What they cost as a choice, and how often they would serve each node.
  void look_at_taken(const Branch& branch) {
    std::ranges::fill(is_taken_, false);
    for (const std::size_t j : taken_) is_taken_[j] = true;
    taken_cost_ = 0;
    for (std::size_t i = 0; i < problem_.nodes; ++i) {
      const Near *near = &near_[i * problem_.nodes], *past = near + near_count_[i];
      while (near < past && !is_taken_[near->node]) ++near;
      taken_cost_ += near->distance;
      unserved_[i] = 1;
      for (; near < past && near->distance < branch.price[i]; ++near) unserved_[i] -= is_taken_[near->node];
    }
  }

  // Tries the medians taken as a choice, if it may be worth improving.
  void consider(double worth) {
    if (taken_cost_ > worth * out_.objective) return;
    Nodes medians = taken_;
    std::ranges::sort(medians);
    if (medians == considered_) return;
    considered_ = medians;
    improve(std::move(medians));
  }

  // What is undecided is tried against what it would be changed for.
  void decide(Branch& branch, double value) {
    if (left_.empty() || always_ == taken_.size()) return;
    const double last = rho_[taken_.back()], next = rho_[left_.front()], beat = to_beat();
    for (std::size_t m = always_; m < taken_.size(); ++m)
      if (value - rho_[taken_[m]] + next >= beat) branch.fate[taken_[m]] = Fate::always;
    for (const std::size_t j : left_)
      if (value + rho_[j] - last >= beat) branch.fate[j] = Fate::never;
  }

  const Medians& problem_;
  const double gap_;
  const std::function<bool()>& go_on_;
  const bool whole_;        // all distances are whole numbers, and so is every choice's cost
  std::vector<Near> near_;  // [node x nodes], of those that may be medians the nearest first
  Nodes near_count_;        // [node]
  std::vector<double> rho_;
  Nodes taken_, left_, considered_;
  std::size_t always_ = 0;        // so many of taken_ are
  std::vector<char> is_taken_;    // [node]
  double taken_cost_ = 0;         // as a choice
  std::vector<double> unserved_;  // [node] 1 less the medians that would serve the node
  LocationAnswer out_;
};

}  // namespace

LocationAnswer search_medians(const Medians& problem, double gap, const std::function<bool()>& go_on) {
  return Search(problem, gap, go_on).run();
}

}  // namespace hinterland
