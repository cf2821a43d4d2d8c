#include "hinterland/siting/capped_dispatch.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "hinterland/siting/linear_program.hpp"

namespace hinterland {

namespace {

constexpr double kCheap = 2e-7;  // share of its cost that a mixture may cost too much
constexpr int kMostDispatches = 60;
constexpr double kFirstBox = 1e-3, kGrows = 4;  // of the prices
constexpr double kLeastScale = 1e-2;            // of what a cap's unit is worth, for prices near 0
constexpr double kEdge = 0.999;                 // of the box
constexpr double kNoWeight = 1e-12;

class CapSearch {
 public:
  CapSearch(const SitingProblem& problem, const std::vector<double>& capacity, const SitingPrices& prices,
            const std::function<bool()>& go_on)
      : problem_(problem),
        capacity_(capacity),
        start_{.scarcity = prices.capacity, .cap_prices = {}, .go_on = go_on},
        scale_(problem.caps.size()),
        best_prices_(prices.caps) {
    best_prices_.resize(problem.caps.size());
    for (std::size_t k = 0; k < problem.caps.size(); ++k) {
      double energy = 0, intensity = 0;
      for (std::size_t c = 0; c < problem.energy.size(); ++c) {
        energy += std::abs(problem.energy[c]);
        intensity += problem.caps[k].intensity[c];
      }
      scale_[k] = std::max(best_prices_[k], intensity > 0 ? kLeastScale * energy / intensity : 0);
    }
    known_.push_back({.cost = demanded(problem).unserved_cost,
                      .use = std::vector<double>(problem.caps.size()),
                      .prices = {},
                      .dispatch = std::nullopt});
  }

  Dispatch run() {
    std::vector<double> prices = best_prices_;
    for (int tried = 0; tried < kMostDispatches; ++tried) {
      const bool far = at_edge(prices);
      const double before = best_bound_;
      if (!ask(prices)) return stopped();
      if (far && best_bound_ > before) box_ *= kGrows;
      const Master free = master(kNoLimit);
      if (free.cost - best_bound_ <= kCheap * std::abs(free.cost)) return mixture(free.weights);
      forget_all_but(free.weights);
      const Master boxed = master(box_);
      prices = boxed.prices;
      // What the box holds is settled: only beyond it there is more.
      if (boxed.cost - best_bound_ <= kCheap * std::abs(free.cost)) {
        box_ *= kGrows;
        prices = master(box_).prices;
      }
    }
    return mixture(master(kNoLimit).weights);
  }

 private:
  struct Known {
    double cost;
    std::vector<double> use, prices;   // prices: where it was found; empty: nobody is served
    std::optional<Dispatch> dispatch;  // as long as it is of use
  };
  struct Master {
    double cost = 0;
    std::vector<double> weights, prices;
  };

  static Dispatch stopped() {
    Dispatch out;
    out.cost = kNoLimit;
    return out;
  }

  bool at_edge(const std::vector<double>& prices) const {
    for (std::size_t k = 0; k < prices.size(); ++k)
      if (std::abs(prices[k] - best_prices_[k]) > kEdge * box_ * scale_[k]) return true;
    return false;
  }

  bool ask(const std::vector<double>& prices) {
    DispatchStart start = start_;
    start.cap_prices = prices;
    Dispatch found = dispatch(problem_, capacity_, start);
    if (found.cost == kNoLimit) return false;
    double bound = found.cost;
    for (std::size_t k = 0; k < prices.size(); ++k)
      bound += prices[k] * (found.cap_use[k] - problem_.caps[k].most);
    if (bound > best_bound_) {
      best_bound_ = bound;
      best_prices_ = prices;
    }
    known_.push_back(
        {.cost = found.cost, .use = found.cap_use, .prices = prices, .dispatch = std::move(found)});
    return true;
  }

  // The best mixture of those known; its prices stay within `box` scales of the best ones, at the cost of caps that are
  // broken or more than kept.
  Master master(double box) const {
    LinearProgram program;
    const double money = std::max(1e-300, std::abs(known_.back().cost));
    for (const Known& one : known_) program.add_column(one.cost / money, 0, 1);
    const auto all = program.add_row(1, 1);
    for (std::size_t i = 0; i < known_.size(); ++i)
      program.put(all, static_cast<LinearProgram::Column>(i), 1);
    std::vector<double> unit;
    for (std::size_t k = 0; k < problem_.caps.size(); ++k) {
      unit.push_back(problem_.caps[k].most);
      for (const Known& one : known_) unit[k] = std::max(unit[k], one.use[k]);
      if (unit[k] == 0) unit[k] = 1;
      const auto row = program.add_row(-kNoLimit, problem_.caps[k].most / unit[k]);
      for (std::size_t i = 0; i < known_.size(); ++i)
        program.put(row, static_cast<LinearProgram::Column>(i), known_[i].use[k] / unit[k]);
      if (box == kNoLimit) continue;
      const double least = best_prices_[k] - box * scale_[k], most = best_prices_[k] + box * scale_[k];
      program.put(row, program.add_column(most * unit[k] / money, 0, kNoLimit), -1);
      if (least > 0) program.put(row, program.add_column(-least * unit[k] / money, 0, kNoLimit), 1);
    }
    const ProgramSolution solution = program.solve();
    Master out{.cost = solution.objective * money, .weights = {}, .prices = {}};
    for (std::size_t i = 0; i < known_.size(); ++i) out.weights.push_back(solution.columns[i]);
    for (std::size_t k = 0; k < unit.size(); ++k)
      out.prices.push_back(std::max(0.0, -solution.row_prices[k + 1]) * money / unit[k]);
    return out;
  }

