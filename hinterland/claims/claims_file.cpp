#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "hinterland/base/file.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/claims/claim.hpp"
#include "hinterland/claims/computation.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostClaims = 1000;
constexpr std::string_view kSays = "says.";

struct Top {
  std::vector<std::string> own_sources, notes_sources;
};

Fields<Top> top_fields() {
  return {field("own_sources", &Top::own_sources)
              .naming()
              .optional()
              .documented("ids of sources that only repeat what the texts say"),
          field("notes_sources", &Top::notes_sources)
              .naming()
              .optional()
              .documented("ids of sources that are the list's own notes and do not say what they rest on")};
}

Fields<ClaimText> text_fields() {
  return {
      field("words", &ClaimText::words).naming().documented("what the text is: \"a 2019 column\""),
      field("words_zh", &ClaimText::words_zh).naming().optional().documented("the same in Chinese"),
  };
}

Fields<Claim> claim_fields() {
  return {
      field("words", &Claim::words).naming().documented("the claim, in your own words"),
      field("words_zh", &Claim::words_zh).naming().optional().documented("the same in Chinese"),
      field("text", &Claim::text).naming().documented("who says so: a key of [texts]"),
      field("line", &Claim::line).naming().by_default("").documented("where in the text"),
      field("kind", &Claim::kind).naming().by_default("").documented("quantity, headline, causal, date ..."),
  };
}

Fields<Shown> shown_fields() {
  return {
      field("unit", &Shown::unit)
          .naming()
          .by_default("")
          .documented("shown behind the number; % shows a share as percent"),
      field("times", &Shown::times)
          .naming()
          .by_default("1")
          .documented("the number is shown as many times as large, to change its unit"),
      field("digits", &Shown::digits).within(0, 12).naming().documented("behind the point"),
  };
}

struct TestFields {
  std::string left, because, because_zh;
  Relation relation = Relation::equals;
  double within = 0;
  enum class Else { refuted, misleading, care } otherwise = Else::refuted;
};

Fields<TestFields> test_fields() {
  return {
      field("left", &TestFields::left).naming().documented("a number's name, or says.NAME"),
      choice("is", &TestFields::relation, {std::begin(kRelationNames), std::end(kRelationNames)})
          .naming()
          .documented("how it must lie to the right side"),
      field("within", &TestFields::within)
          .within(0, std::numeric_limits<double>::infinity())
          .naming()
          .by_default("0")
          .documented("with equals: how far apart the two may lie"),
      choice("else", &TestFields::otherwise, {"false", "misleading", "care"})
          .naming()
          .documented("what the claim is worth if it is not so"),
      field("because", &TestFields::because)
          .naming()
          .by_default("")
          .documented("what that means, in words; {NAME} stands for a number"),
      field("because_zh", &TestFields::because_zh).naming().by_default("").documented("the same in Chinese"),
  };
}

struct DisputeFields {
  std::string words, words_zh;
  std::vector<std::string> readings;
  double within = 0;
};

Fields<DisputeFields> dispute_fields() {
  return {
      field("words", &DisputeFields::words).naming().documented("what is disputed"),
      field("words_zh", &DisputeFields::words_zh).naming().optional().documented("the same in Chinese"),
      field("readings", &DisputeFields::readings)
          .naming()
          .documented("CLAIM.NUMBER, CLAIM.says.NAME, or a cell"),
      field("within", &DisputeFields::within)
          .within(0, std::numeric_limits<double>::infinity())
          .naming()
          .by_default("0")
          .documented("how far apart readings still agree"),
  };
}

// The entries of a table that are among `keys`, and the others.
template <class Keys>
std::pair<TomlTable, TomlTable> split_table(const TomlTable& table, const Keys& is_one) {
  std::pair<TomlTable, TomlTable> out{{.where = table.where, .entries = {}},
                                      {.where = table.where, .entries = {}}};
  for (const TomlEntry& entry : table.entries)
    (is_one(entry.key) ? out.first : out.second).entries.push_back(entry);
  return out;
}

