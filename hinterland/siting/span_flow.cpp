#include "hinterland/siting/span_flow.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace hinterland {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr double kNothing = 1e-13;  // of a price: lambda below this is none
constexpr double kClosed = 1e13;    // money per kWh of a cell without room, while it would only be in the way
constexpr double kNoise = 3e-3;     // of a price: what prices we begin with may be wrong by

}  // namespace

PromptArcs::PromptArcs(const SitingProblem& problem) : first{0}, at(problem.sites) {
  for (std::uint32_t i = 0; i < problem.prompt.size(); ++i) {
    const PromptDemand& demand = problem.prompt[i];
    for (std::size_t k = 0; k < demand.sites.size(); ++k) {
      at[demand.sites[k]].push_back(static_cast<std::uint32_t>(arcs.size()));
      arcs.push_back({.demand = i, .site = demand.sites[k], .network = demand.network[k]});
    }
    first.push_back(static_cast<std::uint32_t>(arcs.size()));
  }
}

SpanFlow::SpanFlow(const SitingProblem& problem, const PromptArcs& arcs, const Span& span,
                   const std::vector<double>& energy, const std::vector<double>& capacity, double unit)
    : problem_(problem),
      arcs_(arcs),
      span_(span),
      unit_(unit),
      sites_(problem.sites),
      hours_(span.past_hour - span.first_hour),
      cells_(hours_ * problem.sites),
      energy_(energy.data() + problem.at(span.first_hour, 0)),
      room_(cells_),
      load_(cells_),
      served_(hours_ * arcs.arcs.size()),
      unserved_(hours_ * problem.prompt.size()),
      hubs_at_(hours_) {
  const std::size_t first_cell = problem.at(span.first_hour, 0);
  for (Node c = 0; c < cells_; ++c) {
    double room = problem.availability[first_cell + c] * capacity[c % sites_];
    if (!problem.power_limit.empty()) room = std::min(room, problem.power_limit[first_cell + c]);
    room_[c] = static_cast<Units>(std::floor(room / unit));
  }
  for (std::size_t b = span.first_hub; b < span.past_hub; ++b) {
    const Hub& hub = problem.hubs[b];
    HubFlow flow{.first = hub.first_hour - span.first_hour,
                 .past = hub.past_hour - span.first_hour,
                 .spread = {},
                 .given = std::vector<Units>(hub.deferrals.size() * sites_),
                 .unserved = std::vector<Units>(hub.deferrals.size())};
    flow.spread.resize(std::size_t{flow.past - flow.first} * sites_);
    for (std::uint32_t t = flow.first; t < flow.past; ++t)
      hubs_at_[t].push_back(static_cast<std::uint32_t>(hubs_.size()));
    hubs_.push_back(std::move(flow));
  }
  const std::size_t nodes = cells_ + hubs_.size() * sites_;
  price_.resize(nodes);
  distance_.resize(nodes);
  seen_in_.resize(nodes);
  step_.resize(nodes);
}

void SpanFlow::solve(const std::vector<double>& scarcity) {
  const std::size_t first_cell = problem_.at(span_.first_hour, 0);
  for (Node c = 0; c < cells_; ++c) {
    const double lambda = scarcity.empty() ? 0 : scarcity[first_cell + c];
    price_[c] = energy_[c] + (lambda > kNoise * std::abs(energy_[c]) ? lambda : 0);
    if (room_[c] == 0) price_[c] = kClosed;
  }
  level();
  assign();
  for (Node c = 0; c < cells_; ++c)
    while (load_[c] > room_[c]) push_excess(c);
  for (Node c = 0; c < cells_; ++c)
    while (load_[c] < room_[c] && price_[c] - energy_[c] > kNothing * (1 + std::abs(energy_[c])))
      pull_load(c);
  price_closed();
}

