// Carbon of running the work at the best site instead of at home, each way of counting on a line of its own: they do not
// agree, and no one of them is "the" carbon.
#pragma once
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Requires that home and the best site are allowed.
FactsBlock carbon_block(const Verdict& verdict);

}  // namespace hinterland
