// The obviously right simulator: one event at a time, everything recomputed from scratch, nothing clever, nothing shared with
// the fast one but the rules of hinterland/sim/simulate.hpp. It knows pools, disciplines, checkpoints, faults, moves that
// take a given time, times to wait for and pieces; it knows no prices and no flows.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "hinterland/base/random.hpp"
#include "tests/naive_world.hpp"

namespace hinterland::naive {

class Simulator {
 public:
  explicit Simulator(const World& world)
      : world_(world), state_(world.jobs.size()), queue_(world.pools.size()), active_(world.faults.size()) {
    out_.ends.assign(world.jobs.size(), End::stuck);
  }

  Outcome run() {
    for (now_ = next(-1); now_ < kNever; now_ = next(now_)) {
      changed_.assign(world_.pools.size(), false);
      if (planted(Planted::arrivals_before_ends)) arrive();
      end_jobs();
      change_faults();
      join();
      for (std::size_t pool = 0; pool < world_.pools.size(); ++pool) {
        if (changed_[pool]) pass(pool);
      }
      if (!planted(Planted::arrivals_before_ends)) arrive();
    }
    return out_;
  }

 private:
  [[nodiscard]] bool planted(Planted fault) const { return world_.planted == fault; }

  void arrive() {
    for (std::size_t job = 0; job < world_.jobs.size(); ++job) {
      if (world_.jobs[job].arrival != now_) continue;
      place(job);
      if (state_[job].where != Where::coming || state_[job].ready > now_) continue;
      enqueue(job);
      if (!planted(Planted::arrivals_together)) pass(state_[job].pool);
    }
    if (!planted(Planted::arrivals_together)) return;
    for (std::size_t pool = 0; pool < world_.pools.size(); ++pool) pass(pool);
  }

  enum class Where { nowhere, coming, waiting, running };
  struct State {
    Where where = Where::nowhere;
    std::size_t pool = 0;
    Ms ready = 0;                     // coming: when it joins its queue
    Ms began = 0, ends = 0, due = 0;  // running
    Ms kept = 0;
    int stopped = 0;
    std::vector<Piece> pieces;
    std::size_t piece = 0;
  };

  [[nodiscard]] Ms next(Ms after) const {
    Ms least = kNever;
    const auto look = [&](Ms at) {
      if (at > after) least = std::min(least, at);
    };
    for (std::size_t job = 0; job < state_.size(); ++job) {
      look(world_.jobs[job].arrival);
      if (state_[job].where == Where::coming) look(state_[job].ready);
      if (state_[job].where == Where::running) look(state_[job].ends);
    }
    for (const Fault& fault : world_.faults) {
      look(fault.from);
      look(fault.until);
    }
    return least;
  }

  // ------------------------------------------------------------------------------------------ what a job needs and did
  [[nodiscard]] Ms wall(const Job& job, Ms work, Ms kept) const {
    const Ms writes =
        job.checkpoint > 0 ? std::max<Ms>(0, (work + job.checkpoint - 1) / job.checkpoint - 1) : 0;
    return (kept > 0 && !planted(Planted::restore_is_free) ? job.restore : 0) + work + writes * job.write;
  }
  [[nodiscard]] Ms total(std::size_t job) const {
    if (planted(Planted::past_the_request)) return world_.jobs[job].run;
    return std::min(world_.jobs[job].run, world_.jobs[job].request);
  }
  [[nodiscard]] bool has_later_piece(const State& state) const {
    return state.piece + 1 < state.pieces.size();
  }
  [[nodiscard]] Ms holds(std::size_t job) const {  // by its request
    const State& state = state_[job];
    const Ms all = wall(world_.jobs[job], world_.jobs[job].request - state.kept, state.kept);
    return has_later_piece(state) ? std::min(all, state.pieces[state.piece].length) : all;
  }
  struct Work {
    Ms done, saved;
  };
  [[nodiscard]] Work work_so_far(std::size_t job) const {
    const Job& kind = world_.jobs[job];
    const State& state = state_[job];
    const Ms left = total(job) - state.kept;
    Ms at = now_ - state.began - start_up(state.pool) -
            (state.kept > 0 && !planted(Planted::restore_is_free) ? kind.restore : 0);
    Work work{0, 0};
    // Walks through the attempt: a stretch of work, then the writing of a checkpoint.
    if (kind.checkpoint == 0) return {std::clamp<Ms>(at, 0, left), 0};
    while (at > 0 && work.done < left) {
      const Ms stretch = std::min(kind.checkpoint, at);
      work.done = std::min(left, work.done + stretch);
      at -= stretch;
      if (stretch < kind.checkpoint || at < kind.write) break;
      at -= kind.write;
      work.saved = work.done;
    }
    return work;
  }

