#include "hinterland/judge/flips.hpp"

#include <algorithm>

#include "hinterland/base/edge.hpp"

namespace hinterland {

namespace {

// Points a side: inside the cited range, and beyond it.
constexpr int kCitedPoints = 4, kFarPoints = 8;

std::vector<double> points_towards(const Dial& dial, bool up) {
  const double bound = up ? dial.most : dial.least;
  if (!dial.cited) return scan_points(dial.central, bound, kFarPoints);
  const double end = up ? dial.cited->high : dial.cited->low;
  std::vector<double> points = scan_points(dial.central, end, kCitedPoints);
  const std::vector<double> beyond = scan_points(end, bound, kFarPoints);
  points.insert(points.end(), beyond.begin(), beyond.end());
  return points;
}

bool is_cited(const Dial& dial, double value) {
  return dial.cited && value >= dial.cited->low && value <= dial.cited->high;
}

bool same_quote(const Quote& a, const Quote& b) {
  return a.obstacle == b.obstacle && a.price.total() == b.price.total();
}

bool is_read(WorkingCopy& copy, std::size_t index) {
  const Dial& dial = copy.dials()[index];
  const std::vector<Quote> before(copy.quotes().begin(), copy.quotes().end());
  std::vector<double> ends = {dial.least, dial.most};
  if (dial.cited) ends.insert(ends.end(), {dial.cited->low, dial.cited->high});
  const bool read = std::ranges::any_of(ends, [&](double end) {
    copy.turn(index, end);
    copy.ask();
    return !std::ranges::equal(before, copy.quotes(), same_quote);
  });
  copy.turn_back(index);
  copy.ask();
  return read;
}

// One side: away from the central value until the answer changes.
class Search {
 public:
  Search(WorkingCopy& copy, std::size_t dial, const Reply& standing)
      : copy_(copy), index_(dial), dial_(copy.dials()[dial]), standing_(standing) {}

  void search(bool up, std::optional<Flip>& answer, std::optional<Flip>& elsewhere) {
    double before = dial_.central;
    for (const double point : points_towards(dial_, up)) {
      const Reply here = at(point);
      if (!elsewhere && !same_place(here)) {
        const Flip flip = narrow(before, point, [this](const Reply& one) { return same_place(one); });
        if (flip.answer != standing_.answer) {
          answer = flip;  // it changes before it moves elsewhere
          return;
        }
        elsewhere = flip;
      }
      if (here.answer != standing_.answer) {
        answer = narrow(before, point, [this](const Reply& one) { return one.answer == standing_.answer; });
        return;
      }
      before = point;
    }
  }

 private:
  Reply at(double value) {
    copy_.turn(index_, value);
    return copy_.ask();
  }
  [[nodiscard]] bool same_place(const Reply& reply) const {
    return reply.answer == standing_.answer && reply.destination() == standing_.destination();
  }
  template <class Same>
  Flip narrow(double is_same, double is_other, const Same& same) {
    const Edge edge = narrow_edge(is_same, is_other, [&](double value) { return same(at(value)); });
    const Reply then = at(edge.first_other);
    return {.at = edge.first_other,
            .answer = then.answer,
            .destination = then.destination(),
            .cited = is_cited(dial_, edge.first_other)};
  }

  WorkingCopy& copy_;
  std::size_t index_;
  const Dial& dial_;
  const Reply& standing_;
};

}  // namespace

Flips flips_of(WorkingCopy& copy, std::size_t dial, const Reply& standing) {
  Flips flips;
  flips.read = is_read(copy, dial);
  if (!flips.read) return flips;
  Search search(copy, dial, standing);
  search.search(false, flips.below, flips.elsewhere_below);
  search.search(true, flips.above, flips.elsewhere_above);
  copy.turn_back(dial);
  copy.ask();
  return flips;
}

}  // namespace hinterland
