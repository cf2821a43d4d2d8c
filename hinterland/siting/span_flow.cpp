#include "hinterland/siting/span_flow.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace hinterland {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr double kNoise = 3e-3;  // of a price: what prices we begin with may be wrong by

}  // namespace

SpanFlow::SpanFlow(const SitingProblem& problem, const CostGrid& grid, const DemandCosts& prompt,
                   const Span& span, const std::vector<double>& energy, const std::vector<double>& capacity,
                   double unit)
    : problem_(problem),
      grid_(grid),
      prompt_(prompt),
      span_(span),
      unit_(unit),
      sites_(problem.sites),
      hours_(span.past_hour - span.first_hour),
      cells_(hours_ * problem.sites),
      energy_(energy.data() + problem.at(span.first_hour, 0)),
      room_(cells_),
      load_(cells_),
      served_(hours_, DemandFlow(prompt)),
      hubs_at_(hours_) {
  const std::size_t first_cell = problem.at(span.first_hour, 0);
  for (Node c = 0; c < cells_; ++c) {
    room_[c] = static_cast<Units>(std::floor(problem.room(first_cell + c, capacity[c % sites_]) / unit));
  }
  // All of them first: flows keep pointers to them.
  for (std::size_t b = span.first_hub; b < span.past_hub; ++b)
    hub_costs_.emplace_back(problem, problem.hubs[b], grid);
  for (std::size_t b = span.first_hub; b < span.past_hub; ++b) {
    const Hub& hub = problem.hubs[b];
    HubFlow flow{.first = hub.first_hour - span.first_hour,
                 .past = hub.past_hour - span.first_hour,
                 .spread = {},
                 .given = DemandFlow(hub_costs_[b - span.first_hub]),
                 .may = std::vector<bool>(sites_)};
    for (const SiteIndex s : hub.sites) flow.may[s] = true;
    flow.spread.resize(std::size_t{flow.past - flow.first} * sites_);
    for (std::uint32_t t = flow.first; t < flow.past; ++t)
      hubs_at_[t].push_back(static_cast<std::uint32_t>(hubs_.size()));
    hubs_.push_back(std::move(flow));
  }
  const std::size_t nodes = cells_ + hubs_.size() * sites_;
  price_.resize(nodes);
  length_.resize(nodes);
  seen_in_.resize(nodes);
  before_.resize(nodes);
}

void SpanFlow::solve(const std::vector<double>& scarcity) {
  const std::size_t first_cell = problem_.at(span_.first_hour, 0);
  for (Node c = 0; c < cells_; ++c) {
    const double lambda = scarcity.empty() ? 0 : scarcity[first_cell + c];
    price_[c] = energy_[c];
    if (lambda > kNoise * std::abs(energy_[c])) price_[c] += grid_(std::min(lambda, grid_.most()));
    if (room_[c] == 0) price_[c] = grid_.beyond_all();  // while it would only be in the way
  }
  level();
  assign();
  for (Node c = 0; c < cells_; ++c)
    while (load_[c] > room_[c]) push_excess(c);
  for (Node c = 0; c < cells_; ++c)
    while (load_[c] < room_[c] && price_[c] > energy_[c]) pull_load(c);
  price_closed();
}

