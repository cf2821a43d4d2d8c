// Where people and capital are, and what becomes of output, prices and welfare when one of them moves: a quantitative spatial
// model of a few regions, solved in changes from the year that the accounts have.
//
// After Redding and Rossi-Hansberg 2017 (Annual Review of Economics 9 21), with the indifference of Roback 1982 (Journal of
// Political Economy 90 1257) softened by tastes; both from memory, as is the algebra of changes (Dekle, Eaton and Kortum 2008).
// A hat is a value over that of the accounts, ' the new one.
//
//   output      Y^_n = L^_n^(1 - alpha + gamma) K^_n^alpha            people, capital, and what people make of each other
//   trade       pi'_nm = pi_nm p^_n^-theta / sum_k pi_km p^_k^-theta   of m's spending what comes from n; theta = sigma - 1
//   spending    I'_n = (1 - phi alpha) X'_n + phi alpha X_n           of capital's return phi goes to those who owned it before
//   markets     X'_n = p^_n Y^_n X_n = sum_m pi'_nm I'_m,   sum X' = sum X
//   prices      P^_m = (sum_k pi_km p^_k^-theta)^(-1/theta)
//   income      y^_n = I^_n / (L^_n P^_n)                              real, a head; rents stay where they are paid
//   homes       built until they pay: V^_n = y^_n^(1-s) L^_n^-s,   s = housing share / (1 + eta)
//   people      L'_n ~ L_n exp(kappa (ln V^_n - change of b_n))        tastes for places are Gumbel, of scale 1 / kappa
//   capital     K^_n = X^_n (it goes where it earns the same), or as a policy places it
//
// Of the gap in V between places, which prices and numbers of people show, a share omega is a barrier b (rules, schools: it
// keeps people out and pleases nobody); the rest is what people like about a place. A barrier is no cost to the nation, so
//
//   welfare     W = (1/kappa) ln sum_n exp(kappa (ln V_n + likes_n - b_n)) + sum_n lambda_n b_n,   lambda: shares of people
//
// (the log-sum of Small and Rosen 1981, Econometrica 49 105, from memory, with what a barrier takes given back). Moving a
// person over a barrier b gains b; where b = 0 nobody gains by being moved, but for what he does to others. Land and rents of
// the year are not in the accounts: the gap that is shared out is (1 - s) ln(X_n / L_n), and rents are among the likes.
//
// Baseline trade is by gravity, D_nm = distance^-decay, balanced so that every region sells what it makes:
//   pi_nm = t_n D_nm / sum_k t_k D_km,   X_n = sum_m pi_nm X_m.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/impact/matrix.hpp"

namespace hinterland {

struct SpatialParameters {
  double capital_share = 0.5;         // alpha, below 1
  double owners_elsewhere = 0;        // phi, 0 to 1
  double agglomeration = 0;           // gamma
  double trade_elasticity = 4;        // theta, above 0
  double housing_share = 0.2;         // below 1
  double housing_elasticity = 1;      // eta
  double migration_elasticity = 1.5;  // kappa, above 0
  double barrier_share = 0.5;         // omega, 0 to 1

  [[nodiscard]] double congestion() const { return housing_share / (1 + housing_elasticity); }  // s
};

// The world of the accounts.
struct SpatialWorld {
  std::vector<double> product;  // X_n, of any unit; above 0
  std::vector<double> people;   // L_n; above 0
  Matrix trade;                 // pi: [from][to], columns sum to 1

  [[nodiscard]] std::size_t size() const { return product.size(); }
};

// Balanced trade by gravity; `distance_km` above 0 everywhere, the diagonal the way within a region. Fails where the balancing
// does not come to `kSpatialTolerance`.
Expected<Matrix> gravity_trade(const std::vector<double>& product, const Matrix& distance_km, double decay);

// As many people as a share of the nation's more than before in these regions, because the barriers around all of them fall alike.
struct PeopleMove {
  std::vector<bool> into;
  double share = 0;
};

struct SpatialPolicy {
  std::optional<std::vector<double>> capital;  // K^_n; empty: it goes where it earns
  std::optional<PeopleMove> people;            // empty: barriers stay
};

struct SpatialOutcome {
  std::vector<double> people;  // shares lambda' of the nation's
  std::vector<double> income;  // y^_n
  double output = 0;           // sum L' y' / sum L y - 1, with the year's incomes X / L
  double welfare = 0;          // W' - W: as a share of what everybody has, in logarithms
  double easing = 0;           // by how much b falls around those regions
  int rounds = 0;
};

inline constexpr double kSpatialTolerance = 1e-11;  // of the largest change of a logarithm in a round
inline constexpr int kMostSpatialRounds = 20'000;
inline constexpr double kFarthestMove = 1;  // of ln L^_n: a region that empties or doubles is no small change

// Fails, naming the figures, where the rounds do not come to the tolerance, and where they come to rest far away: people draw
// people more strongly than homes and prices fend them off, so that regions empty.
Expected<SpatialOutcome> spatial_outcome(const SpatialWorld& world, const SpatialParameters& parameters,
                                         const SpatialPolicy& policy, int most_rounds = kMostSpatialRounds);

// b_n = omega (1 - s) (ln(X_n / L_n) - its mean by people): only differences count.
std::vector<double> barriers_of(const SpatialWorld& world, const SpatialParameters& parameters);

}  // namespace hinterland
