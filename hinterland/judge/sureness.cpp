#include "hinterland/judge/sureness.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/base/sample.hpp"

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

std::optional<Money> Sureness::saving_at(double q) const {
  if (savings.empty()) return std::nullopt;
  return Money{nearest_rank(savings, q)};
}

void Sureness::add(const Sureness& other) {
  draws += other.draws;
  agree += other.agree;
  same_place += other.same_place;
  refused += other.refused;
  for (const auto& [party, count] : other.by_destination) by_destination[party] += count;
  savings.insert(savings.end(), other.savings.begin(), other.savings.end());
}

Sureness ask_block(WorkingCopy& copy, const DrawPlan& plan, std::uint64_t seed, std::size_t block,
                   std::int64_t draws, const Reply& standing) {
  Sureness sureness{.draws = draws};
  each_draw(copy, plan, seed, block, static_cast<std::size_t>(draws), [&](std::size_t, const Reply& reply) {
    if (reply.answer == standing.answer) ++sureness.agree;
    if (reply.answer == standing.answer && reply.destination() == standing.destination())
      ++sureness.same_place;
    if (reply.answer == Answer::refused) {
      ++sureness.refused;
    } else {
      ++sureness.by_destination[reply.destination()];
    }
    if (reply.saving) sureness.savings.push_back(reply.saving->value);
  });
  return sureness;
}

}  // namespace hinterland
