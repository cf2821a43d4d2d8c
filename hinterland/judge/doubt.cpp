#include "hinterland/judge/doubt.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

namespace hinterland {

namespace {

constexpr std::size_t kSwings = 12;       // bars of the tornado ...
constexpr std::size_t kShared = 8;        // ... and how many of them get a share of the variance
constexpr std::int64_t kDrawsPerRow = 8;  // a row asks 2 + kShared times
constexpr std::int64_t kLeastRows = 32;
constexpr std::int64_t kBlock = CorrelatedDraws::kBlock;

// The stages of doubt, one after the other, until all is done or somebody says stop.
class Doubting {
 public:
  Doubting(const Atlas& atlas, const RateYear& rates, const Question& question, Doubt& doubt,
           Progress& progress)
      : one_(atlas, rates, question),
        other_(atlas, rates, question),
        atlas_(atlas),
        doubt_(doubt),
        progress_(progress) {}

  void run() {
    for (std::size_t i = 0; i < one_.parties(); ++i) doubt_.parties.push_back(&one_.party(i));
    doubt_.dials = one_.dials();
    doubt_.standing = one_.ask();
    other_.ask();
    doubt_.plan = plan_draws(atlas_, one_.dials());
    find_flips();
    find_swings();
    draw();
    doubt_.interrupted = stop_;
  }

 private:
  // Hands out items 0 .. count - 1 to two threads. Which takes which changes no result: each item has a place of its
  // own. Only the calling thread speaks to `progress`.
  template <class Work>
  void share_out(const char* what, std::int64_t count, const Work& work) {
    if (stop_) return;
    std::atomic<std::int64_t> next{0};
    const auto take = [&](WorkingCopy& copy, bool speaks) {
      for (std::int64_t item = next++; item < count && !stop_; item = next++) {
        if (speaks && !progress_.step(what, item, count)) stop_ = true;
        if (!stop_) work(copy, item);
      }
    };
    std::jthread helper([&] { take(other_, false); });
    take(one_, true);
  }

  void find_flips() {
    std::vector<Flips> flips(doubt_.dials.size());
    share_out("turning dials", static_cast<std::int64_t>(flips.size()),
              [&](WorkingCopy& copy, std::int64_t i) {
                const auto dial = static_cast<std::size_t>(i);
                flips[dial] = flips_of(copy, dial, doubt_.standing);
              });
    if (!stop_) doubt_.flips = std::move(flips);
  }

  void find_swings() {
    if (stop_ || !doubt_.standing.saving) return;
    std::vector<Swing> found = swings(one_, doubt_.plan, *doubt_.standing.saving, kSwings);
    std::vector<Swing> widest(found.begin(),
                              found.begin() + static_cast<std::ptrdiff_t>(std::min(kShared, found.size())));
    const std::int64_t count = std::max(kLeastRows, doubt_.asked.draws / kDrawsPerRow);
    std::vector<std::optional<ShareRow>> rows(static_cast<std::size_t>(count));
    for (std::int64_t first = 0; first < count; first += kBlock) {
      const ShareSamples samples = share_samples(doubt_.plan, doubt_.asked.seed, first / kBlock);
      share_out("weighing dials", std::min(kBlock, count - first), [&](WorkingCopy& copy, std::int64_t i) {
        rows[static_cast<std::size_t>(first + i)] = ask_row(copy, doubt_.plan, widest, samples, i);
      });
    }
    if (stop_) return;
    doubt_.share_rows = add_shares(rows, widest);
    std::ranges::copy(widest, found.begin());
    doubt_.swings = std::move(found);
  }

  void draw() {
    const std::int64_t draws = doubt_.asked.draws, blocks = (draws + kBlock - 1) / kBlock;
    std::array<Sureness, 2> sums;
    share_out("drawing", blocks, [&](WorkingCopy& copy, std::int64_t block) {
      sums.at(&copy == &one_ ? 0 : 1)
          .add(ask_block(copy, doubt_.plan, doubt_.asked.seed, static_cast<std::size_t>(block),
                         std::min(kBlock, draws - block * kBlock), doubt_.standing));
    });
    doubt_.sureness = std::move(sums[0]);
    doubt_.sureness.add(sums[1]);
    std::ranges::sort(doubt_.sureness.savings);
  }

  WorkingCopy one_, other_;
  const Atlas& atlas_;
  Doubt& doubt_;
  Progress& progress_;
  std::atomic<bool> stop_{false};
};

}  // namespace

std::size_t Doubt::read() const {
  return static_cast<std::size_t>(std::ranges::count_if(flips, &Flips::read));
}

Expected<Doubt> doubt(const Atlas& atlas, const RateYear& rates, const Question& question,
                      const DoubtOptions& options, Progress& progress) {
  const auto between = parties(atlas, question);
  if (!between) return std::unexpected(between.error());
  Doubt result{.asked = options};
  Doubting(atlas, rates, question, result, progress).run();
  return result;
}

}  // namespace hinterland
