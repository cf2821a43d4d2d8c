// The answers of regional_inequality() in a sentence each, with the direction that the figures have.
#pragma once
#include "hinterland/impact/regional_inequality.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Whether inequality fell or rose from the first year to the last, and which part of it: between groups or within; and of
// what has gone the other way by 5 % or more since, from which year on. Where the accounts change their revision on the way, a
// turn is told up to the year before, and the change is said.
Words inequality_sentence(const RegionalInequality& result);

// Which groups come nearer by the ratio while their gap in money opens; empty where none does.
Words ratio_and_gap_sentence(const RegionalInequality& result);

}  // namespace hinterland
