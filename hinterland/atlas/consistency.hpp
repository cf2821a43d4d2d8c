// What no single cell can tell: whether tables speak of each other's rows, and records are whole.
//
// load_atlas and set_value ask these once all cells are in; each adds what it finds to `errors`.
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/table_list.hpp"

namespace hinterland {

// There is one country, in a time zone that this system knows. `folder` names the tables' folder in messages, here and below.
void check_country(const Atlas& atlas, const std::string& folder, Errors& errors);

// What has a value for every month or hour has it once: each station its twelve climate months, of weather that there is,
// each tariff twelve months of 48 half hours or none, and a ratio for each period they name; each site one curve of a
// quantity at most.
void check_hours(const Atlas& atlas, const std::string& folder, Errors& errors);

// What is counted by year, group or stage is counted once and adds up: years are whole, a region or section has one row a
// year; the groups of a grouping hold every region once; a programme's counts follow each other by date, never lose signed
// deals, and have no more deals at a stage than were signed.
void check_accounts(const Atlas& atlas, const std::string& folder, Errors& errors);

// No industry of a region is named by two rows of the mix; other uses of money, and no others, have names; tables of one row
// have one at most.
void check_economy(const Atlas& atlas, const std::string& folder, Errors& errors);

// All that the change of one cell may break: the above; every text of a field that refers to a table is an id there; offers
// have the columns of their mode; no two paths are of the same pair of sites; no server draws more idle than busy.
void check_records(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                   Errors& errors);

// That, and: cited cells and their sources exist, and other values could stand in their column.
void check_consistency(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                       Errors& errors);

}  // namespace hinterland
