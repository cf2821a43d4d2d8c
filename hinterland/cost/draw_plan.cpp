#include "hinterland/cost/draw_plan.hpp"

#include <algorithm>
#include <map>

#include "hinterland/atlas/path.hpp"

namespace hinterland {

namespace {

// For each site the smallest id among those that a chain of neighbours joins it to.
std::map<std::string, std::string> neighbourhoods(const Atlas& atlas) {
  std::map<std::string, std::string> names;
  for (const Site& site : atlas.sites) names[site.id.text] = site.id.text;
  for (const Site& a : atlas.sites) {
    for (const Site& b : atlas.sites) {
      const std::string from = names[a.id.text], to = names[b.id.text];
      if (to <= from || great_circle(a.at(), b.at()) > kNeighbourhoodRadius) continue;
      for (auto& [site, name] : names) {
        if (name == to) name = from;
      }
    }
  }
  return names;
}

}  // namespace

DrawPlan plan_draws(const Atlas& atlas, const std::vector<Dial>& dials) {
  DrawPlan plan;
  const auto neighbourhood = neighbourhoods(atlas);
  const auto group = [&](const std::string& name, double correlation) {
    const auto known = std::ranges::find(plan.groups, name, &CorrelatedGroup::name);
    const auto index = static_cast<std::size_t>(known - plan.groups.begin());
    if (known == plan.groups.end()) plan.groups.push_back({.name = name, .correlation = correlation});
    return index;
  };
  for (std::size_t i = 0; i < dials.size(); ++i) {
    const Dial& dial = dials[i];
    if (!dial.cited) continue;
    DrawnQuantity quantity{.name = dial.name, .group = {}};
    if (dial.table == "sites" && dial.field.starts_with("power_price_"))
      quantity.group = group("power prices around " + neighbourhood.at(dial.id), kPowerPriceCorrelation);
    if (dial.table == "sites" && dial.field == "server_use" &&
        atlas.sites.at({dial.id}).kind == SiteKind::cluster) {
      quantity.group = group("use of clusters", kClusterUseCorrelation);
    }
    plan.dials.push_back(i);
    plan.spreads.emplace_back(*dial.cited);
    plan.quantities.push_back(std::move(quantity));
  }
  return plan;
}

}  // namespace hinterland