// Cells without room: the smallest prices at which nobody would rather be there.
void SpanFlow::price_closed() {
  const std::size_t demands = problem_.prompt.size();
  std::vector<double> least(cells_, -kFar);
  for (std::uint32_t t = 0; t < hours_; ++t)
    for (std::size_t i = 0; i < demands; ++i) {
      double pays = problem_.prompt[i].unserved;
      for (std::uint32_t a = arcs_.first[i]; a < arcs_.first[i + 1]; ++a)
        pays = std::min(pays, arcs_.arcs[a].network + price_[cell(t, arcs_.arcs[a].site)]);
      for (std::uint32_t a = arcs_.first[i]; a < arcs_.first[i + 1]; ++a) {
        double& price = least[cell(t, arcs_.arcs[a].site)];
        price = std::max(price, pays - arcs_.arcs[a].network);
      }
    }
  for (std::size_t b = 0; b < hubs_.size(); ++b) {
    const Hub& hub = problem_.hubs[span_.first_hub + b];
    std::vector<double> at_site(sites_, -kFar);
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem_.deferrable[deferral.demand];
      double pays = demand.unserved;
      for (const SiteIndex s : hub.sites) pays = std::min(pays, demand.network[s] + price_[hub_node(b, s)]);
      for (const SiteIndex s : hub.sites) at_site[s] = std::max(at_site[s], pays - demand.network[s]);
    }
    for (std::uint32_t t = hubs_[b].first; t < hubs_[b].past; ++t)
      for (const SiteIndex s : hub.sites) least[cell(t, s)] = std::max(least[cell(t, s)], at_site[s]);
  }
  for (Node c = 0; c < cells_; ++c)
    if (room_[c] == 0) price_[c] = std::max(energy_[c], least[c]);
}

// At the optimum the hours that a hub spreads over cost it the same. Where the prices we begin with say so but for
// their noise, they are made to, and assign() can then fill several hours instead of one.
void SpanFlow::level() {
  for (std::size_t b = 0; b < hubs_.size(); ++b)
    for (const SiteIndex s : problem_.hubs[span_.first_hub + b].sites) {
      double least = kFar;
      for (std::uint32_t t = hubs_[b].first; t < hubs_[b].past; ++t)
        least = std::min(least, price_[cell(t, s)]);
      for (std::uint32_t t = hubs_[b].first; t < hubs_[b].past; ++t) {
        double& price = price_[cell(t, s)];
        if (price <= least + kNoise * std::abs(least)) price = std::max(energy_[cell(t, s)], least);
      }
    }
}

// Everything goes the cheapest way, whether there is room or not.
void SpanFlow::assign() {
  const std::size_t demands = problem_.prompt.size(), arc_count = arcs_.arcs.size();
  for (std::uint32_t t = 0; t < hours_; ++t)
    for (std::uint32_t i = 0; i < demands; ++i) {
      double least = problem_.prompt[i].unserved;
      Units* goes = &unserved_[t * demands + i];
      Node there = cells_;
      for (std::uint32_t a = arcs_.first[i]; a < arcs_.first[i + 1]; ++a) {
        const Node c = cell(t, arcs_.arcs[a].site);
        const double costs = arcs_.arcs[a].network + price_[c];
        if (costs >= least) continue;
        least = costs;
        goes = &served_[t * arc_count + a];
        there = c;
      }
      const auto units = static_cast<Units>(
          std::llround(problem_.prompt_kw[std::size_t{span_.first_hour + t} * demands + i] / unit_));
      *goes = units;
      if (there != cells_) load_[there] += units;
    }
  for (std::size_t b = 0; b < hubs_.size(); ++b) {
    const Hub& hub = problem_.hubs[span_.first_hub + b];
    HubFlow& flow = hubs_[b];
    for (const SiteIndex s : hub.sites) {
      double& sigma = price_[hub_node(b, s)] = kFar;
      for (std::uint32_t t = flow.first; t < flow.past; ++t) sigma = std::min(sigma, price_[cell(t, s)]);
    }
    for (std::size_t j = 0; j < hub.deferrals.size(); ++j) {
      const DeferrableDemand& demand = problem_.deferrable[hub.deferrals[j].demand];
      const auto units = static_cast<Units>(std::llround(hub.deferrals[j].kwh / unit_));
      double least = demand.unserved;
      SiteIndex goes = sites_;
      for (const SiteIndex s : hub.sites) {
        const double costs = demand.network[s] + price_[hub_node(b, s)];
        if (costs < least) {
          least = costs;
          goes = s;
        }
      }
      if (goes == sites_) {
        flow.unserved[j] = units;
        continue;
      }
      flow.given[j * sites_ + goes] = units;
    }
    for (const SiteIndex s : hub.sites) spread(b, s);
  }
}

