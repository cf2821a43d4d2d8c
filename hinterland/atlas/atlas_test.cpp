// The China atlas as it ships, and the questions an atlas answers.
#include "hinterland/atlas/atlas.hpp"

#include <doctest/doctest.h>

#include "hinterland/atlas/check.hpp"
#include "hinterland/atlas/table_list.hpp"
#include "tests/china.hpp"

using namespace hinterland;

TEST_CASE("it has 31 regions, the ten clusters and at least eight metros, named in two languages") {
  CHECK(china().regions.size() == 31);
  for (const char* id : {"zhangjiakou", "yangtze-delta", "wuhu", "shaoguan", "tianfu", "chongqing",
                         "horinger", "guian", "qingyang", "zhongwei"}) {
    CAPTURE(id);
    REQUIRE(china().sites.find({id}) != nullptr);
    CHECK(china().sites.at({id}).kind == SiteKind::cluster);
  }
  for (const char* id : {"metro-beijing", "metro-shanghai", "metro-guangzhou", "metro-shenzhen",
                         "metro-hangzhou", "metro-nanjing", "metro-chengdu", "metro-chongqing"}) {
    CAPTURE(id);
    REQUIRE(china().sites.find({id}) != nullptr);
    CHECK(china().sites.at({id}).kind == SiteKind::metro);
  }
  for (const Region& region : china().regions) {
    CHECK_FALSE(region.name.empty());
    CHECK_FALSE(region.name_zh.empty());
  }
}

TEST_CASE("it is honest: each value is vouched for, each assumed number has its range") {
  const AtlasCheck check = check_atlas(china());
  for (const Error& problem : check.problems) FAIL_CHECK(describe(problem));
  CHECK(check.values > 500);
  CHECK(check.values_by_kind.at("assumed") > 0);
  CHECK(check.values_by_kind.at("official") > 0);
}

TEST_CASE("the check sees what is wrong") {
  Atlas atlas = china();
  atlas.citations.clear();
  const AtlasCheck none = check_atlas(atlas);
  CHECK_FALSE(none.honest());
  CHECK(none.values_by_kind.at("unsourced") == none.values);

  atlas = china();
  for (Citation& citation : atlas.citations) {
    if (citation.table == "sites" && citation.id == "guian" && citation.column == "server_use")
      citation.low.reset();
  }
  CHECK(check_atlas(atlas).problems.size() == 1);  // assumed without a range

  atlas = china();
  for (Citation& citation : atlas.citations) {
    if (citation.table == "sites" && citation.id == "guian" && citation.column == "server_use")
      citation.high = 0.21;
  }
  CHECK(check_atlas(atlas).problems.size() == 1);  // outside its own range
}

TEST_CASE("Gui'an's two prices are both kept, and said") {
  const Provenance used = provenance(china(), "sites", "guian", "power_price_cny_per_kwh");
  CHECK(used.high.value() >= 0.5583);
  const auto other =
      std::find_if(china().alternatives.begin(), china().alternatives.end(), [](const Alternative& one) {
        return one.id == "guian" && one.column == "power_price_cny_per_kwh" && one.value == "0.5583";
      });
  CHECK(other != china().alternatives.end());
}

TEST_CASE("home is the region's metro, or the nearest one") {
  const auto shanghai = home_of(china(), {"shanghai"});
  CHECK(shanghai->site->id.text == "metro-shanghai");
  CHECK(shanghai->in_region);
  const auto guizhou = home_of(china(), {"guizhou"});
  CHECK(guizhou->site->id.text == "metro-chongqing");
  CHECK_FALSE(guizhou->in_region);
  const auto sichuan = home_of(china(), {"sichuan"});
  CHECK(sichuan->site->id.text == "metro-chengdu");
  // Guangdong has two metros: the one nearer to where its demand is taken to live.
  CHECK(home_of(china(), {"guangdong"})->site->id.text == "metro-guangzhou");
  CHECK_FALSE(home_of(china(), {"shangai"}).has_value());
  CHECK(home_of(china(), {"shangai"}).error().front().mend == "Did you mean shanghai?");
}

TEST_CASE("a published latency overrides the great circle, and a computed one has the route factor's range") {
  const Site& guian = china().sites.at({"guian"});
  const Latency published = one_way_latency(china(), guian, china().sites.at({"metro-shanghai"}));
  CHECK(published.published);
  CHECK(in_milliseconds(published.central) == doctest::Approx(15));
  CHECK(one_way_latency(china(), china().sites.at({"metro-shanghai"}), guian).central == published.central);
  const Latency computed = one_way_latency(china(), guian, china().sites.at({"zhongwei"}));
  CHECK_FALSE(computed.published);
  CHECK(computed.low / computed.central == doctest::Approx(1.3 / 1.5));
  CHECK(computed.high / computed.central == doctest::Approx(2.1 / 1.5));
  CHECK(one_way_latency(china(), guian, guian).central.value == 0);
}

TEST_CASE("--set writes one cell, checked as its file would be") {
  Atlas atlas = china();
  REQUIRE(set_value(atlas, "sites.guian.server_use=0.6").has_value());
  CHECK(atlas.sites.at({"guian"}).server_use == 0.6);
  CHECK(provenance(atlas, "sites", "guian", "server_use").kind == "set");
  CHECK(atlas.sites.at({"guian"}).rack_fill == china().sites.at({"guian"}).rack_fill);
  for (const char* bad : {"sites.guian.server_use=0", "sites.guian.server_use=1.01",
                          "sites.guian.server_use=", "sites.guian.server_use=x", "sites.guian.id=y",
                          "sites.gui.server_use=0.5", "site.guian.server_use=0.5", "sites.guian.use=0.5",
                          "sites.guian=0.5", "", "sites.guian.grid=nowhere", "citations.guian.low=1"}) {
    CAPTURE(bad);
    CHECK_FALSE(set_value(atlas, bad).has_value());
  }
}

TEST_CASE("every table's columns round trip through their cells") {
  for (const AtlasTable& table : atlas_tables("CNY")) {
    if (!table.keyed) continue;
    for (const std::string& id : table.ids(china())) {
      for (std::size_t i = 0; i < table.fields.size(); ++i) {
        CAPTURE(table.name);
        CAPTURE(id);
        CAPTURE(table.fields[i].name);
        const FieldValue value = table.get(china(), id, i);
        if (std::holds_alternative<std::monostate>(value)) continue;
        const auto again = parse_cell(table.fields[i], cell_text(value), {});
        REQUIRE(again.has_value());
        CHECK(cell_text(*again) == cell_text(value));
      }
    }
  }
}