  // ----------------------------------------------------------------------------------------------------- pools as they are
  [[nodiscard]] Ms start_up(std::size_t pool) const {
    return planted(Planted::starts_at_once) ? 0 : world_.pools[pool].start_up;
  }
  [[nodiscard]] std::vector<std::size_t> runners(std::size_t pool) const {
    std::vector<std::size_t> jobs;
    for (std::size_t job = 0; job < state_.size(); ++job) {
      if (state_[job].where == Where::running && state_[job].pool == pool) jobs.push_back(job);
    }
    return jobs;
  }
  [[nodiscard]] bool hits(std::size_t fault, std::size_t pool) const {
    return active_[fault] &&
           std::ranges::find(world_.faults[fault].pools, pool) != world_.faults[fault].pools.end();
  }
  [[nodiscard]] Size has(std::size_t pool) const {
    const Pool& built = world_.pools[pool];
    Size left = built.size;
    for (std::size_t f = 0; f < world_.faults.size(); ++f) {
      if (!hits(f, pool)) continue;
      const Fault& fault = world_.faults[f];
      for (std::size_t i = 0; i < 3; ++i) {
        if (fault.kind == Kind::site) left[i] -= built.size[i];
        if (fault.kind == Kind::server) left[i] -= fault.servers * built.server[i];
        if (fault.kind == Kind::curtailment)
          left[i] -= built.size[i] -
                     static_cast<std::int64_t>(std::floor(fault.left * static_cast<double>(built.size[i])));
      }
    }
    for (auto& part : left) part = std::max<std::int64_t>(0, part);
    return left;
  }
  [[nodiscard]] std::int64_t units(
      std::size_t pool) const {  // its share of what it was built with, by its scarcest part
    const Size left = has(pool);
    const Pool& built = world_.pools[pool];
    std::int64_t least = built.units;
    for (std::size_t i = 0; i < 3; ++i) {
      if (built.size[i] > 0) least = std::min(least, built.units * left[i] / built.size[i]);
    }
    return least;
  }
  [[nodiscard]] Size free(std::size_t pool) const {
    Size room = has(pool);
    for (const std::size_t job : runners(pool)) room = plus(room, world_.jobs[job].size, -1);
    return room;
  }

  // ------------------------------------------------------------------------------------------------------------ the steps
  void stop(std::size_t job, How how) {
    State& state = state_[job];
    const Work work = work_so_far(job);
    const bool keeps_all = how == How::paused || how == How::done || how == How::cut;
    out_.attempts.push_back(
        {job, state.pool, how, state.began, now_, keeps_all ? 0 : work.done - work.saved});
    state.kept += how == How::paused || planted(Planted::all_work_is_kept) ? work.done : work.saved;
    state.where = Where::nowhere;
    changed_[state.pool] = true;
  }

  void end_jobs() {
    for (std::size_t job = 0; job < state_.size(); ++job) {
      State& state = state_[job];
      if (state.where != Where::running || state.ends != now_) continue;
      if (work_so_far(job).done < total(job) - state.kept) {
        stop(job, How::paused);
        ++state.piece;
        state.where = Where::coming;
        state.ready = std::max(now_, state.pieces[state.piece].from);
        continue;
      }
      const bool cut = world_.jobs[job].run > world_.jobs[job].request;
      stop(job, cut ? How::cut : How::done);
      out_.ends[job] = cut ? End::cut : End::done;
    }
  }

