// What does not fill a site, grouped: a row for each class and reason, not one for each pair.
#pragma once
#include <string>
#include <vector>

#include "hinterland/judge/fill.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Refused pairs of one class by one obstacle.
struct RefusedClass {
  const Workload* workload = nullptr;
  Obstacle obstacle = Obstacle::none;
  std::vector<const Region*> regions;
  std::vector<std::string> missing;   // certifications that the site lacks
  const FillPair* example = nullptr;  // the nearest home's
};
std::vector<RefusedClass> refusals(const Fill& fill);

// Tables of what pays nothing, of what has no ceiling, and of what is refused; none where there is nothing to list.
std::vector<TableBlock> fill_others(const Atlas& atlas, const Fill& fill);

}  // namespace hinterland
