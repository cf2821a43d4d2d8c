// What the obviously right simulator (naive_simulator.hpp) is given and gives: plain structs of its own.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace hinterland::naive {

using Ms = std::int64_t;
constexpr Ms kNever = std::int64_t{1} << 43;
using Size = std::array<std::int64_t, 3>;  // cores, GPUs, memory

inline bool fits(const Size& job, const Size& room) {
  return job[0] <= room[0] && job[1] <= room[1] && job[2] <= room[2];
}
inline Size plus(Size a, const Size& b, std::int64_t sign = 1) {
  for (std::size_t i = 0; i < 3; ++i) a[i] += sign * b[i];
  return a;
}

struct Piece {
  Ms from, length;
};
struct Job {
  Ms arrival = 0, run = 1, request = 1;
  Size size{};
  std::int64_t units = 0;
  int priority = 0, retries = 10;
  Ms checkpoint = 0, write = 0, restore = 0;
};
struct Pool {
  Size size{}, server{};
  std::int64_t units = 0, units_per_server = 1;
  Ms start_up = 0;
};
enum class Kind { server, site, curtailment };
struct Fault {
  Kind kind = Kind::site;
  Ms from = 0, until = kNever;
  std::vector<std::size_t> pools;
  std::int64_t servers = 0;
  double left = 0;
};
// Where a job goes, and when: the `turn`-th answer that was asked for.
struct Answer {
  bool refused = false;
  std::size_t pool = 0;
  Ms not_before = 0, stage_in = 0;
  std::vector<Piece> pieces;
};
enum class Discipline { fcfs, easy, priority };

// Faults that a simulator could well have; planted here to see that random worlds would find them.
enum class Planted {
  none,
  one_due_at_the_shadow,  // what is due at the shadow itself is not all counted into extra
  end_before_the_shadow,  // an overtaker must end before the shadow, not by it
  arrivals_together,      // all arrivals of an instant join, then one pass
  arrivals_before_ends,   // a job that comes when another ends sees it still running
  past_the_request,       // a job runs as long as it needs
  all_work_is_kept,       // as if a checkpoint were written at every moment
  restore_is_free,
  nobody_is_spared,         // victims that turn out not to be needed give way all the same
  latest_to_the_back,       // who gave way waits behind those of its priority
  broken_servers_hit_none,  // as long as what runs still fits
  moves_at_once,            // data need no time
  starts_at_once,           // nobody holds a place beside his run
};

struct World {
  Planted planted = Planted::none;
  Discipline discipline = Discipline::fcfs;
  std::vector<Pool> pools;
  std::vector<Job> jobs;  // by arrival
  std::vector<Fault> faults;
  std::uint64_t seed = 1;
  std::function<Answer(std::size_t job, Ms now, std::uint64_t turn)> place;
};

enum class How { done, cut, paused, preempted, fault };
struct Attempt {
  std::size_t job, pool;
  How how;
  Ms from, until, lost;
  bool operator==(const Attempt&) const = default;
};
enum class End { stuck, refused, done, cut, lost };
struct Outcome {
  std::vector<Attempt> attempts;  // as they ended
  std::vector<End> ends;
};

}  // namespace hinterland::naive