  void change_faults() {
    std::vector<std::size_t> driven;
    const auto drive = [&](std::size_t job) {
      state_[job].where = Where::nowhere;
      state_[job].pieces.clear();
      state_[job].piece = 0;
      driven.push_back(job);
    };
    const auto stop_runner = [&](std::size_t job) {
      stop(job, How::fault);
      ++state_[job].stopped;
      drive(job);
    };
    for (std::size_t f = 0; f < world_.faults.size(); ++f) {
      if (world_.faults[f].until != now_) continue;
      active_[f] = false;
      for (const std::size_t pool : world_.faults[f].pools) changed_[pool] = true;
    }
    for (std::size_t f = 0; f < world_.faults.size(); ++f) {
      const Fault& fault = world_.faults[f];
      if (fault.from != now_) continue;
      for (const std::size_t pool : fault.pools) {
        changed_[pool] = true;
        std::int64_t busy = 0;
        for (const std::size_t job : runners(pool)) busy += world_.jobs[job].units;
        const std::int64_t had = units(pool);
        active_[f] = true;
        if (fault.kind == Kind::site) {
          for (const std::size_t job : runners(pool)) stop_runner(job);
          for (std::size_t job = 0; job < state_.size(); ++job) {
            if (state_[job].pool == pool &&
                (state_[job].where == Where::coming || state_[job].where == Where::waiting))
              drive(job);
          }
          queue_[pool].clear();
        } else if (fault.kind == Kind::server) {
          const std::int64_t broken = fault.servers * world_.pools[pool].units_per_server;
          const std::int64_t share =
              had > 0 && !planted(Planted::broken_servers_hit_none) ? (broken * busy + had - 1) / had : 0;
          auto order = runners(pool);
          const auto key = [&](std::size_t job) {
            return scrambled(world_.seed ^ scrambled(std::uint64_t{f} << 32U | job));
          };
          std::ranges::sort(order, {}, key);
          std::int64_t hit = 0;
          for (const std::size_t job : order) {
            if (hit >= share && fits({}, free(pool))) break;
            hit += world_.jobs[job].units;
            stop_runner(job);
          }
        } else if (!fits({}, free(pool))) {
          for (const std::size_t job : victims(runners(pool), {}, pool)) stop_runner(job);
        }
        active_[f] = false;  // the next pool of this fault is counted as it was
      }
      active_[f] = true;
    }
    std::ranges::sort(driven);
    for (const std::size_t job : driven) {
      if (state_[job].stopped > world_.jobs[job].retries) {
        out_.ends[job] = End::lost;
      } else {
        place(job);
      }
    }
  }

  void place(std::size_t job) {
    State& state = state_[job];
    const Answer answer = world_.place(job, now_, turn_++);
    if (answer.refused) {
      out_.ends[job] = End::refused;
      return;
    }
    state.where = Where::coming;
    state.pool = answer.pool;
    state.pieces = answer.pieces;
    state.piece = 0;
    state.ready = std::max(answer.not_before, now_ + (planted(Planted::moves_at_once) ? 0 : answer.stage_in));
  }

  void enqueue(std::size_t job) {
    state_[job].where = Where::waiting;
    queue_[state_[job].pool].push_back(job);
    changed_[state_[job].pool] = true;
  }
  void join() {
    for (std::size_t job = 0; job < state_.size(); ++job) {
      if (state_[job].where == Where::coming && state_[job].ready <= now_) enqueue(job);
    }
  }

  void start(std::size_t job) {
    State& state = state_[job];
    std::erase(queue_[state.pool], job);
    state.where = Where::running;
    state.began = now_;
    state.due = now_ + holds(job);
    const Ms needs = wall(world_.jobs[job], total(job) - state.kept, state.kept);
    const bool bound = has_later_piece(state) || !planted(Planted::past_the_request);
    state.ends = now_ + start_up(state.pool) + (bound ? std::min(holds(job), needs) : needs);
  }

