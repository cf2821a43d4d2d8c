#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/atlas/atlas_page.hpp"
#include "hinterland/atlas/table_list.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json value_of(const FieldValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) return *numbers;
  return nullptr;
}

Json optional_number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

// The pages know how to complain about a name; here it is only found.
const AtlasTable& table_named(const std::vector<AtlasTable>& tables, const std::string& name) {
  return *std::ranges::find(tables, name, &AtlasTable::name);
}

Json record_of(const Atlas& atlas, const AtlasTable& table, const std::string& id) {
  Json values = Json::object(), provenances = Json::object();
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    const Field& field = table.fields[i];
    const FieldValue value = table.get(atlas, id, i);
    values[field.name] = value_of(value);
    if (!field.is_fact || !table.factual || std::holds_alternative<std::monostate>(value)) continue;
    const Provenance who = provenance(atlas, table.name, id, field.name);
    provenances[field.name] = {{"kind", who.kind},
                               {"source", who.source},
                               {"low", optional_number(who.low)},
                               {"high", optional_number(who.high)},
                               {"note", who.note}};
  }
  return {{"id", id}, {"values", values}, {"provenance", provenances}};
}

}  // namespace

Expected<std::string> table_json(const Atlas& atlas, const std::string& name) {
  if (auto known = table_page(atlas, name); !known) return std::unexpected(known.error());
  const auto tables = atlas_tables(atlas.country().currency);
  const AtlasTable& table = table_named(tables, name);
  Json out = {{"table", name}, {"records", Json::array()}};
  for (const std::string& id : table.ids(atlas)) out["records"].push_back(record_of(atlas, table, id));
  return out.dump(2) + "\n";
}

Expected<std::string> record_json(const Atlas& atlas, const std::string& name, const std::string& id) {
  if (auto known = record_page(atlas, name, id); !known) return std::unexpected(known.error());
  const auto tables = atlas_tables(atlas.country().currency);
  const Json out = {{"table", name},
                    {"records", Json::array({record_of(atlas, table_named(tables, name), id)})}};
  return out.dump(2) + "\n";
}

std::string check_json(const AtlasCheck& check) {
  Json problems = Json::array();
  for (const Error& problem : check.problems) problems.push_back(describe(problem));
  const Json out = {{"honest", check.honest()},
                    {"rows", check.rows_by_table},
                    {"values", check.values},
                    {"by_kind", check.values_by_kind},
                    {"problems", problems}};
  return out.dump(2) + "\n";
}

std::string sources_json(const Atlas& atlas) {
  Json sources = Json::array();
  for (const Source& source : atlas.sources) {
    sources.push_back(
        {{"id", source.id.text},
         {"title", source.title},
         {"publisher", source.publisher},
         {"date", source.date},
         {"url", source.url},
         {"licence", source.licence},
         {"locator", source.locator},
         {"kind", name_of(source.kind)},
         {"citations", std::ranges::count(atlas.citations, source.id.text, &Citation::source)}});
  }
  return Json{{"sources", sources}}.dump(2) + "\n";
}

}  // namespace hinterland
