// Who of a set of demands is served where, and the cheapest move of one unit of it from one place to another:
//
//     least(p, q) = min over the demands i that have flow at p of cost[i, q] - cost[i, p]
//
// Places are the sites and, after them, being left unserved. A shortest path over places so looks at one number a pair
// of places and not at each demand. A row p is worked out when it is asked for, if flow came to p or left it.
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

// Money a kWh as a multiple of a power of two, 2^-48 of what the largest is: sums and differences of such numbers are
// exact, so that ways which cost the same are seen to.
class CostGrid {
 public:
  // Everything that a kWh may cost, `energy` among it.
  CostGrid(const SitingProblem& problem, const std::vector<double>& energy);
  double operator()(double money) const { return std::nearbyint(money / step_) * step_; }
  double most() const { return most_; }            // at least what any of it costs
  double beyond_all() const { return 8 * most_; }  // more than any way costs

 private:
  double step_, most_;
};

struct DemandCosts {
  DemandCosts(const SitingProblem& problem,
              const CostGrid& grid);  // of the prompt demands, the same in each hour
  DemandCosts(const SitingProblem& problem, const Hub& hub, const CostGrid& grid);

  std::uint32_t unserved() const { return places - 1; }  // the place
  double at(std::uint32_t demand, std::uint32_t place) const {
    return money[std::size_t{demand} * places + place];
  }
  double paid(std::uint32_t demand, std::uint32_t place) const {
    return exact[std::size_t{demand} * places + place];
  }

  std::uint32_t demands, places;
  std::vector<double> exact;  // [demand x places + place] a kWh; infinite where a demand may not go
  std::vector<double> money;  // the same on the grid: what choosing looks at
};

class DemandFlow {
 public:
  using Units = std::int64_t;

  explicit DemandFlow(const DemandCosts& costs);

  Units at(std::uint32_t demand, std::uint32_t place) const { return units_[index(demand, place)]; }
  // What a move takes from or adds to; whoever changes it says touch(place).
  Units& at(std::uint32_t demand, std::uint32_t place) { return units_[index(demand, place)]; }
  void touch(std::uint32_t place) { fresh_[place] = 0; }

  // [place] least(from, place); infinite where nobody at `from` could go.
  const double* leaving(std::uint32_t from) {
    if (fresh_[from] == 0) freshen(from);
    return &least_[std::size_t{from} * costs_->places];
  }
  double least(std::uint32_t from, std::uint32_t to) { return leaving(from)[to]; }
  std::uint32_t who(std::uint32_t from, std::uint32_t to) const {  // moves for least(from, to)
    return who_[std::size_t{from} * costs_->places + to];
  }

 private:
  std::size_t index(std::uint32_t demand, std::uint32_t place) const {
    return std::size_t{place} * costs_->demands + demand;
  }
  void freshen(std::uint32_t from);

  const DemandCosts* costs_;
  std::vector<Units> units_;          // [place x demands + demand]
  std::vector<double> least_;         // [place x places + place]
  std::vector<std::uint32_t> who_;    // the same
  std::vector<unsigned char> fresh_;  // [place]
};

}  // namespace hinterland
