#include "hinterland/judge/tornado.hpp"

#include <algorithm>

namespace hinterland {

double Swing::width(Money centre) const {
  double low = centre.value, high = centre.value;
  for (const auto& end : {at_low, at_high}) {
    if (!end) continue;
    low = std::min(low, end->value);
    high = std::max(high, end->value);
  }
  return high - low;
}

std::vector<Swing> swings(WorkingCopy& copy, const DrawPlan& plan, Money centre, std::size_t most) {
  std::vector<Swing> all;
  for (const std::size_t dial : plan.dials) {
    const Range cited = *copy.dials()[dial].cited;
    Swing swing{.dial = dial};
    copy.turn(dial, cited.low);
    swing.at_low = copy.ask().saving;
    copy.turn(dial, cited.high);
    swing.at_high = copy.ask().saving;
    copy.turn_back(dial);
    if (swing.width(centre) > 0) all.push_back(swing);
  }
  copy.ask();
  std::ranges::stable_sort(all,
                           [&](const Swing& a, const Swing& b) { return a.width(centre) > b.width(centre); });
  if (all.size() > most) all.resize(most);
  return all;
}

ShareSamples share_samples(const DrawPlan& plan, std::uint64_t seed, std::int64_t block) {
  const auto sample = [&](const char* name) {
    std::vector<DrawnQuantity> alone = plan.quantities;
    for (DrawnQuantity& quantity : alone) quantity = {.name = name + quantity.name, .group = {}};
    return CorrelatedDraws(seed, alone, {}).block(static_cast<std::size_t>(block));
  };
  return {.a = sample("Sobol A "), .b = sample("Sobol B ")};
}

std::optional<ShareRow> ask_row(WorkingCopy& copy, const DrawPlan& plan, const std::vector<Swing>& swings,
                                const ShareSamples& samples, std::int64_t row) {
  const std::size_t width = plan.dials.size();
  const std::size_t first = static_cast<std::size_t>(row) * width;
  const auto turn = [&](const std::vector<double>& uniforms, std::size_t column) {
    copy.turn(plan.dials[column], plan.spreads[column].quantile(uniforms[first + column]));
  };
  const auto ask_at = [&](const std::vector<double>& uniforms) {
    for (std::size_t i = 0; i < width; ++i) turn(uniforms, i);
    return copy.ask().saving;
  };
  const auto at_b = ask_at(samples.b);
  const auto at_a = ask_at(samples.a);
  if (!at_a || !at_b) return std::nullopt;
  ShareRow asked{.a = at_a->value, .b = at_b->value, .ab = {}};
  for (const Swing& swing : swings) {
    const auto column =
        static_cast<std::size_t>(std::ranges::find(plan.dials, swing.dial) - plan.dials.begin());
    turn(samples.b, column);
    const auto mixed = copy.ask().saving;
    turn(samples.a, column);
    if (!mixed) return std::nullopt;
    asked.ab.push_back(mixed->value);
  }
  return asked;
}

std::int64_t add_shares(const std::vector<std::optional<ShareRow>>& rows, std::vector<Swing>& swings) {
  std::vector<double> a, b;
  std::vector<std::vector<double>> ab(swings.size());
  for (const auto& row : rows) {
    if (!row) continue;
    a.push_back(row->a);
    b.push_back(row->b);
    for (std::size_t i = 0; i < swings.size(); ++i) ab[i].push_back(row->ab[i]);
  }
  if (a.size() >= 2 && 2 * a.size() >= rows.size()) {
    const auto indices = sobol_indices(a, b, ab);
    for (std::size_t i = 0; i < swings.size(); ++i) swings[i].share = indices[i];
  }
  return static_cast<std::int64_t>(a.size());
}

}  // namespace hinterland
