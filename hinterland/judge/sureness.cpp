#include "hinterland/judge/sureness.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/base/sample.hpp"

namespace hinterland {

std::optional<Money> Sureness::saving_at(double q) const {
  if (savings.empty()) return std::nullopt;
  return Money{nearest_rank(savings, q)};
}

void Sureness::add(const Sureness& other) {
  draws += other.draws;
  agree += other.agree;
  same_place += other.same_place;
  refused += other.refused;
  for (const auto& [party, count] : other.by_destination) by_destination[party] += count;
  savings.insert(savings.end(), other.savings.begin(), other.savings.end());
}

Sureness ask_block(WorkingCopy& copy, const DrawPlan& plan, std::uint64_t seed, std::size_t block,
                   std::int64_t draws, const Reply& standing) {
  Sureness sureness{.draws = draws};
  each_draw(copy, plan, seed, block, static_cast<std::size_t>(draws), [&](std::size_t, const Reply& reply) {
    if (reply.answer == standing.answer) ++sureness.agree;
    if (reply.answer == standing.answer && reply.destination() == standing.destination())
      ++sureness.same_place;
    if (reply.answer == Answer::refused) {
      ++sureness.refused;
    } else {
      ++sureness.by_destination[reply.destination()];
    }
    if (reply.saving) sureness.savings.push_back(reply.saving->value);
  });
  return sureness;
}

}  // namespace hinterland
