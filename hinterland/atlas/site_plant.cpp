#include "hinterland/atlas/site_plant.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace hinterland {

namespace {

constexpr std::array kParts = {
    &PlantHour::power_path,   &PlantHour::room_fans,     &PlantHour::humidifier,      &PlantHour::chiller,
    &PlantHour::chilled_pump, &PlantHour::tower_pump,    &PlantHour::economiser_pump, &PlantHour::tower_fans,
    &PlantHour::sea_pump,     &PlantHour::humidified,    &PlantHour::evaporated,      &PlantHour::drifted,
    &PlantHour::blown_down,   &PlantHour::chiller_share,
};

void add_year(PlantYear& out, const PlantAtLoad& plant, const WeatherYear& weather) {
  const bool by_sea = plant.system == CoolingSystem::seawater;
  const std::vector<double> sea = by_sea ? sea_from_air(weather) : std::vector<double>{};
  for (std::size_t i = 0; i < weather.size(); ++i) {
    const PlantHour hour = run_hour(plant, weather[i], by_sea ? sea[i] : 0);
    out.hours.pue.push_back(pue(hour));
    out.hours.wue_l_per_kwh.push_back(wue(hour));
    out.hours.chiller_hours_share += hour.chiller_share > 0 ? 1 : 0;
    for (const auto part : kParts) out.mean.*part += hour.*part;
  }
}

}  // namespace

PlantYear run_plant(const Plant& plant, const std::vector<WeatherYear>& years, double load) {
  PlantYear out{.plant = &plant, .load = load, .hours = {}, .summary = {}, .mean = {}};
  const PlantAtLoad loaded = at_load(plant, load);
  for (const WeatherYear& year : years) add_year(out, loaded, year);
  const auto hours = static_cast<double>(out.hours.pue.size());
  out.hours.chiller_hours_share /= hours;
  for (const auto part : kParts) out.mean.*part /= hours;
  out.summary = summarize(out.hours);
  return out;
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