// What a hub was given, over its cheapest hours: as far as there is room, and the rest anywhere.
void SpanFlow::spread(std::size_t hub, SiteIndex site) {
  HubFlow& flow = hubs_[hub];
  Units left = 0;
  for (std::size_t j = 0; j < flow.unserved.size(); ++j) left += flow.given[j * sites_ + site];
  Node last = cells_;
  for (std::uint32_t t = flow.first; t < flow.past && left > 0; ++t) {
    const Node c = cell(t, site);
    if (price_[c] != price_[hub_node(hub, site)]) continue;
    last = c;
    const Units units = std::clamp(room_[c] - load_[c], Units{0}, left);
    flow.spread[(t - flow.first) * sites_ + site] += units;
    load_[c] += units;
    left -= units;
  }
  if (left == 0) return;
  flow.spread[(last / sites_ - flow.first) * sites_ + site] += left;
  load_[last] += left;
}

// ---- one Dijkstra

void SpanFlow::begin(Node source, Search search) {
  ++search_;
  direction_ = search;
  source_ = source;
  waiting_.clear();
  settled_.clear();
  goal_ = {};
  reach(source, 0, {});
}

void SpanFlow::reach(Node node, double distance, const Step& step) {
  if (distance >= goal_.distance || (seen_in_[node] == search_ && distance_[node] <= distance)) return;
  seen_in_[node] = search_;
  distance_[node] = distance;
  step_[node] = step;
  if (node < cells_) {
    if (direction_ == Search::room_for_excess) {
      if (load_[node] < room_[node]) {
        goal_ = {.distance = distance, .node = node};
        return;
      }
    } else if (const double with_price = distance + price_[node] - energy_[node];
               with_price < goal_.distance) {
      // A cell can give what it has at the price of its own capacity; the source itself gives up its price.
      goal_ = {.distance = with_price, .node = node};
    }
  }
  waiting_.push_back({.distance = distance, .node = node});
  std::ranges::push_heap(waiting_, std::greater<>());
}

// Work that nobody serves, as the end of a way.
void SpanFlow::reach_outside(double distance, const Step& step) {
  if (distance < goal_.distance) goal_ = {.distance = distance, .node = kOutside, .step = step};
}

// The nearest node that waits; none once the goal is as near.
bool SpanFlow::settle(Node& node) {
  while (!waiting_.empty() && waiting_.front().distance < goal_.distance) {
    const Waiting next = waiting_.front();
    std::ranges::pop_heap(waiting_, std::greater<>());
    waiting_.pop_back();
    if (next.distance > distance_[next.node]) continue;  // reached a shorter way since
    settled_.push_back(next.node);
    node = next.node;
    return true;
  }
  return false;
}

// Where the work of a cell could go instead.
void SpanFlow::leave_cell(Node node) {
  const std::uint32_t t = node / sites_;
  const SiteIndex s = node % sites_;
  const double distance = distance_[node];
  Units* served = &served_[t * arcs_.arcs.size()];
  for (const std::uint32_t a : arcs_.at[s]) {
    if (served[a] == 0) continue;
    const std::uint32_t i = arcs_.arcs[a].demand;
    const double here = arcs_.arcs[a].network + price_[node];
    for (std::uint32_t other = arcs_.first[i]; other < arcs_.first[i + 1]; ++other) {
      const Node there = cell(t, arcs_.arcs[other].site);
      reach(there, distance + std::max(0.0, arcs_.arcs[other].network + price_[there] - here),
            {.from = &served[a], .to = &served[other], .before = node});
    }
    reach_outside(distance + std::max(0.0, problem_.prompt[i].unserved - here),
                  {.from = &served[a], .to = &unserved_[t * problem_.prompt.size() + i], .before = node});
  }
  for (const std::uint32_t b : hubs_at_[t]) {
    Units& spread = hubs_[b].spread[(t - hubs_[b].first) * sites_ + s];
    if (spread > 0)
      reach(hub_node(b, s), distance + std::max(0.0, price_[hub_node(b, s)] - price_[node]),
            {.from = &spread, .to = nullptr, .before = node});
  }
}

