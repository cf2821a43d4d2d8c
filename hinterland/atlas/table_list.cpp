#include "hinterland/atlas/table_list.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace hinterland {

std::string in_currency(std::string name, const std::string& currency) {
  std::string lower = currency;
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (const auto at = name.find('$'); at != std::string::npos) name.replace(at, 1, lower);
  return name;
}

namespace {

template <class Record>
Fields<Record> named_in_currency(Fields<Record> fields, const std::string& currency) {
  for (auto& one : fields) one.name = in_currency(std::move(one.name), currency);
  return fields;
}

template <class Record>
AtlasTable keyed_table(std::string name, std::string doc, const Fields<Record>& fields,
                       Table<Record> Atlas::* member) {
  AtlasTable table;
  table.name = std::move(name);
  table.doc = std::move(doc);
  table.fields = descriptions(fields);
  table.ids = [member](const Atlas& atlas) {
    std::vector<std::string> ids;
    for (const Record& record : atlas.*member) ids.push_back(record.id.text);
    return ids;
  };
  table.put = [member, fields](Atlas& atlas, const RecordRow& row) {
    const auto id = typename Table<Record>::IdType{std::get<std::string>(row.values.front())};
    const Record* known = (atlas.*member).find(id);
    Record record = known != nullptr ? *known : Record{};
    fill(record, fields, row);
    (atlas.*member).put(std::move(record));
  };
  table.get = [member, fields](const Atlas& atlas, const std::string& id, std::size_t index) {
    return fields[index].get((atlas.*member).at(typename Table<Record>::IdType{id}));
  };
  return table;
}

template <class Record>
AtlasTable list_table(std::string name, std::string doc, const Fields<Record>& fields,
                      std::vector<Record> Atlas::* member) {
  AtlasTable table;
  table.name = std::move(name);
  table.doc = std::move(doc);
  table.fields = descriptions(fields);
  table.keyed = false;
  table.factual = false;
  table.put = [member, fields](Atlas& atlas, const RecordRow& row) {
    Record& record = (atlas.*member).emplace_back();
    fill(record, fields, row);
    record.where = row.where;
  };
  return table;
}

// What only `assess` asks for: an atlas made without it serves all other verbs.
AtlasTable may_be_missing(AtlasTable table) {
  table.required = false;
  return table;
}

// The hours of a curve are read again after any of its cells changed, from the folder of the table that named the file.
AtlasTable curve_table() {
  AtlasTable table = keyed_table("curves", "hourly curves of price or carbon, each in a file of its own",
                                 curve_fields(), &Atlas::curves);
  const auto file =
      static_cast<std::size_t>(std::ranges::find(table.fields, "file", &Field::name) - table.fields.begin());
  table.put = [file, put = table.put](Atlas& atlas, const RecordRow& row) {
    put(atlas, row);
    Curve curve = atlas.curves.at({std::get<std::string>(row.values.front())});
    curve.hours.clear();
    if (!std::holds_alternative<std::monostate>(row.values[file]))
      curve.folder = std::filesystem::path(row.where.file).parent_path().string();
    atlas.curves.put(std::move(curve));
  };
  return table;
}

}  // namespace

