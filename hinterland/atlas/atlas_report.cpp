#include "hinterland/atlas/atlas_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "hinterland/atlas/atlas_page.hpp"
#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

MapBlock map_of(const Atlas& atlas) {
  MapBlock map{
      .caption = {"The sites", "站点"},
      .outlines = atlas.country().id.text,
      .groups = {{.id = "cluster", .name = {"cluster", "集群"}}, {.id = "metro", .name = {"metro", "市区"}}},
      .places = {},
      .lines = {}};
  Kilowatts largest;
  for (const Site& site : atlas.sites) largest = std::max(largest, site.capacity);
  for (const Site& site : atlas.sites) {
    const std::string power = megawatts(site.capacity), price = shortest(site.power_price.value);
    const std::string use = percent(site.server_use), currency = atlas.country().currency;
    map.places.push_back(
        {.name = {site.name, site.name_zh},
         .latitude_deg = site.latitude_deg,
         .longitude_deg = site.longitude_deg,
         .size = largest.value > 0 ? site.capacity / largest : 0,
         .group = site.kind == SiteKind::cluster ? "cluster" : "metro",
         .text = {
             fmt::format("{} MW of IT power, {} {}/kWh, server_use {}", power, price, currency, use),
             fmt::format("IT 功率 {} 兆瓦，{} {}/千瓦时，服务器利用率 {}", power, price, currency, use)}});
  }
  return map;
}

// How many values of the atlas each kind of evidence vouches for.
BarsBlock evidence(const AtlasCheck& check) {
  BarsBlock bars{.caption = {"Who vouches for its values", "数值由谁担保"},
                 .unit = "values",
                 .rows = {},
                 .parts = {{.name = {"values", "数值个数"}, .values = {}}},
                 .marks = {}};
  for (const auto& [kind, count] : check.values_by_kind) {
    bars.rows.push_back(kind_in_words(kind));
    bars.parts.front().values.push_back(static_cast<double>(count));
  }
  return bars;
}

// The values that make a site's price, each with who says so.
TableBlock prices(const Atlas& atlas) {
  const auto tables = atlas_tables(atlas.country().currency);
  const AtlasTable& table = *std::ranges::find(tables, "sites", &AtlasTable::name);
  static constexpr std::array<std::string_view, 4> kColumns = {"capacity_mw", "power_price_$_per_kwh",
                                                               "pue_reported", "server_use"};
  TableBlock block{.caption = {"What the sites charge, and who says so", "站点的价格及其出处"},
                   .columns = {{{"site", "站点"}}, {""}},
                   .rows = {}};
  for (const std::string_view column : kColumns) {
    block.columns.push_back({in_currency(std::string(column), atlas.country().currency), Align::right});
    block.columns.push_back({{"source", "来源"}});
  }
  for (const Site& site : atlas.sites) {
    auto& row = block.rows.emplace_back(std::vector<Words>{site.id.text, Words(site.name, site.name_zh)});
    for (const std::string_view column : kColumns) {
      const std::string field = in_currency(std::string(column), atlas.country().currency);
      const auto index = std::ranges::find(table.fields, field, &Field::name) - table.fields.begin();
      const Provenance who = provenance(atlas, "sites", site.id.text, field);
      row.emplace_back(cell_text(table.get(atlas, site.id.text, static_cast<std::size_t>(index))));
      const Words kind = kind_in_words(who.kind);
      row.push_back(who.source.empty() || who.source == who.kind
                        ? kind
                        : Words(fmt::format("{} ({})", kind.en, who.source),
                                fmt::format("{}（{}）", kind.zh.empty() ? kind.en : kind.zh, who.source)));
    }
  }
  return block;
}

TableBlock texts(const Atlas& atlas) {
  TableBlock block{.caption = {"The texts that were opened", "查阅过的文献"},
                   .columns = {{{"id", "编号"}},
                               {{"kind", "类别"}},
                               {{"date", "日期"}},
                               {{"cells", "引用数"}, Align::right},
                               {{"publisher", "发布者"}},
                               {{"title", "标题"}},
                               {{"locator", "位置"}}},
                   .rows = {}};
  for (const Source& source : atlas.sources) {
    const auto uses = std::ranges::count(atlas.citations, source.id.text, &Citation::source);
    block.rows.push_back({source.id.text, kind_in_words(name_of(source.kind)), source.date,
                          std::to_string(uses), source.publisher, source.title, source.locator});
  }
  return block;
}

}  // namespace

Page atlas_report(const Atlas& atlas, const AtlasCheck& check) {
  const Country& country = atlas.country();
  Page page{.title = {fmt::format("The atlas of {}", country.name), fmt::format("{}图册", country.name_zh)},
            .blocks = {}};
  const auto assumed = check.values_by_kind.find(kAssumed);
  const auto guesses = assumed == check.values_by_kind.end() ? 0 : assumed->second;
  page.blocks.emplace_back(Paragraph{
      .text = {fmt::format(
                   "{} sites and {} values: {} of them rest on {} texts, {} are assumed with a range.",
                   atlas.sites.rows().size(), check.values, check.values - guesses,
                   atlas.sources.rows().size(), guesses),
               fmt::format("{} 个站点，{} 个数值：其中 {} 个出自 {} 份文献，{} 个为附有范围的假定值。",
                           atlas.sites.rows().size(), check.values, check.values - guesses,
                           atlas.sources.rows().size(), guesses)},
      .strong = true});
  page.blocks.emplace_back(map_of(atlas));
  page.blocks.emplace_back(prices(atlas));
  page.blocks.emplace_back(evidence(check));
  page.blocks.emplace_back(texts(atlas));
  for (Block& block : atlas_page(atlas).blocks) page.blocks.push_back(std::move(block));
  return page;
}

}  // namespace hinterland