void SpanFlow::leave_hub(Node node) {
  const std::size_t b = (node - cells_) / sites_;
  const SiteIndex s = (node - cells_) % sites_;
  const double distance = distance_[node], sigma = price_[node];
  HubFlow& flow = hubs_[b];
  const Hub& hub = problem_.hubs[span_.first_hub + b];
  for (std::uint32_t t = flow.first; t < flow.past; ++t)
    reach(cell(t, s), distance + std::max(0.0, price_[cell(t, s)] - sigma),
          {.from = nullptr, .to = &flow.spread[(t - flow.first) * sites_ + s], .before = node});
  for (std::size_t j = 0; j < hub.deferrals.size(); ++j) {
    Units* given = &flow.given[j * sites_];
    if (given[s] == 0) continue;
    const DeferrableDemand& demand = problem_.deferrable[hub.deferrals[j].demand];
    const double here = demand.network[s] + sigma;
    for (const SiteIndex other : hub.sites)
      reach(hub_node(b, other),
            distance + std::max(0.0, demand.network[other] + price_[hub_node(b, other)] - here),
            {.from = &given[s], .to = &given[other], .before = node});
    reach_outside(distance + std::max(0.0, demand.unserved - here),
                  {.from = &given[s], .to = &flow.unserved[j], .before = node});
  }
}

// Whose work a cell could take over.
void SpanFlow::enter_cell(Node node) {
  const std::uint32_t t = node / sites_;
  const SiteIndex s = node % sites_;
  const double distance = distance_[node];
  Units* served = &served_[t * arcs_.arcs.size()];
  for (const std::uint32_t a : arcs_.at[s]) {
    const std::uint32_t i = arcs_.arcs[a].demand;
    const double here = arcs_.arcs[a].network + price_[node];
    for (std::uint32_t other = arcs_.first[i]; other < arcs_.first[i + 1]; ++other) {
      if (served[other] == 0) continue;
      const Node there = cell(t, arcs_.arcs[other].site);
      reach(there, distance + std::max(0.0, here - arcs_.arcs[other].network - price_[there]),
            {.from = &served[other], .to = &served[a], .before = node});
    }
    Units& unserved = unserved_[t * problem_.prompt.size() + i];
    if (unserved > 0)
      reach_outside(distance + std::max(0.0, here - problem_.prompt[i].unserved),
                    {.from = &unserved, .to = &served[a], .before = node});
  }
  for (const std::uint32_t b : hubs_at_[t])
    if (std::ranges::count(problem_.hubs[span_.first_hub + b].sites, s) != 0)
      reach(hub_node(b, s), distance + std::max(0.0, price_[node] - price_[hub_node(b, s)]),
            {.from = nullptr, .to = &hubs_[b].spread[(t - hubs_[b].first) * sites_ + s], .before = node});
}

void SpanFlow::enter_hub(Node node) {
  const std::size_t b = (node - cells_) / sites_;
  const SiteIndex s = (node - cells_) % sites_;
  const double distance = distance_[node], sigma = price_[node];
  HubFlow& flow = hubs_[b];
  const Hub& hub = problem_.hubs[span_.first_hub + b];
  for (std::uint32_t t = flow.first; t < flow.past; ++t) {
    Units& spread = flow.spread[(t - flow.first) * sites_ + s];
    if (spread > 0)
      reach(cell(t, s), distance + std::max(0.0, sigma - price_[cell(t, s)]),
            {.from = &spread, .to = nullptr, .before = node});
  }
  for (std::size_t j = 0; j < hub.deferrals.size(); ++j) {
    Units* given = &flow.given[j * sites_];
    const DeferrableDemand& demand = problem_.deferrable[hub.deferrals[j].demand];
    const double here = demand.network[s] + sigma;
    for (const SiteIndex other : hub.sites)
      if (given[other] > 0)
        reach(hub_node(b, other),
              distance + std::max(0.0, here - demand.network[other] - price_[hub_node(b, other)]),
              {.from = &given[other], .to = &given[s], .before = node});
    if (flow.unserved[j] > 0)
      reach_outside(distance + std::max(0.0, here - demand.unserved),
                    {.from = &flow.unserved[j], .to = &given[s], .before = node});
  }
}

