#include "hinterland/atlas/place.hpp"

namespace hinterland {

Fields<Region> region_fields() {
  return {
      field("id", &Region::id).naming().documented("short name of the region"),
      field("name", &Region::name).naming().documented("English name"),
      field("name_zh", &Region::name_zh).naming().documented("Chinese name"),
      field("latitude_deg", &Region::latitude_deg)
          .within(-90, 90)
          .documented("where its demand is taken to live"),
      field("longitude_deg", &Region::longitude_deg)
          .within(-180, 180)
          .documented("where its demand is taken to live"),
      field("population_1e4", &Region::population_1e4).above(0).documented("residents, ten thousands"),
      field("gdp_1e8_$", &Region::gdp_1e8)
          .above(0)
          .documented("gross domestic product of a year, hundred millions"),
  };
}

Fields<Grid> grid_fields() {
  return {
      field("id", &Grid::id).naming().documented("short name of the grid"),
      field("name", &Grid::name).naming().documented("English name"),
      field("name_zh", &Grid::name_zh).naming().documented("Chinese name"),
      field("location_kg_per_kwh", &Grid::location)
          .within(0, 3)
          .documented("CO2 per kWh, average of the grid"),
      field("market_kg_per_kwh", &Grid::market).within(0, 3).documented("CO2 per kWh of the residual mix"),
      field("marginal_kg_per_kwh", &Grid::marginal)
          .within(0, 3)
          .documented("CO2 of one more kWh, where a source gives it"),
  };
}

Fields<Site> site_fields() {
  return {
      field("id", &Site::id).naming().documented("short name of the site"),
      field("name", &Site::name).naming().documented("English name"),
      field("name_zh", &Site::name_zh).naming().documented("Chinese name"),
      choice("kind", &Site::kind, {"cluster", "metro"})
          .naming()
          .documented("a cluster, or a metro where work lives today"),
      field("hub", &Site::hub).naming().documented("the policy's grouping of sites"),
      field("region", &Site::region).refers("regions").naming().documented("the region it stands in"),
      field("latitude_deg", &Site::latitude_deg).within(-90, 90).documented("where it stands"),
      field("longitude_deg", &Site::longitude_deg).within(-180, 180).documented("where it stands"),
      field("capacity_mw", &Site::capacity, kKilowattsPerMegawatt)
          .above(0, 1e5)
          .documented("IT power the built racks are designed for"),
      field("rack_fill", &Site::rack_fill).above(0, 1).documented("racks occupied / racks built"),
      field("server_use", &Site::server_use).above(0, 1).documented("share of a server's life that is sold"),
      field("power_load", &Site::power_load).above(0, 1).documented("mean kW drawn / kW designed"),
      field("pue_limit", &Site::pue_limit).within(1, 3).documented("PUE a rule allows"),
      field("pue_reported", &Site::pue_reported)
          .within(1, 3)
          .documented("PUE of a year by the meter: the level of the modelled hours"),
      field("overhead_ratio", &Site::overhead_ratio)
          .above(0, 20)
          .by_default("1")
          .documented("real / modelled overhead (PUE - 1), where no meter tells"),
      field("cooling", &Site::cooling).refers("plants").documented("its cooling and power plant"),
      field("climate_station", &Site::climate_station)
          .refers("stations")
          .documented("WMO number of the weather station"),
      field("power_price_$_per_kwh", &Site::power_price)
          .within(-1e4, 1e4)
          .documented("price of a kWh delivered, before tax"),
      choice("power_price_mode", &Site::power_price_mode, {"agency", "contract", "spot"})
          .documented("how that price comes about"),
      field("tariff", &Site::tariff)
          .refers("tariffs")
          .naming()
          .documented("the public tariff of its area: when power is dear and cheap"),
      field("grid", &Site::grid).refers("grids").naming().documented("the grid that feeds it"),
      field("green_share", &Site::green_share)
          .within(0, 1)
          .documented("share of its energy bought green by contract"),
      choice("water_stress", &Site::water_stress,
             {"low", "low-medium", "medium-high", "high", "extremely-high"})
          .documented("baseline water stress (Aqueduct)"),
      field("water_l_per_kwh", &Site::water)
          .within(0, 20)
          .documented("litres used on site per IT kWh by the meter; none: as modelled"),
      field("start_up_s", &Site::start_up, 1 / 3600.0)
          .within(0, 1e6)
          .documented("seconds that a job holds its place beside its run, as measured; none: 0"),
      field("speed", &Site::speed)
          .above(0, 1e3)
          .documented("how fast the same work runs there, beside other sites, as measured; none: 1"),
      field("input_mbps", &Site::input_mbps)
          .above(0, 1e7)
          .documented("megabits a second at which a job's inputs come, as measured; none: as the path says"),
      field("building_$_per_kw", &Site::building_price)
          .within(0, 1e9)
          .documented("building and plant per IT kW, land and servers apart"),
      field("building_life_years", &Site::building_life, kYear.value)
          .above(0, 200)
          .documented("years the building serves"),
      field("land_$_per_m2", &Site::land_price).within(0, 1e9).documented("land price"),
      field("lease_$_per_kw_month", &Site::lease)
          .within(0, 1e6)
          .documented("rent of an IT kW a month, before tax, power not included; then housing is leased and "
                      "no building is paid for"),
      field("certifications", &Site::certifications)
          .optional()
          .documented("what it is certified for, split by ;"),
      field("public_reasons", &Site::public_reasons)
          .optional()
          .documented(
              "what the public story gives as reasons for the place, split by ;: climate, hydropower ..."),
  };
}

}  // namespace hinterland
