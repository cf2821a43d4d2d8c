// Questions that an atlas answers.
#include "hinterland/atlas/atlas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hinterland {

Provenance provenance(const Atlas& atlas, const std::string& table, const std::string& id,
                      const std::string& column) {
  if (const auto mine = atlas.overridden.find(fmt::format("{}.{}.{}", table, id, column));
      mine != atlas.overridden.end()) {
    return {.kind = mine->second, .source = mine->second, .low = {}, .high = {}, .note = {}};
  }
  // Later rows win, so that the books' citations replace the atlas's.
  const Citation* best = nullptr;
  int best_rank = 0;
  for (const Citation& citation : atlas.citations) {
    if (citation.table != table) continue;
    const bool row = citation.id == id, any_row = citation.id == "*";
    const bool cell = citation.column == column, any_column = citation.column == "*";
    const int rank = row && cell ? 3 : row && any_column ? 2 : any_row && cell ? 1 : 0;
    if (rank > 0 && rank >= best_rank) {
      best = &citation;
      best_rank = rank;
    }
  }
  if (best == nullptr) return {};
  const Source* source = atlas.sources.find({best->source});
  return {.kind = source == nullptr ? kAssumed : name_of(source->kind),
          .source = best->source,
          .low = best->low,
          .high = best->high,
          .note = best->note};
}

Expected<const Site*> find_site(const Atlas& atlas, const SiteId& id, const std::string& flag) {
  if (const Site* site = atlas.sites.find(id)) return site;
  return failure(
      {.what = in_quotes(id.text) + " is no site of this atlas",
       .where = {.file = flag},
       .mend = did_you_mean(id.text, ids_of(atlas.sites), "`hinterland atlas show sites` lists them.")});
}

Expected<HomeSite> home_of(const Atlas& atlas, const RegionId& id) {
  const Region* region = atlas.regions.find(id);
  if (region == nullptr) {
    std::vector<std::string> known;
    for (const Region& one : atlas.regions) known.push_back(one.id.text);
    return failure({.what = in_quotes(id.text) + " is no region of this atlas",
                    .where = {.file = "--from"},
                    .mend = did_you_mean(id.text, known, "`hinterland atlas show regions` lists them.")});
  }
  HomeSite home{.site = nullptr, .in_region = true};
  Kilometres nearest{};
  for (const Site& site : atlas.sites) {
    if (site.kind != SiteKind::metro) continue;
    const Kilometres distance = great_circle(region->at(), site.at());
    const bool inside = site.region == id;
    // A metro site inside the region goes before any nearer one outside it.
    const bool better = home.site == nullptr || (inside && home.site->region != id) ||
                        (inside == (home.site->region == id) && distance < nearest);
    if (better) {
      home = {.site = &site, .in_region = inside};
      nearest = distance;
    }
  }
  if (home.site == nullptr) {
    return failure({.what = "no site is a metro, so nothing runs anywhere today",
                    .where = {.file = atlas.directory + "/sites.csv", .field = "kind"},
                    .mend = "Give at least one site the kind metro."});
  }
  return home;
}

namespace {

// What paths.csv knows of a pair; null if nothing.
const Path* path_between(const Atlas& atlas, const Site& a, const Site& b) {
  for (const Path& path : atlas.paths) {
    if ((path.from == a.id && path.to == b.id) || (path.from == b.id && path.to == a.id)) return &path;
  }
  return nullptr;
}

Hours latency_by(const Atlas& atlas, const Path* path, const Site& a, const Site& b) {
  if (path != nullptr && path->latency) return *path->latency;
  if (path != nullptr && path->distance) return *path->distance * atlas.country().fibre;
  const Kilometres straight =
      path != nullptr && path->great_circle ? *path->great_circle : great_circle(a.at(), b.at());
  return atlas.country().route_factor * straight * atlas.country().fibre;
}

}  // namespace

Hours expected_latency(const Atlas& atlas, const Site& a, const Site& b) {
  if (a.id == b.id) return {};
  return latency_by(atlas, path_between(atlas, a, b), a, b);
}

Latency one_way_latency(const Atlas& atlas, const Site& a, const Site& b) {
  if (a.id == b.id) return {.published = false};
  const Path* path = path_between(atlas, a, b);
  const Hours central = latency_by(atlas, path, a, b);
  if (path != nullptr && path->latency) {
    const Provenance who = provenance(atlas, "paths", path->id.text, "latency_ms");
    return {.central = central,
            .low = who.low ? milliseconds(*who.low) : central,
            .high = who.high ? milliseconds(*who.high) : central,
            .published = true};
  }
  const Provenance factor = provenance(atlas, "atlas", atlas.country().id.text, "route_factor");
  const bool length_known = path != nullptr && path->distance;
  if (length_known || !factor.low || !factor.high) return {central, central, central, false};
  const double chosen = atlas.country().route_factor;
  return {.central = central,
          .low = (*factor.low / chosen) * central,
          .high = (*factor.high / chosen) * central,
          .published = false};
}

SharedHazard shared_hazard(const Atlas& atlas, const Site& a, const Site& b) {
  if (a.id == b.id) return {.shared = true, .hazard = nullptr};
  for (const Hazard& hazard : atlas.hazards) {
    if (hazard.takes(a.id) && hazard.takes(b.id)) return {.shared = true, .hazard = &hazard};
  }
  return {};
}

}  // namespace hinterland
