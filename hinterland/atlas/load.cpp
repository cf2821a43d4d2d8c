// load_atlas and set_value: tables from files into one checked Atlas.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/file.hpp"

namespace hinterland {

Fields<Country> country_fields() {
  return {
      field("id", &Country::id).naming().documented("short name of the atlas"),
      field("name", &Country::name).naming().documented("English name"),
      field("name_zh", &Country::name_zh).naming().documented("Chinese name"),
      field("currency", &Country::currency).naming().documented("ISO 4217 code; it names the money columns"),
      field("time_zone", &Country::time_zone).naming().documented("IANA name"),
      field("interest_per_year", &Country::interest_per_year).within(0, 1).documented("cost of capital"),
      field("route_factor", &Country::route_factor).within(1, 10).documented("fibre km / great-circle km"),
      field("fibre_us_per_km", &Country::fibre, kHoursPerMicrosecond)
          .above(0, 100)
          .documented("one-way time per km of fibre"),
      field("land_m2_per_kw", &Country::land).within(0, 1000).documented("land under one IT kW"),
  };
}

namespace {

bool is_name(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string row_id(const RecordRow& row) { return std::get<std::string>(row.values.front()); }

// Adds one file's rows: new ids, each once.
void put_table(Atlas& atlas, const AtlasTable& table, const std::vector<RecordRow>& rows, Errors& errors) {
  std::set<std::string> seen;
  for (const RecordRow& row : rows) {
    Location where = row.where;
    where.field = table.fields.front().name;
    if (table.keyed && !is_name(row_id(row))) {
      add_error(errors, {.what = fmt::format("'{}' is no id", row_id(row).substr(0, 40)),
                         .where = where,
                         .mend = "Use letters, digits, - and _ (at most 64)."});
    } else if (table.keyed && !seen.insert(row_id(row)).second) {
      add_error(errors, {.what = fmt::format("the id {} stands twice", row_id(row)),
                         .where = where,
                         .mend = "Remove or rename one of the rows."});
    } else {
      table.put(atlas, row);
    }
  }
}

void load_table(Atlas& atlas, const AtlasTable& table, Errors& errors) {
  const std::string path = atlas.directory + "/" + table.name + ".csv";
  const auto text = read_text(path);
  if (!text) return add_errors(errors, text.error());
  const auto rows = parse_table(*text, path, table.fields, false);
  if (!rows) return add_errors(errors, rows.error());
  put_table(atlas, table, *rows, errors);
}

// Cells of the books replace cells of the atlas; a row with a new id must be whole.
void overlay_table(Atlas& atlas, const AtlasTable& table, const std::string& path, Errors& errors) {
  const auto text = read_text(path);
  if (!text) return add_errors(errors, text.error());
  const auto rows = parse_table(*text, path, table.fields, table.keyed);
  if (!rows) return add_errors(errors, rows.error());
  if (table.keyed) {
    const auto ids = table.ids(atlas);
    const std::set<std::string> known(ids.begin(), ids.end());
    for (const RecordRow& row : *rows) {
      for (std::size_t i = 0; i < table.fields.size(); ++i) {
        if (row.given[i] && i > 0)
          atlas.overridden[fmt::format("{}.{}.{}", table.name, row_id(row), table.fields[i].name)] = "yours";
        if (row.given[i] || !table.fields[i].required || known.contains(row_id(row))) continue;
        add_error(errors,
                  {.what = fmt::format("{} is not in the atlas, so its row must be whole", row_id(row)),
                   .where = {.file = path, .line = row.where.line, .field = table.fields[i].name},
                   .mend = fmt::format("Give it: {}. Or use a known id{}.", table.fields[i].doc,
                                       nearest_name(row_id(row), ids).empty()
                                           ? ""
                                           : fmt::format(", such as {}", nearest_name(row_id(row), ids)))});
      }
    }
  }
  put_table(atlas, table, *rows, errors);
}

void overlay_books(Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& books,
                   Errors& errors) {
  std::error_code code;
  if (!std::filesystem::is_directory(books, code)) {
    return add_error(errors, {.what = "is no folder",
                              .where = {.file = books},
                              .mend = "Name the folder that holds your tables."});
  }
  std::vector<std::string> names;
  for (const AtlasTable& table : tables) names.push_back(table.name + ".csv");
  bool any = false;
  for (const auto& entry : std::filesystem::directory_iterator(books, code)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".csv") || std::ranges::find(names, name) != names.end()) continue;
    const std::string near = nearest_name(name, names);
    add_error(errors, {.what = "no table of the atlas has this name",
                       .where = {.file = entry.path().string()},
                       .mend = near.empty() ? fmt::format("Tables: {}.", fmt::join(names, ", "))
                                            : fmt::format("Did you mean {}?", near)});
  }
  for (const AtlasTable& table : tables) {
    const std::string path = books + "/" + table.name + ".csv";
    if (!std::filesystem::exists(path, code)) continue;
    any = true;
    overlay_table(atlas, table, path, errors);
  }
  if (!any && errors.empty()) {
    add_error(errors, {.what = "holds no table",
                       .where = {.file = books},
                       .mend = fmt::format("Tables: {}.", fmt::join(names, ", "))});
  }
}

// Every text of a field that refers to a table must be an id there.
void check_references(const Atlas& atlas, const std::vector<AtlasTable>& tables,
                      const std::string& file_of_tables, Errors& errors) {
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
          const std::string near = nearest_name(name, known);
          add_error(
              errors,
              {.what = fmt::format("{}: '{}' is not in {}", id, name.substr(0, 40), field.refers_to),
               .where = {.file = fmt::format("{}/{}.csv", file_of_tables, table.name), .field = field.name},
               .mend = near.empty()
                           ? fmt::format("Add it to {}.csv, or name one of its ids.", field.refers_to)
                           : fmt::format("Did you mean {}?", near)});
        }
      }
    }
  }
}

