// A public claim, and how it is to be held against the atlas: what a claims file says, before anything is computed.
//
//   [claims.C36]
//   words = "Incomes in Guizhou grew faster than the nation's"   in our own words
//   text = "002"                                                 who says so: [texts.002]
//   line = "17"
//   numbers.guizhou = { growth = ["accounts.guizhou-2014.disposable_income_cny", "accounts.guizhou-2024.disposable_income_cny"], unit = "%" }
//   numbers.nation = { growth = ["nation_accounts.2014.disposable_income_cny", "nation_accounts.2024.disposable_income_cny"], unit = "%" }
//   tests.faster = { left = "guizhou", is = "above", right = "nation", else = "false" }
//   print.any = "Incomes grew by {guizhou} in Guizhou and by {nation} in the nation."
//
// A number is one of the computations of computation.hpp, on cells of the atlas (TABLE.ID.COLUMN), on numbers above it, on
// what the claim itself says (says.NAME), or on names of the atlas. A test compares two of them and says what the claim is
// worth if it fails. The verdict follows (verdict.hpp); no file can state one.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

// How a number is shown: value x times, with so many digits behind the point (none given: four significant, or whole from
// 1,000 on) and its unit. "%" shows a share as percent, "year" a year without separators, "place" a rank as 22nd.
struct Shown {
  std::string unit;
  double times = 1;
  std::optional<double> digits;
};
std::string shown_text(double value, const Shown& shown);
// A bar or a tolerance that such a number is held against, in the same unit with all its digits: "0.5 %", "10 years".
std::string bar_text(double bar, const Shown& shown);

// A number that the claim itself states.
struct SaidNumber {
  std::string name;
  double value = 0;
  Shown shown;
  Location where;
};

struct ClaimNumber {
  std::string name;
  std::string label;  // in words; may be empty
  std::string computation;
  std::vector<std::string> operands;
  Shown shown;
  Location where;
};

enum class Relation { equals, above, below, at_least, at_most };
inline constexpr std::string_view kRelationNames[] = {"equals", "above", "below", "at-least", "at-most"};

enum class ClaimVerdict { holds, care, misleading, refuted, unchecked };
inline constexpr std::size_t kVerdicts = 5;
// As files and JSON have them: "holds", "care", "misleading", "false", "unchecked".
std::string_view name_of(ClaimVerdict verdict);

struct ClaimTest {
  std::string name;
  std::string left;  // a number's name, or says.NAME
  Relation relation = Relation::equals;
  std::variant<double, std::string> right;  // the same, or a plain number: the bar that is set
  double within = 0;                        // for `equals`: how far apart they may lie, in their own unit
  ClaimVerdict otherwise =
      ClaimVerdict::refuted;        // refuted, misleading or care: what the claim is worth if it fails
  std::string because, because_zh;  // what a failure means, in words; may hold {NAME}
  Location where;
};

struct Claim {
  std::string key;  // "C36"
  std::string words, words_zh;
  std::string text;  // key of a text
  std::string line;
  std::string kind;
  std::vector<SaidNumber> says;
  std::vector<ClaimNumber> numbers;
  std::vector<ClaimTest> tests;
  // By verdict's name, or "any"; "unknown" where the one that would be printed names a number that is not known.
  std::map<std::string, std::string> print;
  std::map<std::string, std::string> print_zh;  // the same in Chinese; what is missing stays English
  Location where;
};

// Somebody who makes claims.
struct ClaimText {
  std::string key;
  std::string words, words_zh;
};

// Where texts contradict each other: readings of one quantity, side by side.
struct Dispute {
  std::string key;
  std::string words, words_zh;
  std::vector<std::string>
      readings;       // CLAIM.NUMBER, CLAIM.says.NAME, or a cell: then all that is published of it
  double within = 0;  // as far apart they still agree
  Shown shown;
  Location where;
};

struct ClaimsFile {
  std::string file;
  std::vector<std::string> own_sources;  // sources that only repeat what the texts say: they prove none of it
  std::vector<std::string>
      notes_sources;  // the list's own notes, which do not say what they rest on: they settle nothing
  std::map<std::string, std::string> units_zh;  // of units, in Chinese sentences: "元", or "10 亿元"
  std::vector<ClaimText> texts;
  std::vector<Claim> claims;
  std::vector<Dispute> disputes;
};

// Fails with every problem of the file, located: unknown keys, computations, relations and names, wrong numbers of operands.
// Whether cells and names of the atlas exist is seen by check_claims().
Expected<ClaimsFile> parse_claims(std::string_view text, const std::string& file);
Expected<ClaimsFile> read_claims(const std::string& path);

// What stands between the braces of a template, in its order. Fails for a brace without its partner.
Expected<std::vector<std::string>> names_in(std::string_view pattern, const Location& where);

}  // namespace hinterland
