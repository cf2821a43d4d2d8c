// The nation's employed people by section of the economy and year.
//
// Sections are those of the national classification (GB/T 4754, which follows ISIC): A agriculture to T. Their sum is the
// total, up to the rounding of each to ten thousands.
#pragma once
#include <optional>
#include <string>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct Section {
  SectionId id;  // "I"
  std::string name, name_zh;
};

struct Employment {
  EmploymentId id;  // section and year: "I-2018"
  SectionId section;
  double year = 0;          // whole
  double employed_1e4 = 0;  // ten thousands of people
};

Fields<Section> section_fields();
Fields<Employment> employment_fields();

struct Atlas;

// The section's row of that year; nullptr where there is none.
const Employment* employment_of(const Atlas& atlas, const SectionId& section, int year);
// The last year that any section has; none: the atlas has no employment.
std::optional<int> last_employment_year(const Atlas& atlas);

}  // namespace hinterland
