// Small cases worked by hand, each drawn: one row a job, one column a millisecond.
//   # runs   . waits   (nothing) is not there
#include <doctest/doctest.h>

#include <string>

#include "hinterland/sim/ledger.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

struct Row {
  char name;
  std::int64_t arrival, run, request, cores;
  int priority = 0;
};
struct Case {
  const char* story;
  std::vector<Row> jobs;
  const char* drawn;
  std::int64_t checkpoint = 0, write = 0, restore = 0;
};

std::string draw(Discipline discipline, const Case& one) {
  SimWorld world = test::sites_of(1, 1);
  world.discipline = discipline;
  world.pools[0].server_size = {.cores = 4};
  world.pools[0].units_per_server = 4;
  world.groups.clear();
  for (int priority = 0; priority < 3; ++priority) {
    world.groups.push_back({.name = "p",
                            .priority = static_cast<std::uint8_t>(priority),
                            .checkpoint = {one.checkpoint},
                            .checkpoint_write = {one.write},
                            .restore = {one.restore}});
    world.options.push_back({{PoolIndex{0}}});
  }
  for (const Row& job : one.jobs) {
    test::add_job(world, {job.arrival}, {job.run}, {job.request}, job.cores, 0,
                  static_cast<std::size_t>(job.priority));
  }
  SilentProgress progress;
  const SimRun run = simulate(world, stay, progress);
  const Ledger ledger(world, run);
  std::string drawing = "\n";
  for (std::size_t j = 0; j < one.jobs.size(); ++j) {
    const JobAccount account = ledger.account(JobIndex{j});
    std::string row(static_cast<std::size_t>(account.finish.ms), ' ');
    for (auto t = static_cast<std::size_t>(one.jobs[j].arrival); t < row.size(); ++t) row[t] = '.';
    const auto runs = [&](Instant from, Instant until) {
      for (auto t = static_cast<std::size_t>(from.ms); t < static_cast<std::size_t>(until.ms); ++t)
        row[t] = '#';
    };
    if (!run.outcome.several[j]) runs(account.start, account.finish);
    for (const Attempt& attempt : ledger.attempts(JobIndex{j})) runs(attempt.from, attempt.until);
    drawing += std::string{one.jobs[j].name} + " " + row + "\n";
  }
  return drawing;
}

// Four cores; name, arrival, run, request, cores.
const std::vector<Case> kEasy = {
    {"a short job overtakes the first in line",
     {{'A', 0, 4, 4, 3}, {'B', 0, 4, 4, 2}, {'C', 0, 3, 3, 1}},
     R"(
A ####
B ....####
C ###
)"},
    {"a long one may, if it holds no more than what is left over when the first starts",
     {{'A', 0, 4, 4, 3}, {'B', 0, 4, 4, 2}, {'C', 0, 6, 6, 1}},
     R"(
A ####
B ....####
C ######
)"},
    {"and may not, if nothing is left over",
     {{'A', 0, 4, 4, 3}, {'B', 0, 4, 4, 4}, {'C', 0, 6, 6, 1}},
     R"(
A ####
B ....####
C ........######
)"},
    {"it may end just when the first is due to start",
     {{'A', 0, 4, 4, 3}, {'B', 0, 4, 4, 4}, {'C', 0, 4, 4, 1}},
     R"(
A ####
B ....####
C ####
)"},
    {"but not a millisecond later",
     {{'A', 0, 4, 4, 3}, {'B', 0, 4, 4, 4}, {'C', 0, 5, 5, 1}},
     R"(
A ####
B ....####
C ........#####
)"},
    {"requests decide: A ends early, and the overtaker that was let in holds the first up",
     {{'A', 0, 3, 8, 3}, {'B', 0, 2, 2, 4}, {'C', 0, 5, 5, 1}},
     R"(
A ###
B .....##
C #####
)"},
    {"a job that needs longer than it asked for is ended at its request",
     {{'A', 0, 9, 4, 4}, {'B', 0, 2, 2, 4}},
     R"(
A ####
B ....##
)"},
    {"all that is due when the first starts is left over, not only the first that makes room",
     {{'A', 0, 4, 4, 1}, {'B', 0, 4, 4, 2}, {'C', 0, 3, 3, 2}, {'D', 0, 9, 9, 1}},
     R"(
A ####
B ####
C ....###
D #########
)"},
    {"who comes at the same instant is taken in the order of the trace",
     {{'A', 0, 3, 3, 3}, {'B', 0, 3, 3, 3}, {'C', 0, 2, 2, 2}, {'D', 0, 3, 3, 1}},
     R"(
A ###
B ...###
C ......##
D ###
)"},
    {"overtakers too go in their order, one after the other",
     {{'A', 0, 6, 6, 3}, {'B', 0, 2, 2, 2}, {'C', 0, 2, 2, 1}, {'D', 1, 2, 2, 1}},
     R"(
A ######
B ......##
C ##
D  .##
)"},
};

