// load_atlas: tables from files into one checked Atlas.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "hinterland/atlas/consistency.hpp"
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
      add_error(errors, {.what = in_quotes(row_id(row)) + " is no id",
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

// A file that is no table of an atlas, such as a trace, is refused before its rows take kilobytes each.
Expected<std::vector<RecordRow>> read_table(const AtlasTable& table, const std::string& path, bool partial) {
  static constexpr auto kMostLines = 20'000;
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  if (const auto lines = std::ranges::count(*text, '\n'); lines > kMostLines)
    return failure(
        {.what = fmt::format("{} lines where a table of an atlas has {} at most", lines, kMostLines),
         .where = {.file = path},
         .mend = "Keep the rows that matter here."});
  return parse_table(*text, path, table.fields, partial);
}

void load_table(Atlas& atlas, const AtlasTable& table, Errors& errors) {
  const std::string path = atlas.directory + "/" + table.name + ".csv";
  std::error_code code;
  if (!table.required && !std::filesystem::exists(path, code)) return;
  const auto rows = read_table(table, path, false);
  if (!rows) return add_errors(errors, rows.error());
  put_table(atlas, table, *rows, errors);
}

// A row whose id the atlas does not know is a new record, which must be whole, or a misspelt id.
void check_new_row(const AtlasTable& table, const RecordRow& row, const std::vector<std::string>& ids,
                   Errors& errors) {
  const auto complain = [&](const Field& field, std::string what, std::string mend) {
    Location where = row.where;
    where.field = field.name;
    add_error(errors, {.what = std::move(what), .where = std::move(where), .mend = std::move(mend)});
  };
  if (!nearest_name(row_id(row), ids).empty()) {
    complain(table.fields.front(),
             fmt::format("'{}' is not in the atlas, and a new row must be whole", row_id(row)),
             did_you_mean(row_id(row), ids));
    return;
  }
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    if (row.given[i] || !table.fields[i].required) continue;
    complain(table.fields[i], fmt::format("{} is not in the atlas, so its row must be whole", row_id(row)),
             fmt::format("Give it: {}.", table.fields[i].doc));
  }
}

bool is_whole(const AtlasTable& table, const RecordRow& row) {
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    if (table.fields[i].required && !row.given[i]) return false;
  }
  return true;
}

// Cells of the books replace cells of the atlas.
void overlay_table(Atlas& atlas, const AtlasTable& table, const std::string& path, Errors& errors) {
  const auto rows = read_table(table, path, table.keyed);
  if (!rows) return add_errors(errors, rows.error());
  if (table.keyed) {
    const auto ids = table.ids(atlas);
    for (const RecordRow& row : *rows) {
      const bool known = std::ranges::find(ids, row_id(row)) != ids.end();
      if (!known && !is_whole(table, row)) check_new_row(table, row, ids, errors);
      for (std::size_t i = 1; i < table.fields.size(); ++i) {
        if (!row.given[i]) continue;
        atlas.overridden[fmt::format("{}.{}.{}", table.name, row_id(row), table.fields[i].name)] = "yours";
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
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(books, code))
    files.push_back(entry.path().filename().string());
  std::ranges::sort(files);  // the order of a folder is its file system's, that of messages is ours
  for (const AtlasTable& table : tables) {
    const std::string path = books + "/" + table.name + ".csv";
    if (!std::filesystem::exists(path, code)) continue;
    any = true;
    overlay_table(atlas, table, path, errors);
  }
  const std::string curves = books + "/curves.csv";
  const bool has_curves = std::filesystem::exists(curves, code);
  for (const std::string& name : files) {
    const bool known = std::ranges::find(names, name) != names.end() ||
                       std::ranges::find(atlas.curves, name, &Curve::file) != atlas.curves.end();
    if (!name.ends_with(".csv") || known) continue;
    add_error(errors, {.what = "no table of the atlas has this name, and no curve names this file",
                       .where = {.file = fmt::format("{}/{}", books, name)},
                       .mend = has_curves ? fmt::format("Give it a row in {}, or a table's name.", curves)
                                          : did_you_mean(name, names)});
  }
  if (!any && errors.empty()) {
    add_error(errors, {.what = "holds no table", .where = {.file = books}, .mend = did_you_mean("", names)});
  }
}

// Books speak of one more country or another currency by mistake only: every price would change its meaning.
void check_same_country(const Atlas& atlas, const Country& before, const std::string& books, Errors& errors) {
  if (atlas.countries.size() == 1 && atlas.country().currency == before.currency) return;
  add_error(errors, {.what = "books cannot add an atlas or change the currency of one",
                     .where = {.file = books + "/atlas.csv"},
                     .mend = fmt::format("Give a row for {} without currency, in {}.", before.id.text,
                                         before.currency)});
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
  check_country(atlas, directory, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  const auto tables = atlas_tables(atlas.country().currency);
  for (const AtlasTable& table : tables) {
    if (table.name != "atlas") load_table(atlas, table, errors);
  }
  if (errors.empty()) check_consistency(atlas, tables, directory, errors);
  if (errors.empty()) load_curves(atlas, errors);
  if (!books.empty() && errors.empty()) {
    const Country before = atlas.country();
    overlay_books(atlas, tables, books, errors);
    check_same_country(atlas, before, books, errors);
    if (errors.empty()) check_consistency(atlas, tables, books, errors);
    if (errors.empty()) load_curves(atlas, errors);
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return atlas;
}

}  // namespace hinterland
