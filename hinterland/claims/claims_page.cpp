#include "hinterland/claims/claims_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hinterland/claims/sentence.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr ClaimVerdict kInOrder[] = {ClaimVerdict::holds, ClaimVerdict::care, ClaimVerdict::misleading,
                                     ClaimVerdict::refuted, ClaimVerdict::unchecked};

Words words_of(const Claim& claim) { return {claim.words, claim.words_zh}; }

Words verdict_words(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::holds: return {"holds", "成立"};
    case ClaimVerdict::care: return {"holds with care", "存疑成立"};
    case ClaimVerdict::misleading: return {"misleading", "误导"};
    case ClaimVerdict::refuted: return {"false", "不实"};
    case ClaimVerdict::unchecked: break;
  }
  return {"cannot be checked", "无法核查"};
}

std::string where_text(const Claim& claim) {
  return claim.line.empty() ? claim.text : fmt::format("{}:{}", claim.text, claim.line);
}

Words outcome_words(ClaimOutcome outcome) {
  switch (outcome) {
    case ClaimOutcome::passed: return {"is so", "成立"};
    case ClaimOutcome::turns: return {"is so, within limits", "成立，但有限"};
    case ClaimOutcome::failed: return {"is not so", "不成立"};
    case ClaimOutcome::undecided: return {"undecided", "未定"};
    case ClaimOutcome::unknown: return {"not known", "未知"};
    case ClaimOutcome::itself: break;
  }
  return {"only the text says so", "仅该文自述"};
}

// "3 hold", "1 is false".
std::string counted_text(std::size_t count, ClaimVerdict verdict) {
  const bool one = count == 1;
  switch (verdict) {
    case ClaimVerdict::holds: return fmt::format("{} {}", count, one ? "holds" : "hold");
    case ClaimVerdict::care: return fmt::format("{} {} with care", count, one ? "holds" : "hold");
    case ClaimVerdict::misleading: return fmt::format("{} {} misleading", count, one ? "is" : "are");
    case ClaimVerdict::refuted: return fmt::format("{} {} false", count, one ? "is" : "are");
    case ClaimVerdict::unchecked: break;
  }
  return fmt::format("{} cannot be checked", count);
}

Words headline(const ClaimsCheck& check) {
  const auto counts = check.counts();
  std::vector<std::string> en, zh;
  for (const ClaimVerdict verdict : kInOrder) {
    const std::size_t count = counts.at(static_cast<std::size_t>(verdict));
    if (count == 0) continue;
    en.push_back(counted_text(count, verdict));
    zh.push_back(fmt::format("{} 项{}", count, verdict_words(verdict).zh));
  }
  return {fmt::format("{}: {}.", counted(static_cast<long long>(check.shown.size()), "claim"),
                      fmt::join(en, ", ")),
          fmt::format("{} 项说法：{}。", check.shown.size(), fmt::join(zh, "，"))};
}

// How the texts fare: a bar each, its claims by verdict.
BarsBlock verdict_bars(const ClaimsCheck& check) {
  BarsBlock block{
      .caption = {"Verdicts by text", "各文的结论"}, .unit = "claims", .rows = {}, .parts = {}, .marks = {}};
  for (const ClaimVerdict verdict : kInOrder)
    block.parts.push_back({.name = verdict_words(verdict), .values = {}});
  for (const ClaimText& text : check.file.texts) {
    std::array<double, kVerdicts> counts{};
    for (const std::size_t at : check.shown) {
      if (check.file.claims[at].text == text.key)
        ++counts.at(static_cast<std::size_t>(check.claims[at].verdict));
    }
    block.rows.push_back({fmt::format("{}: {}", text.key, text.words),
                          text.words_zh.empty() ? "" : fmt::format("{}：{}", text.key, text.words_zh)});
    for (std::size_t i = 0; i < std::size(kInOrder); ++i)
      block.parts[i].values.push_back(counts.at(static_cast<std::size_t>(kInOrder[i])));
  }
  return block;
}

TableBlock verdict_table(const ClaimsCheck& check) {
  TableBlock block{
      .caption = {"The claims, in our words", "各项说法（转述）"},
      .columns = {{{"id", "编号"}}, {{"verdict", "结论"}}, {{"claim", "说法"}}, {{"text", "出处"}}},
      .rows = {}};
  for (const std::size_t at : check.shown) {
    const Claim& claim = check.file.claims[at];
    block.rows.push_back(
        {claim.key, verdict_words(check.claims[at].verdict), words_of(claim), where_text(claim)});
  }
  return block;
}

FactsBlock sentences(const ClaimsCheck& check) {
  FactsBlock block{.caption = {"What a careful editor would print", "审慎的编辑会这样写"}, .facts = {}};
  for (const std::size_t at : check.shown)
    block.facts.emplace_back(check.file.claims[at].key,
                             Words{check.claims[at].sentence, check.claims[at].sentence_zh});
  return block;
}

