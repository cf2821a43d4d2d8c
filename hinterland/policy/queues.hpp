// Queue disciplines: which of the jobs that wait in a pool start now.
//
// A discipline keeps the jobs that wait and is told of each that begins and ends. It starts jobs by calling
// `room.start(waiting)`, which takes their size out of `room.free()`. Simulator and broker use the same ones.
//
// What every discipline offers:
//   join(waiting)                a job joins; a pass follows
//   pass(now, room)              something ended or joined, or the pool grew or shrank: start all that may
//   arrive(waiting, now, room)   the same as join() and pass(), for a job that comes while nothing else has happened
//   began(key, size), ended(key) of a runner; `key` is its requested end and place (DueTimes::key)
//   take_all()                   empties the queue, in the order in which the jobs came
//
// fcfs        the first starts when it fits; nobody overtakes.
// easy        EASY backfilling (Lifka 1995): the first is promised a time, by requested ends; another may overtake if it
//             fits and ends by then, or holds no more than what is left over then. Three facts make it fast:
//             1. starting an overtaker moves neither shadow nor (unless it runs past the shadow) extra: one pass is enough
//             2. between two ends the window until the shadow, free and extra only shrink: a job once passed over stays so,
//                and an arrival concerns the new job alone
//             3. jobs of one size differ only in their request: one line a size (waiting_line.hpp)
// priority    the highest priority first, in it the first that came; nobody overtakes the head. If the head does not fit,
//             running jobs of lower priority give way (victims.hpp), and wait again before all others of theirs: put_back()
// fair        by what each project was given for its share (fair_queue.hpp)
#pragma once
#include <array>
#include <deque>
#include <span>
#include <vector>

#include "hinterland/policy/due_times.hpp"
#include "hinterland/policy/victims.hpp"
#include "hinterland/policy/waiting_line.hpp"

namespace hinterland {

class FcfsQueue {
 public:
  explicit FcfsQueue(std::span<const Size> sizes) : sizes_(sizes) {}

  void join(const Waiting& job) { jobs_.push_back(job); }
  template <class Room>
  void arrive(const Waiting& job, Instant, Room& room) {
    if (jobs_.empty() && sizes_[job.size].fits_into(room.free())) {
      room.start(job);
    } else {
      jobs_.push_back(job);
    }
  }
  template <class Room>
  void pass(Instant, Room& room) {
    while (!jobs_.empty() && sizes_[jobs_.front().size].fits_into(room.free())) {
      const Waiting job = jobs_.front();
      jobs_.pop_front();
      room.start(job);
    }
  }
  void began(std::uint64_t, const Size&) {}
  void ended(std::uint64_t) {}
  std::vector<Waiting> take_all() {
    std::vector<Waiting> all(jobs_.begin(), jobs_.end());
    jobs_.clear();
    return all;
  }

 private:
  std::span<const Size> sizes_;
  std::deque<Waiting> jobs_;
};

class EasyQueue {
 public:
  explicit EasyQueue(std::span<const Size> sizes) : sizes_(sizes), line_of_(sizes.size(), kNone) {}

  void join(Waiting job) {
    job.turn = turns_++;
    std::size_t& line = line_of_[job.size];
    if (line == kNone) {
      line = lines_.size();
      lines_.push_back({sizes_[job.size], {}});
    }
    lines_[line].line.push(job);
    ++waiting_;
  }

  template <class Room>
  void arrive(const Waiting& job, Instant now, Room& room) {
    const Size& need = sizes_[job.size];
    const bool fits = need.fits_into(room.free());
    if (waiting_ == 0) {
      if (fits) return room.start(job);
      join(job);
      promise_head(need, room.free());
      return;
    }
    const bool past = now + job.request > shadow_;
    if (!fits || (past && !need.fits_into(extra_))) return join(job);
    if (past) extra_ -= need;
    room.start(job);
  }

  template <class Room>
  void pass(Instant now, Room& room) {
    if (waiting_ == 0) return;
    std::size_t head = first_line();
    while (lines_[head].need.fits_into(room.free())) {
      start(head, lines_[head].line.first_slot(), room);
      if (waiting_ == 0) return;
      head = first_line();
    }
    promise_head(lines_[head].need, room.free());
    backfill(now, room);
  }

  void began(std::uint64_t key, const Size& size) { due_.insert(key, size); }
  void ended(std::uint64_t key) { due_.erase(key); }

