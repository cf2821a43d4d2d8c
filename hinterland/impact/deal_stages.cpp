#include "hinterland/impact/deal_stages.hpp"

#include <cmath>

namespace hinterland {

namespace {

// Rates nearer to each other than this are set apart by it: at most 1e-6 of a probability is wrong, where the difference
// quotient would lose all its digits.
constexpr double kApart = 1e-6;

// exp(-x) at the end of a span, and its mean over it.
double at_end(double x) { return std::exp(-x); }
double over_span(double x) { return x == 0 ? 1 : -std::expm1(-x) / x; }

StageShares from_signing(const DealRates& rates, double years, double (*decay)(double)) {
  const double alpha = rates.start + rates.drop;
  double beta = rates.build + rates.drop;
  if (std::abs(beta - alpha) < kApart * alpha) beta = alpha * (1 + kApart);
  const double slow = decay(alpha * years), fast = decay(beta * years);
  StageShares out{};
  out[0] = slow;
  out[1] = rates.start * (slow - fast) / (beta - alpha);
  out[2] = rates.start * rates.build / (alpha * beta) * (1 - (beta * slow - alpha * fast) / (beta - alpha));
  out[3] = 1 - out[0] - out[1] - out[2];
  return out;
}

}  // namespace

StageShares stages_after(const DealRates& rates, DealStage from, double years) {
  if (from == DealStage::waiting) return from_signing(rates, years, at_end);
  StageShares out{};
  if (from == DealStage::building) {
    const double beta = rates.build + rates.drop;
    out[1] = std::exp(-beta * years);
    out[2] = rates.build / beta * -std::expm1(-beta * years);
    out[3] = 1 - out[1] - out[2];
  } else {
    out[static_cast<std::size_t>(from)] = 1;
  }
  return out;
}

StageShares stages_of_signed_within(const DealRates& rates, double years) {
  return from_signing(rates, years, over_span);
}

double share_operating_in_the_end(const DealRates& rates) {
  return rates.start / (rates.start + rates.drop) * rates.build / (rates.build + rates.drop);
}

}  // namespace hinterland
