// What would change a plan: other plans that cost hardly more, and how dear each site must become to be left.
//
// Alternatives cost at most 1 + within of the best plan found, and do one thing better:
//
//   fewest sites  sites are closed one at a time, the cheapest to close first; each stays closed if the rest can still do
//                 it within the cost. Found by dropping: that no plan has fewer is not proven
//   most even     the largest site as small as bisection over a cap on every site's capacity finds
//   least carbon  a price of carbon on top, as high as the cost at the study's own prices allows (Lagrange): bisection
//
// A site is used if it serves something, or if something is bought or paid for there; what the gap leaves is nothing.
//
// Drop-outs: V(p) is what the best plan costs when each kWh served at a site costs p more. It is concave, never falls,
// and rises by what is served there. With V(closed), the best without the site, the surcharge at which the site is left
// is
//
//     p* = max over all plans that use the site of (V(closed) - cost) / kWh served there
//
// since a plan stays cheaper than any without the site as long as cost + p kWh < V(closed). It is found by Newton's
// method on V: p becomes the ratio of the plan that is best at p, until that plan leaves the site or p stands still;
// never falling (Dinkelbach 1967, Management Science 13, 492). What it means in the face of a gap:
//
//   stays_until   the certified bound of the best without the site in place of V(closed): below it, whoever leaves the site
//                 pays more. Proven.
//   leaves_at     p as it was found. From there on no plan saves more by using the site than `unsure`, the gaps' worth.
//
// With fixed costs V is still the least of straight lines, and all of this holds.
#pragma once
#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

enum class Aim { fewest_sites, most_even, least_carbon };

const char* name_of(Aim aim);

struct PlanAlternative {
  Aim aim = Aim::fewest_sites;
  StudyPlan plan;           // objective and dispatch at the study's own prices
  double carbon_price = 0;  // least_carbon: money a kg, on top of the study's own
  bool same = true;         // nothing better than the best plan was found: it is the best plan
};

struct DropOut {
  SiteIndex site = 0;
  double served_kwh = 0;    // in the best plan
  double energy_price = 0;  // money per kWh, the mean of what is served there
  double capacity_kw = 0;
  bool needed = false;  // no plan without it does all that is asked; then there is nothing below
  double closing = 0;   // money that the best plan without the site costs more
  double stays_until = 0, leaves_at = 0;  // money per kWh
  double unsure = 0;                      // money
};

struct PlanAlternatives {
  double within = 0;  // share of the best plan's cost
  StudyPlan best;
  std::vector<PlanAlternative> rows;  // none where the best plan is not feasible
  std::vector<DropOut>
      drop_outs;         // of sites that serve something; those that leave first first, needed ones last
  bool stopped = false;  // before all was found: rows and drop-outs are those that were
};

// [site] whether the plan uses it.
std::vector<bool> used_sites(const StudyPlan& plan);

double largest_site_kw(const StudyPlan& plan);

// Plans are solved to a tenth of the gap asked for, for what they differ by is what counts.
PlanAlternatives alternatives(const StudyProblem& setup, double within, const StudyOptions& options);

Page alternatives_page(const Study& study, const Atlas& atlas, const PlanAlternatives& all);
std::string alternatives_json(const Study& study, const Atlas& atlas, const PlanAlternatives& all);

}  // namespace hinterland
