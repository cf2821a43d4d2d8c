// What follows from tests: every line of verdict.hpp.
#include "hinterland/claims/verdict.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

TestOutcome ended(ClaimOutcome outcome, ClaimVerdict otherwise = ClaimVerdict::refuted) {
  return {.outcome = outcome, .otherwise = otherwise};
}

}  // namespace

TEST_CASE("relations are what their names say, and only equals has a tolerance") {
  CHECK(is_so(1.04, Relation::equals, 1, 0.05));
  CHECK_FALSE(is_so(1.06, Relation::equals, 1, 0.05));
  CHECK(is_so(2, Relation::above, 1, 5));
  CHECK_FALSE(is_so(1, Relation::above, 1, 5));
  CHECK(is_so(0, Relation::below, 1, 0));
  CHECK_FALSE(is_so(1, Relation::below, 1, 0));
  CHECK(is_so(1, Relation::at_least, 1, 0));
  CHECK_FALSE(is_so(0.9, Relation::at_least, 1, 0));
  CHECK(is_so(1, Relation::at_most, 1, 0));
  CHECK_FALSE(is_so(1.1, Relation::at_most, 1, 0));
}

TEST_CASE("a claim holds where all tests plainly pass, and with care where one does not weigh") {
  using enum ClaimOutcome;
  CHECK(verdict_of({ended(passed), ended(passed, ClaimVerdict::care)}) == ClaimVerdict::holds);
  CHECK(verdict_of({ended(passed), ended(failed, ClaimVerdict::care)}) == ClaimVerdict::care);
  CHECK(verdict_of({ended(passed), ended(unknown, ClaimVerdict::care)}) == ClaimVerdict::care);
  CHECK(verdict_of({ended(turns)}) == ClaimVerdict::care);
  CHECK(verdict_of({{.outcome = passed, .own_word = true}}) == ClaimVerdict::care);
  CHECK(verdict_of({{.outcome = passed, .assumed = true}}) == ClaimVerdict::care);
}

TEST_CASE("what refutes goes before what misleads, and that before what is not known") {
  using enum ClaimOutcome;
  CHECK(verdict_of({ended(unknown), ended(failed)}) == ClaimVerdict::refuted);
  CHECK(verdict_of({ended(failed, ClaimVerdict::misleading), ended(failed)}) == ClaimVerdict::refuted);
  CHECK(verdict_of({ended(unknown), ended(failed, ClaimVerdict::misleading)}) == ClaimVerdict::misleading);
  CHECK(verdict_of({ended(failed, ClaimVerdict::care), ended(unknown)}) == ClaimVerdict::unchecked);
  CHECK(verdict_of({ended(passed), ended(unknown, ClaimVerdict::misleading)}) == ClaimVerdict::unchecked);
  CHECK(verdict_of({ended(passed), ended(undecided, ClaimVerdict::misleading)}) == ClaimVerdict::care);
  CHECK(verdict_of({ended(undecided)}) == ClaimVerdict::unchecked);
  CHECK(verdict_of({ended(itself), ended(passed)}) == ClaimVerdict::unchecked);
  CHECK(verdict_of({}) == ClaimVerdict::unchecked);
}

TEST_CASE("a figure of the text itself that fails to bear it out still counts") {
  using enum ClaimOutcome;
  CHECK(verdict_of({{.outcome = failed, .own_word = true}}) == ClaimVerdict::refuted);
}
