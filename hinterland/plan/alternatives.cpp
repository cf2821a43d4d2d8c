#include "hinterland/plan/alternatives.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "hinterland/plan/conflict.hpp"
#include "hinterland/plan/plan_figures.hpp"

namespace hinterland {

namespace {

constexpr double kNothing = 1e-5;  // share of all that is asked: less is the gap's, nobody's use
constexpr double kFiner = 0.1;     // of the gap asked for: what counts is by what plans differ
constexpr int kMostSteps = 20;
constexpr double kStandsStill =
    1e-3;  // of the mean price of energy at the site, that a step of the surcharge adds
constexpr double kEvenEnough = 0.01, kPriceEnough = 0.02;  // at which a bisection ends, of what it looks for
constexpr double kLeastCarbonPrice = 1e-5, kFirstCarbonPrice = 0.01, kMostCarbonPrice = 1e4;  // money a kg

// Nothing can be had at sites that are closed.
StudyProblem without_sites(const StudyProblem& setup, const std::vector<bool>& closed) {
  StudyProblem out = setup;
  for (CapacityColumn& column : out.numbers.columns)
    if (closed[column.site]) column.most = 0;
  return out;
}

// No site has more than `most` kW: a row for each that could.
StudyProblem no_larger(const StudyProblem& setup, double most) {
  StudyProblem out = setup;
  const auto& columns = out.numbers.columns;
  for (SiteIndex s = 0; s < setup.sites.size(); ++s) {
    CapacityRow row{.weight = std::vector<double>(columns.size()), .least = -most};
    double all = 0;
    for (std::size_t k = 0; k < columns.size(); ++k)
      if (columns[k].site == s) {
        row.weight[k] = -1;
        all += columns[k].most;
      }
    if (all > most) out.numbers.rows.push_back(std::move(row));
  }
  return out;
}

class Search {
 public:
  Search(const StudyProblem& setup, double within, const StudyOptions& options)
      : setup_(setup), options_(options) {
    out_.within = within;
    options_.gap *= kFiner;
  }

  PlanAlternatives run() {
    out_.best = solve(setup_);
    if (!out_.stopped && !out_.best.feasible()) explain(out_.best, setup_, options_);
    out_.stopped = out_.stopped || out_.best.stopped;
    if (out_.stopped || !out_.best.feasible()) return std::move(out_);
    limit_ = (1 + out_.within) * out_.best.objective();
    figures_ = figures_of(out_.best);
    close_each();
    for (const Aim aim : {Aim::fewest_sites, Aim::most_even, Aim::least_carbon}) {
      if (out_.stopped) break;
      PlanAlternative row{.aim = aim, .plan = out_.best};
      if (aim == Aim::fewest_sites) drop_sites(row);
      if (aim == Aim::most_even) even_out(row);
      if (aim == Aim::least_carbon) charge_carbon(row);
      if (!out_.stopped || !row.same) out_.rows.push_back(std::move(row));
    }
    for (const Closing& closing : closings_)
      if (!out_.stopped && serves(figures_.sites[closing.site].served_kwh)) find_drop_out(closing);
    std::ranges::stable_sort(out_.drop_outs, {},
                             [](const DropOut& one) { return std::pair(one.needed, one.leaves_at); });
    return std::move(out_);
  }

 private:
  struct Closing {
    SiteIndex site = 0;
    double objective = 0, bound = 0;  // of the best plan without it
    bool possible = false;            // it does all that is asked
  };

  StudyPlan solve(StudyProblem problem, double give_up_above = kNoLimit) {
    StudyOptions options = options_;
    options.give_up_above = give_up_above;
    StudyPlan plan = solve_study(std::move(problem), options);
    out_.stopped = out_.stopped || plan.stopped;
    return plan;
  }

  struct Charged {
    StudyPlan plan;    // at the study's own prices
    double bound = 0;  // of all plans, at the others
  };

  // The best plan when energy costs `more` [cell] on top.
  Charged solve_charged(const std::vector<double>& more) {
    StudyProblem problem = setup_;
    for (std::size_t c = 0; c < more.size(); ++c) problem.numbers.energy[c] += more[c];
    StudyPlan plan = solve(std::move(problem));
    const double bound = plan.bound();
    const std::vector<double>& load = plan.plan.dispatch.load;
    plan.plan.objective -= std::inner_product(load.begin(), load.end(), more.begin(), 0.0);
    plan.plan.bound = out_.best.plan.bound;
    plan.setup.numbers.energy = setup_.numbers.energy;
    return {.plan = std::move(plan), .bound = bound};
  }

  [[nodiscard]] bool within(const StudyPlan& plan) const {
    return !plan.stopped && does_as_much(plan) && plan.objective() <= limit_;
  }

  // Keeps the rules and leaves no more unserved than the best plan does.
  [[nodiscard]] bool does_as_much(const StudyPlan& plan) const {
    return plan.keeps_rules() &&
           !serves(plan.plan.dispatch.unserved_kwh - out_.best.plan.dispatch.unserved_kwh);
  }

  [[nodiscard]] bool serves(double kwh) const { return kwh > kNothing * setup_.demand_kwh; }

  static void take(PlanAlternative& row, StudyPlan plan) {
    row.plan = std::move(plan);
    row.same = false;
  }

