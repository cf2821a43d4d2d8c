// Which of the figures that were drawn at once a result follows: the correlation of ranks over the draws.
//
//   rho = correlation of rank(x_i) and rank(y_i) over draws i, ties at their mean rank          (Spearman 1904)
//
// 1: the result rises whenever the figure does, -1: it falls; near 0: it hangs on others. Figures that mean nothing have rho
// about 0 with deviation 1 / sqrt(n) over n draws; more than a hundred are drawn, so less than 3.5 of these is left out.
#pragma once
#include <string>
#include <vector>

#include "hinterland/impact/dials.hpp"

namespace hinterland {

struct Driver {
  std::string figure;  // supply_chains.china.final_weight
  double low = 0, central = 0, high = 0;
  double correlation = 0;
};

inline constexpr std::size_t kDriversTold = 8, kLeastDrawsToRank = 50;

// Of as many values each, at least two; 0 where one of them does not vary.
double rank_correlation(const std::vector<double>& x, const std::vector<double>& y);

// The strongest first, at most kDriversTold; none of fewer than kLeastDrawsToRank draws. `draws`: those that `results` are of.
template <class Model>
std::vector<Driver> drivers_of(const Dials<Model>& dials, const std::vector<std::size_t>& draws,
                               const std::vector<double>& results);

// Of all drivers of so many draws, those that mean something; the strongest first.
std::vector<Driver> strongest(std::vector<Driver> all, std::size_t draws);

template <class Model>
std::vector<Driver> drivers_of(const Dials<Model>& dials, const std::vector<std::size_t>& draws,
                               const std::vector<double>& results) {
  std::vector<Driver> all;
  if (draws.size() < kLeastDrawsToRank) return all;
  std::vector<double> values(draws.size());
  for (std::size_t at = 0; at < dials.drawn_count(); ++at) {
    for (std::size_t i = 0; i < draws.size(); ++i) values[i] = dials.drawn_value(draws[i], at);
    const Dial& dial = dials.drawn_dial(at);
    all.push_back({.figure = dial.name,
                   .low = dial.cited->low,
                   .central = dial.cited->central,
                   .high = dial.cited->high,
                   .correlation = rank_correlation(values, results)});
  }
  return strongest(std::move(all), draws.size());
}

}  // namespace hinterland
