// Claims held against an atlas: every number computed, every test run, every verdict derived.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/claims/claim.hpp"
#include "hinterland/claims/computation.hpp"
#include "hinterland/claims/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// A cell that a claim's numbers read, and who vouches for it.
struct UsedCell {
  CellName cell;
  std::string name, unit;  // of a published figure
  std::optional<double> value;
  Provenance who;
  std::string source_title;
  bool own_word = false;  // its source is one of the file's own_sources
  bool noted = false;     // its source is one of the file's notes_sources
};

struct ComputedNumber {
  std::optional<double> value;
  std::string missing;             // why there is none
  std::vector<std::size_t> cells;  // that it rests on, through other numbers too; into CheckedClaim::cells
  bool modelled = false;           // it rests on what a model assumes
  bool asks_atlas = false;         // it rests on a question to the atlas as a whole, not on cells alone
};

struct CheckedTest {
  ClaimOutcome outcome = ClaimOutcome::unknown;
  bool own_word = false, assumed = false;
  bool noted = false;         // some of it stands in the list's own notes alone
  bool ends_untried = false;  // it asks the atlas as a whole: no range behind that was tried
  std::string turned_by;      // the cell at whose end it comes out otherwise
  Words reason;               // empty where it plainly passed
};

struct CheckedClaim {
  ClaimVerdict verdict = ClaimVerdict::unchecked;
  std::vector<UsedCell> cells;
  std::vector<ComputedNumber> numbers;  // as Claim::numbers
  std::vector<CheckedTest> tests;       // as Claim::tests
  std::vector<Words> needs;             // what would have to be found, each once
  std::string sentence;                 // what a careful editor would print
  std::string sentence_zh;              // empty where nobody wrote it
};

struct DisputeReading {
  Words who;  // the text, the source, or the number's label
  double value = 0;
};

struct CheckedDispute {
  std::vector<DisputeReading> readings;
  bool agree = true;
};

struct ClaimsCheck {
  ClaimsFile file;
  std::vector<CheckedClaim> claims;      // as file.claims
  std::vector<CheckedDispute> disputes;  // as file.disputes
  std::vector<std::size_t> shown;        // which were asked for

  [[nodiscard]] std::array<std::size_t, kVerdicts> counts() const;  // of those shown
};

// What a text is called; its key where the file does not say.
Words text_words(const ClaimsFile& file, const std::string& key);

// `only`: keys of claims, each counted once; empty: all. Fails, located in the claims file, for cells, regions, groups, sites and years that the
// atlas does not know, and for an unknown key.
Expected<ClaimsCheck> check_claims(const Atlas& atlas, ClaimsFile file, const std::vector<std::string>& only);

std::string claims_json(const ClaimsCheck& check);

}  // namespace hinterland
