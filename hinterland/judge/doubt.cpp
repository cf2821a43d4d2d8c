#include "hinterland/judge/doubt.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "hinterland/base/share_out.hpp"

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
      : atlas_(atlas), doubt_(doubt), progress_(progress) {
    for (auto& copy : copies_) copy = std::make_unique<WorkingCopy>(atlas, rates, question);
  }

  void run() {
    const WorkingCopy& any = *copies_.front();
    for (std::size_t i = 0; i < any.parties(); ++i) doubt_.parties.push_back(&any.party(i));
    doubt_.dials = any.dials();
    doubt_.plan = plan_draws(atlas_, doubt_.dials);
    for (const auto& copy : copies_) doubt_.standing = copy->ask();
    find_flips();
    find_swings();
    draw();
    doubt_.interrupted = stop_;
  }

 private:
  // Calls work(thread, item), unless somebody has said stop.
  template <class Work>
  void share_out(const char* what, std::int64_t count, const Work& work) {
    if (!stop_) stop_ = hinterland::share_out(what, count, progress_, work) < count;
  }

  // From the last dial to the first: those of the workload, which ask for hours that nobody has asked for, are at the end.
  void find_flips() {
    std::vector<Flips> flips(doubt_.dials.size());
    share_out("turning dials", static_cast<std::int64_t>(flips.size()),
              [&](std::size_t thread, std::int64_t item) {
                const std::size_t dial = flips.size() - 1 - static_cast<std::size_t>(item);
                flips[dial] = flips_of(*copies_[thread], dial, doubt_.standing);
              });
    if (!stop_) doubt_.flips = std::move(flips);
  }

  void find_swings() {
    if (stop_ || !doubt_.standing.saving) return;
    std::vector<Swing> found = swings(*copies_.front(), doubt_.plan, *doubt_.standing.saving, kSwings);
    std::vector<Swing> widest(found.begin(),
                              found.begin() + static_cast<std::ptrdiff_t>(std::min(kShared, found.size())));
    const std::int64_t count = std::max(kLeastRows, doubt_.asked.draws / kDrawsPerRow);
    std::vector<std::optional<ShareRow>> rows(static_cast<std::size_t>(count));
    for (std::int64_t first = 0; first < count; first += kBlock) {
      const ShareSamples samples = share_samples(doubt_.plan, doubt_.asked.seed, first / kBlock);
      share_out("weighing dials", std::min(kBlock, count - first), [&](std::size_t thread, std::int64_t i) {
        rows[static_cast<std::size_t>(first + i)] =
            ask_row(*copies_[thread], doubt_.plan, widest, samples, i);
      });
    }
    if (stop_) return;
    doubt_.share_rows = add_shares(rows, widest);
    std::ranges::copy(widest, found.begin());
    doubt_.swings = std::move(found);
  }

  void draw() {
    const std::int64_t draws = doubt_.asked.draws, blocks = (draws + kBlock - 1) / kBlock;
    std::array<Sureness, kThreads> sums;
    share_out("drawing", blocks, [&](std::size_t thread, std::int64_t block) {
      sums[thread].add(ask_block(*copies_[thread], doubt_.plan, doubt_.asked.seed,
                                 static_cast<std::size_t>(block), std::min(kBlock, draws - block * kBlock),
                                 doubt_.standing));
    });
    for (const Sureness& sum : sums) doubt_.sureness.add(sum);
    std::ranges::sort(doubt_.sureness.savings);
  }

  std::array<std::unique_ptr<WorkingCopy>, kThreads> copies_;  // a thread, a copy
  const Atlas& atlas_;
  Doubt& doubt_;
  Progress& progress_;
  bool stop_ = false;
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
