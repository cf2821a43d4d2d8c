// What becomes of a claim once its tests are run.
//
// A test compares two numbers, and ends as one of
//
//   passed      it is as the claim says
//   turns       it passes as the figures stand, and fails at an end of the cited range of one of them
//   failed      it is not so, at no end of the range of a cell that it names; what a computation asks of the atlas as a whole
//               is taken as it stands
//   undecided   it fails as the figures stand, and passes at an end of a range; or it fails by a figure that stands in the
//               list's own notes alone, and its failure would refute the claim or call it misleading
//   unknown     a figure that it needs has no value
//   itself      a figure of the claim's own text was compared with the claim: that proves nothing
//
// The verdict is the first of these that applies:
//
//   false              a test whose failure makes the claim false has failed
//   misleading         a test whose failure makes it misleading has failed: the figure stands, the story does not
//   cannot be checked  a test of the first sort is undecided, unknown or the claim itself, or one of the second unknown; or
//                      there is no test
//   holds with care    any other test did not plainly pass; or one rests on the text's own figures alone, on the list's own
//                      notes, or on an assumption
//   holds              all passed
#pragma once
#include <string>
#include <vector>

#include "hinterland/claims/claim.hpp"

namespace hinterland {

enum class ClaimOutcome { passed, turns, failed, undecided, unknown, itself };
std::string_view name_of(ClaimOutcome outcome);

// What a verdict needs to know of a test that was run.
struct TestOutcome {
  ClaimOutcome outcome = ClaimOutcome::unknown;
  ClaimVerdict otherwise = ClaimVerdict::refuted;
  bool own_word = false;  // all that it rests on is from the claim's own text
  bool assumed = false;   // some of it is an assumption
  bool noted = false;     // some of it stands in the list's own notes alone
};

ClaimVerdict verdict_of(const std::vector<TestOutcome>& tests);

// left - right against the relation; `within` counts for equals alone.
bool is_so(double left, Relation relation, double right, double within);

}  // namespace hinterland
