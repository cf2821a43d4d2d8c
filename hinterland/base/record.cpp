#include "hinterland/base/record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

Location in_field(Location where, const Field& field) {
  where.field = field.name;
  return where;
}

std::vector<std::string> names_of(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

// The header's columns as indices of fields.
Expected<std::vector<std::size_t>> parse_header(const CsvRow& header, const std::string& file,
                                                const std::vector<Field>& fields, bool partial) {
  Errors errors;
  std::vector<std::size_t> columns;
  const auto names = names_of(fields);
  for (const std::string_view cell : header.cells) {
    const auto found = std::ranges::find(names, cell);
    const auto index = static_cast<std::size_t>(found - names.begin());
    const Location where{.file = file, .line = header.line, .field = std::string(cell.substr(0, 60))};
    if (found == names.end()) {
      add_error(errors, {.what = "unknown column", .where = where, .mend = did_you_mean(cell, names)});
    } else if (std::ranges::find(columns, index) != columns.end()) {
      add_error(errors, {.what = "the column stands twice", .where = where, .mend = "Remove one of them."});
    }
    columns.push_back(index);
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool needed = partial ? i == 0 : fields[i].required;
    if (needed && std::ranges::find(columns, i) == columns.end()) {
      add_error(errors, {.what = "the column is missing",
                         .where = {.file = file, .line = header.line, .field = fields[i].name},
                         .mend = fmt::format("Add it to the header: {}.", fields[i].doc)});
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return columns;
}

RecordRow empty_row(const std::vector<Field>& fields, Location where) {
  return {.where = std::move(where),
          .values = std::vector<FieldValue>(fields.size()),
          .given = std::vector<bool>(fields.size(), false),
          .evidence = std::vector<Evidence>(fields.size())};
}

// Fills in what the file left out: the default, nothing, or an error.
void complete(RecordRow& row, const std::vector<Field>& fields, Errors& errors) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (row.given[i]) continue;
    auto value = parse_cell(fields[i], "", row.where);
    if (value) {
      row.values[i] = std::move(*value);
    } else {
      add_errors(errors, value.error());
    }
  }
}

}  // namespace

