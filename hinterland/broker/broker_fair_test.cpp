// Fair shares in the limit: whoever always has work waiting gets its share, whatever the sizes of its tasks.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "hinterland/broker/broker.hpp"
#include "hinterland/broker/test_desk.hpp"

namespace hinterland {

using test::Desk;

namespace {

struct Backlog {
  std::int64_t share, cores, minutes;
};

// Both pools are full all the time; each attempt that ends, the earliest due first, makes room for another.
// Returns what each project was given, in core-minutes, and by how much what two were given for each share ever
// differed more than one attempt of each.
struct Given {
  std::vector<double> core_minutes;
  double beyond_bound = -1e9;
};
Given run(const std::vector<Backlog>& projects, int ends, QueueRule queue = QueueRule::fair) {
  Desk desk(queue, 2);
  desk.world.rules.lease = desk.world.rules.lost_after = Duration{1'000'000 * kHour.ms};
  for (const std::size_t pool : {0U, 1U}) desk.beat(pool);
  for (std::size_t p = 0; p < projects.size(); ++p) {
    desk.tell(event::SetProject{.name = "project-" + std::to_string(p), .share = projects[p].share});
    JobRequest job = Desk::request(projects[p].cores);
    job.project = ProjectIndex{p + 1};
    job.request = {projects[p].minutes * 60'000};
    job.tasks = 1000;
    job.held = true;
    desk.submit(job);
  }
  Given given{.core_minutes = std::vector<double>(projects.size())};
  const auto hear = [&](const Event& event) {
    for (const Fact& fact : desk.broker.decide(desk.now, std::span(&event, 1)).facts) {
      const auto* launched = std::get_if<fact::Launched>(&fact);
      if (launched == nullptr) continue;
      const std::size_t p = desk.state().job_of(launched->task).project.value - 1U;
      given.core_minutes[p] += static_cast<double>(projects[p].cores * projects[p].minutes);
    }
  };
  for (std::size_t p = 0; p < projects.size(); ++p)
    hear(event::Hold{.client = 1, .job = JobNumber{p}, .held = false});
  const std::vector<double> at_first = given.core_minutes;  // before all of them had work waiting
  for (int k = 0; k < ends; ++k) {
    REQUIRE_FALSE(desk.state().attempts.empty());
    const auto next = std::ranges::min_element(
        desk.state().attempts, {}, [](const auto& one) { return std::pair(one.second.due, one.first); });
    const auto [id, attempt] = *next;
    desk.now = std::max(desk.now, attempt.due);
    hear(event::Ended{.attempt = id, .pool = attempt.pool, .host = "a", .ran = attempt.due - attempt.began});
    hear(event::Published{.attempt = id, .task = attempt.task});
    for (std::size_t a = 0; a < projects.size(); ++a) {
      for (std::size_t b = 0; b < projects.size(); ++b) {
        const auto level = [&](std::size_t p) {
          return (given.core_minutes[p] - at_first[p]) / static_cast<double>(projects[p].share);
        };
        const auto one = [&](std::size_t p) {
          return static_cast<double>(projects[p].cores * projects[p].minutes) /
                 static_cast<double>(projects[p].share);
        };
        given.beyond_bound = std::max(given.beyond_bound, level(a) - level(b) - one(a) - one(b));
      }
    }
  }
  return given;
}

}  // namespace

TEST_CASE("shares are met within an attempt of each, however long it goes on") {
  CHECK(rc::check("any shares, sizes and lengths", [] {
    const auto count = *rc::gen::inRange<std::size_t>(2, 5);
    std::vector<Backlog> projects;
    for (std::size_t p = 0; p < count; ++p)
      projects.push_back({.share = *rc::gen::inRange<std::int64_t>(1, 9),
                          .cores = *rc::gen::inRange<std::int64_t>(1, 5),
                          .minutes = *rc::gen::inRange<std::int64_t>(1, 61)});
    const Given given = run(projects, 300);
    RC_LOG() << "beyond the bound by " << given.beyond_bound;
    RC_ASSERT(given.beyond_bound <= 1e-6);
  }));
}

TEST_CASE("in the limit a share is a share; first come, first served knows none") {
  const std::vector<Backlog> projects = {{.share = 1, .cores = 1, .minutes = 10},
                                         {.share = 3, .cores = 3, .minutes = 25}};
  const Given given = run(projects, 1200);
  CHECK(given.core_minutes[1] / given.core_minutes[0] == doctest::Approx(3).epsilon(0.02));
  CHECK(run(projects, 300, QueueRule::fcfs).beyond_bound > 0);
}

}  // namespace hinterland