// Offers need the columns of their mode.
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

void check_country(const Atlas& atlas, Errors& errors) {
  if (atlas.countries.size() == 1) return;
  add_error(errors, {.what = fmt::format("{} rows where one is meant", atlas.countries.size()),
                     .where = {.file = atlas.directory + "/atlas.csv"},
                     .mend = "Keep one row."});
}

// Books speak of one more country or another currency by mistake only: every price would change its meaning.
void check_same_country(const Atlas& atlas, const Country& before, const std::string& books, Errors& errors) {
  if (atlas.countries.size() == 1 && atlas.country().currency == before.currency) return;
  add_error(errors, {.what = "books cannot add an atlas or change the currency of one",
                     .where = {.file = books + "/atlas.csv"},
                     .mend = fmt::format("Give a row for {} without currency, in {}.", before.id.text,
                                         before.currency)});
}

// Cited cells must exist, sources too, and a range must hold the value it speaks of.
void check_citations(const Atlas& atlas, const std::vector<AtlasTable>& tables, Errors& errors) {
  const auto complain = [&](const Citation& citation, std::string what, std::string mend) {
    add_error(errors,
              {.what = fmt::format("{}.{}.{}: {}", citation.table, citation.id, citation.column, what),
               .where = citation.where,
               .mend = std::move(mend)});
  };
  for (const Citation& citation : atlas.citations) {
    const auto table = std::ranges::find(tables, citation.table, &AtlasTable::name);
    if (table == tables.end() || !table->keyed) {
      complain(citation, "there is no such table", "Name a table of the atlas.");
      continue;
    }
    if (citation.source != kAssumed && atlas.sources.find({citation.source}) == nullptr) {
      complain(citation, fmt::format("'{}' is no source", citation.source),
               "Add it to sources.csv, or write assumed.");
    }
    if (citation.low && citation.high && *citation.low > *citation.high) {
      complain(citation, "low is above high", "Swap them.");
    }
    const auto ids = table->ids(atlas);
    if (citation.id != "*" && std::ranges::find(ids, citation.id) == ids.end()) {
      complain(citation, "there is no such row", "Name a row of the table, or *.");
    }
    if (citation.column != "*" &&
        std::ranges::find(table->fields, citation.column, &Field::name) == table->fields.end()) {
      complain(citation, "there is no such column", "Name a column of the table, or *.");
    }
  }
}

}  // namespace

