// The fast simulator against the obviously right one (tests/naive_simulator.hpp): random small worlds, every attempt exact.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "hinterland/sim/books.hpp"
#include "tests/naive_simulator.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

// Answers of the random policy, by turn: it is a plain function, so they lie outside it.
std::vector<naive::Answer> answers;
Placement answer_by_turn(const Ask& ask, const View&) {
  const naive::Answer& answer = answers[ask.turn % answers.size()];
  if (answer.refused) return refused(Refusal::nowhere_allowed);
  Placement placement{
      .pool = PoolIndex{answer.pool}, .not_before = {ask.now.ms + answer.not_before}, .pieces = {}};
  for (const auto& [from, length] : answer.pieces)
    placement.pieces.push_back({{ask.now.ms + from}, {length}});
  if (!placement.pieces.empty()) placement.not_before = placement.pieces.front().from;
  return placement;
}

constexpr double kMsPerGb = 1000;

struct Both {
  naive::World naive;
  SimWorld fast;
};

Both random_world(std::uint64_t seed) {
  test::SplitMix random(seed);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.next() % n); };
  Both both;
  naive::World& world = both.naive;
  SimWorld& fast = both.fast;
  world.discipline = static_cast<naive::Discipline>(below(3));
  fast.discipline = static_cast<Discipline>(world.discipline);
  fast.seed = world.seed = seed;
  const std::int64_t grain = below(3) == 0 ? 1 : 1 + below(7);  // coarse times make many ties
  const bool three_parts = below(3) == 0, stages = below(3) == 0, waits = below(3) == 0,
             faults = below(2) == 0, starts_up = below(3) == 0;
  const std::size_t pools = 1 + random.next() % 3;
  for (std::size_t p = 0; p < pools; ++p) {
    const std::int64_t servers = 1 + below(6), cores = 1 + below(6);
    const naive::Size server{cores, three_parts ? below(3) : 0, three_parts ? 4 * cores : 0};
    naive::Pool pool{.size = {}, .server = server, .units = 0, .units_per_server = cores};
    if (starts_up) pool.start_up = grain * below(4);
    for (std::size_t i = 0; i < 3; ++i) pool.size[i] = servers * server[i];
    pool.units = servers * cores;
    world.pools.push_back(pool);
    fast.pools.push_back({.site = {"p"},
                          .server = {"s"},
                          .server_size = {server[0], server[1], server[2]},
                          .servers = servers,
                          .units_per_server = cores,
                          .start_up = {pool.start_up}});
    fast.forecast.push_back(test::made_up_rates(p, 1));
  }
  fast.actual = fast.forecast;
  fast.staging.mode = stages ? Staging::Mode::line : Staging::Mode::none;

  // Classes: what a job takes from them.
  struct Class {
    int priority, retries;
    std::int64_t checkpoint, write, restore;
  };
  std::vector<Class> classes;
  for (int k = 0; k < 4; ++k) {
    Class one{static_cast<int>(below(4)), static_cast<int>(below(3)), 0, 0, 0};
    if (below(2) == 0) one = {one.priority, one.retries, grain * (1 + below(8)), below(3), below(4)};
    classes.push_back(one);
    fast.groups.push_back({.name = "c",
                           .priority = static_cast<std::uint8_t>(one.priority),
                           .retries = one.retries,
                           .checkpoint = {one.checkpoint},
                           .checkpoint_write = {one.write},
                           .restore = {one.restore},
                           .gb_in_per_unit_hour = stages ? 3600.0 * static_cast<double>(k) : 0});
  }
  for (std::size_t g = 0; g < fast.groups.size(); ++g) {
    for (std::size_t home = 0; home < pools; ++home) {
      std::vector<Option> options;
      for (std::size_t p = 0; p < pools; ++p)
        options.push_back({PoolIndex{p}, 1, p == home ? 0 : kMsPerGb, 1});
      fast.options.push_back(options);
    }
  }

  const std::size_t jobs = 1 + random.next() % 50;
  const std::uint64_t spread = 1 + random.next() % 20;
  std::int64_t now = 0;
  for (std::size_t j = 0; j < jobs; ++j) {
    now += grain * below(spread);
    const std::size_t home = random.next() % pools, group = random.next() % classes.size();
    const Class& kind = classes[group];
    naive::Job job{.arrival = now,
                   .run = grain * (1 + below(30)),
                   .priority = kind.priority,
                   .retries = kind.retries,
                   .checkpoint = kind.checkpoint,
                   .write = kind.write,
                   .restore = kind.restore};
    job.request = below(4) == 0 ? job.run : std::max<std::int64_t>(1, job.run + grain * (below(40) - 4));
    for (std::size_t i = 0; i < 3; ++i) {
      const std::int64_t most = world.pools[home].size[i];
      job.size[i] =
          i == 0 ? 1 + below(static_cast<std::uint64_t>(most)) : below(static_cast<std::uint64_t>(most) + 1);
    }
    job.units = job.size[0];
    world.jobs.push_back(job);
    SizeIndex size{fast.sizes.size()};
    fast.sizes.push_back({{job.size[0], job.size[1], job.size[2]}, job.units});
    // Jobs of one size share a line: sizes are listed once.
    for (std::size_t k = 0; k + 1 < fast.sizes.size(); ++k) {
      if (!(fast.sizes[k].size == fast.sizes.back().size)) continue;
      size = SizeIndex{k};
      fast.sizes.pop_back();
      break;
    }
    fast.jobs.arrival.push_back({job.arrival});
    fast.jobs.run.push_back({job.run});
    fast.jobs.request.push_back({job.request});
    fast.jobs.size.push_back(size);
    fast.jobs.group.push_back(GroupIndex{group});
    fast.jobs.home.push_back(PoolIndex{home});
  }

  if (faults) {
    for (std::int64_t f = 1 + below(4); f > 0; --f) {
      naive::Fault fault{
          .kind = static_cast<naive::Kind>(below(3)), .from = grain * below(200), .until = 0, .pools = {}};
      fault.until = below(8) == 0 ? naive::kNever : fault.from + grain * (1 + below(60));
      for (std::size_t p = 0; p < pools; ++p) {
        if (below(2) == 0) fault.pools.push_back(p);
      }
      fault.servers = 1 + below(3);
      fault.left = static_cast<double>(below(4)) / 4;
      world.faults.push_back(fault);
    }
    for (const naive::Fault& fault : world.faults) {
      Fault same{.from = {fault.from},
                 .until = {fault.until},
                 .pools = {},
                 .servers = fault.servers,
                 .left = fault.left,
                 .links = {}};
      same.kind = fault.kind == naive::Kind::site     ? FaultKind::hazard
                  : fault.kind == naive::Kind::server ? FaultKind::server
                                                      : FaultKind::curtailment;
      for (const std::size_t pool : fault.pools) same.pools.push_back(PoolIndex{pool});
      fast.faults.push_back(same);
    }
  }

  // Whoever is asked answers from a list made beforehand; mostly home, sometimes elsewhere, later, or in pieces.
  std::vector<naive::Answer> list;
  for (int k = 0; k < 97; ++k) {
    naive::Answer answer{.refused = below(40) == 0, .pool = random.next() % pools, .pieces = {}};
    if (waits && below(2) == 0) answer.not_before = grain * below(30);
    if (waits && below(3) == 0) {
      std::int64_t from = grain * below(10);
      for (std::int64_t p = 2 + below(3); p > 0; --p) {
        answer.pieces.push_back({from, grain * (1 + below(5))});
        from += answer.pieces.back().length + grain * below(6);
      }
      answer.not_before = answer.pieces.front().from;
    }
    list.push_back(answer);
  }
  answers = list;
  world.place = [list, stages, fast_jobs = fast.jobs, groups = fast.groups, sizes = fast.sizes](
                    std::size_t job, std::int64_t at, std::uint64_t turn) {
    naive::Answer answer = list[turn % list.size()];
    answer.not_before += at;
    for (auto& piece : answer.pieces) piece.from += at;
    const double hours = static_cast<double>(fast_jobs.run[job].ms) * (1.0 / 3'600'000);
    const double gb = groups[fast_jobs.group[job]].gb_in_per_unit_hour *
                      static_cast<double>(sizes[fast_jobs.size[job]].units) * hours;
    if (stages && answer.pool != fast_jobs.home[job])
      answer.stage_in = static_cast<std::int64_t>(std::ceil(gb * kMsPerGb));
    return answer;
  };
  return both;
}

