// Where values come from: sources, citations that tie cells to them, and the other values that were
// published.
//
// Every value of the atlas resolves to a citation: the one for its exact cell, else for its row (column `*`),
// else for its column (id `*`). A citation names a row of sources.csv, written only for text that was opened,
// or is `assumed`; an assumed number has a low and a high. A value from the user's books is "yours", one from
// --set is "set".
#pragma once
#include <optional>
#include <string>

#include "hinterland/base/field.hpp"

namespace hinterland {

enum class SourceKind { measured, official, reported, estimated };
const char* name_of(SourceKind kind);

struct Source {
  SourceId id;
  std::string title, publisher, date, url, licence, locator;
  SourceKind kind = SourceKind::reported;
};

inline constexpr const char* kAssumed = "assumed";

struct Citation {
  std::string table, id, column;
  std::string source;  // id of a source, or "assumed"
  std::optional<double> low, high;
  std::string note;
  Location where;  // of its row
};

// Another published value of a cell, kept beside the one that is used.
struct Alternative {
  std::string table, id, column;
  std::string value;
  std::string source;
  std::string note;
  Location where;  // of its row
};

// Market evidence: what the same cloud instance costs at `site` against `reference_site`.
struct MarketRatio {
  MarketId id;
  SiteId site, reference_site;
  double price_ratio = 1;
};

Fields<Source> source_fields();
Fields<Citation> citation_fields();
Fields<Alternative> alternative_fields();
Fields<MarketRatio> market_fields();

}  // namespace hinterland
