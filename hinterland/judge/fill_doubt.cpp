#include "hinterland/judge/fill_doubt.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/base/sample.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/judge/sureness.hpp"

namespace hinterland {

namespace {

MoneyBand band_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {.low = {nearest_rank(values, 0.05)}, .high = {nearest_rank(values, 0.95)}};
}

// One step's room in each draw, and how often a year could hold it.
class StepDraws {
 public:
  StepDraws(const Atlas& atlas, const RateYear& rates, const Question& question)
      : copy_(atlas, rates, question) {
    std::vector<Dial> dials = copy_.dials();
    for (Dial& dial : dials) {
      if (dial.table == "workloads") dial.cited.reset();
    }
    plan_ = plan_draws(atlas, dials);
  }

  // Calls `use(draw, room, times a year)` for draws first .. last - 1 of a block; no room where a side refuses.
  template <class Use>
  void block(std::uint64_t seed, std::size_t block, std::size_t draws, const Use& use) {
    each_draw(copy_, plan_, seed, block, draws, [&](std::size_t draw, const Reply& reply) {
      use(block * CorrelatedDraws::kBlock + draw, reply.saving, reply.saving ? times() : 0);
    });
  }

 private:
  [[nodiscard]] double times() const {
    const Workload& workload = copy_.question().workload;
    return times_a_year(server_hours(workload, server_shape(server_of(copy_.atlas(), workload))),
                        copy_.quotes()[1].servers);
  }

  WorkingCopy copy_;
  DrawPlan plan_;
};

}  // namespace

std::optional<FillDoubt> doubt_fill(const Atlas& atlas, const RateYear& rates, const FillQuestion& question,
                                    const Fill& fill, std::int64_t draws, std::uint64_t seed,
                                    Progress& progress) {
  const auto count = static_cast<std::size_t>(draws);
  FillDoubt doubt{.draws = draws, .seed = seed};
  std::vector<double> once(count, 0), all_year(count, 0);
  for (std::size_t i = 0; i < fill.steps.size(); ++i) {
    const FillStep& step = fill.steps[i];
    StepDraws step_draws(atlas, rates, to_judge(question, step.pair));
    std::vector<double> rooms;
    std::size_t paying = 0;
    const auto use = [&](std::size_t draw, const std::optional<Money>& room, double times) {
      if (!room) return;
      rooms.push_back(room->value);
      if (room->value <= 0) return;
      ++paying;
      if (!step.fits) return;
      once[draw] += room->value;
      all_year[draw] += times * room->value;
    };
    for (std::size_t first = 0; first < count; first += CorrelatedDraws::kBlock) {
      if (!progress.step("drawing", static_cast<std::int64_t>(i * count + first),
                         static_cast<std::int64_t>(fill.steps.size() * count)))
        return std::nullopt;
      step_draws.block(seed, first / CorrelatedDraws::kBlock,
                       std::min(CorrelatedDraws::kBlock, count - first), use);
    }
    const Money room = step.pair.room();
    doubt.steps.push_back({.room = rooms.empty() ? MoneyBand{room, room} : band_of(std::move(rooms)),
                           .pays = static_cast<double>(paying) / static_cast<double>(count)});
  }
  doubt.once = band_of(std::move(once));
  doubt.all_year = band_of(std::move(all_year));
  return doubt;
}

}  // namespace hinterland
