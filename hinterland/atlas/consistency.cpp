#include "hinterland/atlas/consistency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "hinterland/base/time.hpp"

namespace hinterland {

namespace {

// Every text of a field that refers to a table is an id there.
void check_references(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                      Errors& errors) {
  const auto ids_of = [&](const std::string& name) {
    return std::ranges::find(tables, name, &AtlasTable::name)->ids(atlas);
  };
  for (const AtlasTable& table : tables) {
    if (!table.keyed) continue;
    for (std::size_t i = 0; i < table.fields.size(); ++i) {
      const Field& field = table.fields[i];
      if (field.refers_to.empty()) continue;
      const auto known = ids_of(field.refers_to);
      for (const std::string& id : table.ids(atlas)) {
        const FieldValue value = table.get(atlas, id, i);
        std::vector<std::string> names;
        if (const auto* text = std::get_if<std::string>(&value)) names = {*text};
        if (const auto* list = std::get_if<std::vector<std::string>>(&value)) names = *list;
        for (const std::string& name : names) {
          if (std::ranges::find(known, name) != known.end()) continue;
          add_error(
              errors,
              {.what = fmt::format("{}: {} is not in {}", id, in_quotes(name), field.refers_to),
               .where = {.file = fmt::format("{}/{}.csv", folder, table.name), .field = field.name},
               .mend = did_you_mean(
                   name, known, fmt::format("Add it to {}.csv, or name one of its ids.", field.refers_to))});
        }
      }
    }
  }
}

// Offers have the columns of their mode.
void check_offers(const Atlas& atlas, const std::string& file, Errors& errors) {
  for (const Offer& offer : atlas.offers) {
    const bool line = offer.price_per_month && offer.bandwidth && offer.fill;
    const bool courier = offer.price_per_device && offer.device && offer.copy && offer.transit;
    if (offer.mode == OfferMode::courier ? courier : line) continue;
    add_error(errors,
              {.what = fmt::format("the offer {} lacks columns of its mode", offer.id.text),
               .where = {.file = file},
               .mend = offer.mode == OfferMode::courier
                           ? "A courier needs price per device, device_tb, copy_gbps and transit_hours."
                           : "A line needs price per month, bandwidth_gbps and fill."});
  }
}

// What is wrong with the name of a cell; empty if it exists. `*` stands for all rows or columns where it may.
std::string unknown_cell(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& name,
                         const std::string& id, const std::string& column, bool stars) {
  const auto table = std::ranges::find(tables, name, &AtlasTable::name);
  if (table == tables.end() || !table->keyed) return "there is no such table";
  const auto ids = table->ids(atlas);
  const bool any_row = stars && id == "*", any_column = stars && column == "*";
  if (!any_row && std::ranges::find(ids, id) == ids.end()) return "there is no such row";
  const auto field = std::ranges::find(table->fields, column, &Field::name);
  if (!any_column && field == table->fields.end()) return "there is no such column";
  return {};
}

// About a row that names a cell: a Citation or an Alternative.
template <class Row>
void complain(Errors& errors, const Row& row, std::string_view what, std::string_view mend) {
  add_error(errors, {.what = fmt::format("{}.{}.{}: {}", row.table, row.id, row.column, what),
                     .where = row.where,
                     .mend = std::string(mend)});
}

// Cited cells exist, and so do their sources; low <= high.
void check_citations(const Atlas& atlas, const std::vector<AtlasTable>& tables, Errors& errors) {
  for (const Citation& one : atlas.citations) {
    const std::string unknown = unknown_cell(atlas, tables, one.table, one.id, one.column, true);
    if (!unknown.empty())
      complain(errors, one, unknown, "Name a cell of a table; * stands for every row or column.");
    if (one.source != kAssumed && atlas.sources.find({one.source}) == nullptr) {
      complain(errors, one, fmt::format("'{}' is no source", one.source),
               "Add it to sources.csv, or write assumed.");
    }
    if (one.low && one.high && *one.low > *one.high) complain(errors, one, "low is above high", "Swap them.");
  }
}

// Other values are of cells that exist, from sources that exist, and could stand in their column.
void check_alternatives(const Atlas& atlas, const std::vector<AtlasTable>& tables, Errors& errors) {
  for (const Alternative& one : atlas.alternatives) {
    const std::string unknown = unknown_cell(atlas, tables, one.table, one.id, one.column, false);
    if (!unknown.empty()) {
      complain(errors, one, unknown, "Name a cell of a table.");
      continue;
    }
    if (one.source != kAssumed && atlas.sources.find({one.source}) == nullptr) {
      complain(errors, one, fmt::format("'{}' is no source", one.source),
               "Add it to sources.csv, or write assumed.");
    }
    const auto& fields = std::ranges::find(tables, one.table, &AtlasTable::name)->fields;
    const auto value = parse_cell(*std::ranges::find(fields, one.column, &Field::name), one.value, one.where);
    if (!value) add_errors(errors, value.error());
  }
}

// A second row for a pair would be silently ignored, or silently win.
void check_pairs(const Atlas& atlas, const std::string& folder, Errors& errors) {
  std::map<std::pair<SiteId, SiteId>, const Path*> seen;
  for (const Path& path : atlas.paths) {
    const auto [pair, fresh] = seen.try_emplace(std::minmax(path.from, path.to), &path);
    if (fresh) continue;
    add_error(errors, {.what = fmt::format("{} speaks of the same two sites as {}", path.id.text,
                                           pair->second->id.text),
                       .where = {.file = folder + "/paths.csv"},
                       .mend = fmt::format("Give the row the id {}.", pair->second->id.text)});
  }
}

// A server that draws more when idle than when busy has its columns swapped.
void check_servers(const Atlas& atlas, const std::string& folder, Errors& errors) {
  for (const Server& server : atlas.servers) {
    if (server.idle <= server.busy) continue;
    add_error(errors, {.what = fmt::format("{} draws more when idle than when busy", server.id.text),
                       .where = {.file = folder + "/servers.csv", .field = "power_idle_kw"},
                       .mend = "Give an idle power of at most the busy one."});
  }
}

}  // namespace

void check_country(const Atlas& atlas, const std::string& folder, Errors& errors) {
  Location where{.file = folder + "/atlas.csv"};
  if (atlas.countries.size() != 1)
    return add_error(errors, {.what = fmt::format("{} rows where one is meant", atlas.countries.size()),
                              .where = std::move(where),
                              .mend = "Keep one row."});
  const auto zone = check_zone(atlas.country().time_zone);
  if (zone) return;
  where.field = "time_zone";
  for (Error one : zone.error()) {
    one.where = where;
    add_error(errors, std::move(one));
  }
}

void check_records(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                   Errors& errors) {
  check_country(atlas, folder, errors);
  check_references(atlas, tables, folder, errors);
  check_offers(atlas, folder + "/networks.csv", errors);
  check_hours(atlas, folder, errors);
  check_pairs(atlas, folder, errors);
  check_servers(atlas, folder, errors);
  check_accounts(atlas, folder, errors);
  check_economy(atlas, folder, errors);
}

void check_consistency(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                       Errors& errors) {
  check_records(atlas, tables, folder, errors);
  check_citations(atlas, tables, errors);
  check_alternatives(atlas, tables, errors);
}

}  // namespace hinterland