Expected<std::vector<RecordRow>> parse_table(std::string_view text, const std::string& file,
                                             const std::vector<Field>& fields, bool partial) {
  CsvReader reader(text, file);
  CsvRow row;
  auto more = reader.next(row);
  if (!more) return std::unexpected(more.error());
  if (!*more) {
    return failure({.what = "the file is empty",
                    .where = {.file = file},
                    .mend = fmt::format("Begin with the header {}.", fmt::join(names_of(fields), ","))});
  }
  const auto columns = parse_header(row, file, fields, partial);
  if (!columns) return std::unexpected(columns.error());

  Errors errors;
  std::vector<RecordRow> records;
  while (true) {
    more = reader.next(row);
    if (!more) {
      add_errors(errors, more.error());
      continue;
    }
    if (!*more) break;
    const Location where{.file = file, .line = row.line};
    if (row.cells.size() != columns->size()) {
      add_error(errors,
                {.what = fmt::format("{} cells where the header has {}", row.cells.size(), columns->size()),
                 .where = where,
                 .mend = "Give each column its cell; quote a cell that holds a comma."});
      continue;
    }
    RecordRow record = empty_row(fields, where);
    for (std::size_t i = 0; i < columns->size(); ++i) {
      const std::size_t index = (*columns)[i];
      if (row.cells[i].empty()) continue;
      auto value = parse_cell(fields[index], row.cells[i], where);
      if (!value) add_errors(errors, value.error());
      record.given[index] = true;
      if (value) record.values[index] = std::move(*value);
    }
    if (!partial) complete(record, fields, errors);
    if (partial && !record.given[0]) {
      add_error(errors,
                {.what = "the row has no id", .where = in_field(where, fields[0]), .mend = "Give it."});
    }
    records.push_back(std::move(record));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return records;
}

namespace {

constexpr std::string_view kPlainValueMend =
    "Give a plain value, or {value = ..., low = ..., high = ..., source = \"...\"}.";

// The value of a TOML entry that is not a table.
Expected<FieldValue> toml_value(const Field& field, const TomlEntry& entry) {
  if (const auto* number = std::get_if<double>(&entry.value)) {
    if (field.kind == FieldKind::number) {
      if (!std::isfinite(*number)) {
        return bad_value(field, entry.where, "the number is not finite", number_advice(field));
      }
      return check_value(field, *number, entry.where);
    }
    if (field.kind == FieldKind::numbers) {
      return bad_value(field, entry.where, "one number stands where a list is meant",
                       fmt::format("Write [{}].", shortest(*number)));
    }
    return bad_value(field, entry.where, "a number stands where text is meant", "Put it in quotes.");
  }
  if (const auto* text = std::get_if<std::string>(&entry.value)) {
    if (field.kind == FieldKind::number) {
      return bad_value(field, entry.where, in_quotes(*text) + " is text, not a number", number_advice(field));
    }
    if (field.kind == FieldKind::numbers) {
      return bad_value(field, entry.where, in_quotes(*text) + " stands where a list of numbers is meant",
                       number_advice(field));
    }
    if (field.kind == FieldKind::list) {
      return bad_value(field, entry.where, "one text stands where a list is meant",
                       fmt::format("Write [\"{}\"].", text->substr(0, 40)));
    }
    return check_value(field, *text, entry.where);
  }
  if (const auto* list = std::get_if<std::vector<std::string>>(&entry.value)) {
    if (field.kind == FieldKind::list) return *list;
    if (field.kind == FieldKind::numbers && list->empty()) return std::vector<double>{};
    if (field.kind == FieldKind::numbers) {
      return bad_value(field, entry.where, "a list of texts stands where numbers are meant",
                       number_advice(field));
    }
    return bad_value(field, entry.where, "a list stands where one value is meant",
                     std::string(kPlainValueMend));
  }
  if (const auto* numbers = std::get_if<std::vector<double>>(&entry.value)) {
    if (field.kind != FieldKind::numbers) {
      return bad_value(field, entry.where, "a list of numbers stands where something else is meant",
                       std::string(kPlainValueMend));
    }
    if (!std::ranges::all_of(*numbers, [](double number) { return std::isfinite(number); })) {
      return bad_value(field, entry.where, "a number of the list is not finite", number_advice(field));
    }
    return check_value(field, *numbers, entry.where);
  }
  return bad_value(field, entry.where, "this kind of value has no meaning here",
                   std::string(kPlainValueMend));
}

// {value, low, high, source, note}
Expected<FieldValue> toml_evidence(const Field& field, const TomlTable& table, Evidence& evidence) {
  const TomlEntry* value = table.find("value");
  Errors errors;
  for (const TomlEntry& entry : table.entries) {
    const auto* number = std::get_if<double>(&entry.value);
    if (number != nullptr && !std::isfinite(*number)) number = nullptr;
    const auto* text = std::get_if<std::string>(&entry.value);
    if (entry.key == "low" && number != nullptr) {
      evidence.low = *number;
    } else if (entry.key == "high" && number != nullptr) {
      evidence.high = *number;
    } else if (entry.key == "source" && text != nullptr) {
      evidence.source = *text;
    } else if (entry.key == "note" && text != nullptr) {
      evidence.note = *text;
    } else if (entry.key != "value") {
      add_error(errors, {.what = in_quotes(entry.key) + " has no meaning or the wrong kind here",
                         .where = in_field(entry.where, field),
                         .mend = std::string(kPlainValueMend)});
    }
  }
  if (value == nullptr) {
    add_error(errors, {.what = "the value itself is missing",
                       .where = in_field(table.where, field),
                       .mend = std::string(kPlainValueMend)});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  auto parsed = toml_value(field, *value);
  if (!parsed) return parsed;
  if (const auto* number = std::get_if<double>(&*parsed)) {
    if (evidence.low.value_or(*number) > *number || evidence.high.value_or(*number) < *number) {
      return bad_value(field, table.where, "the value lies outside its own low and high",
                       "Order them low, value, high.");
    }
  }
  return parsed;
}

}  // namespace

Expected<RecordRow> parse_record(const TomlTable& table, const std::vector<Field>& fields) {
  RecordRow record = empty_row(fields, table.where);
  Errors errors;
  const auto names = names_of(fields);
  for (const TomlEntry& entry : table.entries) {
    const auto found = std::ranges::find(names, entry.key);
    if (found == names.end()) {
      add_error(errors,
                {.what = "unknown key", .where = entry.where, .mend = did_you_mean(entry.key, names)});
      continue;
    }
    const auto index = static_cast<std::size_t>(found - names.begin());
    const auto* inner = std::get_if<TomlTable>(&entry.value);
    auto value = inner != nullptr ? toml_evidence(fields[index], *inner, record.evidence[index])
                                  : toml_value(fields[index], entry);
    record.given[index] = true;
    if (value) {
      record.values[index] = std::move(*value);
    } else {
      add_errors(errors, value.error());
    }
  }
  complete(record, fields, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return record;
}

}  // namespace hinterland
