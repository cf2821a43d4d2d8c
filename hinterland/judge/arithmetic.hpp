// One server-hour at home and at the best site, written out so that it can be checked by hand.
#pragma once
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

FactsBlock arithmetic(const Atlas& atlas, const Question& question, const Verdict& verdict);

// How a row's capacity is paid for, in a word: "built", "idle", "35 % idle".
Words basis_of(const SiteRow& row, const Question& question);

}  // namespace hinterland