std::vector<AtlasTable> atlas_tables(const std::string& currency) {
  const auto local = [&](auto fields) { return named_in_currency(std::move(fields), currency); };
  std::vector<AtlasTable> tables = {
      keyed_table("atlas", "what holds for the whole atlas; one row", country_fields(), &Atlas::countries),
      keyed_table("sources", "texts that were opened", source_fields(), &Atlas::sources),
      keyed_table("regions", "where demand lives", local(region_fields()), &Atlas::regions),
      keyed_table("grids", "carbon of the power", local(grid_fields()), &Atlas::grids),
      keyed_table("stations", "weather stations", station_fields(), &Atlas::stations),
      keyed_table("climate", "monthly normals of the stations", climate_fields(), &Atlas::climate),
      keyed_table("plants", "cooling and power plants of data centres", plant_fields(), &Atlas::plants),
      keyed_table("tariffs", "power prices by time of use, against the flat period", local(tariff_fields()),
                  &Atlas::tariffs),
      keyed_table("tariff_periods", "which period of a tariff runs in each half hour", tariff_month_fields(),
                  &Atlas::tariff_months),
      keyed_table("sites", "places with servers", local(site_fields()), &Atlas::sites),
      curve_table(),
      keyed_table("paths", "pairs of sites with a known length or latency", local(path_fields()),
                  &Atlas::paths),
      keyed_table("networks", "offers for moving bytes", local(offer_fields()), &Atlas::offers),
      keyed_table("servers", "server types", local(server_fields()), &Atlas::servers),
      keyed_table("hazards", "events that take several sites at once", local(hazard_fields()),
                  &Atlas::hazards),
      keyed_table("market", "list prices of the same cloud instance, place against place",
                  local(market_fields()), &Atlas::market),
      may_be_missing(keyed_table("accounts", "people, product and income of a region's year",
                                 local(account_fields()), &Atlas::accounts)),
      may_be_missing(keyed_table("nation_accounts", "what is published of the nation's year as a whole",
                                 local(nation_account_fields()), &Atlas::nation_accounts)),
      may_be_missing(keyed_table("groups", "groups of regions; those of one grouping hold every region once",
                                 region_group_fields(), &Atlas::groups)),
      may_be_missing(keyed_table("sections", "sections of the economy, by which employed people are counted",
                                 section_fields(), &Atlas::sections)),
      may_be_missing(keyed_table("employment", "the nation's employed people by section and year",
                                 employment_fields(), &Atlas::employment)),
      may_be_missing(keyed_table("deals", "deals of a programme by stage, as announced at a date",
                                 deal_count_fields(), &Atlas::deals)),
      may_be_missing(keyed_table("deal_pace",
                                 "how fast deals move from stage to stage, before any is counted",
                                 deal_pace_fields(), &Atlas::deal_paces)),
      may_be_missing(keyed_table("figures", "single figures that public claims are held against",
                                 published_figure_fields(), &Atlas::figures)),
      may_be_missing(keyed_table("spatial_economy", "where people and capital go, and why; one row",
                                 spatial_economy_fields(), &Atlas::spatial_economy)),
      may_be_missing(keyed_table("skilled_flows", "where skilled people come from and go to",
                                 skilled_flows_fields(), &Atlas::skilled_flows)),
      may_be_missing(keyed_table("industries", "industries of the input-output table", industry_fields(),
                                 &Atlas::industries)),
      may_be_missing(keyed_table("io_tables", "the nation's input-output tables, each in a file of its own",
                                 local(io_source_fields()), &Atlas::io_tables)),
      may_be_missing(keyed_table("industry_mix", "which regions have more of an industry than others",
                                 industry_mix_fields(), &Atlas::industry_mix)),
      may_be_missing(keyed_table("spending", "which industries a sum of money goes to", spending_fields(),
                                 &Atlas::spending)),
      may_be_missing(keyed_table("regional_economy", "how regions buy of themselves and of others; one row",
                                 regional_economy_fields(), &Atlas::regional_economy)),
      may_be_missing(keyed_table("staffing",
                                 "who works at a data centre, and what of its pay and profit stays; one row",
                                 local(staffing_fields()), &Atlas::staffing)),
      may_be_missing(keyed_table("supply_chains", "how firms meet a shock to their suppliers; one row",
                                 supply_chain_fields(), &Atlas::supply_chains)),
      list_table("alternatives", "other published values of a cell", alternative_fields(),
                 &Atlas::alternatives),
      list_table("citations", "which source each value comes from", citation_fields(), &Atlas::citations),
  };
  tables[1].factual = false;  // sources vouch, they are not vouched for
  return tables;
}

}  // namespace hinterland