  // The best plan without each site that is used.
  void close_each() {
    const std::vector<bool> used = used_sites(out_.best);
    for (SiteIndex s = 0; s < used.size(); ++s) {
      if (!used[s] || out_.stopped) continue;
      std::vector<bool> closed(used.size());
      closed[s] = true;
      const StudyPlan plan = solve(without_sites(setup_, closed));
      closings_.push_back(
          {.site = s, .objective = plan.objective(), .bound = plan.bound(), .possible = does_as_much(plan)});
    }
  }

  void drop_sites(PlanAlternative& row) {
    std::vector<bool> closed = used_sites(out_.best);
    closed.flip();
    std::ranges::stable_sort(closings_, {}, &Closing::objective);
    for (const Closing& closing : closings_) {
      // A site that is missed too much now is missed no less when others are closed.
      if (!closing.possible || closing.bound > limit_ || out_.stopped) continue;
      closed[closing.site] = true;
      StudyPlan plan = solve(without_sites(setup_, closed), limit_);
      closed[closing.site] = within(plan);
      if (closed[closing.site]) take(row, std::move(plan));
    }
  }

  void even_out(PlanAlternative& row) {
    double low = setup_.demand_kwh / setup_.numbers.hours / static_cast<double>(setup_.sites.size());
    double high = largest_site_kw(out_.best);
    while (high - low > kEvenEnough * high && !out_.stopped) {
      const double most = (low + high) / 2;
      StudyPlan plan = solve(no_larger(setup_, most), limit_);
      if (within(plan)) {
        high = largest_site_kw(plan);
        take(row, std::move(plan));
      } else {
        low = most;
      }
    }
  }

  // False: it costs too much.
  bool try_carbon_price(PlanAlternative& row, double price) {
    std::vector<double> more = setup_.carbon;
    for (double& charge : more) charge *= price;
    StudyPlan plan = solve_charged(more).plan;
    if (!within(plan)) return false;
    if (figures_of(plan).carbon_kg < figures_of(row.plan).carbon_kg) {
      take(row, std::move(plan));
      row.carbon_price = price;
    }
    return true;
  }

  void charge_carbon(PlanAlternative& row) {
    double low = 0, high = kFirstCarbonPrice;
    while (!out_.stopped && try_carbon_price(row, high)) {
      low = high;
      high *= 2;
      if (high > kMostCarbonPrice) return;
    }
    while (high - low > kPriceEnough * high && high > kLeastCarbonPrice && !out_.stopped) {
      const double middle = (low + high) / 2;
      (try_carbon_price(row, middle) ? low : high) = middle;
    }
  }

  void find_drop_out(const Closing& closing) {
    const SiteIndex s = closing.site;
    double cost = out_.best.objective(), kwh = figures_.sites[s].served_kwh;
    DropOut one{
        .site = s, .served_kwh = kwh, .needed = !closing.possible, .closing = closing.objective - cost};
    one.capacity_kw = capacity_of(setup_.numbers, out_.best.plan.columns)[s];
    for (std::uint32_t t = 0; t < setup_.numbers.hours; ++t) {
      const std::size_t cell = setup_.numbers.at(t, s);
      one.energy_price += setup_.numbers.energy[cell] * out_.best.plan.dispatch.load[cell] / kwh;
    }
    if (!one.needed) {
      one.stays_until = std::max(0.0, (closing.bound - cost) / kwh);
      one.unsure = closing.objective - out_.best.bound();
    }
    std::vector<double> more(setup_.numbers.energy.size());
    for (int step = 0; step < kMostSteps && !one.needed && serves(kwh); ++step) {
      const double next = (closing.objective - cost) / kwh, before = one.leaves_at;
      one.leaves_at = std::max(before, next);
      if (next <= before + kStandsStill * std::abs(one.energy_price)) break;
      for (std::uint32_t t = 0; t < setup_.numbers.hours; ++t) more[setup_.numbers.at(t, s)] = next;
      const auto [plan, bound] = solve_charged(more);
      if (out_.stopped) return;
      one.unsure = closing.objective - bound;
      cost = plan.objective();
      kwh = figures_of(plan).sites[s].served_kwh;
      if (serves(kwh) && does_as_much(plan))
        one.stays_until = std::max(one.stays_until, (closing.bound - cost) / kwh);
    }
    out_.drop_outs.push_back(one);
  }

  const StudyProblem& setup_;
  StudyOptions options_;
  double limit_ = 0;
  PlanFigures figures_;  // of the best plan
  std::vector<Closing> closings_;
  PlanAlternatives out_;
};

}  // namespace

const char* name_of(Aim aim) {
  static constexpr const char* kNames[] = {"fewest sites", "most even", "least carbon"};
  return kNames[static_cast<int>(aim)];
}

std::vector<bool> used_sites(const StudyPlan& plan) {
  std::vector<double> paid(plan.setup.sites.size());
  for (std::size_t k = 0; k < plan.plan.columns.size(); ++k)
    if (plan.setup.numbers.columns[k].cost > 0)
      paid[plan.setup.numbers.columns[k].site] += plan.plan.columns[k];
  const PlanFigures figures = figures_of(plan);
  std::vector<bool> out;
  for (SiteIndex s = 0; s < paid.size(); ++s)
    out.push_back(figures.sites[s].served_kwh > kNothing * plan.setup.demand_kwh ||
                  paid[s] > kNothing * plan.setup.demand_peak_kw);
  return out;
}

double largest_site_kw(const StudyPlan& plan) {
  return std::ranges::max(capacity_of(plan.setup.numbers, plan.plan.columns));
}

PlanAlternatives alternatives(const StudyProblem& setup, double within, const StudyOptions& options) {
  return Search(setup, within, options).run();
}

}  // namespace hinterland
