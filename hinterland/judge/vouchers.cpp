#include "hinterland/judge/vouchers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "hinterland/atlas/atlas_page.hpp"
#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/judge/verdict_page.hpp"

namespace hinterland {

namespace {

Words range_text(const std::optional<double>& low, const std::optional<double>& high) {
  return low && high ? range_words(shortest(*low), shortest(*high)) : Words();
}

// Rows for cells of the atlas, read through its field tables, so in the units of its columns.
class Cells {
 public:
  Cells(const Atlas& atlas, TableBlock& block)
      : atlas_(atlas), tables_(atlas_tables(atlas.country().currency)), block_(block) {}

  // `column` may hold the currency's `$`.
  void add(const std::string& name, const std::string& id, const std::string& column) {
    const std::string field = in_currency(column, atlas_.country().currency);
    const AtlasTable& table = *std::ranges::find(tables_, name, &AtlasTable::name);
    const auto index = std::ranges::find(table.fields, field, &Field::name) - table.fields.begin();
    const Provenance who = provenance(atlas_, name, id, field);
    const bool has_text = who.kind != "yours" && who.kind != "set" && who.kind != kAssumed;
    block_.rows.push_back({fmt::format("{}.{}.{}", name, id, field),
                           cell_text(table.get(atlas_, id, static_cast<std::size_t>(index))),
                           range_text(who.low, who.high),
                           kind_in_words(who.kind.empty() ? "nobody" : who.kind), has_text ? who.source : "",
                           others(name, id, field)});
  }

  // A curve of prices takes the place of the yearly one.
  void add_price(const Site& site) {
    const Curve* curve = curve_of(atlas_, site.id, CurveQuantity::power_price);
    if (curve == nullptr || curve->use == CurveUse::shape)
      add("sites", site.id.text, "power_price_$_per_kwh");
    if (curve != nullptr) add("curves", curve->id.text, "file");
  }

 private:
  [[nodiscard]] std::string others(const std::string& name, const std::string& id,
                                   const std::string& field) const {
    std::vector<std::string> texts;
    for (const Alternative& one : atlas_.alternatives) {
      if (one.table == name && one.id == id && one.column == field)
        texts.push_back(fmt::format("{} ({})", one.value, one.source));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  const Atlas& atlas_;
  std::vector<AtlasTable> tables_;
  TableBlock& block_;
};

// What a row's own price rests on.
void add_site(const Question& question, const SiteRow& row, Cells& cells) {
  const std::string& id = row.site->id.text;
  cells.add_price(*row.site);
  cells.add("sites", id, row.site->pue_reported ? "pue_reported" : "overhead_ratio");
  cells.add("sites", id, "server_use");
  const Capacity& capacity = row.is_home ? question.home : question.away;
  if (capacity.automatic || capacity.deal.basis != Basis::built) return;
  if (row.site->lease) return cells.add("sites", id, "lease_$_per_kw_month");
  cells.add("sites", id, "rack_fill");
  cells.add("sites", id, "building_$_per_kw");
}

void add_transfer(const Offer& offer, Cells& cells) {
  if (offer.mode == OfferMode::courier) return cells.add("networks", offer.id.text, "price_$_per_device");
  cells.add("networks", offer.id.text, "price_$_per_month");
  cells.add("networks", offer.id.text, "fill");
}

// What the workload's own file says of the values that make a price.
void add_workload(const Atlas& atlas, const Workload& workload, TableBlock& block) {
  static constexpr std::array<std::string_view, 7> kPriced = {
      "server_hours", "runtime_hours", "tasks", "data_in_gb", "data_out_gb", "latency_ms", "deadline_hours"};
  for (const auto& field : workload_fields()) {
    if (std::ranges::find(kPriced, field.name) == kPriced.end()) continue;
    const auto known = workload.evidence.find(field.name);
    if (known == workload.evidence.end()) continue;
    const Evidence& evidence = known->second;
    const bool assumed = evidence.source == kAssumed;
    block.rows.push_back(
        {fmt::format("workloads.{}.{}", workload.id.text, field.name), cell_text(field.get(workload)),
         range_text(evidence.low, evidence.high),
         kind_in_words(assumed ? kAssumed : name_of(atlas.sources.at({evidence.source}).kind)),
         assumed ? "" : evidence.source, ""});
  }
}

}  // namespace

TableBlock vouchers(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  TableBlock block{.caption = {"Who vouches for the figures", "数据由谁担保"},
                   .columns = {{{"value", "数值"}},
                               {"", Align::right},
                               {{"range", "范围"}},
                               {{"kind", "类别"}},
                               {{"source", "来源"}},
                               {{"also published", "另有公布"}}},
                   .rows = {}};
  Cells cells(atlas, block);
  for (const SiteRow* row : {&verdict.home_row(), verdict.best_row()}) {
    if (row != nullptr && row->quote.allowed()) add_site(question, *row, cells);
  }
  const std::string& server = question.workload.server.text;
  cells.add("servers", server, "price_$");
  cells.add("servers", server, "power_busy_kw");
  cells.add("atlas", atlas.country().id.text, "interest_per_year");
  const SiteRow* best = verdict.best_row();
  if (best != nullptr && best->quote.transfer.offer != nullptr)
    add_transfer(*best->quote.transfer.offer, cells);
  add_workload(atlas, question.workload, block);
  return block;
}

}  // namespace hinterland
