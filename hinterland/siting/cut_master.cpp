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
// Its bound may be too high by as much of a thousand, or of itself if it is more: 3e-8 was seen.
constexpr double kAllowance = 1e-7;

double safe(double bound) {
  return std::isfinite(bound) ? bound - kAllowance * std::max(std::abs(bound), std::exp2(kMoneyBits)) : bound;
}

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

// A cut that HiGHS cannot take is left out: without it the bound can only be lower.
bool fits(const ValueCut& cut, double money, double kw) {
  const auto all_fit = [](const std::vector<double>& numbers, double factor) {
    return std::ranges::all_of(numbers, [=](double number) { return std::abs(number * factor) < kLargest; });
  };
  return all_fit(cut.constant, 1 / money) && all_fit(cut.worth, kw / money) &&
         all_fit(cut.opening, 1 / money);
}

class Master {
 public:
  // Relaxed: choices need not be whole.
  Master(const SitingProblem& problem, const std::vector<ValueCut>& cuts, bool relaxed = false)
      : problem_(problem),
        money_(money_unit(cuts)),
        kw_(capacity_unit(problem)),
        to_open_(pays_to_open(problem)),
        relaxed_(relaxed) {
    for (std::size_t k = 0; k < problem.columns.size(); ++k) add_column(k);
    for (const CapacityRow& row : problem.rows) {
      const auto added = program_.add_row(row.least / kw_, kNoLimit);
      for (std::size_t k = 0; k < size_.size(); ++k) program_.put(added, size_[k], row.weight[k]);
    }
    for (std::uint32_t b = 0; b < blocks_of(problem); ++b)
      left_to_pay_.push_back(program_.add_column(1, -kNoLimit, kNoLimit));
    for (const ValueCut& cut : cuts) add_cut(cut);
  }

  MasterAnswer solve(double gap) const {
    if (!any_cut_) return {.bound = -kNoLimit, .columns = {}, .open = {}};
    const ProgramSolution solution = program_.solve(gap);
    MasterAnswer out{.bound = safe(solution.bound) * money_, .columns = {}, .open = {}};
    if (solution.end != ProgramEnd::solved) return out;
    const auto value = [&](LinearProgram::Column column) {
      return solution.columns[static_cast<std::size_t>(column)];
    };
    for (std::size_t k = 0; k < size_.size(); ++k) {
      out.columns.push_back(value(size_[k]) * kw_);
      out.open.push_back(choice_[k] == kNoChoice ? 1 : value(choice_[k]));
    }
    return out;
  }

 private:
  static constexpr LinearProgram::Column kNoChoice = -1;

  void add_column(std::size_t k) {
    const CapacityColumn& column = problem_.columns[k];
    size_.push_back(program_.add_column(column.cost * kw_ / money_, 0, column.most / kw_));
    choice_.push_back(kNoChoice);
    if (column.fixed <= 0) return;
    choice_[k] = program_.add_column(column.fixed / money_, 0, 1, !relaxed_);
    const auto row = program_.add_row(-kNoLimit, 0);
    program_.put(row, size_[k], 1);
    program_.put(row, choice_[k], -column.most / kw_);
  }

  void add_cut(const ValueCut& cut) {
    if (!fits(cut, money_, kw_)) return;
    any_cut_ = true;
    for (std::size_t b = 0; b < left_to_pay_.size(); ++b) {
      const auto row = program_.add_row(cut.constant[b] / money_, kNoLimit);
      program_.put(row, left_to_pay_[b], 1);
      for (std::size_t k = 0; k < size_.size(); ++k) {
        const std::size_t at = b * problem_.sites + problem_.columns[k].site;
        program_.put(row, size_[k], cut.worth[at] * kw_ / money_);
        if (to_open_[problem_.columns[k].site]) program_.put(row, choice_[k], cut.opening[at] / money_);
      }
    }
  }