Words all_of(const std::vector<Words>& needs) {
  Words all;
  for (const Words& need : needs) {
    all.en += (all.en.empty() ? "" : "; ") + need.en;
    all.zh += (all.zh.empty() ? "" : "；") + need.zh;
  }
  return all;
}

FactsBlock needs(const ClaimsCheck& check) {
  FactsBlock block{.caption = {"What would have to be found", "尚需查明"}, .facts = {}};
  for (const std::size_t at : check.shown) {
    const CheckedClaim& claim = check.claims[at];
    if (!claim.needs.empty()) block.facts.emplace_back(check.file.claims[at].key, all_of(claim.needs));
  }
  return block;
}

void add_dispute(Page& page, const Dispute& dispute, const CheckedDispute& checked) {
  const Words agree =
      checked.agree ? Words{"they agree", "一致"} : Words{"they contradict each other", "相互矛盾"};
  const Words caption = {dispute.words + ": " + agree.en,
                         dispute.words_zh.empty() ? "" : dispute.words_zh + "：" + agree.zh};
  TableBlock table{
      .caption = caption, .columns = {{{"who", "出处"}}, {{"says", "所述"}, Align::right}}, .rows = {}};
  for (const DisputeReading& reading : checked.readings)
    table.rows.push_back({reading.who, shown_text(reading.value, dispute.shown)});
  page.blocks.emplace_back(std::move(table));
}

std::string formula_text(const ClaimNumber& number) {
  return fmt::format("{}({})", number.computation, fmt::join(number.operands, ", "));
}

const Shown& shown_as(const Claim& claim, const std::string& name) {
  const auto said =
      std::ranges::find_if(claim.says, [&](const SaidNumber& one) { return "says." + one.name == name; });
  if (said != claim.says.end()) return said->shown;
  return std::ranges::find(claim.numbers, name, &ClaimNumber::name)->shown;
}

std::string test_text(const Claim& claim, const ClaimTest& test) {
  const Shown& shown = shown_as(claim, test.left);
  const auto* const bar = std::get_if<double>(&test.right);
  std::string text =
      fmt::format("{} {} {}", test.left, kRelationNames[static_cast<std::size_t>(test.relation)],
                  bar != nullptr ? bar_text(*bar, shown) : std::get<std::string>(test.right));
  if (test.within > 0) text += " within " + bar_text(test.within, shown);
  return text;
}

TableBlock numbers_table(const Claim& claim, const CheckedClaim& checked) {
  TableBlock block{
      .caption = {"Numbers", "数字"},
      .columns = {{{"number", "名称"}}, {{"value", "数值"}, Align::right}, {{"computed as", "算法"}}},
      .rows = {}};
  for (const SaidNumber& said : claim.says)
    block.rows.push_back(
        {"says." + said.name, shown_text(said.value, said.shown), {"what the claim says", "说法本身"}});
  for (std::size_t n = 0; n < claim.numbers.size(); ++n) {
    const ComputedNumber& number = checked.numbers[n];
    block.rows.push_back({claim.numbers[n].name,
                          number.value ? shown_text(*number.value, claim.numbers[n].shown) : "-",
                          formula_text(claim.numbers[n])});
  }
  return block;
}

TableBlock tests_table(const Claim& claim, const CheckedClaim& checked) {
  TableBlock block{
      .caption = {"Tests", "检验"},
      .columns = {{{"test", "检验"}}, {{"outcome", "结果"}}, {{"else", "否则"}}, {{"because", "缘由"}}},
      .rows = {}};
  for (std::size_t t = 0; t < claim.tests.size(); ++t) {
    const ClaimTest& test = claim.tests[t];
    const CheckedTest& done = checked.tests[t];
    Words outcome = outcome_words(done.outcome);
    if (done.ends_untried) {
      outcome.en += " (ends untried)";
      outcome.zh += "（未试区间）";
    }
    block.rows.push_back({test_text(claim, test), outcome, verdict_words(test.otherwise), done.reason});
  }
  return block;
}

TableBlock cells_table(const CheckedClaim& checked) {
  TableBlock block{.caption = {"Figures and who vouches for them", "所依据的数字与来源"},
                   .columns = {{{"cell", "单元"}},
                               {{"value", "数值"}, Align::right},
                               {{"kind", "性质"}},
                               {{"source", "来源"}}},
                   .rows = {}};
  for (const UsedCell& cell : checked.cells) {
    std::string source = cell.source_title.empty() ? cell.who.source : cell.source_title;
    if (!cell.who.note.empty()) source += (source.empty() ? "" : ": ") + cell.who.note;
    block.rows.push_back(
        {cell.cell.text(), cell.value ? fmt::format("{:.10g}", *cell.value) : "-", cell.who.kind, source});
  }
  return block;
}

