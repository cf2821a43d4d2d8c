// One figure beside the nation's, as a ratio and as a gap, always both: a ratio can rise while the gap opens.
//
//   ratio = own / nation        gap = nation - own        growth = later / earlier - 1
//
// Where the own figure grows faster than the nation's the ratio rises; the gap still opens as long as the nation adds more
// in money: gap' - gap = (nation' - nation) - (own' - own).
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

struct BesideNation {
  double own = 0, nation = 0;  // money a head and year
  [[nodiscard]] double ratio() const { return own / nation; }
  [[nodiscard]] double gap() const { return nation - own; }
};

// From one year to another.
struct Course {
  std::string id, name, name_zh;  // of the region or group
  int from = 0, to = 0;
  BesideNation first, last;

  [[nodiscard]] double growth() const { return last.own / first.own - 1; }
  [[nodiscard]] double nation_growth() const { return last.nation / first.nation - 1; }
  [[nodiscard]] bool ratio_rises() const { return last.ratio() > first.ratio(); }
  [[nodiscard]] bool gap_opens() const { return last.gap() > first.gap(); }
  // Nearer by the ratio, farther in money: what "catching up" does not say.
  [[nodiscard]] bool both() const { return first.gap() > 0 && ratio_rises() && gap_opens(); }
};

// Disposable income of each region that has it, and so has the nation, in two years at least: the first and the last of
// them. In the order of the atlas's regions.
std::vector<Course> income_courses(const Atlas& atlas);

}  // namespace hinterland
