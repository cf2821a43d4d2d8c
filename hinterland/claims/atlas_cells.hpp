// The cells of an atlas by name, TABLE.ID.COLUMN, as claims ask for them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/atlas/table_list.hpp"

namespace hinterland {

struct CellName {
  std::string table, id, column;
  [[nodiscard]] std::string text() const { return table + "." + id + "." + column; }
  bool operator==(const CellName&) const = default;
};

// Two dots, and so three parts. Requires nothing else of `text`.
bool looks_like_cell(std::string_view text);
// Requires that it looks like one.
CellName split_cell(std::string_view text);

class AtlasCells {
 public:
  // The atlas outlives it.
  explicit AtlasCells(const Atlas& atlas) : atlas_(&atlas), tables_(atlas_tables(atlas.country().currency)) {}

  [[nodiscard]] const Atlas& atlas() const { return *atlas_; }

  // Fails, with the nearest name, for a table, row or column that is not there or holds no numbers.
  [[nodiscard]] Expected<CellName> find(const std::string& text, const Location& where) const;

  // Of a cell that find() gave; none where it is empty.
  [[nodiscard]] std::optional<double> number(const CellName& cell) const;

  // The numbers that other texts give for the cell.
  [[nodiscard]] std::vector<const Alternative*> alternatives(const CellName& cell) const;

 private:
  const Atlas* atlas_;
  std::vector<AtlasTable> tables_;
};

}  // namespace hinterland
