// check_accounts: what is counted by year, group or stage is counted once and adds up.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "hinterland/atlas/consistency.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

// Each owner has one row a year, and years are whole.
template <class Row, class Owner>
void check_years(const Table<Row>& rows, const Owner& owner, const std::string& file, Errors& errors) {
  std::map<std::pair<std::string, double>, std::string> seen;
  for (const Row& row : rows) {
    if (row.year != std::floor(row.year)) {
      add_error(errors, {.what = fmt::format("{}: {} is no year", row.id.text, shortest(row.year)),
                         .where = {.file = file, .field = "year"},
                         .mend = "Give a whole year."});
    }
    const auto [first, fresh] = seen.try_emplace({owner(row), row.year}, row.id.text);
    if (fresh) continue;
    add_error(errors, {.what = fmt::format("{} speaks of the same year as {}", row.id.text, first->second),
                       .where = {.file = file, .field = "year"},
                       .mend = fmt::format("Give the row the id {}.", first->second)});
  }
}

void check_groups(const Atlas& atlas, const std::string& file, Errors& errors) {
  for (const std::string& grouping : groupings(atlas)) {
    std::map<std::string, std::string> home;  // region -> group
    for (const RegionGroup& group : atlas.groups) {
      if (group.grouping != grouping) continue;
      for (const RegionId& region : group.regions) {
        const auto [first, fresh] = home.try_emplace(region.text, group.id.text);
        if (fresh) continue;
        add_error(errors, {.what = fmt::format("grouping {}: {} is in {} and in {}", grouping, region.text,
                                               first->second, group.id.text),
                           .where = {.file = file, .field = "regions"},
                           .mend = "Leave it in one of them."});
      }
    }
    for (const Region& region : atlas.regions) {
      if (home.contains(region.id.text)) continue;
      add_error(errors, {.what = fmt::format("grouping {}: {} is in no group", grouping, region.id.text),
                         .where = {.file = file, .field = "regions"},
                         .mend = "Add it to one; a group for all others will do."});
    }
  }
}

void check_deals(const Atlas& atlas, const std::string& file, Errors& errors) {
  for (const std::string& programme : programmes(atlas))
    check_counts(counts_of(atlas, programme, file).value(), file, errors);
}

}  // namespace

void check_accounts(const Atlas& atlas, const std::string& folder, Errors& errors) {
  check_years(
      atlas.accounts, [](const Account& one) { return one.region.text; }, folder + "/accounts.csv", errors);
  check_years(
      atlas.nation_accounts, [](const NationAccount&) { return std::string(); },
      folder + "/nation_accounts.csv", errors);
  check_years(
      atlas.employment, [](const Employment& one) { return one.section.text; }, folder + "/employment.csv",
      errors);
  check_groups(atlas, folder + "/groups.csv", errors);
  check_deals(atlas, folder + "/deals.csv", errors);
}

}  // namespace hinterland
