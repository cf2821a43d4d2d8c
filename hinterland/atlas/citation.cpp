#include "hinterland/atlas/citation.hpp"

namespace hinterland {

namespace {

const std::vector<std::string> kSourceKinds = {"measured", "official", "reported", "estimated"};

}  // namespace

const char* name_of(SourceKind kind) { return kSourceKinds.at(static_cast<std::size_t>(kind)).c_str(); }

Fields<Source> source_fields() {
  return {
      field("id", &Source::id).naming().documented("short name of the source"),
      field("title", &Source::title).documented("title"),
      field("publisher", &Source::publisher).documented("who published it"),
      field("date", &Source::date).optional().documented("when"),
      field("url", &Source::url).optional().documented("where it was opened"),
      field("licence", &Source::licence).optional().documented("licence or terms"),
      field("locator", &Source::locator).documented("where in it the values stand"),
      choice("kind", &Source::kind, kSourceKinds).documented("how the source knows"),
  };
}

Fields<Citation> citation_fields() {
  return {
      field("table", &Citation::table).documented("the table the cell stands in"),
      field("id", &Citation::id).naming().documented("its row, or * for every row"),
      field("column", &Citation::column).documented("its column, or * for every column"),
      field("source", &Citation::source).documented("a row of sources, or assumed"),
      field("low", &Citation::low).documented("lowest credible value"),
      field("high", &Citation::high).documented("highest credible value"),
      field("note", &Citation::note).optional().documented("how the value follows from the source"),
  };
}

Fields<Alternative> alternative_fields() {
  return {
      field("table", &Alternative::table).documented("the table the cell stands in"),
      field("id", &Alternative::id).naming().documented("its row"),
      field("column", &Alternative::column).documented("its column"),
      field("value", &Alternative::value).documented("the other value, in the column's unit"),
      field("source", &Alternative::source).documented("a row of sources, or assumed"),
      field("note", &Alternative::note).optional().documented("what is different about it"),
  };
}

Fields<MarketRatio> market_fields() {
  return {
      field("id", &MarketRatio::id).naming().documented("short name of the pair"),
      field("site", &MarketRatio::site).refers("sites").naming().documented("where the price is asked"),
      field("reference_site", &MarketRatio::reference_site)
          .refers("sites")
          .naming()
          .documented("what it is compared with"),
      field("price_ratio", &MarketRatio::price_ratio)
          .above(0, 100)
          .documented("list price there / list price here, median"),
  };
}

}  // namespace hinterland
