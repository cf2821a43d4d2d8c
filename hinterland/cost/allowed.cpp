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

// The first certification that the site lacks.
const Certification* missing_certification(const Workload& workload, const Site& site) {
  for (const Certification& needed : workload.certifications) {
    if (std::ranges::find(site.certifications, needed) == site.certifications.end()) return &needed;
  }
  return nullptr;
}

struct Fate {
  const Site* with = nullptr;  // whose fate the site shares, though it must not; null: nobody's
  const Hazard* hazard = nullptr;
};

Fate shared_fate(const Atlas& atlas, const Workload& workload, const Site& home, const Site& site) {
  for (const std::string& name : workload.away_from_hazard_of) {
    const Site& kept_from = name == "home" ? home : atlas.sites.at({name});
    const SharedHazard hazard = shared_hazard(atlas, kept_from, site);
    if (hazard.shared) return {.with = &kept_from, .hazard = hazard.hazard};
  }
  return {};
}

bool fits(const Atlas& atlas, const Workload& workload) {
  return std::isfinite(servers_occupied(workload.cores, workload.gpus, workload.memory_gb,
                                        server_shape(server_of(atlas, workload))));
}

}  // namespace

Obstacle obstacle_to(const Atlas& atlas, const Workload& workload, const Site& home, const Site& site) {
  if (workload.latency && expected_latency(atlas, home, site) > *workload.latency) return Obstacle::latency;
  if (!resides(workload, site)) return Obstacle::residency;
  if (missing_certification(workload, site) != nullptr) return Obstacle::certification;
  if (shared_fate(atlas, workload, home, site).with != nullptr) return Obstacle::hazard;
  if (!fits(atlas, workload)) return Obstacle::hardware;
  return Obstacle::none;
}

Words why_refused(Obstacle obstacle, const Atlas& atlas, const Workload& workload, const Site& home,
                  const Site& site) {
  switch (obstacle) {
    case Obstacle::latency: {
      const std::string takes = compact(in_milliseconds(expected_latency(atlas, home, site))),
                        allowed = compact(in_milliseconds(*workload.latency));
      return {fmt::format("{} ms one way from {}, {} ms allowed", takes, home.name, allowed),
              fmt::format("距{}单向 {} 毫秒，允许 {} 毫秒", home.name_zh, takes, allowed)};
    }
    case Obstacle::residency:
      return {fmt::format("data may only be in {}", fmt::join(workload.residency, ", ")),
              fmt::format("数据只能留在 {}", fmt::join(workload.residency, "、"))};
    case Obstacle::certification: {
      const std::string& missing = missing_certification(workload, site)->text;
      return {fmt::format("{} is required", missing), fmt::format("需要 {}", missing)};
    }
    case Obstacle::hazard: {
      const auto [with, hazard] = shared_fate(atlas, workload, home, site);
      if (hazard == nullptr)
        return {fmt::format("it must not be lost together with {}", with->name),
                fmt::format("不得与{}同时受灾", with->name_zh)};
      return {fmt::format("{} takes {} too", hazard->name, with->name),
              fmt::format("{}也会波及{}", hazard->name_zh, with->name_zh)};
    }
    case Obstacle::hardware: {
      const Server& server = server_of(atlas, workload);
      return {fmt::format("{} has no GPU", server.name), fmt::format("{}没有 GPU", server.name_zh)};
    }
    default: return {};
  }
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
