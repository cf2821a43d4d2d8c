// A study of a few sites and days over the real atlas, for tests of plans.
#pragma once
#include <fmt/format.h>

#include <string>

#include "hinterland/plan/plan_result.hpp"
#include "tests/china.hpp"
#include "tests/china_rates.hpp"

namespace hinterland {

inline constexpr const char* kSmallStudy = R"(
name = "Small"
server = "cpu-server"
days = 3
windows = "kept"
unreached = "nearest"
demand_mw = 900
largest_new_mw = 500
only = ["metro-beijing", "metro-shanghai", "metro-guangzhou", "guian", "zhongwei", "horinger", "metro-shenzhen"]
[demand.web]
class = "examples/edwc/web.toml"
share = 0.5
critical = "yes"
daily = [0.5, 0.4, 0.3, 0.3, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.3, 1.3, 1.3, 1.2, 1.2, 1.2, 1.2, 1.2, 1.3, 1.4, 1.5, 1.5, 1.2, 0.8]
[demand.batch]
class = "examples/edwc/batch.toml"
share = 0.5
[people]
share = 0.05
to = "guangdong"
cost_per_person_year = 10000
[scenarios.drought]
hazard = "drought-2011"
from = "01-01"
left = 0.2
probability = 0.2
[scenarios.double]
demand = 2
probability = 0.1
)";

inline Study small_study(const std::vector<std::string>& assignments = {}) {
  return parse_study(kSmallStudy, "small.toml", assignments).value();
}

// Nothing stands at the sites yet, and opening one costs something; in three days servers pay only where nobody does without.
inline Study new_sites(double fixed_per_year, std::vector<std::string> assignments = {}) {
  for (const char* site : {"metro-beijing", "metro-shanghai", "metro-guangzhou", "guian", "zhongwei",
                           "horinger", "metro-shenzhen"})
    for (const char* stands : {"existing_mw", "empty_racks_mw"})
      assignments.push_back(fmt::format("sites.{}.{}=0", site, stands));
  assignments.push_back("unserved_per_kwh=1000");
  assignments.push_back(fmt::format("fixed_per_year={}", fixed_per_year));
  return small_study(assignments);
}

inline Expected<StudyProblem> numbers_of(const Study& study, const StudyCase& which = {}) {
  return study_problem(study, china(), rates(), {}, {.presets = "data/workloads", .models = "data/models"},
                       which);
}

inline StudyPlan plan_of(const Study& study, const StudyCase& which = {}) {
  return solve_study(numbers_of(study, which).value(), {.gap = 1e-5});
}

}  // namespace hinterland