  const SitingProblem& problem_;
  const double money_, kw_;          // a unit
  const std::vector<bool> to_open_;  // [site]
  const bool relaxed_;
  LinearProgram program_;
  std::vector<LinearProgram::Column> size_, choice_;  // [column]
  std::vector<LinearProgram::Column> left_to_pay_;    // [block]
  bool any_cut_ = false;
};

// [block] what a master's answer leaves to pay, by a cut.
std::vector<double> left_to_pay(const SitingProblem& problem, const ValueCut& cut,
                                const MasterAnswer& answer) {
  std::vector<double> out = cut.constant;
  for (std::size_t b = 0; b < out.size(); ++b)
    for (std::size_t k = 0; k < problem.columns.size(); ++k) {
      const std::size_t at = b * problem.sites + problem.columns[k].site;
      out[b] -= cut.worth[at] * answer.columns[k] + cut.opening[at] * answer.open[k];
    }
  return out;
}

}  // namespace

MasterAnswer solve_master(const SitingProblem& problem, const std::vector<ValueCut>& cuts, double gap) {
  return Master(problem, cuts).solve(gap);
}

ValueCut master_cut(const SitingProblem& problem, const SitingPrices& prices) {
  return value_cut(problem, prices, blocks_of(problem));
}

void CutPool::add(const SitingPrices& prices) {
  cuts_.push_back(master_cut(problem_, prices));
  const double money = money_unit(cuts_), kw = capacity_unit(problem_);
  taken_.clear();
  for (std::size_t l = 0; l < cuts_.size(); ++l)
    if (fits(cuts_[l], money, kw)) taken_.push_back(l);
  if (chosen_.empty() && !taken_.empty()) chosen_.push_back(taken_.front());
}

// Adds, in each block, the cut that is broken most, if together they are by more than `tolerance` of the bound.
bool CutPool::choose_broken(const MasterAnswer& answer, double tolerance) {
  std::vector<double> most(blocks_of(problem_), -kNoLimit);
  for (const std::size_t l : chosen_) {
    const std::vector<double> here = left_to_pay(problem_, cuts_[l], answer);
    for (std::size_t b = 0; b < here.size(); ++b) most[b] = std::max(most[b], here[b]);
  }
  double together = 0;
  std::vector<std::size_t> worst(most.size(), chosen_.front());
  for (const std::size_t l : taken_) {
    const std::vector<double> here = left_to_pay(problem_, cuts_[l], answer);
    for (std::size_t b = 0; b < here.size(); ++b) {
      if (here[b] <= most[b]) continue;
      together += here[b] - most[b];
      most[b] = here[b];
      worst[b] = l;
    }
  }
  if (together <= tolerance * std::abs(answer.bound)) return false;
  const std::size_t had = chosen_.size();
  for (const std::size_t l : worst)
    if (std::ranges::find(chosen_, l) == chosen_.end()) chosen_.push_back(l);
  return chosen_.size() > had;  // those that are chosen are broken by rounding alone
}

MasterAnswer CutPool::solve(double gap) {
  const auto chosen = [&] {
    std::vector<ValueCut> out;
    for (const std::size_t l : chosen_) out.push_back(cuts_[l]);
    return out;
  };
  for (bool more = true; more;) {
    const MasterAnswer relaxed = Master(problem_, chosen(), true).solve(0);
    more = !relaxed.columns.empty() && choose_broken(relaxed, gap / 2);
  }
  MasterAnswer answer = solve_master(problem_, chosen(), gap);
  proven_by_ = chosen_;
  if (!answer.columns.empty()) choose_broken(answer, gap / 2);
  return answer;
}

double bound_of(const SitingProblem& problem, const SitingPrices& prices,
                const std::vector<SitingPrices>& more) {
  if (!has_fixed_costs(problem)) return lower_bound(problem, prices);
  std::vector<ValueCut> cuts{master_cut(problem, prices)};
  for (const SitingPrices& others : more) cuts.push_back(master_cut(problem, others));
  return solve_master(problem, cuts).bound;
}

}  // namespace hinterland
