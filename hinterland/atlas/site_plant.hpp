// A site's plant through the site's weather: PUE and WUE, what they are made of, and the same plant at every site.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/atlas/site_weather.hpp"
#include "hinterland/facility/facility_year.hpp"
#include "hinterland/facility/plant_hour.hpp"

namespace hinterland {

struct PlantYear {
  const Plant* plant = nullptr;
  double load = 1;     // IT power / design IT power
  FacilityYear hours;  // of all years of the weather, one behind the other
  YearSummary summary;
  PlantHour mean;  // its parts, each the mean of the hours; 1 + the powers is the mean PUE
};

PlantYear run_plant(const Plant& plant, const std::vector<WeatherYear>& years, double load);

// The plant of that id; fails with the nearest name. `flag` says where the user wrote it.
Expected<const Plant*> find_plant(const Atlas& atlas, const std::string& id, const std::string& flag);

// The same plant at the same load through typical years of every site, least PUE first. Their months have the
// normals' means; what chance leaves, five years even out.
inline constexpr std::size_t kRankingYears = 5;
struct SiteRank {
  const Site* site = nullptr;
  YearSummary summary;
  PlantHour mean;
};
std::vector<SiteRank> same_plant_everywhere(const Atlas& atlas, const Plant& plant, double load,
                                            std::uint64_t seed);

// Where the public story gives the climate as a reason for a cluster, and other clusters have the better one: those with
// less PUE by the same plant, least first. Empty `better`: the story stands.
struct ClimateStory {
  const SiteRank* site = nullptr;
  std::vector<const SiteRank*> better;
  std::size_t clusters = 0;
};
std::vector<ClimateStory> climate_stories(const std::vector<SiteRank>& ranking);

// What is said beside the public story of `site`, its own plant having run at every site as pue_page() has
// it: where the climate leaves it, its power, and what takes it down. Nothing where the climate is no public
// reason or the story stands.
std::vector<Block> climate_blocks(const Atlas& atlas, const Site& site, std::uint64_t seed);

Page pue_page(const Atlas& atlas, const SiteWeather& weather, const PlantYear& year,
              const std::vector<SiteRank>& ranking);
std::string pue_json(const Atlas& atlas, const SiteWeather& weather, const PlantYear& year,
                     const std::vector<SiteRank>& ranking);  // data/schema/pue.schema.json

}  // namespace hinterland