  std::vector<Waiting> take_all() {
    std::vector<Waiting> all;
    for (const SizeLine& line : lines_) line.line.copy_to(all);
    std::ranges::sort(all, {}, &Waiting::turn);
    lines_.clear();
    line_of_.assign(line_of_.size(), kNone);
    waiting_ = 0;
    return all;
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct SizeLine {
    Size need;
    WaitingLine line;
  };

  void promise_head(const Size& need, const Size& free) {
    const auto [shadow, extra] = due_.promise(free, need);
    shadow_ = shadow;
    extra_ = extra;
  }

  [[nodiscard]] std::size_t first_line() const {  // the line of the job that came first
    std::size_t best = kNone;
    for (std::size_t k = 0; k < lines_.size(); ++k) {
      if (lines_[k].line.empty()) continue;
      if (best == kNone || lines_[k].line.first().turn < lines_[best].line.first().turn) best = k;
    }
    return best;
  }

  template <class Room>
  void start(std::size_t line, std::size_t slot, Room& room) {
    const Waiting job = lines_[line].line.at(slot);
    lines_[line].line.remove(slot);
    --waiting_;
    room.start(job);
  }

  // The first that may go, and again: every start only narrows what may follow.
  template <class Room>
  void backfill(Instant now, Room& room) {
    const Duration window = shadow_ - now;
    for (;;) {
      std::size_t line = kNone, slot = 0;
      for (std::size_t k = 0; k < lines_.size(); ++k) {
        const WaitingLine& jobs = lines_[k].line;
        if (jobs.empty() || !lines_[k].need.fits_into(room.free())) continue;
        std::size_t at = jobs.first_slot();
        if (!lines_[k].need.fits_into(extra_)) {
          if (jobs.least_request() > window) continue;
          at = jobs.first_within(window);
        }
        if (line == kNone || jobs.at(at).turn < lines_[line].line.at(slot).turn) {
          line = k;
          slot = at;
        }
      }
      if (line == kNone) return;
      if (lines_[line].line.at(slot).request > window) extra_ -= lines_[line].need;
      start(line, slot, room);
    }
  }

  std::span<const Size> sizes_;
  std::vector<std::size_t> line_of_;  // by size
  std::vector<SizeLine> lines_;
  DueTimes due_;
  Instant shadow_;
  Size extra_;
  std::size_t waiting_ = 0;
  std::uint64_t turns_ = 0;
};

class PriorityQueue {
 public:
  static constexpr std::size_t kLevels = 8;  // priorities 0 to 7; 7 is the highest

  explicit PriorityQueue(std::span<const Size> sizes) : sizes_(sizes) {}

  void join(const Waiting& job) {
    levels_[job.priority].push_back(job);
    ++waiting_;
  }
  template <class Room>
  void arrive(const Waiting& job, Instant now, Room& room) {
    join(job);
    pass(now, room);
  }
  // `room` also offers runners(below, now), who run at a lower priority, and preempt(place): a runner gives way, and is put
  // back at the front of its level.
  template <class Room>
  void pass(Instant now, Room& room) {
    while (waiting_ != 0) {
      std::deque<Waiting>& level = highest();
      const Waiting head = level.front();
      const Size& need = sizes_[head.size];
      if (!need.fits_into(room.free())) {
        for (const std::size_t place : victims(room.runners(head.priority, now), need, room.free()))
          room.preempt(place);
        if (!need.fits_into(room.free())) return;
      }
      level.pop_front();
      --waiting_;
      room.start(head);
    }
  }
  void put_back(const Waiting& job) {
    levels_[job.priority].push_front(job);
    ++waiting_;
  }
  void began(std::uint64_t, const Size&) {}
  void ended(std::uint64_t) {}
  std::vector<Waiting> take_all() {
    std::vector<Waiting> all;
    for (std::size_t k = kLevels; k-- > 0;) {
      all.insert(all.end(), levels_[k].begin(), levels_[k].end());
      levels_[k].clear();
    }
    waiting_ = 0;
    return all;
  }

 private:
  std::deque<Waiting>& highest() {
    std::size_t k = kLevels - 1;
    while (levels_[k].empty()) --k;
    return levels_[k];
  }

  std::span<const Size> sizes_;
  std::array<std::deque<Waiting>, kLevels> levels_;
  std::size_t waiting_ = 0;
};

}  // namespace hinterland
