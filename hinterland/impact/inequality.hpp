// How unequal a quantity a head is over places, each place counting by its weight.
//
// A place has a weight (its people; 1 where places count alike) and a value a head y >= 0. With
//   w_i  weight / sum of the weights,    mu = sum w_i y_i,    s_i = w_i y_i / mu, the place's share of the total
//
//   Theil T   sum s_i ln(s_i / w_i)            0 ln 0 = 0; from 0 to ln(1 / smallest w)
//   Theil L   sum w_i ln(w_i / s_i)            mean logarithmic deviation; no value where some y is 0
//   Gini      1 - sum w_i (S_i + S_(i-1))      S: sum of s up to i, places by rising y; = mean |difference| / 2 mu
//   CV        sqrt(sum w_i (y_i - mu)^2) / mu
//
// None is corrected for a small number of places. All are unchanged when every value is multiplied (scale), or every
// place is there k times (replication), and fall when value moves from a richer to a poorer place that stays the poorer
// (transfer). Theil 1967, Economics and Information Theory, chapter 4; Cowell 2011, Measuring Inequality, chapters 2, 3.
//
// Taken apart by groups g with shares W_g of the weight, S_g of the total and means mu_g (Shorrocks 1980, Econometrica
// 48 613), exactly:
//
//   T = sum S_g ln(S_g / W_g)  +  sum S_g T_g
//   L = sum W_g ln(W_g / S_g)  +  sum W_g L_g
//       between                   within
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace hinterland {

// Weights above 0; values a head not below 0, and not all 0.
struct Holding {
  double weight = 1;
  double per_head = 0;
};

struct Inequality {
  double weight = 0;  // sum
  double mean = 0;    // a head
  double theil_t = 0;
  std::optional<double> theil_l;
  double gini = 0, cv = 0;
};

// Requires a place.
Inequality inequality_of(std::span<const Holding> places);

struct GroupPart {
  double weight_share = 0, total_share = 0;  // W_g, S_g
  Inequality own;                            // among its places
};

struct Decomposition {
  Inequality all;
  std::vector<GroupPart> groups;
  double between_t = 0, within_t = 0;
  std::optional<double> between_l, within_l;
};

// `group_of` says for each place which of the `groups` it is in; each group has a place.
Decomposition decompose(std::span<const Holding> places, std::span<const std::size_t> group_of,
                        std::size_t groups);

// The Lorenz curve: cumulative shares of weight and of total from (0, 0) to (1, 1), places by rising value a head.
std::vector<std::pair<double, double>> lorenz_curve(std::span<const Holding> places);

}  // namespace hinterland
