// check_economy: rows of industries and money that belong together do not contradict each other.
#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "hinterland/atlas/consistency.hpp"

namespace hinterland {

namespace {

void check_mix(const Atlas& atlas, const std::string& file, Errors& errors) {
  std::map<std::pair<std::string, std::string>, std::string>
      seen;  // region, industry (empty: the rest) -> row
  const auto take = [&](const IndustryMix& row, const std::string& region, const std::string& industry) {
    const auto [first, fresh] = seen.try_emplace({region, industry}, row.id.text);
    if (fresh) return;
    add_error(errors, {.what = fmt::format("{} and {} both speak of {} in {}", first->second, row.id.text,
                                           industry.empty() ? "all other industries" : "industry " + industry,
                                           region),
                       .where = {.file = file, .field = industry.empty() ? "regions" : "industries"},
                       .mend = "Leave it to one of them."});
  };
  for (const IndustryMix& row : atlas.industry_mix) {
    for (const RegionId& region : row.regions) {
      if (row.industries.empty()) take(row, region.text, "");
      for (const IndustryId& industry : row.industries) take(row, region.text, industry.text);
    }
  }
}

void check_spending(const Atlas& atlas, const std::string& file, Errors& errors) {
  for (const Spending& row : atlas.spending) {
    const bool other = row.on == SpendingOn::other;
    if (other != row.use.empty()) continue;
    add_error(errors, {.what = fmt::format("{}: {}", row.id.text,
                                           other ? "another use without a name"
                                                 : "a use is named, and it is spent on a data centre"),
                       .where = {.file = file, .field = "use"},
                       .mend = "Name the use of rows on `other`, and of no others."});
  }
}

template <class Record>
void check_one_row(const Table<Record>& rows, const std::string& file, Errors& errors) {
  if (rows.size() > 1)
    add_error(errors, {.what = fmt::format("{} rows where one holds for all", rows.size()),
                       .where = {.file = file},
                       .mend = "Keep one."});
}

}  // namespace

void check_economy(const Atlas& atlas, const std::string& folder, Errors& errors) {
  check_mix(atlas, folder + "/industry_mix.csv", errors);
  check_spending(atlas, folder + "/spending.csv", errors);
  check_one_row(atlas.regional_economy, folder + "/regional_economy.csv", errors);
  check_one_row(atlas.spatial_economy, folder + "/spatial_economy.csv", errors);
  check_one_row(atlas.staffing, folder + "/staffing.csv", errors);
  check_one_row(atlas.supply_chains, folder + "/supply_chains.csv", errors);
}

}  // namespace hinterland