// The attempts of the fast run, those of jobs that ran straight through made from the columns.
std::vector<naive::Attempt> attempts_of(const SimWorld& world, const SimRun& run) {
  std::vector<naive::Attempt> all;
  const Ledger ledger(world, run);
  for (std::size_t job = 0; job < world.jobs.count(); ++job) {
    const JobAccount account = ledger.account(JobIndex{job});
    if (!run.outcome.several[job] && account.ended()) {
      const auto how = account.end == JobEnd::cut ? naive::How::cut : naive::How::done;
      all.push_back({job, account.pool, how, account.start.ms, account.finish.ms, 0});
    }
    for (const Attempt& one : ledger.attempts(JobIndex{job}))
      all.push_back(
          {job, one.pool, static_cast<naive::How>(one.end), one.from.ms, one.until.ms, one.lost.ms});
  }
  return all;
}

std::vector<naive::Attempt> sorted(std::vector<naive::Attempt> attempts) {
  std::ranges::sort(attempts, {},
                    [](const naive::Attempt& one) { return std::tuple{one.job, one.from, one.until}; });
  return attempts;
}

naive::End end_of(JobEnd end) {
  switch (end) {
    case JobEnd::refused: return naive::End::refused;
    case JobEnd::done: return naive::End::done;
    case JobEnd::cut: return naive::End::cut;
    case JobEnd::lost: return naive::End::lost;
    default: return naive::End::stuck;
  }
}

}  // namespace

