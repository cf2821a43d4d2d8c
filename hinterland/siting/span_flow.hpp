// One span of hours as a minimum-cost flow: prompt demands to cells of their hour, deferrals through hubs to cells of
// their window; a cell is a site in an hour, and takes what its capacity allows.
//
// Invariant (complementary slackness at prices lambda >= 0 of cells): each unit of flow takes a cheapest way at prices
// energy + lambda + network. Any lambda has such a flow; what remains wrong is
//   (a) cells above their capacity            -> push the excess along a cheapest way to a cell with room; prices on the
//                                                way rise by what the way lacks to that cost;
//   (b) cells with lambda > 0 but with room   -> pull load along a cheapest way from where it costs most; prices fall.
// Each push or pull is one Dijkstra over reduced costs (never negative, by the invariant) that stops at its goal, so
// that prices which are nearly right cost little to mend. All flows are whole numbers: each step moves at least one
// unit, and it ends.  Ahuja, Magnanti & Orlin, Network Flows (1993), 9.7 (successive shortest paths).
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

// The arcs of the prompt demands, the same in each hour.
struct PromptArcs {
  explicit PromptArcs(const SitingProblem& problem);

  struct Arc {
    std::uint32_t demand;
    SiteIndex site;
    double network;
  };
  std::vector<Arc> arcs;                       // by demand
  std::vector<std::uint32_t> first;            // [demand + 1] into arcs
  std::vector<std::vector<std::uint32_t>> at;  // [site] the arcs that lead there
};

struct Span {
  std::uint32_t first_hour, past_hour;
  std::size_t first_hub, past_hub;
};

class SpanFlow {
 public:
  // `energy` [hour x sites + site] is what choosing looks at; `unit` kW are one whole number.
  SpanFlow(const SitingProblem& problem, const PromptArcs& arcs, const Span& span,
           const std::vector<double>& energy, const std::vector<double>& capacity, double unit);

  // From prices [hour x sites + site] of the whole problem (or none) to the optimum.
  void solve(const std::vector<double>& scarcity);

  // Adds cost and flows of the span to `out`, and writes its loads and prices.
  void collect(Dispatch& out) const;

 private:
  using Units = std::int64_t;
  using Node = std::uint32_t;
  static constexpr Node kOutside = 0xffffffff;
  // A step of a way: what it takes from one counter and adds to another; either may be absent.
  struct Step {
    Units* from = nullptr;
    Units* to = nullptr;
    Node before = 0;
  };
  struct HubFlow {
    std::uint32_t first, past;    // local hours
    std::vector<Units> spread;    // [hour in window x sites + site]
    std::vector<Units> given;     // [deferral x sites + site]
    std::vector<Units> unserved;  // [deferral]
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
  void reach(Node node, double distance, const Step& step);
  void reach_outside(double distance, const Step& step);
  void leave_cell(Node node);
  void leave_hub(Node node);
  void enter_cell(Node node);
  void enter_hub(Node node);
  Units narrowest(Units most) const;
  void move(Units units);

  const SitingProblem& problem_;
  const PromptArcs& arcs_;
  const Span span_;
  const double unit_;
  const std::uint32_t sites_, hours_;
  const Node cells_;
  const double* energy_;            // of the span's first hour
  std::vector<double> price_;       // [node] energy + lambda of a cell; sigma of a hub's site
  std::vector<Units> room_, load_;  // [cell]
  std::vector<Units> served_;       // [hour x arcs + arc]
  std::vector<Units> unserved_;     // [hour x demands + demand]
  std::vector<HubFlow> hubs_;
  std::vector<std::vector<std::uint32_t>> hubs_at_;  // [hour] the hubs whose window holds it

  // One Dijkstra.
  struct Waiting {
    double distance;
    Node node;
    bool operator>(const Waiting& other) const {
      return distance != other.distance ? distance > other.distance : node > other.node;
    }
  };
  std::vector<double> distance_;
  std::vector<std::uint32_t> seen_in_;
  std::uint32_t search_ = 0;
  Search direction_ = Search::room_for_excess;
  std::vector<Step> step_;        // [node] how it was reached
  std::vector<Waiting> waiting_;  // a heap
  std::vector<Node> settled_;
  Node source_ = 0;
  struct Goal {
    double distance = std::numeric_limits<double>::infinity();
    Node node = kOutside;
    Step step;  // the last one, if it ends outside: in work that nobody serves
  };
  Goal goal_;
};

}  // namespace hinterland
