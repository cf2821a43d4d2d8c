#include "hinterland/broker/quote_bands.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "hinterland/base/random.hpp"
#include "hinterland/broker/test_desk.hpp"

namespace hinterland {

namespace {

JobState billed(std::int64_t money, const JobQuote& quote, std::size_t project = 0, std::size_t places = 0) {
  return {.project = ProjectIndex{project},
          .places = PlacesIndex{places},
          .tasks = 1,
          .ended = 1,
          .done = 1,
          .money = money,
          .quote = quote};
}

const auto kAll = [](ProjectIndex) { return true; };

}  // namespace

TEST_CASE("a bill lies below, within or above what was quoted; the ends of the band are within") {
  State state;
  const JobQuote quote{.p50 = 100, .p90 = 200, .most = 300, .seen = 12};
  for (const std::int64_t money : {99, 100, 150, 200, 201, 300, 301})
    state.jobs.push_back(billed(money, quote));
  const auto bands = quote_bands(state, kAll);
  REQUIRE(bands.size() == 1);
  CHECK(bands[0].jobs == 7);
  CHECK(bands[0].below == 1);
  CHECK(bands[0].within == 3);
  CHECK(bands[0].above == 3);
  CHECK(bands[0].above_most == 1);
  CHECK(bands[0].seen_from == 10);
  CHECK(bands[0].seen_to == 99);
}

TEST_CASE(
    "only jobs that are done and were quoted count, of projects that are asked about, by class and by what "
    "was seen") {
  State state;
  const auto quote = [](std::int64_t seen) { return JobQuote{.p50 = 1, .p90 = 2, .most = 3, .seen = seen}; };
  state.jobs = {billed(1, quote(0)),    billed(1, quote(1)),    billed(1, quote(9)),
                billed(1, quote(1000)), billed(1, quote(1), 1), billed(1, quote(1), 0, 1),
                billed(1, {})};
  JobState runs = billed(1, quote(5));
  runs.done = runs.ended = 0;
  state.jobs.push_back(runs);
  JobState failed = billed(1, quote(5));
  failed.done = 0;
  state.jobs.push_back(failed);
  const auto bands = quote_bands(state, [](ProjectIndex project) { return project == ProjectIndex{0}; });
  REQUIRE(bands.size() == 4);
  CHECK(bands[0].seen_from == 0);
  CHECK(bands[1].seen_from == 1);
  CHECK(bands[1].jobs == 2);
  CHECK(bands[2].seen_from == 100);
  CHECK(bands[3].places == PlacesIndex{1});
}

TEST_CASE(
    "of tasks whose lengths are drawn from one distribution, half of the bills come below p50 and a tenth "
    "above p90") {
  // One job of one task after the other, as long as something between a tenth and all of what was asked for.
  test::Desk desk(QueueRule::fair, 4);
  RandomStream random(3, "quotes");
  for (int k = 0; k < 1500; ++k) {
    const JobNumber job = desk.submit();
    const auto* launch = desk.first<effect::Launch>();
    REQUIRE(launch != nullptr);
    const AttemptId attempt = launch->attempt;
    const TaskIndex task = launch->task;
    const Duration ran{
        static_cast<std::int64_t>(static_cast<double>(kHour.ms) * (0.1 + 0.9 * random.uniform()))};
    constexpr std::int64_t kBeat = 60'000;  // its pools are heard from before they would count as lost
    for (std::int64_t passed = 0; passed < ran.ms; passed += kBeat) {
      desk.pass(std::min(kBeat, ran.ms - passed));
      desk.beat(0, {attempt});
      desk.beat(1, {attempt});
    }
    desk.end(attempt, Cause::done, "a", ran);
    desk.publish(attempt, task);
    REQUIRE(desk.phase(job) == JobPhase::done);
  }
  std::int64_t jobs = 0, below = 0, within = 0, above = 0;
  for (const QuoteBand& band : quote_bands(desk.state(), kAll)) {
    if (band.seen_from < 100) continue;
    jobs += band.jobs;
    below += band.below;
    within += band.within;
    above += band.above;
    CHECK(band.above_most == 0);
  }
  REQUIRE(jobs > 1000);
  CHECK(below + within + above == jobs);
  // Shares are counted in steps of a sixteenth and rounded up, so a little more than half lies below and a little less above.
  const auto share = [&](std::int64_t count) {
    return static_cast<double>(count) / static_cast<double>(jobs);
  };
  CHECK(share(below) > 0.45);
  CHECK(share(below) < 0.58);
  CHECK(share(within) > 0.33);
  CHECK(share(within) < 0.47);
  CHECK(share(above) > 0.04);
  CHECK(share(above) < 0.13);
}

}  // namespace hinterland
