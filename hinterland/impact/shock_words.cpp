#include "hinterland/impact/shock_words.hpp"

#include <array>

#include "hinterland/impact/band_words.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

struct PartName {
  const char *en, *zh;
};

// In the order of CostOf.
constexpr std::array<PartName, 8> kParts{{{"building", "房屋"},
                                          {"servers", "服务器"},
                                          {"land", "土地"},
                                          {"staff", "人员"},
                                          {"upkeep", "维护"},
                                          {"capital", "资本"},
                                          {"holding", "持有"},
                                          {"given", "给定"}}};

void append(Words& words, const Words& more, const char* between, const char* between_zh) {
  if (!words.en.empty()) {
    words.en += between;
    words.zh += between_zh;
  }
  words.en += more.en;
  words.zh += more.zh.empty() ? more.en : more.zh;
}

Words region_words(const Atlas& atlas, const std::string& id) {
  if (const Region* region = atlas.regions.find({id})) return {region->name, region->name_zh};
  if (const RegionGroup* group = atlas.groups.find({id})) return {group->name, group->name_zh};
  return id;
}

}  // namespace

Words industry_words(const Atlas& atlas, const IndustryId& industry) {
  const Industry* const found = atlas.industries.find(industry);
  return found != nullptr ? Words{found->name, found->name_zh} : Words{industry.text};
}

Words object_words(const Atlas& atlas, const ShockLoss& loss) {
  if (const Site* site = atlas.sites.find(loss.site))
    return {site->name + ", its computing", site->name_zh + "的算力"};
  Words industries, regions;
  for (const IndustryId& one : loss.industries) append(industries, industry_words(atlas, one), "; ", "、");
  for (const std::string& one : loss.regions) append(regions, region_words(atlas, one), ", ", "、");
  if (industries.empty()) industries = {"all industries", "所有行业"};
  if (!regions.empty()) append(industries, regions, " of ", "：");
  return industries;
}

Words lost_text(const ShockLoss& loss) {
  const auto known = loss.evidence.find("lost");
  if (known == loss.evidence.end() || !known->second.low || !known->second.high) return percent(loss.lost);
  return band_words(percent(loss.lost), percent(*known->second.low), percent(*known->second.high));
}

Words words_of(CostOf part) {
  const PartName& name = kParts.at(static_cast<std::size_t>(part));
  return {name.en, name.zh};
}

const char* name_of(CostOf part) { return kParts.at(static_cast<std::size_t>(part)).en; }

}  // namespace hinterland
