#include "hinterland/siting/starting_point.hpp"

#include <cmath>
#include <numeric>

namespace hinterland {

namespace {

constexpr double kShareOfEnergy = 0.01, kSmallestWorth = 1e-9;

// The price p below all `costs` at which amounts mu / (cost - p) sum to `wanted`, by Newton's method on 1 / sum: that
// is nearly straight, and eight steps are plenty.
template <class Number>
HINTERLAND_INLINE Number central_price(const Number* costs, std::size_t count, Number least, Number wanted,
                                       double mu) {
  Number price = least - mu / wanted;
  for (int step = 0; step < 8; ++step) {
    Number total = 0 * price, squares = 0 * price;
    for (std::size_t k = 0; k < count; ++k) {
      const Number inverse = 1.0 / (costs[k] - price);
      total += inverse;
      squares += inverse * inverse;
    }
    price += (1.0 / (mu * total) - 1.0 / wanted) * (mu * total * total) / squares;
  }
  return price;
}

// The price of a kWh where neither power nor capacity has one: what bringing work there costs; where that is nothing too, a
// share of what it costs to serve nobody.
double price_on_the_way(const InteriorLayout& layout) {
  double network = 0, unserved = 0;
  for (const double money : layout.arc_network) network += std::abs(money);
  for (const double money : layout.inflow_network) network += std::abs(money);
  for (const double money : layout.unserved) unserved += money;
  for (const DeferrableDemand& demand : layout.problem->deferrable) unserved += demand.unserved;
  const std::size_t ways = layout.arc_network.size() + layout.inflow_network.size(),
                    demands = layout.unserved.size() + layout.problem->deferrable.size();
  if (network > 0) return network / static_cast<double>(ways);
  return std::max(kSmallestWorth,
                  kShareOfEnergy * unserved / static_cast<double>(std::max<std::size_t>(1, demands)));
}

void start_prices(Newton& newton) {
  const InteriorLayout& layout = newton.layout;
  const SitingProblem& problem = *layout.problem;
  std::vector<double> least(layout.sites, kNoLimit), available(layout.sites);
  double mean = 0;
  for (std::size_t k = 0; k < layout.column.size(); ++k) {
    const double cost = problem.columns[layout.column[k]].cost;
    least[layout.column_site[k]] = std::min(least[layout.column_site[k]], cost);
    mean += cost / static_cast<double>(layout.column.size());
  }
  for (std::size_t c = 0; c < layout.availability.size(); ++c)
    available[c % layout.sites] += sum(layout.availability[c]);
  double energy = 0;
  for (const Lanes& cost : layout.energy) energy += std::abs(sum(cost));
  // Where capacity costs nothing at all, it is what is run on it that sets the scale of its price.
  const double run = energy > 0 || mean > 0 ? energy / static_cast<double>(layout.sites)
                                            : price_on_the_way(layout) * problem.hours;
  const double floor = std::max({0.1 * mean, kShareOfEnergy * run, kSmallestWorth});
  for (std::uint32_t k = 0; k < layout.caps; ++k) {
    double intensity = 0;
    for (const Lanes& kilograms : layout.intensity[k]) intensity += sum(kilograms);
    newton.prices.cap[k] = intensity > 0 ? 0.05 * energy / intensity : 1;
  }
  for (std::size_t c = 0; c < newton.prices.cell.size(); ++c) {
    const std::size_t s = c % layout.sites;
    const Lanes lambda = lanes(0.5 * std::max(least[s], floor) / available[s]);
    newton.prices.cell[c] = lambda;
    if (!newton.prices.limit.empty()) {
      newton.prices.limit[c] = 0.3 * lambda;
      newton.prices.cell[c] += newton.prices.limit[c];
    }
    for (std::uint32_t k = 0; k < layout.caps; ++k)
      newton.prices.cell[c] += newton.prices.cap[k] * layout.intensity[k][c];
  }
}

// Fills `slack` with loads, for the moment.
HINTERLAND_LANES
void start_demands(Newton& newton, double mu) {
  const InteriorLayout& layout = newton.layout;
  Lanes costs[kMostSites + 1];
  for (std::uint32_t g = 0; g < layout.groups; ++g)
    for (std::uint32_t i = 0; i < layout.demands; ++i) {
      const std::size_t d = std::size_t{g} * layout.demands + i;
      const std::uint32_t first = layout.first_arc[i], count = layout.first_arc[i + 1] - first;
      Lanes least = costs[count] = lanes(layout.unserved[i]);
      for (std::uint32_t k = 0; k < count; ++k) {
        const std::size_t c = layout.cell(g, layout.arc_site[first + k]);
        costs[k] = layout.energy[c] + layout.arc_network[first + k] + newton.prices.cell[c];
        least = smaller(least, costs[k]);
      }
      const Lanes price = central_price(costs, count + 1, least, layout.prompt_kw[d], mu);
      newton.prices.demand[d] = price;
      Lanes total = lanes(0);
      for (std::uint32_t k = 0; k <= count; ++k) total += 1.0 / (costs[k] - price);
      const Lanes scale = layout.prompt_kw[d] / total;
      newton.amounts.unserved[d] = scale / (costs[count] - price);
      for (std::uint32_t k = 0; k < count; ++k) {
        const Lanes flow = scale / (costs[k] - price);
        newton.amounts.flow[std::size_t{g} * layout.arcs + first + k] = flow;
        newton.amounts.slack[layout.cell(g, layout.arc_site[first + k])] += flow;
      }
    }
}

void start_hub(Newton& newton, std::uint32_t number, double mu) {
  const InteriorLayout& layout = newton.layout;
  const InteriorLayout::HubPlace& hub = layout.hubs[number];
  const std::size_t past =
      number + 1 < layout.hubs.size() ? layout.hubs[number + 1].first_deferral : layout.deferrals;
  double total = 0;
  for (std::size_t j = hub.first_deferral; j < past; ++j) total += layout.kwh[j];
  double* price = &newton.prices.hub[layout.first_row(hub)];
  const double hours = (hub.past_group - hub.first_group) * static_cast<double>(kHoursTogether);
  for (const std::uint32_t s : hub.sites) {
    double least = kNoLimit;
    for (std::uint32_t g = hub.first_group; g < hub.past_group; ++g)
      least =
          std::min(least, smallest(layout.energy[layout.cell(g, s)] + newton.prices.cell[layout.cell(g, s)]));
    price[s] = least - hours * mu * static_cast<double>(hub.sites.size()) / std::max(total, 1e-3);
  }
  std::vector<double> given(layout.sites), costs;
  for (std::size_t j = hub.first_deferral; j < past; ++j) {
    const DeferrableDemand& demand = layout.problem->deferrable[layout.deferral_demand[j]];
    const double* network = &layout.inflow_network[std::size_t{layout.deferral_demand[j]} * layout.sites];
    costs.clear();
    for (const std::uint32_t s : hub.sites) costs.push_back(network[s] + price[s]);
    costs.push_back(demand.unserved);
    const double at =
        central_price(costs.data(), costs.size(), *std::ranges::min_element(costs), layout.kwh[j], mu);
    newton.prices.deferral[j] = at;
    double sum_of_inverses = 0;
    for (const double cost : costs) sum_of_inverses += 1 / (cost - at);
    const double scale = layout.kwh[j] / sum_of_inverses;
    for (std::size_t k = 0; k < hub.sites.size(); ++k) {
      const double in = scale / (costs[k] - at);
      newton.amounts.inflow[j * layout.sites + hub.sites[k]] = in;
      given[hub.sites[k]] += in;
    }
    newton.amounts.deferral_unserved[j] = scale / (demand.unserved - at);
  }
  for (const std::uint32_t s : hub.sites) {
    double inverses = 0;
    for (std::uint32_t g = hub.first_group; g < hub.past_group; ++g)
      inverses +=
          sum(1.0 / (layout.energy[layout.cell(g, s)] + newton.prices.cell[layout.cell(g, s)] - price[s]));
    for (std::uint32_t g = hub.first_group; g < hub.past_group; ++g) {
      const std::size_t c = layout.cell(g, s);
      const Lanes out = given[s] / inverses / (layout.energy[c] + newton.prices.cell[c] - price[s]);
      newton.amounts.outflow[layout.outflow(hub, g, s)] = out;
      newton.amounts.slack[c] += out;
    }
  }
}

void start_border(Newton& newton) {
  const InteriorLayout& layout = newton.layout;
  const SitingProblem& problem = *layout.problem;
  InteriorAmounts& amounts = newton.amounts;
  std::vector<double> peak(layout.sites), most(layout.sites), worth(layout.sites);
  double mean = 0;
  for (std::size_t c = 0; c < amounts.slack.size(); ++c) {
    peak[c % layout.sites] =
        std::max(peak[c % layout.sites], largest(amounts.slack[c] / layout.availability[c]));
    worth[c % layout.sites] += sum(layout.availability[c] * cell_shares(newton, c).lambda);
  }
  const std::size_t columns = layout.column.size();
  for (std::size_t k = 0; k < columns; ++k) {
    most[layout.column_site[k]] += problem.columns[layout.column[k]].most;
    mean += problem.columns[layout.column[k]].cost / static_cast<double>(columns);
  }
  // Where all capacity is free, its scarcity is what a rule of it costs.
  if (!problem.rows.empty())
    for (const double here : worth) mean = std::max(mean, here / static_cast<double>(layout.sites));
  for (double& price : newton.prices.row) price = 0.02 * mean;
  for (std::size_t k = 0; k < columns; ++k) {
    const CapacityColumn& column = problem.columns[layout.column[k]];
    const std::uint32_t s = layout.column_site[k];
    amounts.column[k] = column.most * std::min(0.9, (1.3 * peak[s] + 1) / most[s]);
    amounts.capacity[s] += amounts.column[k];
    double reduced = column.cost - worth[s];
    for (std::size_t r = 0; r < problem.rows.size(); ++r)
      reduced -= newton.prices.row[r] * problem.rows[r].weight[layout.column[k]];
    const double high = 0.02 * mean * std::min(1.0, amounts.column[k] / (column.most - amounts.column[k]));
    newton.prices.high[k] = std::max(high, 0.05 * mean - reduced);
  }
  std::vector<double> all(problem.columns.size());
  for (std::size_t k = 0; k < columns; ++k) all[layout.column[k]] = amounts.column[k];
  for (std::size_t r = 0; r < problem.rows.size(); ++r) {
    const CapacityRow& row = problem.rows[r];
    amounts.row_slack[r] = std::max(row.sum(all) - row.least, 0.2 * row.size(all) + 1);
  }
  for (std::uint32_t k = 0; k < layout.caps; ++k) {
    double used = 0;
    for (std::size_t c = 0; c < amounts.slack.size(); ++c)
      used += sum(layout.intensity[k][c] * amounts.slack[c]);
    amounts.cap_slack[k] = std::max(layout.cap_most[k] - used, 0.1 * layout.cap_most[k] + 1e-9);
  }
}

}  // namespace

double natural_mu(const InteriorLayout& layout) {
  double prompt = 0, energy = 0, deferred = 0, capacity = 0;
  for (const Lanes& four : layout.prompt_kw) prompt += sum(four);
  for (const Lanes& four : layout.energy) energy += std::abs(sum(four));
  for (const double kwh : layout.kwh) deferred += kwh;
  for (const std::uint32_t k : layout.column) capacity += layout.problem->columns[k].cost;
  const double per_demand =
      prompt / (4.0 * std::max<double>(1, static_cast<double>(layout.prompt_kw.size())));
  const double per_deferral = deferred / (24.0 * std::max<double>(1, static_cast<double>(layout.kwh.size())));
  const double price = energy / (4.0 * static_cast<double>(layout.energy.size())) +
                       capacity / static_cast<double>(layout.column.size()) / layout.problem->hours;
  return std::max(per_demand, per_deferral) * (price > 0 ? price : price_on_the_way(layout));
}

void start(Newton& newton, double mu) {
  start_prices(newton);
  for (std::uint32_t b = 0; b < newton.layout.hubs.size(); ++b) start_hub(newton, b, mu);
  start_demands(newton, mu);
  start_border(newton);
  // From loads to slacks.
  for (std::size_t c = 0; c < newton.amounts.slack.size(); ++c) {
    const Lanes load = newton.amounts.slack[c];
    const Lanes room = newton.layout.availability[c] * newton.amounts.capacity[c % newton.layout.sites];
    newton.amounts.slack[c] = larger(room - load, 0.2 * room);
    if (!newton.prices.limit.empty()) {
      const Lanes limit = newton.layout.power_limit[c];
      newton.amounts.limit_slack[c] = larger(limit - load, 0.3 * limit);
    }
  }
}

}  // namespace hinterland
