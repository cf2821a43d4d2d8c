// The atlas as pages and as JSON (data/schema/atlas-*.schema.json).
#pragma once
#include <string>

#include "hinterland/atlas/check.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// The tables, with their rows counted.
Page atlas_page(const Atlas& atlas);

// One table; an unknown name fails.
Expected<Page> table_page(const Atlas& atlas, const std::string& table);
Expected<std::string> table_json(const Atlas& atlas, const std::string& table);

// One row with who vouches for each value; an unknown id fails.
Expected<Page> record_page(const Atlas& atlas, const std::string& table, const std::string& id);
Expected<std::string> record_json(const Atlas& atlas, const std::string& table, const std::string& id);

// What the columns of a table mean.
Expected<Page> fields_page(const Atlas& atlas, const std::string& table);

Page check_page(const AtlasCheck& check);
std::string check_json(const AtlasCheck& check);

// How who vouches for a value knows it: "measured", 实测. `kind` as Provenance and AtlasCheck name it, or "nobody".
Words kind_in_words(const std::string& kind);

Page sources_page(const Atlas& atlas);
std::string sources_json(const Atlas& atlas);

}  // namespace hinterland
