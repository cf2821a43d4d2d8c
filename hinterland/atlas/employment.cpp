#include "hinterland/atlas/employment.hpp"

#include <algorithm>

#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

Fields<Section> section_fields() {
  return {
      field("id", &Section::id).naming().documented("letter of the section"),
      field("name", &Section::name).naming().documented("English name"),
      field("name_zh", &Section::name_zh).naming().documented("Chinese name"),
  };
}

Fields<Employment> employment_fields() {
  return {
      field("id", &Employment::id).naming().documented("section and year, such as I-2018"),
      field("section", &Employment::section).refers("sections").naming().documented("the section"),
      field("year", &Employment::year).within(1900, 2200).naming().documented("of the calendar"),
      field("employed_1e4", &Employment::employed_1e4)
          .within(0, 1e6)
          .documented("employed people, in ten thousands"),
  };
}

const Employment* employment_of(const Atlas& atlas, const SectionId& section, int year) {
  const auto found = std::ranges::find_if(
      atlas.employment, [&](const Employment& one) { return one.section == section && one.year == year; });
  return found == atlas.employment.end() ? nullptr : &*found;
}

std::optional<int> last_employment_year(const Atlas& atlas) {
  std::optional<int> last;
  for (const Employment& one : atlas.employment)
    last = std::max(last.value_or(0), static_cast<int>(one.year));
  return last;
}

}  // namespace hinterland
