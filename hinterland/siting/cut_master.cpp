#include "hinterland/siting/cut_master.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/siting/linear_program.hpp"

namespace hinterland {

namespace {

constexpr std::uint32_t kHoursOfWeek = 168;

// Blocks that share nothing but capacity.
std::uint32_t blocks_of(const SitingProblem& problem) {
  const bool tied = !problem.caps.empty() || std::ranges::any_of(problem.hubs, [](const Hub& hub) {
    return hub.first_hour / kHoursOfWeek != (hub.past_hour - 1) / kHoursOfWeek;
  });
  return tied || problem.hours % kHoursOfWeek != 0 ? 1 : problem.hours / kHoursOfWeek;
}

// HiGHS's tolerances are absolute: in units of these (powers of two, which round nothing) money and
// capacity are about a thousand. A price out of all proportion makes a cut large: the smallest says what is usual.
constexpr int kMoneyBits = 10, kCapacityBits = 10;
constexpr double kLargest = 1e14;  // that HiGHS takes for a number

double unit_for(double usual, int bits) {
  return usual > 0 && std::isfinite(usual) ? std::exp2(std::ceil(std::log2(usual)) - bits) : 1;
}

double money_unit(const std::vector<ValueCut>& cuts) {
  double usual = kNoLimit;
  for (const ValueCut& cut : cuts) {
    double largest = 0;
    for (const double money : cut.constant) largest = std::max(largest, std::abs(money));
    if (largest > 0) usual = std::min(usual, largest);
  }
  return unit_for(usual, kMoneyBits);
}

double capacity_unit(const SitingProblem& problem) {
  double largest = 0;
  for (const CapacityColumn& column : problem.columns) largest = std::max(largest, column.most);
  return unit_for(largest, kCapacityBits);
}

class Master {
 public:
  // Relaxed: choices need not be whole.
  Master(const SitingProblem& problem, const std::vector<ValueCut>& cuts, const DecidedColumns& decided,
         bool relaxed = false)
      : problem_(problem), money_(money_unit(cuts)), kw_(capacity_unit(problem)), to_open_(has_to_be_opened(problem)), relaxed_(relaxed) {
    for (std::size_t k = 0; k < problem.columns.size(); ++k) add_column(k, decided);
    for (const CapacityRow& row : problem.rows) {
      const auto added = program_.add_row(row.least / kw_, kNoLimit);
      for (std::size_t k = 0; k < size_.size(); ++k) program_.put(added, size_[k], row.weight[k]);
    }
    for (std::uint32_t b = 0; b < blocks_of(problem); ++b)
      left_to_pay_.push_back(program_.add_column(1, -kNoLimit, kNoLimit));
    for (const ValueCut& cut : cuts) add_cut(cut);
  }

  // Of a relaxed one: the cuts that hold its optimum up.
  std::vector<std::size_t> binding() const {
    const ProgramSolution solution = program_.solve();
    std::vector<std::size_t> out;
    if (solution.end != ProgramEnd::solved) return out;
    for (std::size_t l = 0; l < cut_rows_.size(); ++l)
      if (std::ranges::any_of(cut_rows_[l], [&](LinearProgram::Row row) {
            return solution.row_prices[static_cast<std::size_t>(row)] != 0;
          }))
        out.push_back(l);
    return out;
  }

  MasterAnswer solve(double gap) const {
    if (!any_cut_) return {.bound = -kNoLimit, .columns = {}, .open = {}};
    const ProgramSolution solution = program_.solve(gap);
    MasterAnswer out{.bound = solution.bound * money_, .columns = {}, .open = {}};
    if (solution.end != ProgramEnd::solved) return out;
    const auto value = [&](LinearProgram::Column column) {
      return solution.columns[static_cast<std::size_t>(column)];
    };
    for (std::size_t k = 0; k < size_.size(); ++k) {
      out.columns.push_back(value(size_[k]) * kw_);
      out.open.push_back(choice_[k] == kNoChoice || value(choice_[k]) > 0.5);
    }
    return out;
  }

 private:
  static constexpr LinearProgram::Column kNoChoice = -1;

  void add_column(std::size_t k, const DecidedColumns& decided) {
    const CapacityColumn& column = problem_.columns[k];
    const auto is = [k](const std::vector<bool>& columns) { return !columns.empty() && columns[k]; };
    size_.push_back(program_.add_column(column.cost * kw_ / money_, 0, column.most / kw_));
    choice_.push_back(kNoChoice);
    if (column.fixed <= 0) return;
    choice_[k] = program_.add_column(column.fixed / money_, is(decided.open) ? 1 : 0,
                                     is(decided.closed) ? 0 : 1, !relaxed_);
    const auto row = program_.add_row(-kNoLimit, 0);
    program_.put(row, size_[k], 1);
    program_.put(row, choice_[k], -column.most / kw_);
  }

  // A cut that HiGHS cannot take is left out: without it the bound can only be lower.
  void add_cut(const ValueCut& cut) {
    const auto fits = [](const std::vector<double>& numbers, double factor) {
      return std::ranges::all_of(numbers,
                                 [=](double number) { return std::abs(number * factor) < kLargest; });
    };
    cut_rows_.emplace_back();
    if (!fits(cut.constant, 1 / money_) || !fits(cut.worth, kw_ / money_)) return;
    any_cut_ = true;
    for (std::size_t b = 0; b < left_to_pay_.size(); ++b) {
      double least = cut.constant[b];
      for (SiteIndex s = 0; s < problem_.sites; ++s)
        if (!to_open_[s]) least -= cut.opening[b * problem_.sites + s];
      const auto row = cut_rows_.back().emplace_back(program_.add_row(least / money_, kNoLimit));
      program_.put(row, left_to_pay_[b], 1);
      for (std::size_t k = 0; k < size_.size(); ++k) {
        const std::size_t at = b * problem_.sites + problem_.columns[k].site;
        program_.put(row, size_[k], cut.worth[at] * kw_ / money_);
        if (to_open_[problem_.columns[k].site]) program_.put(row, choice_[k], cut.opening[at] / money_);
      }
    }
  }

