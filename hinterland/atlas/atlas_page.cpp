#include "hinterland/atlas/atlas_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/report/fields_table.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kWidestTable = 9;  // columns; a wider table is shown in short

Expected<AtlasTable> find_table(const Atlas& atlas, const std::string& name) {
  std::vector<std::string> names;
  for (AtlasTable& table : atlas_tables(atlas.country().currency)) {
    if (!table.keyed) continue;
    if (table.name == name) return std::move(table);
    names.push_back(table.name);
  }
  return failure(
      {.what = in_quotes(name) + " is no table with ids", .where = {}, .mend = did_you_mean(name, names)});
}

Expected<void> find_row(const Atlas& atlas, const AtlasTable& table, const std::string& id) {
  const auto ids = table.ids(atlas);
  if (std::ranges::find(ids, id) != ids.end()) return {};
  return failure(
      {.what = fmt::format("{} is not in {}", in_quotes(id), table.name),
       .where = {},
       .mend = did_you_mean(id, ids, fmt::format("`hinterland atlas show {}` lists its ids.", table.name))});
}

std::string range_text(const Provenance& who) {
  return who.low && who.high ? fmt::format("{} to {}", shortest(*who.low), shortest(*who.high)) : "";
}

std::vector<std::string> other_values(const Atlas& atlas, const std::string& table, const std::string& id,
                                      const std::string& column) {
  std::vector<std::string> texts;
  for (const Alternative& other : atlas.alternatives) {
    if (other.table == table && other.id == id && other.column == column)
      texts.push_back(fmt::format("{} ({}: {})", other.value, other.source, other.note));
  }
  return texts;
}

}  // namespace

Page atlas_page(const Atlas& atlas) {
  TableBlock block{.caption = fmt::format("{} {} ({})", atlas.country().name, atlas.country().name_zh,
                                          atlas.country().currency),
                   .columns = {{"table"}, {"rows", Align::right}, {"what"}},
                   .rows = {}};
  for (const AtlasTable& table : atlas_tables(atlas.country().currency)) {
    const std::size_t rows = table.keyed                 ? table.ids(atlas).size()
                             : table.name == "citations" ? atlas.citations.size()
                                                         : atlas.alternatives.size();
    block.rows.push_back({table.name, std::to_string(rows), table.doc});
  }
  return {.blocks = {block}};
}

Expected<Page> table_page(const Atlas& atlas, const std::string& name) {
  const auto table = find_table(atlas, name);
  if (!table) return std::unexpected(table.error());
  // Names first; of a wide table, as many columns as a screen takes.
  TableBlock block{.caption = table->doc, .columns = {}, .rows = {}};
  const std::size_t shown = std::min(table->fields.size(), kWidestTable);
  for (std::size_t i = 0; i < shown; ++i) {
    block.columns.push_back(
        {table->fields[i].name, table->fields[i].kind == FieldKind::number ? Align::right : Align::left});
  }
  for (const std::string& id : table->ids(atlas)) {
    auto& row = block.rows.emplace_back();
    for (std::size_t i = 0; i < shown; ++i) row.push_back(cell_text(table->get(atlas, id, i)));
  }
  Page page{.blocks = {block}};
  if (shown < table->fields.size()) {
    page.blocks.emplace_back(Paragraph{
        .text = fmt::format(
            "{} more columns: `hinterland atlas show {} ID` has all of a row, --json all of the table.",
            table->fields.size() - shown, name)});
  }
  return page;
}

Expected<Page> record_page(const Atlas& atlas, const std::string& name, const std::string& id) {
  const auto table = find_table(atlas, name);
  if (!table) return std::unexpected(table.error());
  if (auto known = find_row(atlas, *table, id); !known) return std::unexpected(known.error());
  TableBlock block{.caption = fmt::format("{}.{}", name, id),
                   .columns = {{"field"}, {"value"}, {"kind"}, {"range"}, {"source"}},
                   .rows = {}};
  FactsBlock notes{.caption = "How they follow from their sources", .facts = {}};
  for (std::size_t i = 0; i < table->fields.size(); ++i) {
    const Field& field = table->fields[i];
    const std::string value = cell_text(table->get(atlas, id, i));
    const bool shows_source = field.is_fact && table->factual && !value.empty();
    const Provenance who = shows_source ? provenance(atlas, name, id, field.name) : Provenance{};
    block.rows.push_back({field.name, value, shows_source && who.kind.empty() ? "nobody" : who.kind,
                          range_text(who), who.source == who.kind ? "" : who.source});
    std::string note = who.note;
    for (const std::string& other : other_values(atlas, name, id, field.name))
      note += fmt::format("{}also published: {}", note.empty() ? "" : "; ", other);
    if (!note.empty()) notes.facts.emplace_back(field.name, note);
  }
  Page page{.blocks = {block}};
  if (!notes.facts.empty()) page.blocks.emplace_back(notes);
  return page;
}

Expected<Page> fields_page(const Atlas& atlas, const std::string& name) {
  const auto table = find_table(atlas, name);
  if (!table) return std::unexpected(table.error());
  return Page{.blocks = {fields_table(fmt::format("{}.csv: {}", name, table->doc), table->fields)}};
}

Page check_page(const AtlasCheck& check) {
  FactsBlock facts{.caption = "", .facts = {}};
  std::vector<std::string> rows, kinds;
  for (const auto& [table, count] : check.rows_by_table) rows.push_back(fmt::format("{} {}", count, table));
  for (const auto& [kind, count] : check.values_by_kind) kinds.push_back(fmt::format("{} {}", count, kind));
  facts.facts.emplace_back("rows", fmt::format("{}", fmt::join(rows, ", ")));
  facts.facts.emplace_back("values", fmt::format("{}: {}", check.values, fmt::join(kinds, ", ")));
  facts.facts.emplace_back("problems", std::to_string(check.problems.size()));
  Page page{
      .blocks = {Paragraph{.text = check.honest()
                                       ? "Every value names its source; every assumed number has its range."
                                       : "Not every value is vouched for.",
                           .strong = true},
                 facts}};
  for (const Error& problem : check.problems) page.blocks.emplace_back(Paragraph{.text = describe(problem)});
  return page;
}

Words kind_in_words(const std::string& kind) {
  static const std::array<Words, 9> kKinds = {
      Words{"measured", "实测"},    Words{"official", "官方"}, Words{"reported", "报道"},
      Words{"estimated", "估计"},   Words{"assumed", "假定"},  Words{"yours", "您的数据"},
      Words{"unsourced", "无出处"}, Words{"set", "设定"},      Words{"nobody", "无人"}};
  const auto found = std::ranges::find(kKinds, kind, &Words::en);
  return found != kKinds.end() ? *found : Words(kind);
}

Page sources_page(const Atlas& atlas) {
  TableBlock block{.caption = "",
                   .columns = {{"id"}, {"kind"}, {"date"}, {"cells", Align::right}, {"publisher"}, {"title"}},
                   .rows = {}};
  for (const Source& source : atlas.sources) {
    const auto uses = std::ranges::count(atlas.citations, source.id.text, &Citation::source);
    block.rows.push_back({source.id.text, name_of(source.kind), source.date, std::to_string(uses),
                          source.publisher, source.title});
  }
  return {.blocks = {
              block,
              Paragraph{.text = "`hinterland atlas show sources ID` gives address, licence and locator."}}};
}

}  // namespace hinterland