// ---- ways

SpanFlow::Units SpanFlow::narrowest(Units most) const {
  const auto least = [&](const Step& step) {
    if (step.from != nullptr) most = std::min(most, *step.from);
    return step.before;
  };
  for (Node node = goal_.node == kOutside ? least(goal_.step) : goal_.node; node != source_;)
    node = least(step_[node]);
  return most;
}

void SpanFlow::move(Units units) {
  const auto take = [units](const Step& step) {
    if (step.from != nullptr) *step.from -= units;
    if (step.to != nullptr) *step.to += units;
    return step.before;
  };
  for (Node node = goal_.node == kOutside ? take(goal_.step) : goal_.node; node != source_;)
    node = take(step_[node]);
}

void SpanFlow::push_excess(Node from) {
  begin(from, Search::room_for_excess);
  for (Node node = from; settle(node);) node < cells_ ? leave_cell(node) : leave_hub(node);
  Units units = load_[from] - room_[from];
  if (goal_.node != kOutside) units = std::min(units, room_[goal_.node] - load_[goal_.node]);
  units = narrowest(units);
  move(units);
  load_[from] -= units;
  if (goal_.node != kOutside) load_[goal_.node] += units;
  for (const Node node : settled_) price_[node] += goal_.distance - distance_[node];
}

void SpanFlow::pull_load(Node to) {
  begin(to, Search::load_for_room);
  for (Node node = to; settle(node);) node < cells_ ? enter_cell(node) : enter_hub(node);
  if (goal_.node != to) {
    const Units units = narrowest(room_[to] - load_[to]);
    move(units);
    load_[to] += units;
    if (goal_.node != kOutside) load_[goal_.node] -= units;
  }
  for (const Node node : settled_) {
    price_[node] -= goal_.distance - distance_[node];
    if (node < cells_ && price_[node] - energy_[node] < kNothing * (1 + std::abs(energy_[node])))
      price_[node] = energy_[node];
  }
}

void SpanFlow::collect(Dispatch& out) const {
  const std::size_t first_cell = problem_.at(span_.first_hour, 0), demands = problem_.prompt.size();
  const double* energy = problem_.energy.data() + first_cell;
  for (Node c = 0; c < cells_; ++c) {
    const double load = static_cast<double>(load_[c]) * unit_;
    out.load[first_cell + c] = load;
    out.scarcity[first_cell + c] = price_[c] - energy_[c];
    out.cost += load * energy[c];
    for (std::size_t k = 0; k < out.cap_use.size(); ++k)
      out.cap_use[k] += load * problem_.caps[k].intensity[first_cell + c];
  }
  const auto leave = [&](Units units, double price) {
    const double kwh = static_cast<double>(units) * unit_;
    out.unserved_kwh += kwh;
    out.cost += kwh * price;
  };
  for (std::uint32_t t = 0; t < hours_; ++t) {
    for (std::size_t a = 0; a < arcs_.arcs.size(); ++a) {
      const PromptArcs::Arc& arc = arcs_.arcs[a];
      const double kw = static_cast<double>(served_[t * arcs_.arcs.size() + a]) * unit_;
      out.cost += kw * arc.network;
      out.prompt_kwh[std::size_t{arc.demand} * sites_ + arc.site] += kw;
    }
    for (std::size_t i = 0; i < demands; ++i) leave(unserved_[t * demands + i], problem_.prompt[i].unserved);
  }
  for (std::size_t b = 0; b < hubs_.size(); ++b) {
    const std::vector<Deferral>& deferrals = problem_.hubs[span_.first_hub + b].deferrals;
    for (std::size_t j = 0; j < deferrals.size(); ++j) {
      const DeferrableDemand& demand = problem_.deferrable[deferrals[j].demand];
      for (SiteIndex s = 0; s < sites_; ++s) {
        const double kwh = static_cast<double>(hubs_[b].given[j * sites_ + s]) * unit_;
        out.cost += kwh * demand.network[s];
        out.deferrable_kwh[std::size_t{deferrals[j].demand} * sites_ + s] += kwh;
      }
      leave(hubs_[b].unserved[j], demand.unserved);
    }
  }
}

}  // namespace hinterland
