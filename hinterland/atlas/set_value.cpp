// --set TABLE.ID.FIELD=VALUE: one cell, checked as its table would be.
#include <fmt/format.h>

#include <algorithm>

#include "hinterland/atlas/consistency.hpp"

namespace hinterland {

namespace {

std::unexpected<Errors> bad_assignment(const std::string& assignment, std::string what, std::string mend) {
  return failure({.what = std::move(what), .where = at_flag("--set", assignment), .mend = std::move(mend)});
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
                          did_you_mean(table_name, names));
  }
  const auto ids = table->ids(atlas);
  if (std::ranges::find(ids, id) == ids.end()) {
    return bad_assignment(assignment, fmt::format("'{}' is not in {}", id, table_name),
                          did_you_mean(id, ids));
  }
  const auto field = std::ranges::find(table->fields, column, &Field::name);
  // The currency names the money columns; another word would not convert a single price.
  const bool fixed = table_name == "atlas" && column == "currency";
  if (field == table->fields.end() || field == table->fields.begin() || fixed) {
    std::vector<std::string> columns;
    for (const Field& one : table->fields) {
      const bool settable =
          &one != &table->fields.front() && !(table_name == "atlas" && one.name == "currency");
      if (settable) columns.push_back(one.name);
    }
    return bad_assignment(assignment,
                          fmt::format("'{}' is no field of {} that can be set", column, table_name),
                          did_you_mean(column, columns));
  }
  auto value =
      parse_cell(*field, assignment.substr(equals + 1), at_flag("--set", assignment.substr(0, equals)));
  if (!value) return std::unexpected(value.error());
  if (std::holds_alternative<std::monostate>(*value)) {
    return bad_assignment(assignment, "the value is empty", "Write a value behind the =.");
  }
  if (table_name == "sites" && column == in_currency("power_price_$_per_kwh", atlas.country().currency)) {
    const Curve* curve = curve_of(atlas, {id}, CurveQuantity::power_price);
    if (curve != nullptr && curve->use == CurveUse::level) {
      return bad_assignment(assignment,
                            fmt::format("the curve {} gives this price hour by hour", curve->id.text),
                            "Leave the curve out of the books, or let it be a shape.");
    }
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
  check_records(atlas, tables, "--set", errors);
  // What was set, not a file of that name.
  for (Error& one : errors) {
    if (one.where.file.starts_with("--set/"))
      one.where.file = at_flag("--set", assignment.substr(0, equals)).file;
  }
  if (errors.empty()) load_curves(atlas, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

}  // namespace hinterland
