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
      list_table("alternatives", "other published values of a cell", alternative_fields(),
                 &Atlas::alternatives),
      list_table("citations", "which source each value comes from", citation_fields(), &Atlas::citations),
  };
  tables[1].factual = false;  // sources vouch, they are not vouched for
  return tables;
}

}  // namespace hinterland