// Four cores; name, arrival, run, request, cores, priority.
const std::vector<Case> kPriority = {
    {"a higher priority takes the pool; without checkpoints all is done again",
     {{'L', 0, 6, 9, 4, 0}, {'H', 2, 3, 3, 4, 1}},
     R"(
L ##...######
H   ###
)"},
    {"with a checkpoint each millisecond nothing is",
     {{'L', 0, 6, 9, 4, 0}, {'H', 2, 3, 3, 4, 1}},
     R"(
L ##...####
H   ###
)",
     1},
    {"work since the last checkpoint is lost",
     {{'L', 0, 8, 9, 4, 0}, {'H', 5, 2, 2, 4, 1}},
     R"(
L #####..#####
H      ##
)",
     3},
    {"beginning again takes time",
     {{'L', 0, 6, 9, 4, 0}, {'H', 2, 2, 2, 4, 1}},
     R"(
L ##..######
H   ##
)",
     1,
     0,
     2},
    {"so does writing checkpoints: two of work, one of writing; what is not yet written is lost",
     {{'L', 0, 6, 9, 4, 0}, {'H', 5, 1, 1, 4, 1}},
     R"(
L #####.#####
H      #
)",
     2,
     1},
    {"who loses least gives way",
     {{'A', 0, 8, 8, 2, 0}, {'B', 1, 8, 8, 2, 0}, {'H', 3, 2, 2, 2, 1}},
     R"(
A ########
B  ##..########
H    ##
)"},
    {"a cheap victim that does not help is spared",
     {{'A', 0, 8, 8, 1, 0}, {'B', 1, 8, 8, 3, 0}, {'H', 3, 2, 2, 3, 1}},
     R"(
A ########
B  ##..########
H    ##
)"},
    {"if nobody's place would do, nobody gives way",
     {{'A', 0, 4, 4, 2, 2}, {'B', 0, 6, 6, 1, 0}, {'H', 1, 2, 2, 3, 1}},
     R"(
A ####
B ######
H  ...##
)"},
    {"a job that ends at that instant has ended",
     {{'L', 0, 3, 3, 4, 0}, {'H', 3, 2, 2, 4, 1}},
     R"(
L ###
H    ##
)"},
    {"who gave way comes back before the others of its priority",
     {{'A', 0, 4, 4, 4, 0}, {'B', 1, 2, 2, 4, 0}, {'H', 2, 1, 1, 4, 1}},
     R"(
A ##.####
B  ......##
H   #
)"},
    {"a chain: the lowest gives way to the middle, the middle to the highest",
     {{'L', 0, 4, 4, 4, 0}, {'M', 1, 4, 4, 4, 1}, {'H', 2, 1, 1, 4, 2}},
     R"(
L #.....###
M  #.###
H   #
)",
     1},
};

}  // namespace

TEST_CASE("EASY backfilling, by hand") {
  for (const Case& one : kEasy) {
    CAPTURE(one.story);
    CHECK(draw(Discipline::easy, one) == one.drawn);
  }
}

TEST_CASE("priority with preemption and checkpoints, by hand") {
  for (const Case& one : kPriority) {
    CAPTURE(one.story);
    CHECK(draw(Discipline::priority, one) == one.drawn);
  }
}

}  // namespace hinterland
