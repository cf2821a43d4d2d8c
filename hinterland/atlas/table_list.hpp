// The atlas's tables as data: one entry a table, from which loading, books, --set, `atlas check`, `atlas
// show` and the reference pages all follow. A new table is one entry here and one struct with its fields.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/record.hpp"

namespace hinterland {

struct AtlasTable {
  std::string name;  // "sites": the file is sites.csv
  std::string doc;
  std::vector<Field> fields;  // the first is the id
  std::function<std::vector<std::string>(const Atlas&)> ids;
  // Makes or updates the record with the row's id.
  std::function<void(Atlas&, const RecordRow&)> put;
  std::function<FieldValue(const Atlas&, const std::string& id, std::size_t field)> get;
  bool keyed = true;     // rows have ids; citations and alternatives are lists
  bool factual = true;   // its values need citations; false for sources, citations, alternatives
  bool required = true;  // false: an atlas without it is whole, and its table is empty
};

// `name` with its `$` replaced by the currency in lower case: "price_$" -> "price_cny".
std::string in_currency(std::string name, const std::string& currency);

// In the order in which they load and refer to each other. `currency` ("CNY") replaces the `$` of field
// names.
std::vector<AtlasTable> atlas_tables(const std::string& currency);

}  // namespace hinterland
