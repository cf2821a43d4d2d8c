// Hazards: named events that take several sites at once.
#pragma once
#include <string>
#include <vector>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct Hazard {
  HazardId id;
  std::string name, name_zh;
  std::string kind;           // "ice", "drought", "flood", "earthquake" ...
  std::vector<SiteId> sites;  // the footprint
  double probability_per_year = 0;
  Hours duration;

  [[nodiscard]] bool takes(const SiteId& site) const;
};

Fields<Hazard> hazard_fields();

}  // namespace hinterland
