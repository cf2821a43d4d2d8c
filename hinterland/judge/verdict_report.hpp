// A verdict to look at: what verdict_page() says, with a map and the price of a server-hour at each site.
//
//   map    every site by what became of it (home, cheapest, allowed, refused), and the path from home to the cheapest
//          with what the moving takes: GB, hours, money
//   bars   parts of the price per server-hour, home first, then allowed sites from the cheapest; network last
//   marks  floor    what the seller must at least get: everything but capacity and network, on idle servers
//          ceiling  what home avoids less the moving: home's total - network
//          Both are without the moving, so they compare with a bar without its network part. None at home itself.
//   hours  PUE, price and carbon by month and hour, at home and at the cheapest site
#pragma once
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page verdict_report(const Atlas& atlas, const RateYear& rates, const Question& question,
                    const Verdict& verdict);

// Its charts. Bars need an allowed site.
MapBlock verdict_map(const Atlas& atlas, const Verdict& verdict);
BarsBlock price_bars(const Atlas& atlas, const Question& question, const Verdict& verdict);

}  // namespace hinterland
