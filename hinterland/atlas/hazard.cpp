#include "hinterland/atlas/hazard.hpp"

#include <algorithm>

namespace hinterland {

bool Hazard::takes(const SiteId& site) const { return std::ranges::find(sites, site) != sites.end(); }

Fields<Hazard> hazard_fields() {
  return {
      field("id", &Hazard::id).naming().documented("short name of the event"),
      field("name", &Hazard::name).naming().documented("English name"),
      field("name_zh", &Hazard::name_zh).naming().documented("Chinese name"),
      field("kind", &Hazard::kind).documented("what it is: ice, drought, flood, earthquake ..."),
      field("sites", &Hazard::sites).refers("sites").documented("the sites it takes together, split by ;"),
      field("probability_per_year", &Hazard::probability_per_year)
          .within(0, 1)
          .documented("chance in a year"),
      field("duration_days", &Hazard::duration, 24).above(0, 3660).documented("days the sites are impaired"),
  };
}

}  // namespace hinterland
