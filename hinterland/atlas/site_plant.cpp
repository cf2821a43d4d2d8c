#include "hinterland/atlas/site_plant.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hinterland {

PlantYear run_plant(const Plant& plant, const std::vector<WeatherYear>& years, double load) {
  FacilityYears run = run_years(plant, years, load);
  const YearSummary summary = summarize(run.hours);
  return {.plant = &plant, .load = load, .hours = std::move(run.hours), .summary = summary, .mean = run.mean};
}

Expected<const Plant*> find_plant(const Atlas& atlas, const std::string& id, const std::string& flag) {
  if (const Plant* plant = atlas.plants.find({id}); plant != nullptr) return plant;
  std::vector<std::string> known;
  for (const Plant& one : atlas.plants) known.push_back(one.id.text);
  return failure({.what = in_quotes(id) + " is no plant of this atlas",
                  .where = at_flag(flag, id),
                  .mend = did_you_mean(id, known)});
}

std::vector<SiteRank> same_plant_everywhere(const Atlas& atlas, const Plant& plant, double load,
                                            std::uint64_t seed) {
  std::map<StationId, SiteRank> by_station;
  std::vector<SiteRank> ranking;
  for (const Site& site : atlas.sites) {
    auto known = by_station.find(site.climate_station);
    if (known == by_station.end()) {
      const PlantYear year =
          run_plant(plant, typical_years(climate_of(atlas, site), seed, kRankingYears), load);
      known = by_station.emplace(site.climate_station, SiteRank{&site, year.summary, year.mean}).first;
    }
    ranking.push_back(known->second);
    ranking.back().site = &site;
  }
  std::ranges::stable_sort(ranking, {}, [](const SiteRank& one) { return one.summary.pue_mean; });
  return ranking;
}

std::vector<ClimateStory> climate_stories(const std::vector<SiteRank>& ranking) {
  std::vector<ClimateStory> stories;
  for (const SiteRank& one : ranking) {
    const auto& reasons = one.site->public_reasons;
    if (one.site->kind != SiteKind::cluster || std::ranges::find(reasons, "climate") == reasons.end())
      continue;
    ClimateStory story{.site = &one, .better = {}, .clusters = 0};
    for (const SiteRank& other : ranking) {
      if (other.site->kind != SiteKind::cluster) continue;
      ++story.clusters;
      if (other.summary.pue_mean < one.summary.pue_mean) story.better.push_back(&other);
    }
    stories.push_back(std::move(story));
  }
  return stories;
}

}  // namespace hinterland
