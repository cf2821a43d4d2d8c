#include "hinterland/cost/allowed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

const char* name_of(Obstacle obstacle) {
  static constexpr const char* kNames[] = {"",         "latency",  "residency", "certification",  "hazard",
                                           "hardware", "deadline", "capacity",  "unknown runtime"};
  return kNames[static_cast<int>(obstacle)];
}

const Server& server_of(const Atlas& atlas, const Workload& workload) {
  return atlas.servers.at(workload.server);
}

const Site& data_site(const Atlas& atlas, const Workload& workload, const Site& home) {
  return workload.data_at == "home" ? home : atlas.sites.at({workload.data_at});
}

namespace {

bool resides(const Workload& workload, const Site& site) {
  return workload.residency.empty() || std::ranges::any_of(workload.residency, [&](const std::string& name) {
           return name == site.region.text || name == site.hub;
         });
}

std::string missing_certification(const Workload& workload, const Site& site) {
  for (const Certification& needed : workload.certifications) {
    if (std::ranges::find(site.certifications, needed) == site.certifications.end()) return needed.text;
  }
  return {};
}

Permission refused(Obstacle obstacle, std::string reason) {
  return {.obstacle = obstacle, .reason = std::move(reason)};
}

}  // namespace

Permission permission(const Atlas& atlas, const Workload& workload, const Site& home, const Site& site) {
  if (workload.latency) {
    const Latency latency = one_way_latency(atlas, home, site);
    if (latency.central > *workload.latency) {
      return refused(Obstacle::latency, fmt::format("{} ms one way from {}, {} ms allowed",
                                                    compact(in_milliseconds(latency.central)), home.name,
                                                    compact(in_milliseconds(*workload.latency))));
    }
  }
  if (!resides(workload, site)) {
    return refused(Obstacle::residency,
                   fmt::format("data may only be in {}", fmt::join(workload.residency, ", ")));
  }
  if (const std::string missing = missing_certification(workload, site); !missing.empty()) {
    return refused(Obstacle::certification, fmt::format("{} is required", missing));
  }
  for (const std::string& name : workload.away_from_hazard_of) {
    const Site& kept_from = name == "home" ? home : atlas.sites.at({name});
    const SharedHazard hazard = shared_hazard(atlas, kept_from, site);
    if (!hazard.shared) continue;
    return refused(Obstacle::hazard,
                   hazard.hazard == nullptr
                       ? fmt::format("it must not be lost together with {}", kept_from.name)
                       : fmt::format("{} takes {} too", hazard.hazard->name, kept_from.name));
  }
  const double occupied = servers_occupied(workload.cores, workload.gpus, workload.memory_gb,
                                           server_shape(server_of(atlas, workload)));
  if (!std::isfinite(occupied)) {
    return refused(Obstacle::hardware, fmt::format("{} has no GPU", server_of(atlas, workload).name));
  }
  return {};
}

Expected<void> check_workload(const Atlas& atlas, const Workload& workload, const std::string& file) {
  Errors errors;
  const auto unknown = [&](const char* field, const std::string& name,
                           const std::vector<std::string>& known) {
    add_error(errors, {.what = in_quotes(name) + " is not in this atlas",
                       .where = {.file = file, .field = field},
                       .mend = did_you_mean(name, known)});
  };
  std::vector<std::string> servers, sites, places;
  for (const Server& server : atlas.servers) servers.push_back(server.id.text);
  for (const Site& site : atlas.sites) {
    sites.push_back(site.id.text);
    places.push_back(site.hub);
  }
  for (const Region& region : atlas.regions) places.push_back(region.id.text);
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());

  const auto known = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  if (!known(servers, workload.server.text)) unknown("server", workload.server.text, servers);
  if (workload.data_at != "home" && !known(sites, workload.data_at))
    unknown("data_at", workload.data_at, sites);
  for (const std::string& name : workload.away_from_hazard_of) {
    if (name != "home" && !known(sites, name)) unknown("away_from_hazard_of", name, sites);
  }
  for (const std::string& name : workload.residency) {
    if (!known(places, name)) unknown("residency", name, places);
  }
  for (const auto& [field, evidence] : workload.evidence) {
    if (evidence.source == kAssumed || atlas.sources.find({evidence.source}) != nullptr) continue;
    add_error(errors, {.what = in_quotes(evidence.source) + " is no source of this atlas",
                       .where = {.file = file, .field = field},
                       .mend = "Write assumed, or an id of `hinterland atlas sources`."});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

}  // namespace hinterland
