#include "hinterland/impact/model_regions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/atlas/path.hpp"
#include "hinterland/base/random.hpp"
#include "hinterland/base/spread.hpp"

namespace hinterland {

namespace {

constexpr double kLeastKilometres = 1;

double size_of(const Atlas& atlas, const Region& region, int year) {
  const Account* account = account_of(atlas, region.id, year);
  return account != nullptr ? account->gdp_1e8 : region.gdp_1e8;
}

ModelRegion group_of_regions(const Atlas& atlas, const RegionGroup& group, int year) {
  ModelRegion made{
      .id = group.id.text, .name = group.name, .name_zh = group.name_zh, .members = group.regions};
  for (const RegionId& id : group.regions) {
    const Region& region = atlas.regions.at(id);
    const double size = size_of(atlas, region, year);
    made.member_sizes.push_back(size);
    made.size += size;
    made.place.latitude_deg += size * region.latitude_deg;
    made.place.longitude_deg += size * region.longitude_deg;
  }
  made.place.latitude_deg /= made.size;
  made.place.longitude_deg /= made.size;
  return made;
}

// The row that speaks of an industry in a region: its own, else that of all others; rows.size() where there is none.
std::size_t row_of(const Table<IndustryMix>& rows, const RegionId& region, const std::string& industry) {
  std::size_t found = rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const IndustryMix& row = rows.rows()[i];
    if (std::ranges::find(row.regions, region) == row.regions.end()) continue;
    if (std::ranges::find(row.industries, industry, &IndustryId::text) != row.industries.end()) return i;
    if (row.industries.empty()) found = i;
  }
  return found;
}

}  // namespace

Expected<std::vector<ModelRegion>> model_regions(const Atlas& atlas, const std::string& grouping, int year,
                                                 const std::string& flag) {
  std::vector<ModelRegion> regions;
  if (grouping == kEachRegion) {
    for (const Region& region : atlas.regions) {
      const double size = size_of(atlas, region, year);
      regions.push_back({.id = region.id.text,
                         .name = region.name,
                         .name_zh = region.name_zh,
                         .members = {region.id},
                         .member_sizes = {size},
                         .size = size,
                         .place = region.at()});
    }
    return regions;
  }
  const auto groups = groups_of(atlas, grouping, flag);
  if (!groups) return std::unexpected(groups.error());
  for (const RegionGroup& group : *groups) regions.push_back(group_of_regions(atlas, group, year));
  return regions;
}

std::size_t place_of(const std::vector<ModelRegion>& regions, const RegionId& region) {
  const auto found = std::ranges::find_if(regions, [&](const ModelRegion& one) {
    return std::ranges::find(one.members, region) != one.members.end();
  });
  return static_cast<std::size_t>(found - regions.begin());
}

namespace {

// The places that a name stands for; none where it is unknown, or a group that takes only a part of some region.
std::vector<std::size_t> named_places(const Atlas& atlas, const std::vector<ModelRegion>& regions,
                                      const std::string& name) {
  const auto found = std::ranges::find(regions, name, &ModelRegion::id);
  if (found != regions.end()) return {static_cast<std::size_t>(found - regions.begin())};
  const RegionGroup* const group = atlas.groups.find({name});
  if (group == nullptr) return {};
  std::vector<std::size_t> places;
  std::size_t members = 0;
  for (std::size_t r = 0; r < regions.size(); ++r) {
    const bool whole = std::ranges::all_of(regions[r].members, [&](const RegionId& member) {
      return std::ranges::find(group->regions, member) != group->regions.end();
    });
    if (!whole) continue;
    places.push_back(r);
    members += regions[r].members.size();
  }
  return members == group->regions.size() ? places : std::vector<std::size_t>{};
}

}  // namespace

Expected<std::vector<std::size_t>> places_of(const Atlas& atlas, const std::vector<ModelRegion>& regions,
                                             const std::vector<std::string>& names, const Location& where) {
  std::vector<std::size_t> places;
  Errors errors;
  for (const std::string& name : names) {
    const auto found = named_places(atlas, regions, name);
    places.insert(places.end(), found.begin(), found.end());
    if (!found.empty()) continue;
    std::vector<std::string> known;
    for (const ModelRegion& one : regions) known.push_back(one.id);
    add_error(errors, {.what = in_quotes(name) + " is no region of this model, nor a group of whole ones",
                       .where = where,
                       .mend = did_you_mean(name, known)});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::ranges::sort(places);
  places.erase(std::ranges::unique(places).begin(), places.end());
  return places;
}

RegionalMixer::RegionalMixer(const IoTable& table, const std::vector<ModelRegion>& regions,
                             const Table<IndustryMix>& rows)
    : regions_(regions), industries_(table.size()) {
  fixed_.distance_km = Matrix(regions.size(), regions.size());
  for (std::size_t r = 0; r < regions.size(); ++r) {
    fixed_.sizes.push_back(regions[r].size);
    for (std::size_t s = 0; s < regions.size(); ++s) {
      if (s == r) continue;
      fixed_.distance_km(r, s) =
          std::max(kLeastKilometres, great_circle(regions[r].place, regions[s].place).value);
    }
    for (const RegionId& member : regions[r].members) {
      for (const IoTable::Industry& industry : table.industries)
        row_of_.push_back(row_of(rows, member, industry.code));
    }
  }
}

RegionalMix RegionalMixer::mix(const Table<IndustryMix>& rows, const RegionalEconomy& economy,
                               const Matrix& off) const {
  RegionalMix mix = fixed_;
  mix.delta = economy.flegg_delta;
  mix.distance_decay = economy.distance_decay;
  mix.quotients = mix.export_quotients = Matrix(industries_, regions_.size());
  const std::size_t* row = row_of_.data();
  for (std::size_t r = 0; r < regions_.size(); ++r) {
    for (const double size : regions_[r].member_sizes) {
      const double share = size / regions_[r].size;
      for (std::size_t k = 0; k < industries_; ++k, ++row) {
        const bool known = *row < rows.size();
        mix.quotients(k, r) += share * (known ? rows.rows()[*row].location_quotient : 1);
        mix.export_quotients(k, r) += share * (known ? rows.rows()[*row].export_quotient : 1);
      }
    }
  }
  for (std::size_t at = 0; at < off.values.size(); ++at) mix.quotients.values[at] *= off.values[at];
  return mix;
}

Matrix drawn_factors(const std::vector<ModelRegion>& regions, std::size_t industries, double factor,
                     std::uint64_t seed, std::size_t draw) {
  Matrix factors(industries, regions.size());
  RandomStream stream(seed, fmt::format("quotients {}", draw));
  const Spread logarithm({.low = -std::log(factor), .central = 0, .high = std::log(factor)});
  for (std::size_t k = 0; k < industries; ++k) {
    for (std::size_t r = 0; r < regions.size(); ++r) {
      const double u = stream.uniform();
      factors(k, r) = regions[r].members.size() == 1 ? std::exp(logarithm.quantile(u)) : 1;
    }
  }
  return factors;
}

}  // namespace hinterland