// Cells without room: the smallest prices at which nobody would rather be there.
void SpanFlow::price_closed() {
  std::vector<double> least(cells_, -kFar), at_site(sites_);
  const auto raise = [&](const DemandCosts& costs, const double* price) {
    std::ranges::fill(at_site, -kFar);
    for (std::uint32_t i = 0; i < costs.demands; ++i) {
      double pays = costs.at(i, costs.unserved());
      for (SiteIndex s = 0; s < sites_; ++s) pays = std::min(pays, costs.at(i, s) + price[s]);
      for (SiteIndex s = 0; s < sites_; ++s) at_site[s] = std::max(at_site[s], pays - costs.at(i, s));
    }
  };
  for (std::uint32_t t = 0; t < hours_; ++t) {
    raise(prompt_, &price_[cell(t, 0)]);
    std::ranges::copy(at_site, least.begin() + cell(t, 0));
  }
  for (std::size_t b = 0; b < hubs_.size(); ++b) {
    raise(hub_costs_[b], &price_[hub_node(b, 0)]);
    for (std::uint32_t t = hubs_[b].first; t < hubs_[b].past; ++t)
      for (SiteIndex s = 0; s < sites_; ++s) least[cell(t, s)] = std::max(least[cell(t, s)], at_site[s]);
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
  const auto cheapest = [&](const DemandCosts& costs, std::uint32_t demand, const double* price) {
    std::uint32_t place = costs.unserved();
    double least = costs.at(demand, place);
    for (SiteIndex s = 0; s < sites_; ++s)
      if (const double pays = costs.at(demand, s) + price[s]; pays < least) {
        least = pays;
        place = s;
      }
    return place;
  };
  const auto units = [&](double kwh) { return static_cast<Units>(std::llround(kwh / unit_)); };
  for (std::uint32_t t = 0; t < hours_; ++t)
    for (std::uint32_t i = 0; i < prompt_.demands; ++i) {
      const std::uint32_t place = cheapest(prompt_, i, &price_[cell(t, 0)]);
      const Units all = units(problem_.prompt_kw[std::size_t{span_.first_hour + t} * prompt_.demands + i]);
      served_[t].at(i, place) = all;
      if (place != prompt_.unserved()) load_[cell(t, place)] += all;
    }
  for (std::size_t b = 0; b < hubs_.size(); ++b) {
    const Hub& hub = problem_.hubs[span_.first_hub + b];
    HubFlow& flow = hubs_[b];
    for (const SiteIndex s : hub.sites) {
      double& sigma = price_[hub_node(b, s)] = kFar;
      for (std::uint32_t t = flow.first; t < flow.past; ++t) sigma = std::min(sigma, price_[cell(t, s)]);
    }
    for (std::uint32_t j = 0; j < hub.deferrals.size(); ++j)
      flow.given.at(j, cheapest(hub_costs_[b], j, &price_[hub_node(b, 0)])) = units(hub.deferrals[j].kwh);
    for (const SiteIndex s : hub.sites) spread(b, s);
  }
}

// What a hub was given, over its cheapest hours: as far as there is room, and the rest anywhere.
void SpanFlow::spread(std::size_t hub, SiteIndex site) {
  HubFlow& flow = hubs_[hub];
  Units left = 0;
  for (std::uint32_t j = 0; j < hub_costs_[hub].demands; ++j) left += flow.given.at(j, site);
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
  enter(source, {.cost = 0}, source);
}

SpanFlow::Length SpanFlow::step(Node from, double reduced_cost) const {
  return {.cost = length_[from].cost + reduced_cost, .steps = length_[from].steps + 1};
}

void SpanFlow::reach(Node node, double reduced_cost, Node before) {
  enter(node, step(before, reduced_cost), before);
}

void SpanFlow::enter(Node node, const Length& length, Node before) {
  if (length >= goal_.length || (seen_in_[node] == search_ && length_[node] <= length)) return;
  seen_in_[node] = search_;
  length_[node] = length;
  before_[node] = before;
  if (node < cells_) {
    if (direction_ == Search::room_for_excess) {
      if (load_[node] < room_[node]) {
        goal_ = {.length = length, .node = node};
        return;
      }
    } else {
      // A cell can give what it has at the price of its own capacity; the source itself gives up its price.
      const Length with_price{.cost = length.cost + price_[node] - energy_[node], .steps = length.steps};
      if (with_price < goal_.length) goal_ = {.length = with_price, .node = node};
    }
  }
  waiting_.push_back({.length = length, .node = node});
  std::ranges::push_heap(waiting_, std::greater<>());
}

// Work that nobody serves, as the end of a way.
void SpanFlow::reach_outside(double reduced_cost, Node before) {
  if (const Length length = step(before, reduced_cost); length < goal_.length)
    goal_ = {.length = length, .node = kOutside, .before = before};
}

// The nearest node that waits; none once the goal is as near.
bool SpanFlow::settle(Node& node) {
  while (!waiting_.empty() && waiting_.front().length < goal_.length) {
    const Waiting next = waiting_.front();
    std::ranges::pop_heap(waiting_, std::greater<>());
    waiting_.pop_back();
    if (next.length > length_[next.node]) continue;  // reached a shorter way since
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
  const double here = price_[node];
  const double* least = served_[t].leaving(s);
  for (SiteIndex other = 0; other < sites_; ++other)
    reach(cell(t, other), least[other] + price_[cell(t, other)] - here, node);
  reach_outside(least[sites_] - here, node);
  for (const std::uint32_t b : hubs_at_[t])
    if (spread_of(hub_node(b, s), node) > 0) reach(hub_node(b, s), price_[hub_node(b, s)] - here, node);
}

void SpanFlow::leave_hub(Node node) {
  const std::size_t b = (node - cells_) / sites_;
  const SiteIndex s = (node - cells_) % sites_;
  const double sigma = price_[node];
  HubFlow& flow = hubs_[b];
  for (std::uint32_t t = flow.first; t < flow.past; ++t) reach(cell(t, s), price_[cell(t, s)] - sigma, node);
  const double* least = flow.given.leaving(s);
  for (const SiteIndex other : problem_.hubs[span_.first_hub + b].sites)
    reach(hub_node(b, other), least[other] + price_[hub_node(b, other)] - sigma, node);
  reach_outside(least[sites_] - sigma, node);
}

// Whose work a cell could take over.
void SpanFlow::enter_cell(Node node) {
  const std::uint32_t t = node / sites_;
  const SiteIndex s = node % sites_;
  const double here = price_[node];
  DemandFlow& served = served_[t];
  for (SiteIndex other = 0; other < sites_; ++other)
    reach(cell(t, other), here + served.least(other, s) - price_[cell(t, other)], node);
  reach_outside(here + served.least(sites_, s), node);
  for (const std::uint32_t b : hubs_at_[t])
    if (hubs_[b].may[s]) reach(hub_node(b, s), here - price_[hub_node(b, s)], node);
}

void SpanFlow::enter_hub(Node node) {
  const std::size_t b = (node - cells_) / sites_;
  const SiteIndex s = (node - cells_) % sites_;
  const double sigma = price_[node];
  HubFlow& flow = hubs_[b];
  for (std::uint32_t t = flow.first; t < flow.past; ++t)
    if (spread_of(node, cell(t, s)) > 0) reach(cell(t, s), sigma - price_[cell(t, s)], node);
  for (const SiteIndex other : problem_.hubs[span_.first_hub + b].sites)
    reach(hub_node(b, other), sigma + flow.given.least(other, s) - price_[hub_node(b, other)], node);
  reach_outside(sigma + flow.given.least(sites_, s), node);
}

// ---- ways

SpanFlow::Units& SpanFlow::spread_of(Node hub, Node cell) {
  HubFlow& flow = hubs_[(hub - cells_) / sites_];
  return flow.spread[(cell / sites_ - flow.first) * sites_ + cell % sites_];
}

// What a step of a way changes, as the search saw it; the places it touches count as changed from here on.
SpanFlow::Change SpanFlow::change(Node before, Node node) {
  const bool push = direction_ == Search::room_for_excess;
  const Node from = push ? before : node, to = push ? node : before;
  const bool from_hub = from != kOutside && from >= cells_, to_hub = to != kOutside && to >= cells_;
  const Node inside = from == kOutside ? to : from;
  if (from != kOutside && to != kOutside && from_hub != to_hub)
    return from_hub ? Change{.to = &spread_of(from, to)} : Change{.from = &spread_of(to, from)};
  DemandFlow& flow = inside < cells_ ? served_[inside / sites_] : hubs_[(inside - cells_) / sites_].given;
  const auto place = [&](Node at) {
    return at == kOutside ? sites_ : (at < cells_ ? at : at - cells_) % sites_;
  };
  const std::uint32_t who = flow.who(place(from), place(to));
  flow.touch(place(from));
  flow.touch(place(to));
  return {.from = &flow.at(who, place(from)), .to = &flow.at(who, place(to))};
}

// As much as the way found lets through, at most `most`.
SpanFlow::Units SpanFlow::move(Units most) {
  way_.clear();
  if (goal_.node == kOutside) way_.push_back(change(goal_.before, kOutside));
  for (Node node = goal_.node == kOutside ? goal_.before : goal_.node; node != source_; node = before_[node])
    way_.push_back(change(before_[node], node));
  for (const Change& part : way_)
    if (part.from != nullptr) most = std::min(most, *part.from);
  for (const Change& part : way_) {
    if (part.from != nullptr) *part.from -= most;
    if (part.to != nullptr) *part.to += most;
  }
  return most;
}

void SpanFlow::push_excess(Node from) {
  begin(from, Search::room_for_excess);
  for (Node node = from; settle(node);) node < cells_ ? leave_cell(node) : leave_hub(node);
  Units units = load_[from] - room_[from];
  if (goal_.node != kOutside) units = std::min(units, room_[goal_.node] - load_[goal_.node]);
  units = move(units);
  load_[from] -= units;
  if (goal_.node != kOutside) load_[goal_.node] += units;
  for (const Node node : settled_) price_[node] += goal_.length.cost - length_[node].cost;
}

void SpanFlow::pull_load(Node to) {
  begin(to, Search::load_for_room);
  for (Node node = to; settle(node);) node < cells_ ? enter_cell(node) : enter_hub(node);
  if (goal_.node != to) {
    const Units units = move(room_[to] - load_[to]);
    load_[to] += units;
    if (goal_.node != kOutside) load_[goal_.node] -= units;
  }
  for (const Node node : settled_) price_[node] -= goal_.length.cost - length_[node].cost;
}

void SpanFlow::collect(Dispatch& out) const {
  const std::size_t first_cell = problem_.at(span_.first_hour, 0);
  const double* energy = problem_.energy.data() + first_cell;
  for (Node c = 0; c < cells_; ++c) {
    const double load = static_cast<double>(load_[c]) * unit_;
    out.load[first_cell + c] = load;
    out.scarcity[first_cell + c] = price_[c] - energy_[c];
    out.cost += load * energy[c];
    for (std::size_t k = 0; k < out.cap_use.size(); ++k)
      out.cap_use[k] += load * problem_.caps[k].intensity[first_cell + c];
  }
  const auto add = [&](const DemandCosts& costs, const DemandFlow& flow, auto total) {
    for (std::uint32_t i = 0; i < costs.demands; ++i)
      for (std::uint32_t place = 0; place < costs.places; ++place) {
        if (flow.at(i, place) == 0) continue;
        const double kwh = static_cast<double>(flow.at(i, place)) * unit_;
        out.cost += kwh * costs.paid(i, place);
        (place == costs.unserved() ? out.unserved_kwh : total(i)[place]) += kwh;
      }
  };
  for (const DemandFlow& flow : served_)
    add(prompt_, flow, [&](std::size_t i) { return &out.prompt_kwh[i * sites_]; });
  for (std::size_t b = 0; b < hubs_.size(); ++b) {
    const std::vector<Deferral>& deferrals = problem_.hubs[span_.first_hub + b].deferrals;
    add(hub_costs_[b], hubs_[b].given,
        [&](std::size_t j) { return &out.deferrable_kwh[std::size_t{deferrals[j].demand} * sites_]; });
  }
}

}  // namespace hinterland