  const SitingProblem& problem_;
  const double money_, kw_;  // a unit
  const std::vector<bool> to_open_;  // [site]
  const bool relaxed_;
  LinearProgram program_;
  std::vector<LinearProgram::Column> size_, choice_;       // [column]
  std::vector<LinearProgram::Column> left_to_pay_;         // [block]
  std::vector<std::vector<LinearProgram::Row>> cut_rows_;  // [cut][block]; none of a cut that was left out
  bool any_cut_ = false;
};

std::vector<ValueCut> some_of(const std::vector<ValueCut>& cuts, const std::vector<std::size_t>& indices) {
  std::vector<ValueCut> out;
  for (const std::size_t l : indices) out.push_back(cuts[l]);
  return out;
}

// [block] what a master's capacity leaves to pay, by a cut.
std::vector<double> left_to_pay(const SitingProblem& problem, const ValueCut& cut, const MasterAnswer& answer) {
  const std::vector<double> capacity = capacity_of(problem, answer.columns);
  std::vector<bool> open = has_to_be_opened(problem);
  open.flip();
  for (std::size_t k = 0; k < problem.columns.size(); ++k)
    if (answer.open[k]) open[problem.columns[k].site] = true;
  std::vector<double> out = cut.constant;
  for (std::size_t b = 0; b < out.size(); ++b)
    for (SiteIndex s = 0; s < problem.sites; ++s) {
      const std::size_t at = b * problem.sites + s;
      out[b] -= cut.worth[at] * capacity[s] + (open[s] ? cut.opening[at] : 0);
    }
  return out;
}

// Where `values` are larger, in all; and `most` becomes the larger of each.
double raise(std::vector<double>& most, const std::vector<double>& values) {
  double more = 0;
  for (std::size_t b = 0; b < most.size(); ++b) {
    more += std::max(0.0, values[b] - most[b]);
    most[b] = std::max(most[b], values[b]);
  }
  return more;
}

}  // namespace

ValueCut master_cut(const SitingProblem& problem, const SitingPrices& prices) {
  return value_cut(problem, prices, blocks_of(problem));
}

MasterAnswer solve_master(const SitingProblem& problem, const std::vector<ValueCut>& cuts, double gap,
                          const DecidedColumns& decided) {
  return Master(problem, cuts, decided).solve(gap);
}

std::vector<std::size_t> enough_cuts(const SitingProblem& problem, const std::vector<ValueCut>& cuts,
                                     std::size_t first, double tolerance) {
  // Those that hold up the relaxed master are most of them, and cost next to nothing to find.
  std::vector<std::size_t> out{first};
  for (const std::size_t l : Master(problem, cuts, {}, true).binding())
    if (l != first) out.push_back(l);
  for (;;) {
    const MasterAnswer answer = solve_master(problem, some_of(cuts, out), tolerance / 2);
    if (answer.columns.empty()) return out;  // no cut changes that
    std::vector<double> chosen = left_to_pay(problem, cuts[first], answer);
    for (const std::size_t l : out) raise(chosen, left_to_pay(problem, cuts[l], answer));
    // In each block the cut that is broken most.
    std::vector<double> all = chosen;
    std::vector<std::size_t> worst(chosen.size(), first);
    double together = 0;
    for (std::size_t l = 0; l < cuts.size(); ++l) {
      const std::vector<double> here = left_to_pay(problem, cuts[l], answer), before = all;
      together += raise(all, here);
      for (std::size_t b = 0; b < here.size(); ++b)
        if (here[b] > before[b]) worst[b] = l;
    }
    const std::size_t had = out.size();
    for (const std::size_t l : worst)
      if (std::ranges::find(out, l) == out.end()) out.push_back(l);
    // One that is chosen is broken by rounding alone.
    if (together <= tolerance / 2 * std::abs(answer.bound) || out.size() == had) {
      out.resize(had);
      return out;
    }
  }
}

std::vector<std::size_t> without_idle(const SitingProblem& problem, const std::vector<ValueCut>& cuts,
                                      std::vector<std::size_t> chosen, double tolerance) {
  const auto bound_by = [&](const std::vector<std::size_t>& some) {
    return solve_master(problem, some_of(cuts, some), tolerance / 2).bound;
  };
  const double bound = bound_by(chosen), enough = bound - tolerance / 2 * std::abs(bound);
  for (std::size_t at = chosen.size(); at-- > 1;) {
    std::vector<std::size_t> fewer = chosen;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    if (bound_by(fewer) >= enough) chosen = std::move(fewer);
  }
  return chosen;
}

double bound_of(const SitingProblem& problem, const SitingPrices& prices,
                const std::vector<SitingPrices>& more) {
  if (!has_fixed_costs(problem)) return lower_bound(problem, prices);
  std::vector<ValueCut> cuts{master_cut(problem, prices)};
  for (const SitingPrices& others : more) cuts.push_back(master_cut(problem, others));
  return solve_master(problem, cuts).bound;
}

}  // namespace hinterland
