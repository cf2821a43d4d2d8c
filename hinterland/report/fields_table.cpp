#include "hinterland/report/fields_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hinterland {

namespace {

std::string values_of(const Field& field) {
  if (!field.choices.empty()) return fmt::format("{}", fmt::join(field.choices, ", "));
  if (!field.refers_to.empty()) return fmt::format("id in {}", field.refers_to);
  if (field.kind == FieldKind::number) return describe_range(field);
  return field.kind == FieldKind::list ? "list" : "text";
}

}  // namespace

TableBlock fields_table(Words caption, const std::vector<Field>& fields) {
  TableBlock block{.caption = std::move(caption),
                   .columns = {{"field"}, {"what it holds"}, {"values"}, {"required"}},
                   .rows = {}};
  for (const Field& field : fields)
    block.rows.push_back({field.name, field.doc, values_of(field),
                          field.required           ? "yes"
                          : field.fallback.empty() ? ""
                                                   : fmt::format("default {}", field.fallback)});
  return block;
}

}  // namespace hinterland
