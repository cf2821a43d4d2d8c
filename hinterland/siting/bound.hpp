// What no plan can cost less than, from any prices: Lagrange's bound.
//
// Let lambda >= 0 price a site's capacity in an hour, kappa >= 0 its power limit, m >= 0 the rows, nu >= 0 the caps,
// and let c[t,s] = energy + lambda + kappa + sum_c nu intensity. Then, whatever the prices, every plan costs at least
//
//     sum prompt_kw[t,i] min(unserved_i, min_s (network[i,s] + c[t,s]))
//   + sum kwh[b,j] min(unserved_j, min_s (network[j,s] + min_(t in window) c[t,s]))
//   - sum kappa power_limit + sum m least - sum nu most
//   + sum_k min(0, (cost_k - sum_t availability lambda - sum_r m_r weight_rk) most_k + fixed_k)       of k's site
//
// (where a site pays to be opened, demands may be asked more: see `opening` below)
// because capacity columns are bounded: each term is the least that its part of the problem can cost at these prices
// (Geoffrion 1974, Mathematical Programming Study 2, 82). At a solution's prices the bound is the optimum, when
// nothing has a fixed cost. Nothing here knows how the prices were found.
#pragma once
#include <vector>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

struct SitingPrices {
  std::vector<double> capacity;  // [hour x sites + site] lambda: the scarcity of a kW in an hour
  std::vector<double> power;     // [hour x sites + site] kappa; empty where there are no power limits
  std::vector<double> rows;      // [row] m
  std::vector<double> caps;      // [cap] nu
  // [site] whose capacity counts as free, whatever it says above, but only for who opens the site; empty: none
  std::vector<bool> free_once_open;

  bool operator==(const SitingPrices&) const = default;
};

// Negative prices count as 0, and so do those of power limits that there are not. Requires sizes as above. Rounding:
// 1e-12 of the larger sums.
double lower_bound(const SitingProblem& problem, const SitingPrices& prices);

// What any capacity C leaves to pay for energy, network and work not served is at least
//     sum over blocks of (constant - sum_s worth[s] C_s - sum over open s of opening[s])
// the bound above without columns and rows; block by block, for as many equal parts of the hours. Each block's part
// holds by itself only where no window crosses from one to the next and no cap spans them. Requires blocks to divide
// the hours.
//
// Sites without any capacity serve nobody, which prices alone do not say. So every demand is asked some price p, and
// each open site gives back what it saves at most: `opening` = sum over demands of kwh x max(0, p - what it costs
// there), which is in `constant` already for sites that are always open. By weak duality this holds for any p
// (Erlenkotter 1978, Operations Research 26, 992). Here p is the second least that the demand could pay at sites which
// are not free once open: where all of them are open, nothing is lost by it.
struct ValueCut {
  std::vector<double> constant;  // [block] money
  std::vector<double> worth;     // [block x sites + site] money per kW
  std::vector<double> opening;   // [block x sites + site] money, at least 0
};
ValueCut value_cut(const SitingProblem& problem, const SitingPrices& prices, std::uint32_t blocks = 1);

// The smallest capacity prices at which every demand still costs what it costs at `prices`: the bound can only rise,
// where no site pays to be opened. Where one does, what demands are asked may fall with the second least that they
// could pay. Where a price is infinite (a site that the prices know nothing of), it becomes the smallest at which the
// site attracts nobody.
SitingPrices tightened(const SitingProblem& problem, SitingPrices prices);

}  // namespace hinterland
