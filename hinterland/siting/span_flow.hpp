// One span of hours as a minimum-cost flow: prompt demands to cells of their hour, deferrals through hubs to cells of
// their window; a cell is a site in an hour, and takes what its capacity allows.
//
// Invariant (complementary slackness at prices lambda >= 0 of cells): each unit of flow takes a cheapest way at prices
// energy + lambda + network. Any lambda has such a flow; what remains wrong is
//   (a) cells above their capacity            -> push the excess along a cheapest way to a cell with room; prices on the
//                                                way rise by what the way lacks to that cost;
//   (b) cells with lambda > 0 but with room   -> pull load along a cheapest way from where it costs most; prices fall.
// Each push or pull is one Dijkstra over reduced costs (never negative, by the invariant) that stops at its goal, so
// that prices which are nearly right cost little to mend. Of ways that cost the same it takes one of fewest
// steps (Edmonds & Karp): by any others it would end too, flows being whole numbers, but perhaps by one push a unit.
// Ahuja, Magnanti & Orlin, Network Flows (1993), 9.7 (successive shortest paths), 7.4 (shortest augmenting paths).
#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <vector>

#include "hinterland/siting/demand_flow.hpp"
#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

struct Span {
  std::uint32_t first_hour, past_hour;
  std::size_t first_hub, past_hub;
};

class SpanFlow {
 public:
  // `energy` [hour x sites + site], on the grid, is what choosing looks at; `unit` kW are one whole number.
  SpanFlow(const SitingProblem& problem, const CostGrid& grid, const DemandCosts& prompt, const Span& span,
           const std::vector<double>& energy, const std::vector<double>& capacity, double unit);

  // From prices [hour x sites + site] of the whole problem (or none) to the optimum.
  void solve(const std::vector<double>& scarcity);

  // Adds cost and flows of the span to `out`, and writes its loads and prices.
  void collect(Dispatch& out) const;

 private:
  using Units = DemandFlow::Units;
  using Node = std::uint32_t;
  static constexpr Node kOutside = 0xffffffff;  // where work is that nobody serves
  struct HubFlow {
    std::uint32_t first, past;  // local hours
    std::vector<Units> spread;  // [hour in window x sites + site]
    DemandFlow given;           // of deferrals to sites
    std::vector<bool> may;      // [site]
  };
  struct Length {  // of a way: what it costs, then how many steps it has
    double cost = std::numeric_limits<double>::infinity();
    std::uint32_t steps = 0;
    auto operator<=>(const Length&) const = default;
  };
  // Part of a way: what it takes from one counter and adds to another; either may be absent.
  struct Change {
    Units* from = nullptr;
    Units* to = nullptr;
  };

  Node cell(std::uint32_t hour, SiteIndex site) const { return hour * sites_ + site; }
  Node hub_node(std::size_t hub, SiteIndex site) const {
    return static_cast<Node>(cells_ + hub * sites_ + site);
  }
  void level();
  void price_closed();
  void assign();
  void spread(std::size_t hub, SiteIndex site);
  void push_excess(Node from);
  void pull_load(Node to);

  enum class Search : std::uint8_t { room_for_excess, load_for_room };
  void begin(Node source, Search search);
  bool settle(Node& node);
  Length step(Node from, double reduced_cost) const;
  void enter(Node node, const Length& length, Node before);
  void reach(Node node, double reduced_cost, Node before);
  void reach_outside(double reduced_cost, Node before);
  void leave_cell(Node node);
  void leave_hub(Node node);
  void enter_cell(Node node);
  void enter_hub(Node node);
  Units& spread_of(Node hub, Node cell);
  Change change(Node before, Node node);
  Units move(Units most);

  const SitingProblem& problem_;
  const CostGrid& grid_;
  const DemandCosts& prompt_;
  const Span span_;
  const double unit_;
  const std::uint32_t sites_, hours_;
  const Node cells_;
  const double* energy_;            // of the span's first hour
  std::vector<double> price_;       // [node] energy + lambda of a cell; sigma of a hub's site
  std::vector<Units> room_, load_;  // [cell]
  std::vector<DemandFlow> served_;  // [hour]
  std::vector<DemandCosts> hub_costs_;
  std::vector<HubFlow> hubs_;
  std::vector<std::vector<std::uint32_t>> hubs_at_;  // [hour] the hubs whose window holds it

  // One Dijkstra.
  struct Waiting {
    Length length;
    Node node = 0;
    auto operator<=>(const Waiting&) const = default;
  };
  std::vector<Length> length_;  // [node]
  std::vector<std::uint32_t> seen_in_;
  std::uint32_t search_ = 0;
  Search direction_ = Search::room_for_excess;
  std::vector<Node> before_;      // [node] where it was reached from
  std::vector<Waiting> waiting_;  // a heap
  std::vector<Node> settled_;
  Node source_ = 0;
  struct Goal {
    Length length;
    Node node = kOutside;
    Node before = kOutside;  // of one outside
  };
  Goal goal_;
  std::vector<Change> way_;
};

}  // namespace hinterland
