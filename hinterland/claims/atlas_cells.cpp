#include "hinterland/claims/atlas_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hinterland {

bool looks_like_cell(std::string_view text) { return std::ranges::count(text, '.') == 2; }

CellName split_cell(std::string_view text) {
  const auto first = text.find('.'), second = text.rfind('.');
  return {std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)),
          std::string(text.substr(second + 1))};
}

Expected<CellName> AtlasCells::find(const std::string& text, const Location& where) const {
  const auto wrong = [&](std::string what, std::string mend) {
    return failure({.what = std::move(what), .where = where, .mend = std::move(mend)});
  };
  if (!looks_like_cell(text)) return wrong(in_quotes(text) + " is no cell", "Write TABLE.ID.COLUMN.");
  CellName cell = split_cell(text);
  const auto table = std::ranges::find(tables_, cell.table, &AtlasTable::name);
  if (table == tables_.end() || !table->keyed) {
    std::vector<std::string> names;
    for (const AtlasTable& one : tables_)
      if (one.keyed) names.push_back(one.name);
    return wrong(fmt::format("{}: the atlas has no table {}", in_quotes(text), in_quotes(cell.table)),
                 did_you_mean(cell.table, names));
  }
  const auto ids = table->ids(*atlas_);
  if (std::ranges::find(ids, cell.id) == ids.end())
    return wrong(
        fmt::format("{}: {} has no row {}", in_quotes(text), cell.table, in_quotes(cell.id)),
        did_you_mean(cell.id, ids, fmt::format("`hinterland atlas show {}` lists them.", cell.table)));
  const auto field = std::ranges::find(table->fields, cell.column, &Field::name);
  if (field == table->fields.end() || field->kind != FieldKind::number) {
    std::vector<std::string> names;
    for (const Field& one : table->fields)
      if (one.kind == FieldKind::number) names.push_back(one.name);
    return wrong(fmt::format("{}: {} has no column of numbers {}", in_quotes(text), cell.table,
                             in_quotes(cell.column)),
                 did_you_mean(cell.column, names));
  }
  return cell;
}

std::optional<double> AtlasCells::number(const CellName& cell) const {
  const auto table = std::ranges::find(tables_, cell.table, &AtlasTable::name);
  const auto field = std::ranges::find(table->fields, cell.column, &Field::name);
  const FieldValue value =
      table->get(*atlas_, cell.id, static_cast<std::size_t>(field - table->fields.begin()));
  const auto* number = std::get_if<double>(&value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::vector<const Alternative*> AtlasCells::alternatives(const CellName& cell) const {
  std::vector<const Alternative*> out;
  for (const Alternative& one : atlas_->alternatives)
    if (one.table == cell.table && one.id == cell.id && one.column == cell.column) out.push_back(&one);
  return out;
}

}  // namespace hinterland
