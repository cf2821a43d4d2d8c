// What a plan puts where: IT power by site, as a result of `hinterland plan --json` has it or as it was named by hand.
//
// Of a result (data/schema/plan.schema.json) are read: name, hours, objective, and of each of `sites` its id, kept_kw, filled_kw,
// new_kw, idle_kw and served_kwh. The hours it was planned for stand for the whole year.
// What the plan's gap leaves of capacity is none: less than 1 kW or 1e-5 of demand_peak_kw, where the result has that.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/id.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

struct SiteCapacity {
  SiteId site;
  Location where;                       // where it was named
  Kilowatts kept, idle;                 // servers that stand there: kept, and not kept
  Kilowatts filled, fresh;              // servers bought: for racks that stand empty, with a new building
  std::optional<KilowattHours> served;  // IT energy a year, of all of it; none: the site's power_load says

  [[nodiscard]] Kilowatts added() const { return filled + fresh; }
  [[nodiscard]] Kilowatts used() const { return kept + added(); }
};

struct PlannedCapacity {
  std::string name;  // of the study; empty: named by hand
  std::vector<SiteCapacity> sites;
};

// Fails, located, for what is no JSON, a result without a plan, and figures that are missing or below 0; all are listed.
Expected<PlannedCapacity> parse_planned_capacity(std::string_view json, const std::string& file);

// "guian=300": MW at a site, from `flag`; above 0.
Expected<std::pair<SiteId, Kilowatts>> parse_site_megawatts(const std::string& text, const std::string& flag);

}  // namespace hinterland
