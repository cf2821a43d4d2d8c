// A pool while it runs: who runs in it until when, who waits, what is free.
//
// The pool starts and ends attempts and keeps its state (PoolState) and its meter; how long an attempt takes and what
// becomes of the job is the engine's business.
#pragma once
#include <utility>
#include <vector>

#include "hinterland/policy/queues.hpp"
#include "hinterland/sim/load_meter.hpp"
#include "hinterland/sim/tournament.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

// One attempt that runs. 56 bytes.
struct Running {
  JobIndex job;
  SizeIndex size;
  std::uint8_t priority = 0;
  bool busy = false;
  Instant began;
  Instant due;    // its requested end
  Duration kept;  // work kept when it began
  Instant whole;  // when its inputs were there: `began`, or kNever while they move
};

template <class Queue>
class Pool {
 public:
  Pool(std::span<const JobSize> sizes, Queue empty, PoolState& state, LoadMeter& meter)
      : queue(std::move(empty)), sizes_(sizes), state_(&state), meter_(&meter), ends_(64) {
    offer_places(0);
  }

  Queue queue;

  [[nodiscard]] Instant next_end() const { return ends_.first(); }
  [[nodiscard]] std::size_t next_place() const { return ends_.winner(); }
  [[nodiscard]] const Running& at(std::size_t place) const { return running_[place]; }
  [[nodiscard]] std::span<const Running> runners() const { return running_; }  // those with `busy`

  // `end` is when it will really end. Returns its place.
  std::size_t begin(const Running& runner, Instant now, Instant end) {
    if (free_places_.empty()) {
      const std::size_t leaves = ends_.leaves();
      ends_.grow();
      offer_places(leaves);
    }
    const std::size_t place = free_places_.back();
    free_places_.pop_back();
    running_[place] = runner;
    running_[place].busy = true;
    const auto& [size, units] = sizes_[runner.size];
    state_->free -= size;
    state_->units_busy += units;
    state_->due += units * (runner.due.ms / 1000);
    meter_->change(now, units);
    queue.began(DueTimes::key(runner.due, place), size);
    ends_.set(place, end);
    return place;
  }

  // Its inputs have yet to come.
  void wait_for_inputs(std::size_t place) {
    running_[place].whole = kNever;
    ends_.clear(place);
  }
  // They are there now: what it asked for, and its end, count from then.
  void set_whole(std::size_t place, Instant now, Instant end) {
    Running& runner = running_[place];
    const auto& [size, units] = sizes_[runner.size];
    queue.ended(DueTimes::key(runner.due, place));
    state_->due -= units * (runner.due.ms / 1000);
    runner.due = now + (runner.due - runner.began);
    runner.whole = now;
    state_->due += units * (runner.due.ms / 1000);
    queue.began(DueTimes::key(runner.due, place), size);
    ends_.set(place, end);
  }

  // Takes the runner out, at its end or before.
  Running end(std::size_t place, Instant now) {
    Running& runner = running_[place];
    const auto& [size, units] = sizes_[runner.size];
    state_->free += size;
    state_->units_busy -= units;
    state_->due -= units * (runner.due.ms / 1000);
    meter_->change(now, -units);
    queue.ended(DueTimes::key(runner.due, place));
    ends_.clear(place);
    runner.busy = false;
    free_places_.push_back(place);
    return runner;
  }

 private:
  // The places from `from` until the tournament is full are free; the lowest is taken first.
  void offer_places(std::size_t from) {
    running_.resize(ends_.leaves());
    for (std::size_t place = ends_.leaves(); place-- > from;) free_places_.push_back(place);
  }

  std::span<const JobSize> sizes_;
  PoolState* state_;
  LoadMeter* meter_;
  Tournament ends_;  // by place: when its runner ends
  std::vector<Running> running_;
  std::vector<std::size_t> free_places_;
};

}  // namespace hinterland
