#include "hinterland/base/section.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace hinterland {

namespace {

void put(TomlTable& table, std::string_view path, const std::string& text, const Location& where) {
  const auto dot = path.find('.');
  const std::string key{path.substr(0, dot)};
  auto found = std::ranges::find(table.entries, key, &TomlEntry::key);
  if (found == table.entries.end()) {
    table.entries.push_back({.key = key, .where = where, .value = std::string{}});
    if (dot != std::string_view::npos) table.entries.back().value = TomlTable{.where = where, .entries = {}};
    found = table.entries.end() - 1;
  }
  found->where = where;
  auto* inner = std::get_if<TomlTable>(&found->value);
  if (dot != std::string_view::npos && inner != nullptr) {
    put(*inner, path.substr(dot + 1), text, where);
  } else {
    found->value = text;
  }
}

}  // namespace

void put_assignments(TomlTable& table, const std::vector<std::string>& assignments) {
  for (const std::string& assignment : assignments) {
    const auto equals = assignment.find('=');
    const Location where{.file = "--set", .field = assignment.substr(0, equals)};
    put(table, std::string_view(assignment).substr(0, equals), assignment.substr(equals + 1), where);
  }
}

bool is_assignment_to(const std::string& assignment, std::span<const std::string_view> sections) {
  const std::string path = assignment.substr(0, assignment.find('='));
  if (std::ranges::find(sections, path.substr(0, path.find('.'))) != sections.end()) return true;
  return !path.empty() && path.size() < assignment.size() && !path.contains('.');
}

Error no_table(const TomlEntry& entry, std::string_view section) {
  return {.what = "is no table", .where = entry.where, .mend = "Write [" + std::string(section) + ".NAME]."};
}

TomlTable top_of(const TomlTable& file, std::span<const std::string_view> sections) {
  TomlTable top{.where = file.where, .entries = {}};
  for (const TomlEntry& entry : file.entries) {
    if (std::ranges::find(sections, entry.key) == sections.end()) top.entries.push_back(entry);
  }
  return top;
}

void retype(TomlTable& table, const std::vector<Field>& fields, Errors& errors) {
  for (TomlEntry& entry : table.entries) {
    const auto* text = std::get_if<std::string>(&entry.value);
    const auto field = std::ranges::find(fields, entry.key, &Field::name);
    if (text == nullptr || entry.where.file != "--set" || field == fields.end()) continue;
    const auto value = parse_cell(*field, *text, entry.where);
    if (!value) {
      add_errors(errors, value.error());
      // Said once; anything that the field takes stands in its place, so that the rest is checked too.
      if (field->kind == FieldKind::number) entry.value = std::isfinite(field->high) ? field->high : 0.0;
      if (field->kind == FieldKind::choice) entry.value = field->choices.front();
      continue;
    }
    if (const auto* number = std::get_if<double>(&*value)) entry.value = *number;
    if (const auto* list = std::get_if<std::vector<std::string>>(&*value)) entry.value = *list;
  }
}

void look_beside(const std::string& file, std::string& path) {
  const bool is_file = path.contains('/') || path.contains('.');
  const auto beside = std::filesystem::path(file).parent_path() / path;
  std::error_code code;
  if (is_file && !path.starts_with('/') && std::filesystem::exists(beside, code)) path = beside.string();
}

}  // namespace hinterland