  void forget_all_but(const std::vector<double>& weights) {
    for (std::size_t i = 0; i + 1 < known_.size(); ++i)
      if (weights[i] < kNoWeight) known_[i].dispatch.reset();
  }

  Dispatch nobody_served() const {
    return {.cost = known_.front().cost,
            .unserved_kwh = demanded(problem_).kwh,
            .load = std::vector<double>(problem_.energy.size()),
            .scarcity = std::vector<double>(problem_.energy.size()),
            .prompt_kwh = std::vector<double>(problem_.prompt.size() * problem_.sites),
            .deferrable_kwh = std::vector<double>(problem_.deferrable.size() * problem_.sites),
            .cap_use = std::vector<double>(problem_.caps.size())};
  }

  Dispatch again(const Known& one) const {
    if (one.dispatch) return *one.dispatch;
    if (one.prices.empty()) return nobody_served();
    DispatchStart start = start_;
    start.cap_prices = one.prices;
    return dispatch(problem_, capacity_, start);
  }

  // Weights that sum to 1 and keep every cap, whatever HiGHS's tolerance left: what is over goes to whichever dispatch
  // makes that cheapest.
  std::vector<double> kept(std::vector<double> weights) const {
    double sum = 0;
    for (double& weight : weights) sum += weight = weight < kNoWeight ? 0 : weight;
    for (double& weight : weights) weight /= sum;
    const auto mean = [&](auto of) {
      double out = 0;
      for (std::size_t i = 0; i < known_.size(); ++i) out += weights[i] * of(known_[i]);
      return out;
    };
    for (std::size_t k = 0; k < problem_.caps.size(); ++k) {
      const double most = problem_.caps[k].most, use = mean([&](const Known& one) { return one.use[k]; }),
                   cost = mean([](const Known& one) { return one.cost; });
      if (use <= most) continue;
      std::size_t best = 0;  // nobody served
      double least = kNoLimit, best_share = 0;
      for (std::size_t i = 0; i < known_.size(); ++i) {
        if (known_[i].use[k] > most || !keeps_others(known_[i], k)) continue;
        const double share = (use - most) / (use - known_[i].use[k]);
        if (share * (known_[i].cost - cost) >= least) continue;
        least = share * (known_[i].cost - cost);
        best = i;
        best_share = std::min(1.0, share * (1 + kNoWeight) + kNoWeight);
      }
      for (double& weight : weights) weight *= 1 - best_share;
      weights[best] += best_share;
    }
    return weights;
  }

  bool keeps_others(const Known& one, std::size_t but) const {
    for (std::size_t k = 0; k < problem_.caps.size(); ++k)
      if (k != but && one.use[k] > problem_.caps[k].most) return false;
    return true;
  }

  // A dispatch too, for loads, uses and costs are sums of flows.
  Dispatch mixture(const std::vector<double>& found) const {
    const std::vector<double> weights = kept(found);
    std::optional<Dispatch> out;
    double mixed = 0;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (weights[i] == 0) continue;
      Dispatch next = again(known_[i]);
      if (next.cost == kNoLimit) return next;
      mixed += weights[i];
      if (!out)
        out = std::move(next);
      else
        mix(*out, next, weights[i] / mixed);
    }
    return std::move(*out);
  }

  // (1 - share) of `to` and `share` of `other`.
  static void mix(Dispatch& to, const Dispatch& other, double share) {
    const auto one = [share](double& value, double there) { value += share * (there - value); };
    const auto all = [&](std::vector<double>& values, const std::vector<double>& there) {
      for (std::size_t k = 0; k < values.size(); ++k) one(values[k], there[k]);
    };
    one(to.cost, other.cost);
    one(to.unserved_kwh, other.unserved_kwh);
    all(to.load, other.load);
    all(to.scarcity, other.scarcity);
    all(to.prompt_kwh, other.prompt_kwh);
    all(to.deferrable_kwh, other.deferrable_kwh);
    all(to.cap_use, other.cap_use);
  }

  const SitingProblem& problem_;
  const std::vector<double>& capacity_;
  DispatchStart start_;
  std::vector<double> scale_;  // [cap] of its price
  std::vector<Known> known_;
  std::vector<double> best_prices_;  // of the caps, with the best bound so far
  double best_bound_ = -kNoLimit, box_ = kFirstBox;
};

Dispatch dispatch_within_caps(const SitingProblem& problem, const std::vector<double>& capacity,
                              const SitingPrices& prices, const std::function<bool()>& go_on) {
  if (problem.caps.empty())
    return dispatch(problem, capacity, {.scarcity = prices.capacity, .cap_prices = {}, .go_on = go_on});
  return CapSearch(problem, capacity, prices, go_on).run();
}

}  // namespace

Dispatch capped_dispatch(const SitingProblem& problem, const std::vector<double>& capacity,
                         const SitingPrices& prices, const Carried& carried,
                         const std::function<bool()>& go_on) {
  return carried.empty() ? dispatch_within_caps(problem, capacity, prices, go_on)
                         : dispatch_within_caps(cut(problem, carried), capacity, prices, go_on);
}

}  // namespace hinterland