  // Least lost first, until `need` fits; then those are spared that are not needed, the costliest first.
  [[nodiscard]] std::vector<std::size_t> victims(std::vector<std::size_t> from, const Size& need,
                                                 std::size_t pool) const {
    const auto order = [&](std::size_t job) {
      const Work work = work_so_far(job);
      return std::tuple{world_.jobs[job].units * (work.done - work.saved), -state_[job].began,
                        -static_cast<Ms>(job)};
    };
    std::ranges::sort(from, {}, order);
    Size room = free(pool);
    std::vector<std::size_t> taken;
    for (const std::size_t job : from) {
      if (fits(need, room)) break;
      taken.push_back(job);
      room = plus(room, world_.jobs[job].size);
    }
    if (!fits(need, room)) return {};
    std::ranges::reverse(taken);
    std::vector<std::size_t> needed;
    for (const std::size_t job : taken) {
      const Size without = plus(room, world_.jobs[job].size, -1);
      if (fits(need, without) && !planted(Planted::nobody_is_spared)) {
        room = without;
      } else {
        needed.push_back(job);
      }
    }
    return needed;
  }

  // ------------------------------------------------------------------------------------------------------- the disciplines
  void pass(std::size_t pool) {
    while (start_one(pool)) {
    }
  }
  bool start_one(std::size_t pool) {  // and then everything is looked at anew
    if (queue_[pool].empty()) return false;
    if (world_.discipline == Discipline::priority) return start_by_priority(pool);
    const std::size_t head = queue_[pool].front();
    const Size room = free(pool);
    if (fits(world_.jobs[head].size, room)) {
      start(head);
      return true;
    }
    return world_.discipline == Discipline::easy && start_overtaker(pool, head, room);
  }

  bool start_overtaker(std::size_t pool, std::size_t head, const Size& room) {
    std::vector<Ms> times;
    for (const std::size_t job : runners(pool)) times.push_back(state_[job].due);
    std::ranges::sort(times);
    Ms shadow = kNever;
    Size extra{};
    for (const Ms time : times) {
      Size then = room;
      bool one = false;
      for (const std::size_t job : runners(pool)) {
        if (state_[job].due > time) continue;
        if (planted(Planted::one_due_at_the_shadow) && state_[job].due == time && std::exchange(one, true))
          continue;
        then = plus(then, world_.jobs[job].size);
      }
      if (!fits(world_.jobs[head].size, then)) continue;
      shadow = time;
      extra = plus(then, world_.jobs[head].size, -1);
      break;
    }
    for (const std::size_t job : queue_[pool]) {
      if (job == head || !fits(world_.jobs[job].size, room)) continue;
      const Ms end = now_ + holds(job) + (planted(Planted::end_before_the_shadow) ? 1 : 0);
      if (end > shadow && !fits(world_.jobs[job].size, extra)) continue;
      start(job);
      return true;
    }
    return false;
  }

  bool start_by_priority(std::size_t pool) {
    std::size_t head = queue_[pool].front();
    for (const std::size_t job : queue_[pool]) {
      if (world_.jobs[job].priority > world_.jobs[head].priority) head = job;
    }
    const Size& need = world_.jobs[head].size;
    if (!fits(need, free(pool))) {
      std::vector<std::size_t> lower;
      for (const std::size_t job : runners(pool)) {
        if (world_.jobs[job].priority < world_.jobs[head].priority) lower.push_back(job);
      }
      for (const std::size_t job : victims(lower, need, pool)) {
        stop(job, How::preempted);
        state_[job].pieces.clear();
        state_[job].piece = 0;
        state_[job].where = Where::waiting;
        const bool back = planted(Planted::latest_to_the_back);
        queue_[pool].insert(back ? queue_[pool].end() : queue_[pool].begin(),
                            job);  // before all others of its priority
      }
    }
    if (!fits(need, free(pool))) return false;
    start(head);
    return true;
  }

  const World& world_;
  Ms now_ = 0;
  std::vector<State> state_;
  std::vector<std::vector<std::size_t>> queue_;  // by pool, in the order in which they joined
  std::vector<bool> active_;
  std::vector<bool> changed_;
  std::uint64_t turn_ = 0;
  Outcome out_;
};

inline Outcome simulate(const World& world) { return Simulator(world).run(); }

}  // namespace hinterland::naive
