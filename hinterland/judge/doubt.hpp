// Doubt about a verdict: what flips it (flips.hpp), how sure it is (sureness.hpp), what carries the doubt
// (tornado.hpp). Same atlas, question and seed: same doubt, however many processors there are.
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/judge/flips.hpp"
#include "hinterland/judge/sureness.hpp"
#include "hinterland/judge/tornado.hpp"

namespace hinterland {

inline constexpr std::int64_t kMostDraws = 1'000'000;

struct DoubtOptions {
  std::int64_t draws = 500;  // 1 to kMostDraws
  std::uint64_t seed = 1;
};

struct Doubt {
  DoubtOptions asked;
  std::vector<const Site*> parties;  // home first
  std::vector<Dial> dials;
  Reply standing;  // the verdict itself
  DrawPlan plan;
  std::vector<Flips> flips;  // one a dial
  std::vector<Swing> swings;
  std::int64_t share_rows = 0;  // that the swings' shares rest on
  Sureness sureness;
  bool interrupted =
      false;  // then what was not finished is empty, but for the draws: those asked so far count

  [[nodiscard]] std::size_t read() const;  // dials that the model reads here
};

// Uses two threads, each with a working copy of its own. Fails as judge() does.
Expected<Doubt> doubt(const Atlas& atlas, const RateYear& rates, const Question& question,
                      const DoubtOptions& options, Progress& progress);

}  // namespace hinterland
