#include "hinterland/claims/verdict.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

std::string_view name_of(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::holds: return "holds";
    case ClaimVerdict::care: return "care";
    case ClaimVerdict::misleading: return "misleading";
    case ClaimVerdict::refuted: return "false";
    case ClaimVerdict::unchecked: break;
  }
  return "unchecked";
}

std::string_view name_of(ClaimOutcome outcome) {
  switch (outcome) {
    case ClaimOutcome::passed: return "passed";
    case ClaimOutcome::turns: return "turns";
    case ClaimOutcome::failed: return "failed";
    case ClaimOutcome::undecided: return "undecided";
    case ClaimOutcome::unknown: return "unknown";
    case ClaimOutcome::itself: break;
  }
  return "itself";
}

ClaimVerdict verdict_of(const std::vector<TestOutcome>& tests) {
  const auto failed = [&](ClaimVerdict worth) {
    return std::ranges::any_of(tests, [&](const TestOutcome& one) {
      return one.outcome == ClaimOutcome::failed && one.otherwise == worth;
    });
  };
  if (failed(ClaimVerdict::refuted)) return ClaimVerdict::refuted;
  if (failed(ClaimVerdict::misleading)) return ClaimVerdict::misleading;
  const auto open = [](const TestOutcome& one) {
    if (one.otherwise == ClaimVerdict::misleading) return one.outcome == ClaimOutcome::unknown;
    return one.otherwise == ClaimVerdict::refuted &&
           (one.outcome == ClaimOutcome::undecided || one.outcome == ClaimOutcome::unknown ||
            one.outcome == ClaimOutcome::itself);
  };
  if (tests.empty() || std::ranges::any_of(tests, open)) return ClaimVerdict::unchecked;
  const auto plain = [](const TestOutcome& one) {
    return one.outcome == ClaimOutcome::passed && !one.own_word && !one.assumed && !one.noted;
  };
  return std::ranges::all_of(tests, plain) ? ClaimVerdict::holds : ClaimVerdict::care;
}

bool is_so(double left, Relation relation, double right, double within) {
  switch (relation) {
    case Relation::equals: return std::abs(left - right) <= within;
    case Relation::above: return left > right;
    case Relation::below: return left < right;
    case Relation::at_least: return left >= right;
    case Relation::at_most: break;
  }
  return left <= right;
}

}  // namespace hinterland
