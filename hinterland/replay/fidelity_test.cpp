#include "hinterland/replay/fidelity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "hinterland/base/random.hpp"

namespace hinterland {

namespace {

// Tasks of two jobs in two pools, with what was recorded of them; a replay is made by hand.
struct Made {
  Day day;
  DayWorld setup;
  std::vector<TaskRun> recorded;
};

Made three_tasks() {
  Made made;
  made.day.state.pools.resize(2);
  made.day.state.jobs = {{.first = TaskIndex{0}, .tasks = 2}, {.first = TaskIndex{2}, .tasks = 1}};
  made.day.state.tasks = {{.job = JobNumber{0}}, {.job = JobNumber{0}}, {.job = JobNumber{1}}};
  made.day.first = {0, 0, 0, 0};
  made.day.begin = {10'000};
  made.setup.world.pools.resize(2);
  for (std::size_t p = 0; p < 2; ++p)
    made.setup.world.actual.emplace_back(std::vector<UnitRow>(8760), UnitRates::Charges{});
  for (std::size_t k = 0; k < 3; ++k) {
    made.setup.tasks.emplace_back(k);
    made.setup.over.push_back(true);
    made.setup.done.push_back(true);
    made.setup.world.jobs.arrival.push_back({10'000});
    TaskRun run{.ended = true,
                .pool = PoolIndex{k % 2},
                .start = {12'000},
                .finish = {22'000 + 1000 * static_cast<std::int64_t>(k)}};
    run.parts = {Duration{2000}, Duration{}, Duration{}, Duration{500},
                 Duration{9500 + 1000 * static_cast<std::int64_t>(k)}};
    run.bill = {.energy = 100, .kwh = 50};
    made.recorded.push_back(run);
  }
  return made;
}

}  // namespace

TEST_CASE("a day held against itself has no error") {
  const Made made = three_tasks();
  const Fidelity all = fidelity_of(made.day, made.setup, made.recorded, made.recorded);
  CHECK(all.tasks == 3);
  CHECK(all.compared == 3);
  CHECK(all.agreement() == 1);
  CHECK(all.start.worst == 0);
  CHECK(all.finish.worst == 0);
  CHECK(all.makespan == Duration{14'000});
  CHECK(all.makespan_error() == 0);
  CHECK(all.cost_error() == 0);
  CHECK(all.cost.count == 2);  // jobs
}

TEST_CASE("errors are those of tasks and of jobs, by nearest rank, the worst by name") {
  const Made made = three_tasks();
  std::vector<TaskRun> replayed = made.recorded;
  const std::int64_t late[] = {1000, -2000, 10'000};
  for (std::size_t k = 0; k < 3; ++k) {
    replayed[k].finish.ms += late[k];
    replayed[k].parts[0].ms += late[k];
  }
  replayed[2].pool = PoolIndex{1};
  replayed[2].bill.energy = 150;
  replayed[0].bill.network = 20;
  const Fidelity all = fidelity_of(made.day, made.setup, made.recorded, replayed);
  CHECK(all.same_pool == 2);
  CHECK(all.went == std::vector<std::int64_t>{1, 1, 0, 1});
  CHECK(all.finish.median == 2);
  CHECK(all.finish.p90 == 10);
  CHECK(all.finish.worst == 10);
  CHECK(all.finish.mean == doctest::Approx(3));
  REQUIRE(all.finish.largest.size() == 3);
  CHECK(all.finish.largest[0].job == 1);
  CHECK(all.finish.largest[0].task == 0);
  CHECK(all.finish.largest[1].task == 1);
  CHECK(all.makespan_error() == doctest::Approx(10.0 / 14));
  CHECK(all.cost.worst == doctest::Approx(0.5));
  CHECK(all.cost.largest[0].job == 1);
  CHECK_FALSE(all.cost.largest[0].task.has_value());
  CHECK(all.cost_error() == doctest::Approx(70.0 / 300));
  CHECK(all.parts[static_cast<std::size_t>(TimePart::waiting)].mean == doctest::Approx(3));
  CHECK(all.by_prices + all.by_bytes + all.by_hours == all.bill_replayed.total() - all.bill.total());
}

TEST_CASE("what did not end in the simulation agrees with nothing, and is counted") {
  const Made made = three_tasks();
  std::vector<TaskRun> replayed = made.recorded;
  replayed[1].ended = false;
  const Fidelity all = fidelity_of(made.day, made.setup, made.recorded, replayed);
  CHECK(all.tasks == 3);
  CHECK(all.compared == 2);
  CHECK(all.agreement() == doctest::Approx(2.0 / 3));
}

TEST_CASE("the parts of a task's time add up to it, so their errors add up to the error of its end") {
  RandomStream random(5, "parts");
  const Made made = three_tasks();
  for (int round = 0; round < 200; ++round) {
    std::vector<TaskRun> replayed = made.recorded;
    double ends = 0;
    for (TaskRun& run : replayed) {
      for (Duration& part : run.parts) part.ms += static_cast<std::int64_t>(random.next() % 5000) - 1000;
      std::int64_t sum = 0;
      for (const Duration part : run.parts) sum += part.ms;
      ends += static_cast<double>(10'000 + sum - run.finish.ms) / 1000;
      run.finish = {10'000 + sum};
    }
    const Fidelity all = fidelity_of(made.day, made.setup, made.recorded, replayed);
    double parts = 0;
    for (const Fidelity::PartError& part : all.parts) parts += part.mean;
    CHECK(parts == doctest::Approx(ends / 3).epsilon(1e-9));
    CHECK(all.finish.mean == doctest::Approx(ends / 3).epsilon(1e-9));
  }
}

}  // namespace hinterland
