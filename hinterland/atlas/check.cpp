#include "hinterland/atlas/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr double kFar = 5;  // times what is cited

void check_value(const Atlas& atlas, const AtlasTable& table, const std::string& id, const Field& field,
                 const FieldValue& value, AtlasCheck& check) {
  const Provenance who = provenance(atlas, table.name, id, field.name);
  ++check.values;
  const auto complain = [&](std::string what, std::string mend) {
    add_error(check.problems,
              {.what = fmt::format("{}.{}.{} = {}: {}", table.name, id, field.name, cell_text(value), what),
               .where = {.file = fmt::format("{}/{}.csv", atlas.directory, table.name)},
               .mend = std::move(mend)});
  };
  if (who.kind.empty()) {
    ++check.values_by_kind["unsourced"];
    return complain("nobody vouches for it",
                    "Add a row to citations.csv: a source, or assumed with low and high.");
  }
  ++check.values_by_kind[who.kind];
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return;
  if (who.kind == kAssumed && (!who.low || !who.high)) {
    complain("it is assumed without a range", "Give low and high in citations.csv.");
  }
  if (who.low.value_or(*number) > *number || who.high.value_or(*number) < *number) {
    complain(fmt::format("it lies outside its own range {} to {}", who.low ? shortest(*who.low) : "",
                         who.high ? shortest(*who.high) : ""),
             "Mend the range or the value.");
  }
}

}  // namespace

AtlasCheck check_atlas(const Atlas& atlas) {
  AtlasCheck check;
  for (const AtlasTable& table : atlas_tables(atlas.country().currency)) {
    if (!table.keyed) continue;
    const auto ids = table.ids(atlas);
    check.rows_by_table[table.name] = static_cast<std::int64_t>(ids.size());
    if (!table.factual) continue;
    for (const std::string& id : ids) {
      for (std::size_t i = 0; i < table.fields.size(); ++i) {
        if (!table.fields[i].is_fact) continue;
        const FieldValue value = table.get(atlas, id, i);
        if (!std::holds_alternative<std::monostate>(value))
          check_value(atlas, table, id, table.fields[i], value, check);
      }
    }
  }
  check.rows_by_table["alternatives"] = static_cast<std::int64_t>(atlas.alternatives.size());
  check.rows_by_table["citations"] = static_cast<std::int64_t>(atlas.citations.size());
  return check;
}

std::vector<std::string> far_from_cited(const Atlas& atlas) {
  std::vector<std::string> out;
  const auto tables = atlas_tables(atlas.country().currency);
  for (const Citation& cited : atlas.citations) {
    const std::string cell = fmt::format("{}.{}.{}", cited.table, cited.id, cited.column);
    const auto own = atlas.overridden.find(cell);
    if (own == atlas.overridden.end() || own->second != "yours" || !cited.low || !cited.high) continue;
    const auto table = std::ranges::find(tables, cited.table, &AtlasTable::name);
    const auto field = std::ranges::find(table->fields, cited.column, &Field::name);
    const FieldValue value =
        table->get(atlas, cited.id, static_cast<std::size_t>(field - table->fields.begin()));
    const auto* number = std::get_if<double>(&value);
    if (number == nullptr) continue;
    if (*cited.high > 0 && *number > kFar * *cited.high)
      out.push_back(fmt::format("{} = {}: {:.3g} times the most that is cited ({})", cell, shortest(*number),
                                *number / *cited.high, shortest(*cited.high)));
    if (*cited.low > 0 && *number < *cited.low / kFar)
      out.push_back(fmt::format("{} = {}: {:.3g} of the least that is cited ({})", cell, shortest(*number),
                                *number / *cited.low, shortest(*cited.low)));
  }
  return out;
}

}  // namespace hinterland
