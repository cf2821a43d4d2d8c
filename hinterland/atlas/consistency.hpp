// What no single cell can tell: whether tables speak of each other's rows, and records are whole.
//
// load_atlas and set_value ask these once all cells are in; each adds what it finds to `errors`.
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/table_list.hpp"

namespace hinterland {

// Every text of a field that refers to a table is an id there. `folder` names the tables' folder in messages.
void check_references(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                      Errors& errors);

// Offers have the columns of their mode. `file` names their table in messages.
void check_offers(const Atlas& atlas, const std::string& file, Errors& errors);

// What has a value for every month or hour has it once: each station its twelve climate months, each tariff twelve
// months of 48 half hours or none, and a ratio for each period they name; each site one curve of a quantity at most.
void check_hours(const Atlas& atlas, const std::string& folder, Errors& errors);

// All three, and: cited cells and their sources exist, other values could stand in their column, and no two paths
// are of the same pair of sites.
void check_consistency(const Atlas& atlas, const std::vector<AtlasTable>& tables, const std::string& folder,
                       Errors& errors);

}  // namespace hinterland
