#include "hinterland/impact/beside_nation.hpp"

#include <map>

namespace hinterland {

std::vector<Course> income_courses(const Atlas& atlas) {
  std::map<RegionId, std::map<int, BesideNation>> published;
  for (const Account& one : atlas.accounts) {
    const int year = static_cast<int>(one.year);
    const NationAccount* nation = nation_account_of(atlas, year);
    if (!one.disposable_income || nation == nullptr) continue;
    published[one.region][year] = {one.disposable_income->value, nation->disposable_income.value};
  }
  std::vector<Course> out;
  for (const Region& region : atlas.regions) {
    const auto found = published.find(region.id);
    if (found == published.end() || found->second.size() < 2) continue;
    const auto first = found->second.begin();
    const auto last = std::prev(found->second.end());
    out.push_back({.id = region.id.text,
                   .name = region.name,
                   .name_zh = region.name_zh,
                   .from = first->first,
                   .to = last->first,
                   .first = first->second,
                   .last = last->second});
  }
  return out;
}

}  // namespace hinterland
