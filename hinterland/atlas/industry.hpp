// Industries of the nation's input-output table: where the table is, who works in them, where they are, what money buys of
// them. The table itself is read by impact (impact/io_table.hpp).
#pragma once
#include <string>
#include <vector>

#include "hinterland/base/field.hpp"

namespace hinterland {

// A table of one year. Its file lies beside io_tables.csv, or in the folder of large data that the user names.
struct IoSource {
  IoSourceId id;
  double year = 0;  // whole
  Money figure;     // what one of the file's figures stands for
  std::string file;
};

enum class IndustryRole { other, computing, power, research };

struct Industry {
  IndustryId id;  // the table's code
  std::string name, name_zh;
  SectionId section;      // of employment.csv, in which its people are counted
  double stock_days = 1;  // days of use of its product that buyers hold
  IndustryRole role = IndustryRole::other;
};

// How much more of these industries these regions have than the nation, for their size.
struct IndustryMix {
  IndustryMixId id;
  std::vector<RegionId> regions;
  std::vector<IndustryId> industries;  // empty: all that no other row gives for these regions
  double location_quotient = 1;
  double export_quotient = 1;  // of their output, how much more goes abroad than the nation's
};

enum class SpendingOn { building, servers, upkeep, other };

// What part of a sum buys of an industry: its weight against those of its kind. Of `other`, uses that the same money could
// have had, each under its name: the industries that it would be invested in.
struct Spending {
  SpendingId id;
  SpendingOn on = SpendingOn::building;
  std::string use, use_zh;  // of `other`
  IndustryId industry;
  double weight = 0;
};

Fields<IoSource> io_source_fields();
Fields<Industry> industry_fields();
Fields<IndustryMix> industry_mix_fields();
Fields<Spending> spending_fields();

}  // namespace hinterland
