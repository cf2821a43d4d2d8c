// The atlas: the facts about places, loaded and checked as a whole.
//
// An atlas is a folder of CSV tables (table_list.hpp names them, and says which may be missing). Each begins
// with its header. A user's own books are a folder of the same tables with any subset of rows and columns;
// their cells replace the atlas's cells. After loading, every reference resolves and every value lies in its
// range.
#pragma once
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hinterland/atlas/account.hpp"
#include "hinterland/atlas/citation.hpp"
#include "hinterland/atlas/curve.hpp"
#include "hinterland/atlas/deal_count.hpp"
#include "hinterland/atlas/deal_pace.hpp"
#include "hinterland/atlas/employment.hpp"
#include "hinterland/atlas/hazard.hpp"
#include "hinterland/atlas/industry.hpp"
#include "hinterland/atlas/path.hpp"
#include "hinterland/atlas/place.hpp"
#include "hinterland/atlas/published_figure.hpp"
#include "hinterland/atlas/region_group.hpp"
#include "hinterland/atlas/regional_economy.hpp"
#include "hinterland/atlas/server.hpp"
#include "hinterland/atlas/skilled_flows.hpp"
#include "hinterland/atlas/spatial_economy.hpp"
#include "hinterland/atlas/station.hpp"
#include "hinterland/atlas/tariff.hpp"
#include "hinterland/base/table.hpp"
#include "hinterland/facility/plant.hpp"

namespace hinterland {

// What holds for the whole atlas: the one row of atlas.csv.
struct Country {
  AtlasId id;
  std::string name, name_zh;
  std::string currency;   // ISO 4217
  std::string time_zone;  // IANA
  double interest_per_year = 0;
  double route_factor = 1;  // fibre km / great-circle km
  HoursPerKm fibre;         // one way
  M2PerKw land;             // land under one IT kW
};

Fields<Country> country_fields();

// Who vouches for a value.
struct Provenance {
  std::string kind;  // measured, official, reported, estimated, assumed, yours, set; empty: nobody
  std::string source;
  std::optional<double> low, high;
  std::string note;
};

struct Atlas {
  std::string directory;
  Table<Country> countries;  // exactly one
  Table<Region> regions;
  Table<Grid> grids;
  Table<Station> stations;
  Table<ClimateMonth> climate;
  Table<Plant> plants;
  Table<Tariff> tariffs;
  Table<TariffMonth> tariff_months;  // the table tariff_periods
  Table<Site> sites;
  Table<Curve> curves;
  Table<Path> paths;
  Table<Offer> offers;
  Table<Server> servers;
  Table<Hazard> hazards;
  Table<MarketRatio> market;
  Table<Account> accounts;
  Table<NationAccount> nation_accounts;
  Table<RegionGroup> groups;
  Table<Section> sections;
  Table<Employment> employment;
  Table<DealCount> deals;
  Table<DealPace> deal_paces;
  Table<PublishedFigure> figures;
  Table<SpatialEconomy> spatial_economy;  // one row at most
  Table<SkilledFlows> skilled_flows;
  Table<IoSource> io_tables;
  Table<Industry> industries;
  Table<IndustryMix> industry_mix;
  Table<Spending> spending;
  Table<RegionalEconomy> regional_economy;  // one row at most, as the two below
  Table<Staffing> staffing;
  Table<SupplyChain> supply_chains;
  Table<Source> sources;
  std::vector<Citation> citations;
  std::vector<Alternative> alternatives;
  std::unordered_map<std::string, std::string> overridden;  // "table.id.column" -> "yours" or "set"

  [[nodiscard]] const Country& country() const { return countries.rows().front(); }
};

// Loads and checks the atlas in `directory`, with the books in `books` over it (empty: none).
Expected<Atlas> load_atlas(const std::string& directory, const std::string& books = "");

// Applies "TABLE.ID.FIELD=VALUE" ("sites.guian.server_use=0.6"), checked as a cell would be. A refused
// value may already be in the atlas: whoever goes on after a failure loads it anew.
Expected<void> set_value(Atlas& atlas, const std::string& assignment);

// Who vouches for the cell; `kind` is empty if nobody does.
Provenance provenance(const Atlas& atlas, const std::string& table, const std::string& id,
                      const std::string& column);

// The site of that id; fails with the nearest name. `flag` says where the user wrote it.
Expected<const Site*> find_site(const Atlas& atlas, const SiteId& id, const std::string& flag);

// The site where work of `region` runs today: the metro site in the region, or the nearest metro site.
struct HomeSite {
  const Site* site = nullptr;
  bool in_region = true;
};
// Fails if the region is unknown or the atlas has no metro site.
Expected<HomeSite> home_of(const Atlas& atlas, const RegionId& region);

struct Latency {
  Hours central, low, high;  // one way
  bool published = false;    // from the paths table, not from the great circle
};
Latency one_way_latency(const Atlas& atlas, const Site& a, const Site& b);

// Its central value alone, without asking who vouches for it.
Hours expected_latency(const Atlas& atlas, const Site& a, const Site& b);

// The first hazard whose footprint holds both sites; a site always shares its own fate (then nullptr in
// `hazard`).
struct SharedHazard {
  bool shared = false;
  const Hazard* hazard = nullptr;
};
SharedHazard shared_hazard(const Atlas& atlas, const Site& a, const Site& b);

}  // namespace hinterland
