#include "hinterland/impact/inequality.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

namespace {

// x ln(x / y), and 0 at x = 0.
double relative_entropy(double x, double y) { return x > 0 ? x * std::log(x / y) : 0; }

std::vector<Holding> by_value(std::span<const Holding> places) {
  std::vector<Holding> sorted(places.begin(), places.end());
  std::ranges::sort(sorted, {}, &Holding::per_head);
  return sorted;
}

}  // namespace

std::vector<std::pair<double, double>> lorenz_curve(std::span<const Holding> places) {
  double weight = 0, total = 0;
  for (const Holding& one : places) {
    weight += one.weight;
    total += one.weight * one.per_head;
  }
  std::vector<std::pair<double, double>> points = {{0, 0}};
  double below = 0, held = 0;
  for (const Holding& one : by_value(places)) {
    below += one.weight;
    held += one.weight * one.per_head;
    points.emplace_back(below / weight, held / total);
  }
  points.back() = {1, 1};
  return points;
}

Inequality inequality_of(std::span<const Holding> places) {
  Inequality out;
  double total = 0;
  for (const Holding& one : places) {
    out.weight += one.weight;
    total += one.weight * one.per_head;
  }
  out.mean = total / out.weight;
  // A group of empty places: nobody has more than another.
  if (total == 0) return out;
  double square = 0, theil_l = 0;
  bool empty_place = false;
  for (const Holding& one : places) {
    const double w = one.weight / out.weight, s = one.weight * one.per_head / total;
    out.theil_t += relative_entropy(s, w);
    empty_place = empty_place || s == 0;
    theil_l += relative_entropy(w, s);
    square += w * (one.per_head / out.mean - 1) * (one.per_head / out.mean - 1);
  }
  if (!empty_place) out.theil_l = theil_l;
  out.cv = std::sqrt(square);
  const auto curve = lorenz_curve(places);
  double area = 0;  // twice the one below the curve
  for (std::size_t i = 1; i < curve.size(); ++i)
    area += (curve[i].first - curve[i - 1].first) * (curve[i].second + curve[i - 1].second);
  out.gini = 1 - area;
  return out;
}

Decomposition decompose(std::span<const Holding> places, std::span<const std::size_t> group_of,
                        std::size_t groups) {
  Decomposition out{.all = inequality_of(places)};
  std::vector<std::vector<Holding>> members(groups);
  for (std::size_t i = 0; i < places.size(); ++i) members[group_of[i]].push_back(places[i]);
  const double total = out.all.mean * out.all.weight;
  double between_l = 0, within_l = 0;
  const bool has_l = out.all.theil_l.has_value();
  for (const auto& group : members) {
    GroupPart part{.own = inequality_of(group)};
    part.weight_share = part.own.weight / out.all.weight;
    part.total_share = part.own.mean * part.own.weight / total;
    out.between_t += relative_entropy(part.total_share, part.weight_share);
    out.within_t += part.total_share * part.own.theil_t;
    if (has_l) {
      between_l += relative_entropy(part.weight_share, part.total_share);
      within_l += part.weight_share * *part.own.theil_l;
    }
    out.groups.push_back(part);
  }
  if (has_l) {
    out.between_l = between_l;
    out.within_l = within_l;
  }
  return out;
}

}  // namespace hinterland
