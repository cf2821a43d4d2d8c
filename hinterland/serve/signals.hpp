// Prices of energy that change while the broker runs: a CSV table which somebody keeps up to date.
//
//   site,hour,price_per_kwh,co2_per_kwh
//   guian,2026-11-29T18:00Z,0.21,0.35
//
//   hour           a whole one, UTC; past ones count for bills that are yet to come, coming ones for where work goes
//   price_per_kwh  all that a kWh costs then, in the atlas's money
//   co2_per_kwh    kg, of the grid then; the column, or a cell, may be missing: as in the atlas
//
// Replace it by a rename. A table that ends within a line is taken for one that is being written, and not used.
//
// Hours of which the table says nothing have the atlas's prices, so a table that is no longer kept up to date has no
// effect but on the past. signals_file_fields() holds the names, units and ranges.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/field.hpp"
#include "hinterland/base/id.hpp"
#include "hinterland/broker/event.hpp"

namespace hinterland {

struct SignalRow {
  SiteId site;
  std::string hour;
  MoneyPerKwh price;
  std::optional<KgPerKwh> co2;
};
Fields<SignalRow> signals_file_fields();

// What it says of the pools, which stand at `sites`, as of `now`; all problems of the table are listed, an hour a
// month ahead is one. Rows of other sites are passed over, but not if there are none but those. Two rows of a site
// and hour are an error.
Expected<std::vector<event::Prices>> parse_signals(std::string_view csv, const std::string& file,
                                                   const std::vector<std::string>& sites, Instant now);

// The table, looked at again and again.
class SignalsWatch {
 public:
  SignalsWatch(std::string file, std::vector<std::string> sites)
      : file_(std::move(file)), sites_(std::move(sites)) {}

  // What it says, if it is another than at the last look. A table that cannot be read is no news, but trouble.
  std::vector<event::Prices> look(Instant now);
  // Of the table as it is: until it is mended, what was heard before stands.
  [[nodiscard]] const Errors& trouble() const { return trouble_; }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_, read_;
  std::vector<std::string> sites_;
  Errors trouble_;
};

}  // namespace hinterland
