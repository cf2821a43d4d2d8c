#include "hinterland/claims/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hinterland/base/number.hpp"
#include "hinterland/claims/claim_sums.hpp"
#include "hinterland/claims/sentence.hpp"

namespace hinterland {

namespace {

constexpr const char* kNotKnown = "(not known)";

// In Chinese with the unit's name there; "10 亿元" is the name of what is shown ten times as large, whole.
std::string text_zh(double value, Shown shown, const ClaimsFile& file) {
  if (shown.unit == "place") return fmt::format("第 {:.0f}", shown.times * value);
  const auto unit = file.units_zh.find(shown.unit);
  if (unit == file.units_zh.end()) return shown_text(value, shown);
  const std::string& name = unit->second;
  const std::size_t space = name.find(' ');
  const auto times = space == std::string::npos ? std::nullopt : parse_number(name.substr(0, space));
  shown.unit = times ? name.substr(space + 1) : name;
  if (times) {
    shown.times *= *times;
    shown.digits = 0;
  }
  return shown_text(value, shown);
}

Words name_text(const ClaimsFile& file, const Claim& claim, const CheckedClaim& checked,
                const std::string& name) {
  const auto both = [&](double value, const Shown& shown) {
    return Words{shown_text(value, shown), text_zh(value, shown, file)};
  };
  const auto said =
      std::ranges::find_if(claim.says, [&](const SaidNumber& one) { return "says." + one.name == name; });
  if (said != claim.says.end()) return both(said->value, said->shown);
  const auto at = static_cast<std::size_t>(std::ranges::find(claim.numbers, name, &ClaimNumber::name) -
                                           claim.numbers.begin());
  const auto& value = checked.numbers[at].value;
  return value ? both(*value, claim.numbers[at].shown) : Words{kNotKnown, "（未知）"};
}

// Where a number of the sentence stands in the list's own notes alone.
constexpr const char* kByNotes = " Part of it stands in notes of the list alone, which name no source.";

bool names_notes(const Claim& claim, const CheckedClaim& checked, const std::string& pattern) {
  const auto names = names_in(pattern, claim.where);
  return std::ranges::any_of(*names, [&](const std::string& name) {
    const auto one = std::ranges::find(claim.numbers, name, &ClaimNumber::name);
    if (one == claim.numbers.end()) return false;
    const auto& cells = checked.numbers[static_cast<std::size_t>(one - claim.numbers.begin())].cells;
    return std::ranges::any_of(cells, [&](std::size_t cell) { return checked.cells[cell].noted; });
  });
}

// Which sentence the verdict asks for; empty where nobody wrote one.
std::string sentence_key(const ClaimsFile& file, const Claim& claim, const CheckedClaim& checked) {
  std::string key(name_of(checked.verdict));
  if (!claim.print.contains(key)) key = "any";
  if (!claim.print.contains(key)) return "";
  const auto text_of = [&](const std::string& name) { return name_text(file, claim, checked, name).en; };
  const bool hole = filled(claim.print.at(key), text_of).contains(kNotKnown);
  return hole && claim.print.contains("unknown") ? "unknown" : key;
}

Words both_filled(const ClaimsFile& file, const Claim& claim, const CheckedClaim& checked,
                  const std::string& pattern, const std::string& pattern_zh) {
  return {
      filled(pattern, [&](const std::string& name) { return name_text(file, claim, checked, name).en; }),
      filled(pattern_zh, [&](const std::string& name) { return name_text(file, claim, checked, name).zh; })};
}

Words sentence_of(const ClaimsFile& file, const Claim& claim, const CheckedClaim& checked) {
  const auto text_of = [&](const std::string& name) { return name_text(file, claim, checked, name).en; };
  if (const std::string key = sentence_key(file, claim, checked); !key.empty()) {
    const std::string& pattern = claim.print.at(key);
    const bool notes = names_notes(claim, checked, pattern);
    const auto zh = claim.print_zh.find(key);
    Words out = both_filled(file, claim, checked, pattern, zh == claim.print_zh.end() ? "" : zh->second);
    if (notes) out.en += kByNotes;
    if (notes && !out.zh.empty()) out.zh += "其中部分仅见于清单自身的注释，未注明来源。";
    return out;
  }
  // Nobody wrote one for what the figures have come to: the figures themselves, and nothing else.
  std::vector<std::string> figures;
  for (const ClaimNumber& one : claim.numbers)
    figures.push_back(fmt::format("{} {}", one.label.empty() ? one.name : one.label, text_of(one.name)));
  return fmt::format(
      "{}: {}.", claim.words,
      figures.empty() ? "nothing is known of it" : fmt::format("{}", fmt::join(figures, ", ")));
}

void add_need(std::vector<Words>& needs, Words need) {
  if (std::ranges::find(needs, need) == needs.end()) needs.push_back(std::move(need));
}

// What a cell would have to have.
Words missing(const UsedCell& cell) {
  const std::string place = cell.cell.text();
  if (cell.name.empty()) return {place, place};
  return {fmt::format("{} ({}), for {}", cell.name, cell.unit, place),
          fmt::format("{}（{}），用于 {}", cell.name, cell.unit, place)};
}

Expected<CheckedClaim> checked_claim(const AtlasCells& cells, const ClaimsFile& file, const Claim& claim) {
  auto sums = ClaimSums::resolve(cells, file, claim);
  if (!sums) return std::unexpected(sums.error());
  CheckedClaim out;
  out.numbers = sums->numbers();
  std::vector<TestOutcome> outcomes;
  for (const ClaimTest& test : claim.tests) {
    out.tests.push_back(sums->run(test, out.numbers));
    const CheckedTest& done = out.tests.back();
    outcomes.push_back({.outcome = done.outcome,
                        .otherwise = test.otherwise,
                        .own_word = done.own_word,
                        .assumed = done.assumed,
                        .noted = done.noted});
  }
  out.cells = sums->take_cells();
  out.verdict = verdict_of(outcomes);
  for (std::size_t t = 0; t < claim.tests.size(); ++t) {
    const CheckedTest& done = out.tests[t];
    if (done.outcome == ClaimOutcome::failed && !claim.tests[t].because.empty())
      out.tests[t].reason = both_filled(file, claim, out, claim.tests[t].because, claim.tests[t].because_zh);
    if (done.outcome == ClaimOutcome::itself)
      add_need(out.needs, {fmt::format("a source other than the text for {}", claim.tests[t].left),
                           fmt::format("{} 在该文之外的来源", claim.tests[t].left)});
    if (!done.turned_by.empty())
      add_need(out.needs, {"a narrower range of " + done.turned_by, done.turned_by + " 更窄的区间"});
  }
  for (const UsedCell& cell : out.cells) {
    if (cell.noted)
      add_need(out.needs, {fmt::format("a source other than the list's notes for {}", cell.cell.text()),
                           fmt::format("{} 在清单注释之外的来源", cell.cell.text())});
    if (!cell.value) add_need(out.needs, missing(cell));
  }
  Words sentence = sentence_of(file, claim, out);
  out.sentence = std::move(sentence.en);
  out.sentence_zh = std::move(sentence.zh);
  return out;
}

std::string source_text(const Atlas& atlas, const std::string& id) {
  const Source* source = atlas.sources.find({id});
  return source == nullptr ? id : source->title;
}

Expected<CheckedDispute> checked_dispute(const AtlasCells& cells, const ClaimsFile& file,
                                         const std::vector<CheckedClaim>& claims, const Dispute& dispute) {
  CheckedDispute out;
  for (const std::string& reading : dispute.readings) {
    const std::string key = reading.substr(0, reading.find('.'));
    const auto claim = std::ranges::find(file.claims, key, &Claim::key);
    if (claim == file.claims.end()) {
      const auto cell = cells.find(reading, dispute.where);
      if (!cell) return std::unexpected(cell.error());
      if (const auto own = cells.number(*cell))
        out.readings.push_back(
            {source_text(cells.atlas(),
                         provenance(cells.atlas(), cell->table, cell->id, cell->column).source),
             *own});
      for (const Alternative* other : cells.alternatives(*cell)) {
        if (const auto value = parse_number(other->value))
          out.readings.push_back({source_text(cells.atlas(), other->source), *value});
      }
      continue;
    }
    const std::string name = reading.substr(key.size() + 1);
    const auto said =
        std::ranges::find_if(claim->says, [&](const SaidNumber& one) { return "says." + one.name == name; });
    if (said != claim->says.end()) {
      const Words text = text_words(file, claim->text);
      out.readings.push_back(
          {{fmt::format("{}: {}", key, text.en), text.zh.empty() ? "" : fmt::format("{}：{}", key, text.zh)},
           said->value});
      continue;
    }
    const auto at = static_cast<std::size_t>(std::ranges::find(claim->numbers, name, &ClaimNumber::name) -
                                             claim->numbers.begin());
    const ComputedNumber& number = claims[static_cast<std::size_t>(claim - file.claims.begin())].numbers[at];
    const std::string& label = claim->numbers[at].label;
    if (number.value) out.readings.push_back({label.empty() ? reading : label, *number.value});
  }
  if (!out.readings.empty()) {
    const auto [least, most] = std::ranges::minmax(out.readings, {}, &DisputeReading::value);
    out.agree = most.value - least.value <= dispute.within;
  }
  return out;
}

void check_sources(const Atlas& atlas, const ClaimsFile& file, const std::string& field,
                   const std::vector<std::string>& named, Errors& errors) {
  for (const std::string& source : named) {
    if (atlas.sources.find({source}) == nullptr)
      add_error(errors, {.what = in_quotes(source) + " is no source of the atlas",
                         .where = {.file = file.file, .field = field},
                         .mend = did_you_mean(source, ids_of(atlas.sources),
                                              "`hinterland atlas sources` lists them.")});
  }
}

}  // namespace

Words text_words(const ClaimsFile& file, const std::string& key) {
  const auto found = std::ranges::find(file.texts, key, &ClaimText::key);
  return found == file.texts.end() ? Words{key} : Words{found->words, found->words_zh};
}

std::array<std::size_t, kVerdicts> ClaimsCheck::counts() const {
  std::array<std::size_t, kVerdicts> out{};
  for (const std::size_t at : shown) ++out.at(static_cast<std::size_t>(claims[at].verdict));
  return out;
}

Expected<ClaimsCheck> check_claims(const Atlas& atlas, ClaimsFile file,
                                   const std::vector<std::string>& only) {
  const AtlasCells cells(atlas);
  ClaimsCheck out{.file = std::move(file)};
  Errors errors;
  std::vector<std::string> keys;
  for (const Claim& claim : out.file.claims) keys.push_back(claim.key);
  check_sources(atlas, out.file, "own_sources", out.file.own_sources, errors);
  check_sources(atlas, out.file, "notes_sources", out.file.notes_sources, errors);
  for (const std::string& key : only) {
    const auto found = std::ranges::find(keys, key);
    if (found == keys.end()) {
      add_error(errors, {.what = in_quotes(key) + " is no claim of " + out.file.file,
                         .where = {.file = "--id"},
                         .mend = did_you_mean(key, keys, "`hinterland claims list` shows them.")});
    } else if (const auto at = static_cast<std::size_t>(found - keys.begin());
               std::ranges::find(out.shown, at) == out.shown.end()) {
      out.shown.push_back(at);
    }
  }
  for (const Claim& claim : out.file.claims) {
    auto done = checked_claim(cells, out.file, claim);
    if (!done) {
      add_errors(errors, done.error());
    } else {
      if (only.empty()) out.shown.push_back(out.claims.size());
      out.claims.push_back(std::move(*done));
    }
  }
  if (errors.empty()) {
    for (const Dispute& dispute : out.file.disputes) {
      auto done = checked_dispute(cells, out.file, out.claims, dispute);
      if (done) {
        out.disputes.push_back(std::move(*done));
      } else {
        add_errors(errors, done.error());
      }
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

}  // namespace hinterland
