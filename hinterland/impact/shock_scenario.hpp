// A shock to the nation's economy, as one TOML file: what is lost, where and for how long, and what could be kept against it.
//
//   name = "A year of tariffs"
//   regions = "two"                   # a grouping of the atlas, or "each" of its regions
//   days = 365
//   per_year = 0.05                   # how often such a thing happens
//
//   [exports.tariffs]                 # demand from abroad that is lost
//   industries = ["20"]               # of the input-output table; none: all
//   regions = ["coast"]               # none: all
//   lost = {value = 0.3, low = 0.1, high = 0.5, source = "assumed"}
//   from_day = 10
//   days = 120
//   recovery_days = 90                # in which the loss fades, a straight line
//
//   [imports.chips]                   # what cannot be had from abroad
//   [capacity.outage]                 # production that is lost: of regions, or where a `site` of the atlas stops
//   site = "metro-shanghai"
//   rebuilt = "yes"                   # its capital is destroyed and comes back as it is rebuilt
//
//   [zones.backup]                    # capacity kept elsewhere that stands in for what is lost
//   [reserves.chips]                  # more of a product in all stocks
//
// Each value can be set from outside (`exports.tariffs.lost=0.5`) and can carry a range.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/record.hpp"

namespace hinterland {

enum class Rebuilt { no, yes };

// One entry of [exports], [imports] or [capacity]: `lost` from from_day for `days`, then fading over recovery_days.
struct ShockLoss {
  std::string key;
  double lost = 0, from_day = 0, days = 0, recovery_days = 0;
  std::vector<std::string> regions;  // of the model, or members of them; none: all. Not of imports
  std::vector<IndustryId> industries;
  SiteId site;                    // of capacity
  Rebuilt rebuilt = Rebuilt::no;  // of capacity
  std::map<std::string, Evidence> evidence;

  [[nodiscard]] double at(double day) const;  // the share lost then
};

// Capacity that stands in, in these industries and regions, for what is lost there: of computing, `mw` at `site`; of
// others a share of their usual output.
struct BackupZone {
  std::string key;
  std::vector<std::string> regions;  // whose loss it stands in for
  std::vector<IndustryId> industries;
  std::optional<double> share, mw;
  SiteId site;
  ServerId server;
  std::optional<Money> cost;  // a year; else worked out
  std::map<std::string, Evidence> evidence;
};

struct ReserveStock {
  std::string key;
  std::vector<IndustryId> industries;  // whose product
  double extra_days = 0;
  std::map<std::string, Evidence> evidence;
};

struct ShockScenario {
  std::string file, key;
  std::string name, name_zh, grouping;
  double days = 365;
  double per_year = 0;
  std::vector<ShockLoss> exports, imports, capacity;
  std::vector<BackupZone> zones;
  std::vector<ReserveStock> reserves;
  std::map<std::string, Evidence> evidence;
};

Fields<ShockScenario> shock_fields();
Fields<ShockLoss> shock_loss_fields();  // [exports] and [imports]
Fields<ShockLoss> capacity_loss_fields();
Fields<BackupZone> backup_zone_fields();
Fields<ReserveStock> reserve_stock_fields();

// Whether an assignment is to a scenario's value, and not to the atlas's.
bool is_shock_assignment(const std::string& assignment);

// Fails, all problems listed, for what is unknown or does not go together; names of the atlas are looked up later.
Expected<ShockScenario> parse_shock(std::string_view toml, const std::string& file,
                                    const std::vector<std::string>& assignments);
Expected<ShockScenario> load_shock(const std::string& file, const std::vector<std::string>& assignments);

}  // namespace hinterland
