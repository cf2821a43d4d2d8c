#include "hinterland/impact/series_break.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "hinterland/impact/inequality.hpp"

namespace hinterland {

namespace {

constexpr const char* kBreakFigures = "accounts-break";

SeriesBreak break_between(const Atlas& atlas, int before, int from) {
  SeriesBreak out{.before = before, .from = from};
  double earlier = 0, later = 0;
  for (const Region& region : atlas.regions) {
    const double one = account_of(atlas, region.id, before)->gdp_1e8,
                 two = account_of(atlas, region.id, from)->gdp_1e8;
    earlier += one;
    later += two;
    out.rises.push_back({.name = region.name, .name_zh = region.name_zh, .rise = two / one - 1});
  }
  out.rise = later / earlier - 1;
  std::ranges::stable_sort(out.rises, std::greater{}, &BreakRise::rise);
  std::vector<Holding> even;
  for (const Region& region : atlas.regions) {
    const double people = account_of(atlas, region.id, from)->people();
    const double gdp = account_of(atlas, region.id, before)->gdp().value * (1 + out.rise);
    even.push_back({.weight = people, .per_head = gdp / people});
  }
  out.even_theil_t = inequality_of(even).theil_t;
  return out;
}

}  // namespace

std::vector<SeriesBreak> series_breaks(const Atlas& atlas, const std::vector<int>& years) {
  std::set<int> first_years;
  for (const PublishedFigure& one : atlas.figures) {
    if (one.id.text.starts_with(kBreakFigures) && one.value)
      first_years.insert(static_cast<int>(std::lround(*one.value)));
  }
  std::vector<SeriesBreak> out;
  for (const int from : first_years) {
    const auto later = std::ranges::lower_bound(years, from);
    if (later == years.begin() || later == years.end()) continue;
    out.push_back(break_between(atlas, *std::prev(later), *later));
  }
  return out;
}

}  // namespace hinterland
