// ARIO, the adaptive regional input-output model: how a loss runs through chains of suppliers, day by day.
//
// Hallegatte 2008, Risk Analysis 28(3) 779 (overproduction, rationing) and 2014, Risk Analysis 34(1) 152 (inventories), in
// the form for several regions that BoARIO documents ("Detailed model description", spjuhel/BoARIO at c1f4ee46). A day of
// industry k in region r, in shares of its output x before the shock; j is any industry that uses its product, in any
// region s:
//
//   demand      D = D_i + D_f = sum over s of t'^rs (orders of industries in s) + [the same of final use, + exports]
//   wanted      w = min(D, capacity left x alpha)
//   produced    p = min(w, the least over inputs i of S_i min(1 / psi, n_i))         S_i: stock of i against its target
//   filled      phi_i = min(1, p / (D_i + v D_f)) of industries' orders, the rest of p goes to final use and exports; what
//               they do not get is lost. v = 1: everybody the same share (2014); v = 0: industries first (2008)
//   stocks      S_i += (received - p) / n_i                                  n_i: days of use that the target stock holds
//   remembered  W += (w - W) / memory
//   orders      o_i = max(0, p + (W - S_i) n_i / tau_i),  tau_i = refill n_i       of the day after
//   alpha       += (most - alpha) (1 - phi) / tau_a where phi = p / D < 1; else += (max(1, p) - alpha) / tau_a
//   trade       t'^rs = t^rs ((1 - b) + b phi^r / sum over q of t^qs phi^q), phi of the day before: the part b of an order goes
//               to whoever could deliver (b = 0: Hallegatte; b = 1: Guan et al. 2020)
//   imports     filled to min(1, available / ordered); the part c of what is not available is ordered at home from then on
//
// Stocks are kept by product, whoever made it. Three things differ from the papers, each so that a law holds. Targets follow
// a mean over `memory` days and are restored from both sides, so that stocks settle where Leontief's model is. Overproduction
// falls back to what demand needs, not to 1, so that a lasting rise is met, if slowly: scarcity fades as overproduction builds
// up (with the shipped figures exports 5 % higher are met within 0.2 % of the largest industry in 20 years). And two kinds of parameters are refused
// (fit_parameters): those under which orders grow from tier to tier, and those under which an economy without stocks stays
// without, because final users take what industries need to begin again:
//   amplification   the spectral radius of g_i a_ij, home's products only, g_i = 1 + n_i / (tau_i + memory) being at least
//                   what a wave of orders of any frequency is amplified by; must be below 1
//   starvation      v tau_i / n_i; must be below 1 for every product: with empty stocks industries then get more than they use
#pragma once
#include <memory>
#include <vector>

#include "hinterland/impact/multiregional_table.hpp"

namespace hinterland {

struct ArioParameters {
  std::vector<double> stock_days;  // n: [industry whose product it is] at least 1
  double stock_floor =
      0.9;  // psi: the part of the target stock below which production suffers; above 0, at most 1
  double final_weight = 0.4;          // v: 0 to 1
  double refill = 1;                  // time to restore a stock, in its own days; tau is 1 day at least
  double memory_days = 60;            // at least 1
  double most_overproduction = 1.25;  // at least 1
  double overproduction_days = 365;   // tau_a, at least 1
  double substitution = 0.5;          // b: 0 to 1
  double import_substitution = 0.2;   // c: 0 to 1
};

// The world outside on one day; 1 is as before the shock.
struct ArioDay {
  Matrix capacity;              // [industry][region] at least 0
  Matrix exports, final_use;    // [industry][region] demand, at least 0
  std::vector<double> imports;  // [industry] what can be had of those before; 1: as much as is ordered
  Matrix rebuilding;            // [industry][region] money a day on top of final use, at least 0
};

ArioDay usual_day(const MultiregionalTable& table);

// At least the spectral radius of g_i a_ij above, and close to it.
double amplification(const MultiregionalTable& table, const ArioParameters& parameters);
// The largest v tau_i / n_i.
double starvation(const ArioParameters& parameters);
// Fails, saying which figures would mend it, unless both are below 1.
Expected<void> fit_parameters(const MultiregionalTable& table, const ArioParameters& parameters,
                              const Location& where);

struct ArioState;

class Ario {
 public:
  // In the balance of the table, stocks at their targets. Requires fit_parameters().
  Ario(const MultiregionalTable& table, const ArioParameters& parameters);
  ~Ario();
  Ario(const Ario&) = delete;
  Ario& operator=(const Ario&) = delete;

  void step(const ArioDay& day);

  // Of the last day, money a day; shares are of what was ordered.
  [[nodiscard]] double output(std::size_t industry, std::size_t region) const;
  [[nodiscard]] double filled(std::size_t industry, std::size_t region) const;          // phi
  [[nodiscard]] double exports_filled(std::size_t industry, std::size_t region) const;  // phi_f
  // Of home's product, what industries and final users in a region got.
  [[nodiscard]] double delivered(std::size_t industry, std::size_t region) const;
  [[nodiscard]] double final_delivered_at_home(std::size_t industry, std::size_t region) const;
  [[nodiscard]] double imported(std::size_t industry) const;  // of what was ordered abroad
  // Final users' orders that came, of home's and imported product together.
  [[nodiscard]] double final_delivered(std::size_t industry, std::size_t region) const;
  [[nodiscard]] double overproduction(std::size_t industry, std::size_t region) const;
  // What the industry holds of a product at the end of the day, money.
  [[nodiscard]] double stock(std::size_t product, std::size_t industry, std::size_t region) const;
  // What industries in a region have ordered of home's product for the day to come, money.
  [[nodiscard]] double ordered(std::size_t product, std::size_t region) const;
  [[nodiscard]] double ordered_abroad(std::size_t product, std::size_t region) const;  // the same of imports

 private:
  std::unique_ptr<ArioState> state_;
};

inline constexpr double kDaysPerYear = 365;

}  // namespace hinterland
