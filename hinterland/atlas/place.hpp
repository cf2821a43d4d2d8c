// Places: regions where demand lives, sites where servers stand, and the grids that feed them.
//
// Three quantities are all called "utilisation" in the press and are three fields here, each with its use:
//   rack_fill   racks occupied / racks built              divides what the building costs
//   server_use  share of a server's life that is sold     divides what a server costs, its housing included
//   power_load  mean kW drawn / kW designed               drives PUE (from the next step on)
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/field.hpp"
#include "hinterland/base/id.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

struct Coordinates {
  double latitude_deg = 0;
  double longitude_deg = 0;
};

struct Region {
  RegionId id;
  std::string name, name_zh;
  double latitude_deg = 0, longitude_deg = 0;
  double population_1e4 = 0;  // ten thousands of people, as the yearbooks print it
  double gdp_1e8 = 0;         // hundred millions of the currency a year

  [[nodiscard]] Coordinates at() const { return {latitude_deg, longitude_deg}; }
};

// CO2 per kWh drawn, by three ways of counting. `marginal` is there only where a source gives it.
struct Grid {
  GridId id;
  std::string name, name_zh;
  KgPerKwh location;                 // the grid's average
  KgPerKwh market;                   // residual mix: what is left once contracted green power is taken out
  std::optional<KgPerKwh> marginal;  // the unit that one more kWh would run
};

enum class SiteKind { cluster, metro };
enum class PowerPriceMode { agency, contract, spot };
enum class WaterStress { low, low_medium, medium_high, high, extremely_high };  // WRI Aqueduct classes

struct Site {
  SiteId id;
  std::string name, name_zh;
  SiteKind kind = SiteKind::cluster;
  std::string hub;  // policy grouping
  RegionId region;
  double latitude_deg = 0, longitude_deg = 0;
  Kilowatts capacity;  // IT power the built racks are designed for
  double rack_fill = 1, server_use = 1, power_load = 1;
  double pue_limit = 1;                // facility kWh / IT kWh (ISO/IEC 30134-2) that a rule allows
  std::optional<double> pue_reported;  // of a year, by the meter: it sets the level of the modelled hours
  double overhead_ratio = 1;           // real / modelled PUE - 1, where no meter tells
  PlantId cooling;
  StationId climate_station;
  MoneyPerKwh power_price;  // before tax
  PowerPriceMode power_price_mode = PowerPriceMode::agency;
  TariffId tariff;
  GridId grid;
  double green_share = 0;  // share of the energy bought as green power by contract
  WaterStress water_stress = WaterStress::low;
  // What running there takes, as measured (`hinterland replay --fit`); none: nobody measured it.
  std::optional<Hours> start_up;      // that a job holds its place before and after its run
  std::optional<double> speed;        // of its servers, beside those of other sites
  std::optional<double> input_mbps;   // at which inputs come
  std::optional<LitresPerKwh> water;  // on-site litres per IT kWh by the meter (WUE, ISO/IEC 30134-9)
  MoneyPerKw building_price;          // building and plant, per IT kW, without land and servers
  Hours building_life;
  MoneyPerM2 land_price;
  std::optional<MoneyPerKw>
      lease;  // a month's rent of an IT kW, power not included; then no building is paid for
  std::vector<Certification> certifications;
  std::vector<std::string>
      public_reasons;  // what the public story gives as reasons for the place: "climate" ...

  [[nodiscard]] Coordinates at() const { return {latitude_deg, longitude_deg}; }

  // IT power of the servers that stand idle: racks are filled, servers are there, nobody has bought their
  // hours.
  [[nodiscard]] Kilowatts idle() const { return (rack_fill * (1 - server_use)) * capacity; }
  // IT power that nobody has sold: idle servers and empty racks together.
  [[nodiscard]] Kilowatts unsold() const { return (1 - rack_fill * server_use) * capacity; }
};

Fields<Region> region_fields();
Fields<Grid> grid_fields();
Fields<Site> site_fields();

}  // namespace hinterland
