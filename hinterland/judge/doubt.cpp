#include "hinterland/judge/doubt.hpp"

#include <algorithm>
#include <array>
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
      : one_(atlas, rates, question),
        other_(atlas, rates, question),
        copies_{&one_, &other_},
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
  // A thread, a working copy.
  template <class Work>
  void share_out(const char* what, std::int64_t count, const Work& work) {
    if (stop_) return;
    const std::int64_t done = hinterland::share_out(
        what, count, progress_,
        [&](std::size_t thread, std::int64_t item) { work(*copies_.at(thread), item); });
    stop_ = done < count;
  }

  // The dials of one record ask for much the same hours, so that one thread turns them all; the workload's, which have the
  // most to ask, come last in the list and first here.
  void find_flips() {
    std::vector<std::pair<std::size_t, std::size_t>> records;
    for (std::size_t end = doubt_.dials.size(), first = end; end > 0; end = first) {
      const Dial& last = doubt_.dials[end - 1];
      while (first > 0 && doubt_.dials[first - 1].table == last.table &&
             doubt_.dials[first - 1].id == last.id)
        --first;
      records.emplace_back(first, end);
    }
    std::vector<Flips> flips(doubt_.dials.size());
    share_out("turning dials", static_cast<std::int64_t>(records.size()),
              [&](WorkingCopy& copy, std::int64_t item) {
                const auto [first, end] = records[static_cast<std::size_t>(item)];
                for (std::size_t dial = first; dial < end; ++dial)
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
  std::array<WorkingCopy*, kThreads> copies_;
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