void add_claim(Page& page, const ClaimsFile& file, const Claim& claim, const CheckedClaim& checked) {
  const Words verdict = verdict_words(checked.verdict);
  page.blocks.emplace_back(Paragraph{
      .text = {fmt::format("{} {}: {}", claim.key, claim.words, verdict.en),
               claim.words_zh.empty() ? "" : fmt::format("{} {}：{}", claim.key, claim.words_zh, verdict.zh)},
      .strong = true});
  const Words text = text_words(file, claim.text);
  page.blocks.emplace_back(
      Paragraph{.text = {fmt::format("Said by {} ({}).", text.en, where_text(claim)),
                         text.zh.empty() ? "" : fmt::format("出自{}（{}）。", text.zh, where_text(claim))}});
  page.blocks.emplace_back(numbers_table(claim, checked));
  page.blocks.emplace_back(tests_table(claim, checked));
  if (!checked.cells.empty()) page.blocks.emplace_back(cells_table(checked));
  FactsBlock facts{.caption = {},
                   .facts = {{{"Print instead", "改写为"}, {checked.sentence, checked.sentence_zh}}}};
  if (!checked.needs.empty()) facts.facts.push_back({{"Needed", "尚需"}, all_of(checked.needs)});
  page.blocks.emplace_back(std::move(facts));
}

Paragraph rules() {
  return {
      .text = {
          "A verdict follows from tests on the atlas and is written down nowhere. False: a test whose "
          "failure "
          "refutes the claim fails, and does so at both ends of the cited range of each figure that it "
          "names. "
          "Misleading: the figure stands, what it suggests does not. Cannot be checked: a figure is missing, "
          "or the text is its own only source. With care: another test failed, turns within a cited range, "
          "or rests on an assumption, on the text's own figures or on the list's own notes, which name no "
          "source and condemn nothing. Ends untried: one side asks the atlas as "
          "a whole, for a rank, a count or what a model comes to, and is taken as its figures stand; with "
          "other figures of their ranges it may come out otherwise.",
          "结论由对图集的检验推出，任何文件都不写明结论。不实：足以否定该说法的检验失败，且在其所列各数字的引"
          "用区间两端均失败。误导：数字成立，其暗示不成立。无法核查：缺少数字，或该文是唯一来源。存疑成立：其"
          "他检验失败、在引用区间内会改变，或依据假定、该文自身的数字或清单自身的注释（未注明来源，不足以否定"
          "任何说法）。未试区间：检验的一侧向整个图集提问（排"
          "名、计数或模型结果），只按现有数值计算；区间内取其他数值时结果可能不同。"}};
}

}  // namespace

Page claims_page(const ClaimsCheck& check, bool detail) {
  Page page{.title = {"Claims, recomputed", "说法核算"}, .blocks = {}};
  page.blocks.emplace_back(Paragraph{.text = headline(check), .strong = true});
  if (detail) {
    for (const std::size_t at : check.shown)
      add_claim(page, check.file, check.file.claims[at], check.claims[at]);
  } else {
    page.blocks.emplace_back(verdict_bars(check));
    page.blocks.emplace_back(verdict_table(check));
    for (std::size_t d = 0; d < check.disputes.size(); ++d)
      add_dispute(page, check.file.disputes[d], check.disputes[d]);
    page.blocks.emplace_back(sentences(check));
    FactsBlock open = needs(check);
    if (!open.facts.empty()) page.blocks.emplace_back(std::move(open));
  }
  page.blocks.emplace_back(rules());
  return page;
}

Page claims_list_page(const ClaimsFile& file) {
  Page page{.title = {"Claims", "说法"}, .blocks = {}};
  TableBlock block{.caption = {},
                   .columns = {{{"id", "编号"}},
                               {{"text", "出处"}},
                               {{"kind", "类别"}},
                               {{"claim, in our words", "说法（转述）"}}},
                   .rows = {}};
  for (const Claim& claim : file.claims)
    block.rows.push_back({claim.key, where_text(claim), claim.kind, words_of(claim)});
  page.blocks.emplace_back(std::move(block));
  return page;
}

Page computations_page() {
  Page page{.title = {"Computations that a claim may ask for", "可用的算法"}, .blocks = {}};
  FactsBlock block{.caption = {}, .facts = {}};
  for (const Computation& one : computations()) block.facts.emplace_back(signature_of(one), one.doc);
  page.blocks.emplace_back(std::move(block));
  page.blocks.emplace_back(Paragraph{.text = {"A number is a cell of the atlas (TABLE.ID.COLUMN), what the "
                                              "claim says (says.NAME), or a number above it."}});
  return page;
}

}  // namespace hinterland
