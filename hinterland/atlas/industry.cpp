#include "hinterland/atlas/industry.hpp"

namespace hinterland {

Fields<IoSource> io_source_fields() {
  return {
      field("id", &IoSource::id).naming().documented("short name of the table"),
      field("year", &IoSource::year).within(1900, 2200).documented("of its flows; the latest year is used"),
      field("figure_$", &IoSource::figure).above(0, 1e15).documented("what one of its figures stands for"),
      field("file", &IoSource::file)
          .documented("a CSV file, relative to this table's folder or to $HINTERLAND_DATA"),
  };
}

Fields<Industry> industry_fields() {
  return {
      field("id", &Industry::id).naming().documented("its code in the input-output table"),
      field("name", &Industry::name).naming().documented("English name"),
      field("name_zh", &Industry::name_zh).naming().documented("Chinese name"),
      field("section", &Industry::section)
          .refers("sections")
          .naming()
          .documented("section of the economy in which its people are counted"),
      field("stock_days", &Industry::stock_days)
          .within(1, 365)
          .documented("days of use of its product that buyers hold"),
      choice("role", &Industry::role, {"other", "computing", "power", "research"})
          .by_default("other")
          .naming()
          .documented(
              "computing: what data centres belong to; power: what they draw; research: what tends to be "
              "bought where the owners are"),
  };
}

Fields<IndustryMix> industry_mix_fields() {
  return {
      field("id", &IndustryMix::id).naming().documented("short name of the row"),
      field("regions", &IndustryMix::regions).refers("regions").naming().documented("the regions"),
      field("industries", &IndustryMix::industries)
          .refers("industries")
          .optional()
          .naming()
          .documented("the industries; empty: all that no other row gives for these regions"),
      field("location_quotient", &IndustryMix::location_quotient)
          .within(0, 100)
          .documented("their share in the regions' output against that in the nation's"),
      field("export_quotient", &IndustryMix::export_quotient)
          .above(0, 100)
          .documented("the share of their output that goes abroad, against the nation's"),
  };
}

Fields<Spending> spending_fields() {
  return {
      field("id", &Spending::id).naming().documented("short name of the row"),
      choice("on", &Spending::on, {"building", "servers", "upkeep", "other"})
          .naming()
          .documented("of a data centre; or another use of the same money"),
      field("use", &Spending::use).optional().naming().documented("name of the other use"),
      field("use_zh", &Spending::use_zh).optional().naming().documented("its Chinese name"),
      field("industry", &Spending::industry)
          .refers("industries")
          .naming()
          .documented("whose product is bought; of another use, which is invested in"),
      field("weight", &Spending::weight)
          .above(0, 1e6)
          .documented("of the money, against the weights of its kind"),
  };
}

}  // namespace hinterland
