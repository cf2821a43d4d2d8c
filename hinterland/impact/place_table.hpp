// Inequality over the rows of any table: a researcher's states, a statistics office's counties.
//
//   state,gdp_per_head,people,zone
//   Aguascalientes,10384,161693,2
//
// One column is the value a head, or a total where places count alike; one may be the weight (else each row counts once), one
// the group. Other columns are left alone. Files may be gzipped.
//
// Errors, located, all of a file: a column that is not there, cells that are no number, a negative value, a weight of 0 or below,
// what is beyond 1e18 or nearer to 0 than 1e-18, an empty group, values that are all 0, no row.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/impact/inequality.hpp"

namespace hinterland {

struct PlaceColumns {
  std::string value;
  std::string weight, group;  // empty: none
};

struct PlaceTable {
  std::string file;
  PlaceColumns columns;
  std::vector<Holding> places;
  std::vector<std::string> groups;  // in the order of their first row; one of no name where no column says
  std::vector<std::size_t> group_of;
  [[nodiscard]] std::size_t empty_places() const;  // of value 0
};

Expected<PlaceTable> parse_places(std::string_view text, const std::string& file,
                                  const PlaceColumns& columns);
Expected<PlaceTable> read_places(const std::string& file, const PlaceColumns& columns);

struct PlaceInequality {
  PlaceTable table;
  Decomposition parts;
  std::vector<std::pair<double, double>> lorenz;
};
PlaceInequality place_inequality(PlaceTable table);

std::string place_inequality_json(const PlaceInequality& result);

// Counties' totals in a data folder: regional/ATLAS_county_gdp_YEAR_CURRENCY.csv.gz with the columns gdp_CURRENCY_YEAR and
// province.
struct CountyFile {
  std::string path, year, currency;
  [[nodiscard]] PlaceColumns columns() const {
    return {.value = "gdp_" + currency + "_" + year, .weight = "", .group = "province"};
  }
};
// The latest year's; nothing where there is none.
std::optional<CountyFile> county_file(const std::string& data_folder, const std::string& atlas);

}  // namespace hinterland