Expected<Atlas> load_atlas(const std::string& directory, const std::string& books) {
  Atlas atlas;
  atlas.directory = directory;
  std::error_code code;
  if (!std::filesystem::is_directory(directory, code)) {
    return failure({.what = "is no folder",
                    .where = {.file = directory},
                    .mend = "Name the folder that holds an atlas's tables."});
  }
  Errors errors;
  // atlas.csv first: its currency names the columns of the others.
  load_table(atlas, atlas_tables("").front(), errors);
  check_country(atlas, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  const auto tables = atlas_tables(atlas.country().currency);
  for (const AtlasTable& table : tables) {
    if (table.name != "atlas") load_table(atlas, table, errors);
  }
  if (errors.empty()) check_references(atlas, tables, directory, errors);
  if (errors.empty()) check_citations(atlas, tables, errors);
  if (!books.empty() && errors.empty()) {
    const Country before = atlas.country();
    overlay_books(atlas, tables, books, errors);
    check_same_country(atlas, before, books, errors);
    if (errors.empty()) check_references(atlas, tables, books, errors);
    if (errors.empty()) check_citations(atlas, tables, errors);
  }
  if (errors.empty()) check_offers(atlas, directory + "/networks.csv", errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return atlas;
}

namespace {

std::unexpected<Errors> bad_assignment(const std::string& assignment, std::string what, std::string mend) {
  return failure({.what = std::move(what),
                  .where = {.file = "--set " + assignment.substr(0, 80)},
                  .mend = std::move(mend)});
}

}  // namespace

Expected<void> set_value(Atlas& atlas, const std::string& assignment) {
  const auto equals = assignment.find('=');
  const auto first = assignment.find('.');
  const auto second = first == std::string::npos ? first : assignment.find('.', first + 1);
  if (equals == std::string::npos || second == std::string::npos || second > equals) {
    return bad_assignment(assignment, "is no assignment",
                          "Write TABLE.ID.FIELD=VALUE, such as sites.guian.server_use=0.6.");
  }
  const std::string table_name = assignment.substr(0, first);
  const std::string id = assignment.substr(first + 1, second - first - 1);
  const std::string column = assignment.substr(second + 1, equals - second - 1);

  const auto tables = atlas_tables(atlas.country().currency);
  std::vector<std::string> names;
  for (const AtlasTable& one : tables) {
    if (one.keyed) names.push_back(one.name);
  }
  const auto table = std::ranges::find(tables, table_name, &AtlasTable::name);
  if (table == tables.end() || !table->keyed) {
    return bad_assignment(assignment, fmt::format("'{}' is no table", table_name),
                          fmt::format("Tables: {}.", fmt::join(names, ", ")));
  }
  const auto ids = table->ids(atlas);
  if (std::ranges::find(ids, id) == ids.end()) {
    const std::string near = nearest_name(id, ids);
    return bad_assignment(
        assignment, fmt::format("'{}' is not in {}", id, table_name),
        near.empty() ? fmt::format("Ids: {}.", fmt::join(ids, ", ")) : fmt::format("Did you mean {}?", near));
  }
  const auto field = std::ranges::find(table->fields, column, &Field::name);
  // The currency names the money columns; another word would not convert a single price.
  const bool fixed = table_name == "atlas" && column == "currency";
  if (field == table->fields.end() || field == table->fields.begin() || fixed) {
    std::vector<std::string> columns;
    for (const Field& one : table->fields) columns.push_back(one.name);
    const std::string near = fixed ? "" : nearest_name(column, columns);
    return bad_assignment(assignment,
                          fmt::format("'{}' is no field of {} that can be set", column, table_name),
                          near.empty() ? fmt::format("Fields: {}.", fmt::join(columns, ", "))
                                       : fmt::format("Did you mean {}?", near));
  }
  auto value =
      parse_cell(*field, assignment.substr(equals + 1), {.file = "--set " + assignment.substr(0, equals)});
  if (!value) return std::unexpected(value.error());
  if (std::holds_alternative<std::monostate>(*value)) {
    return bad_assignment(assignment, "the value is empty", "Write a value behind the =.");
  }
  RecordRow row{.where = {.file = "--set"},
                .values = std::vector<FieldValue>(table->fields.size()),
                .given = {},
                .evidence = {}};
  row.values.front() = id;
  row.values[static_cast<std::size_t>(field - table->fields.begin())] = std::move(*value);
  table->put(atlas, row);
  atlas.overridden[fmt::format("{}.{}.{}", table_name, id, column)] = "set";
  Errors errors;
  check_references(atlas, tables, "--set", errors);
  check_offers(atlas, "--set " + assignment.substr(0, 80), errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

}  // namespace hinterland