TEST_CASE("every attempt is that of the obviously right simulator, in thousands of random worlds") {
  std::map<naive::How, int> seen;
  std::map<naive::End, int> ends;
  int overtakings = 0, elsewhere = 0;
  for (std::uint64_t seed = 1; seed <= 6000; ++seed) {
    const Both both = random_world(seed);
    const naive::Outcome right = naive::simulate(both.naive);
    SilentProgress progress;
    const SimRun run = simulate(both.fast, answer_by_turn, progress);
    const std::vector<naive::Attempt> attempts = sorted(right.attempts);
    CAPTURE(seed);  // random_world(seed) is the whole case
    REQUIRE(sorted(attempts_of(both.fast, run)) == attempts);
    for (std::size_t job = 0; job < both.naive.jobs.size(); ++job)
      REQUIRE(end_of(run.outcome.end[job]) == right.ends[job]);
    for (const auto& attempt : attempts) {
      ++seen[attempt.how];
      elsewhere += attempt.pool != both.fast.jobs.home[attempt.job] ? 1 : 0;
    }
    for (const naive::End end : right.ends) ++ends[end];
    for (std::size_t k = 1; k < attempts.size(); ++k)
      overtakings += attempts[k].from < attempts[k - 1].from ? 1 : 0;
    const Books books = keep_books(both.fast, run);
    for (const Imbalance& one : books.imbalances)
      MESSAGE(one.what, ": ", one.difference, ", allowed ", one.allowed);
    REQUIRE(books.imbalances.empty());
  }
  // Everything that can happen has happened, often.
  for (const naive::How how :
       {naive::How::done, naive::How::cut, naive::How::paused, naive::How::preempted, naive::How::fault})
    CHECK(seen[how] > 500);
  for (const naive::End end : {naive::End::stuck, naive::End::refused, naive::End::lost})
    CHECK(ends[end] > 100);
  CHECK(overtakings > 1000);
  CHECK(elsewhere > 1000);
}

TEST_CASE("the random worlds would find a fault") {
  using naive::Planted;
  for (const Planted fault :
       {Planted::one_due_at_the_shadow, Planted::end_before_the_shadow, Planted::arrivals_together,
        Planted::arrivals_before_ends, Planted::past_the_request, Planted::all_work_is_kept,
        Planted::restore_is_free, Planted::nobody_is_spared, Planted::latest_to_the_back,
        Planted::broken_servers_hit_none, Planted::moves_at_once, Planted::starts_at_once}) {
    CAPTURE(static_cast<int>(fault));
    int found = 0;
    for (std::uint64_t seed = 1; seed <= 6000 && found == 0; ++seed) {
      Both both = random_world(seed);
      both.naive.planted = fault;
      SilentProgress progress;
      const SimRun run = simulate(both.fast, answer_by_turn, progress);
      found += sorted(naive::simulate(both.naive).attempts) != sorted(attempts_of(both.fast, run)) ? 1 : 0;
    }
    CHECK(found > 0);
  }
}

}  // namespace hinterland
