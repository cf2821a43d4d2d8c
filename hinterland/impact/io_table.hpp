// An input-output table of a country for one year: what each industry buys of each, at home and abroad.
//
//   output_i = sum over j of domestic_ij + domestic final use_i                    (rows: where it goes)
//   output_j = sum over i of (domestic_ij + imported_ij) + value added_j           (columns: what it is made of)
//
// Industry by industry, imports kept apart from what is made at home (United Nations 2018, Handbook on Supply and Use
// Tables and Input-Output Tables, chapter 12). Money a year in the currency itself; changes in inventories may be below
// zero, and so may taxes less subsidies and the operating surplus; nothing else.
//
// The file is a CSV, plain or gzipped, as the R package ionet keeps China's tables of 42 industries:
//
//   Code, Description, Origin, <a column an industry, its code as name>, TIU, TC, FU201, FU202, EX, TFU, GO
//
// a row an industry with Origin Domestic, then one with Origin Imports, in the order of the columns; then, with Origin
// TOT, the rows TII, VA001 (compensation of employees), VA002 (net taxes on production), VA003 (depreciation of fixed
// assets), VA004 (operating surplus), TVA and TI. TC is consumption, FU201 fixed capital formation, FU202 the change in
// inventories, EX exports; the rest are totals, held against their sums: a table that is out of balance by more than
// 1e-6 of an industry's output is refused.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/impact/matrix.hpp"

namespace hinterland {

struct FinalUse {
  std::vector<double> consumption, capital, inventories, exports;  // [industry]
};

struct IoTable {
  struct Industry {
    std::string code, name;
  };
  std::string file;
  std::vector<Industry> industries;
  Matrix domestic, imported;  // [of][by]
  FinalUse domestic_use, imported_use;
  std::vector<double> compensation, taxes, depreciation, surplus;  // parts of value added
  std::vector<double> output;

  [[nodiscard]] std::size_t size() const { return industries.size(); }
  [[nodiscard]] double value_added(std::size_t industry) const {
    return compensation[industry] + taxes[industry] + depreciation[industry] + surplus[industry];
  }
};

// `unit` is what one of the file's figures stands for, in the currency. Fails, all problems listed, for a file of another
// shape, flows below zero, an industry that makes nothing but sells something, and rows or columns out of balance.
Expected<IoTable> parse_io_table(std::string_view text, const std::string& file, double unit);

}  // namespace hinterland
