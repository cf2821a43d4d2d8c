// Time, chance and the network of a simulated deployment.
#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "hinterland/base/random.hpp"

namespace hinterland::test {

using Ms = std::int64_t;

inline constexpr Ms kTrouble = 12'000;  // how long things fail
inline constexpr Ms kAll = 600'000;     // when everything must have ended

class Stage {
 public:
  // How often each thing goes wrong; half of the seeds do without it.
  struct Mix {
    double drop, twice, late, crash, torn, jump;  // messages; the broker
    double partition, restart, forget, swallow, down, host, drain, warn, room, wishes, price;  // sites; users
  };

  explicit Stage(std::uint64_t seed) : random_(seed, "deployment"), mix{} {
    for (const auto& [chance, most] : {std::pair{&Mix::drop, 0.3},
                                       {&Mix::twice, 0.3},
                                       {&Mix::late, 0.2},
                                       {&Mix::crash, 0.05},
                                       {&Mix::torn, 1.0},
                                       {&Mix::jump, 1.0},
                                       {&Mix::partition, 0.02},
                                       {&Mix::restart, 0.01},
                                       {&Mix::forget, 0.02},
                                       {&Mix::swallow, 0.05},
                                       {&Mix::down, 0.004},
                                       {&Mix::host, 0.05},
                                       {&Mix::drain, 0.01},
                                       {&Mix::warn, 0.01},
                                       {&Mix::room, 0.01},
                                       {&Mix::wishes, 1.0},
                                       {&Mix::price, 0.004}})
      mix.*chance = random_.uniform() < 0.5 ? 0 : most * random_.uniform();
    if (random_.uniform() < 0.8) mix.price = 0;  // rates of a year that are made anew take time
  }

  [[nodiscard]] Ms now() const { return now_; }
  [[nodiscard]] bool troubled() const { return now_ < kTrouble; }

  double uniform() { return random_.uniform(); }
  bool chance(double p) { return uniform() < p; }
  // While things fail, with this probability.
  bool strikes(double p) { return troubled() && chance(p); }
  Ms below(Ms n) { return static_cast<Ms>(random_.next() % static_cast<std::uint64_t>(n)); }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + static_cast<std::size_t>(below(static_cast<Ms>(most - least) + 1));
  }

  void at(Ms when, std::function<void()> what) {
    events_.push({std::max(when, now_), order_++, std::move(what)});
  }
  void in(Ms delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }
  // Through the network: later, perhaps twice, perhaps never.
  void send(const std::function<void()>& deliver) {
    for (int copies = strikes(mix.twice) ? 2 : 1; copies > 0; --copies) {
      if (strikes(mix.drop)) continue;
      in(1 + below(20) + (strikes(mix.late) ? below(4000) : 0), deliver);
    }
  }

  // The next event; false when there is none, or time is up.
  bool step() {
    if (events_.empty()) return false;
    const Timed next = events_.top();
    events_.pop();
    now_ = next.at;
    if (now_ > kAll) return false;
    next.what();
    return true;
  }

 private:
  struct Timed {
    Ms at;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(const Timed& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  RandomStream random_;
  Ms now_ = 0;
  std::uint64_t order_ = 0;
  std::priority_queue<Timed> events_;

 public:
  Mix mix;
};

// A clock that runs a little too fast or too slow.
struct DriftingClock {
  Ms offset = 0, since = 0;
  double rate = 1;
  [[nodiscard]] Ms at(Ms now) const {
    return offset + static_cast<Ms>(std::llround(static_cast<double>(now - since) * rate));
  }
};

}  // namespace hinterland::test
