// Who vouches for the figures that a verdict rests on, how wide they are, and what else was published for them.
#pragma once
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

TableBlock vouchers(const Atlas& atlas, const Question& question, const Verdict& verdict);

}  // namespace hinterland