// Names that a template can hold between its braces.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  Expected<ClaimsFile> read(const TomlTable& all) {
    out_.file = file_;
    static constexpr std::string_view kSections[] = {"texts", "claims", "disputes", "units_zh"};
    Top top;
    read_record(top_of(all, kSections), top_fields(), top, errors_);
    out_.own_sources = top.own_sources;
    out_.notes_sources = top.notes_sources;
    read_section(all, "texts", text_fields(), out_.texts, errors_);
    inner(
        all, "units_zh",
        [&](const TomlEntry& entry) {
          if (const auto* text = std::get_if<std::string>(&entry.value)) {
            out_.units_zh[entry.key] = *text;
          } else {
            complain(entry.where, fmt::format("{}: is no text", entry.key), "Put it in quotes.");
          }
        },
        false);
    each(all, "claims", [&](const std::string& key, const TomlTable& table) { claim(key, table); });
    each(all, "disputes", [&](const std::string& key, const TomlTable& table) { dispute(key, table); });
    if (out_.claims.empty() && errors_.empty())
      add_error(errors_, {.what = "there is no claim",
                          .where = {.file = file_},
                          .mend = "Write [claims.NAME] with words, numbers and tests."});
    for (const Dispute& one : out_.disputes) check_readings(one);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(out_);
  }

 private:
  void complain(const Location& where, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what), .where = where, .mend = std::move(mend)});
  }

  template <class Take>
  void each(const TomlTable& all, std::string_view section, const Take& take) {
    const TomlEntry* entry = all.find(section);
    if (entry == nullptr) return;
    const auto* tables = std::get_if<TomlTable>(&entry->value);
    if (tables == nullptr) return add_error(errors_, no_table(*entry, section));
    if (tables->entries.size() > kMostClaims)
      return complain(entry->where, fmt::format("more than {} entries", kMostClaims), "Split the file.");
    for (const TomlEntry& one : tables->entries) {
      const auto* table = std::get_if<TomlTable>(&one.value);
      if (table == nullptr) {
        add_error(errors_, no_table(one, section));
      } else if (!is_name(one.key)) {
        complain(one.where, in_quotes(one.key) + " is no name", "Use letters, digits, - and _.");
      } else {
        take(one.key, *table);
      }
    }
  }

  // The entries of a sub-table of a claim that are tables themselves.
  template <class Take>
  void inner(const TomlTable& claim, std::string_view key, const Take& take, bool names = true) {
    const TomlEntry* entry = claim.find(key);
    if (entry == nullptr) return;
    const auto* tables = std::get_if<TomlTable>(&entry->value);
    if (tables == nullptr)
      return complain(entry->where, "is no table", fmt::format("Write {}.NAME = {{ ... }}.", key));
    for (const TomlEntry& one : tables->entries) {
      if (names && !is_name(one.key)) {
        complain(one.where, in_quotes(one.key) + " is no name", "Use letters, digits, - and _.");
      } else {
        take(one);
      }
    }
  }

  void claim(const std::string& key, const TomlTable& table) {
    static const std::set<std::string, std::less<>> kTables = {"says", "numbers", "tests", "print",
                                                               "print_zh"};
    const auto [tables, flat] =
        split_table(table, [](const std::string& one) { return kTables.contains(one); });
    Claim claim{.key = key, .where = table.where};
    read_record(flat, claim_fields(), claim, errors_);
    if (std::ranges::find(out_.texts, claim.text, &ClaimText::key) == out_.texts.end() &&
        !claim.text.empty()) {
      std::vector<std::string> known;
      for (const ClaimText& one : out_.texts) known.push_back(one.key);
      complain(at(table, "text"), fmt::format("{}: there is no text {}", key, in_quotes(claim.text)),
               did_you_mean(claim.text, known));
    }
    inner(tables, "says", [&](const TomlEntry& entry) { said(claim, entry); });
    inner(tables, "numbers", [&](const TomlEntry& entry) { number(claim, entry); });
    inner(tables, "tests", [&](const TomlEntry& entry) { test(claim, entry); });
    inner(tables, "print", [&](const TomlEntry& entry) { print(claim, entry, claim.print); });
    inner(tables, "print_zh", [&](const TomlEntry& entry) { print(claim, entry, claim.print_zh); });
    out_.claims.push_back(std::move(claim));
  }

  static Location at(const TomlTable& table, std::string_view key) {
    const TomlEntry* entry = table.find(key);
    return entry == nullptr ? table.where : entry->where;
  }

  void said(Claim& claim, const TomlEntry& entry) {
    SaidNumber out{.name = entry.key, .where = entry.where};
    if (const auto* plain = std::get_if<double>(&entry.value)) {
      out.value = *plain;
    } else if (const auto* table = std::get_if<TomlTable>(&entry.value)) {
      const auto [value, rest] = split_table(*table, [](const std::string& key) { return key == "value"; });
      const auto* given = value.entries.empty() ? nullptr : std::get_if<double>(&value.entries.front().value);
      if (given == nullptr)
        return complain(entry.where, fmt::format("{}: has no value", entry.key),
                        "Write { value = 25, unit = \"%\" }.");
      out.value = *given;
      read_record(rest, shown_fields(), out.shown, errors_);
    } else {
      return complain(entry.where, fmt::format("{}: is no number", entry.key),
                      "Give a number, or { value, unit }.");
    }
    if (!std::isfinite(out.value))
      return complain(entry.where, fmt::format("{}: is not finite", entry.key), "Give a plain number.");
    claim.says.push_back(std::move(out));
  }

  void number(Claim& claim, const TomlEntry& entry) {
    const auto* table = std::get_if<TomlTable>(&entry.value);
    static constexpr std::string_view kMend = "Write NAME = { ratio = [\"A\", \"B\"], unit = \"%\" }.";
    if (table == nullptr)
      return complain(entry.where, fmt::format("{}: is no computation", entry.key), std::string(kMend));
    static const std::set<std::string, std::less<>> kOther = {"unit", "times", "digits", "label"};
    auto [rest, asked] = split_table(*table, [](const std::string& key) { return kOther.contains(key); });
    ClaimNumber out{.name = entry.key, .where = entry.where};
    auto [label, shown] = split_table(rest, [](const std::string& key) { return key == "label"; });
    if (!label.entries.empty()) {
      const auto* text = std::get_if<std::string>(&label.entries.front().value);
      if (text == nullptr)
        return complain(label.entries.front().where, "label: is no text", "Put it in quotes.");
      out.label = *text;
    }
    read_record(shown, shown_fields(), out.shown, errors_);
    if (asked.entries.size() != 1)
      return complain(asked.entries.empty() ? entry.where : asked.entries[1].where,
                      fmt::format("{}: {} computations where one is meant", entry.key, asked.entries.size()),
                      std::string(kMend));
    const TomlEntry& one = asked.entries.front();
    const Computation* known = computation_of(one.key);
    if (known == nullptr) {
      std::vector<std::string> names;
      for (const Computation& other : computations()) names.push_back(other.name);
      return complain(one.where, fmt::format("{}: there is no computation {}", entry.key, in_quotes(one.key)),
                      did_you_mean(one.key, names, "`hinterland claims computations` lists them."));
    }
    out.computation = one.key;
    if (const auto* text = std::get_if<std::string>(&one.value)) {
      out.operands = {*text};
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&one.value)) {
      out.operands = *list;
    } else {
      return complain(one.where, fmt::format("{}: no operands", entry.key),
                      "Write " + signature_of(*known) + " as a list of texts.");
    }
    if (!known->takes(out.operands.size()))
      return complain(one.where,
                      fmt::format("{}: {} has {} operands", entry.key, one.key, out.operands.size()),
                      "It is " + signature_of(*known) + ".");
    for (std::size_t i = 0; i < out.operands.size(); ++i) {
      if (known->kind_of(i) == OperandKind::number && !looks_like_cell(out.operands[i]))
        check_known(claim, out.operands[i], one.where, " Or name a cell: TABLE.ID.COLUMN.");
    }
    claim.numbers.push_back(std::move(out));
  }

  // A name that a number, a test or a sentence may use: says.NAME, or a number that stands above.
  void check_known(const Claim& claim, const std::string& name, const Location& where,
                   const char* hint = "") {
    std::vector<std::string> known;
    for (const ClaimNumber& one : claim.numbers) known.push_back(one.name);
    for (const SaidNumber& one : claim.says) known.push_back(std::string(kSays) + one.name);
    if (std::ranges::find(known, name) != known.end()) return;
    complain(where, fmt::format("{}: there is no number {} above", claim.key, in_quotes(name)),
             did_you_mean(name, known) + hint);
  }

  void test(Claim& claim, const TomlEntry& entry) {
    const auto* table = std::get_if<TomlTable>(&entry.value);
    if (table == nullptr)
      return complain(entry.where, fmt::format("{}: is no test", entry.key),
                      "Write NAME = { left = \"A\", is = \"above\", right = \"B\", else = \"false\" }.");
    const auto [right, rest] = split_table(*table, [](const std::string& key) { return key == "right"; });
    TestFields given;
    const std::size_t before = errors_.size();
    read_record(rest, test_fields(), given, errors_);
    if (errors_.size() > before) return;
    ClaimTest out{.name = entry.key,
                  .left = given.left,
                  .relation = given.relation,
                  .within = given.within,
                  .otherwise = given.otherwise == TestFields::Else::refuted      ? ClaimVerdict::refuted
                               : given.otherwise == TestFields::Else::misleading ? ClaimVerdict::misleading
                                                                                 : ClaimVerdict::care,
                  .because = given.because,
                  .because_zh = given.because_zh,
                  .where = entry.where};
    const TomlEntry* side = right.entries.empty() ? nullptr : &right.entries.front();
    if (side == nullptr)
      return complain(entry.where, fmt::format("{}: has no right side", entry.key),
                      "Give right: a number's name, or a number.");
    if (const auto* plain = std::get_if<double>(&side->value); plain != nullptr && std::isfinite(*plain)) {
      out.right = *plain;
    } else if (const auto* name = std::get_if<std::string>(&side->value)) {
      out.right = *name;
      check_known(claim, *name, side->where);
    } else {
      return complain(side->where, "right: is neither a name nor a number",
                      "Give a number's name, or a number.");
    }
    check_known(claim, out.left, at(*table, "left"));
    check_names(claim, out.because, at(*table, "because"));
    check_names(claim, out.because_zh, at(*table, "because_zh"));
    claim.tests.push_back(std::move(out));
  }

  void check_names(const Claim& claim, const std::string& pattern, const Location& where) {
    const auto names = names_in(pattern, where);
    if (!names) return add_errors(errors_, names.error());
    for (const std::string& name : *names) check_known(claim, name, where);
  }

  void print(const Claim& claim, const TomlEntry& entry, std::map<std::string, std::string>& into) {
    static const std::vector<std::string> kKeys = {"any",   "holds",     "care",   "misleading",
                                                   "false", "unchecked", "unknown"};
    if (std::ranges::find(kKeys, entry.key) == kKeys.end())
      return complain(entry.where, in_quotes(entry.key) + " is no verdict", did_you_mean(entry.key, kKeys));
    const auto* text = std::get_if<std::string>(&entry.value);
    if (text == nullptr)
      return complain(entry.where, fmt::format("{}: is no sentence", entry.key), "Put it in quotes.");
    check_names(claim, *text, entry.where);
    into[entry.key] = *text;
  }

  void dispute(const std::string& key, const TomlTable& table) {
    const auto [shown, rest] = split_table(
        table, [](const std::string& one) { return one == "unit" || one == "times" || one == "digits"; });
    DisputeFields given;
    Dispute out{.key = key, .where = table.where};
    read_record(rest, dispute_fields(), given, errors_);
    read_record(shown, shown_fields(), out.shown, errors_);
    out.words = given.words;
    out.words_zh = given.words_zh;
    out.readings = given.readings;
    out.within = given.within;
    out_.disputes.push_back(std::move(out));
  }

  // CLAIM.NUMBER and CLAIM.says.NAME; cells are looked for in the atlas, later.
  void check_readings(const Dispute& dispute) {
    for (const std::string& reading : dispute.readings) {
      const std::string key = reading.substr(0, reading.find('.'));
      const auto claim = std::ranges::find(out_.claims, key, &Claim::key);
      if (claim != out_.claims.end() && reading.size() > key.size()) {
        check_known(*claim, reading.substr(key.size() + 1), dispute.where);
      } else if (!looks_like_cell(reading)) {
        complain(dispute.where, fmt::format("{}: {} is no reading", dispute.key, in_quotes(reading)),
                 "Write CLAIM.NUMBER, CLAIM.says.NAME or TABLE.ID.COLUMN.");
      }
    }
  }

  std::string file_;
  ClaimsFile out_;
  Errors errors_;
};

}  // namespace

Expected<ClaimsFile> parse_claims(std::string_view text, const std::string& file) {
  const auto table = parse_toml(text, file);
  if (!table) return std::unexpected(table.error());
  return Reader(file).read(*table);
}

Expected<ClaimsFile> read_claims(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  return parse_claims(*text, path);
}

}  // namespace hinterland
