// The nation's economy as the atlas has it: its input-output table and who works in each industry.
//
// The table's file lies beside io_tables.csv or in the folder of large data. People are counted by section of the economy,
// in the last year that is not after the table's, or else the first; within a section they are shared out by pay:
//
//   jobs_i = employed in section(i) x compensation_i / sum of compensation in section(i)
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/impact/io_table.hpp"

namespace hinterland {

struct NationalEconomy {
  const IoSource* source = nullptr;
  IoTable table;
  std::vector<double> jobs;  // [industry of the table] people
  int employment_year = 0;
};

// Fails, saying what the atlas lacks: a table, its file, a row of industries.csv for each of its industries, people for each
// section that one names.
Expected<NationalEconomy> national_economy(const Atlas& atlas, const std::string& large_data);

// The table's place of an industry; requires that it is there, as national_economy() has checked of industries.csv.
std::size_t place_of(const IoTable& table, const IndustryId& industry);

// The only row of a table that has one at most. Fails where there is none.
template <class Record>
Expected<const Record*> only_row(const Atlas& atlas, const Table<Record>& rows, const std::string& table) {
  if (!rows.empty()) return &rows.rows().front();
  return failure({.what = "the atlas has no such table",
                  .where = {.file = atlas.directory + "/" + table + ".csv"},
                  .mend = "Give one row; `hinterland atlas fields " + table + "` says what is in it."});
}

}  // namespace hinterland
