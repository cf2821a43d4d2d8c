// Transfers under way: when each ends, if links are shared max-min fairly (max_min.hpp).
//
// All flows of a class run at one rate, so a class needs one number for them: V(t), the bytes that each of its flows has
// received since the class last stood empty. A flow of b bytes that begins at V ends when V reaches V + b: the order of ends
// inside a class never changes, whatever the rates do, and a heap keyed by V + b is never touched by a change of rate.
//
// Times inside are seconds as doubles and rates change at the true ends; what is told outside is rounded up to whole
// milliseconds, and never earlier than a millisecond after the flow began.
#pragma once
#include <cstdint>
#include <queue>
#include <span>
#include <unordered_map>
#include <vector>

#include "hinterland/policy/view.hpp"
#include "hinterland/sim/max_min.hpp"

namespace hinterland {

class Flows {
 public:
  struct Ended {
    Instant at;
    std::uint32_t tag = 0;
    double true_s = 0;  // before it was rounded up
  };

  // The network must outlive it.
  explicit Flows(const Network& network, bool by_component = true);

  // All of these require that everything that ended by `now` was taken with advance(now). Tags of flows under way differ.
  void begin(FlowClass flow, double bytes, std::uint32_t tag, Instant now);
  // Begins many at once, as if one after the other, and shares the links out once.
  struct Start {
    FlowClass flow;
    double bytes = 0;
    std::uint32_t tag = 0;
  };
  void begin(std::span<const Start> starts, Instant now);
  // Ends it undelivered; nothing if no such flow is under way. Returns the bytes that were missing.
  double cancel(std::uint32_t tag, Instant now);
  void set_capacity(LinkIndex link, double bytes_per_second, Instant now);

  // When the next flow ends; kNever if none moves.
  [[nodiscard]] Instant next_end() const;
  // Appends what ends at or before `to`, in the order of the true ends; of equals in that of the tags, class by class.
  void advance(Instant to, std::vector<Ended>& ended);

  [[nodiscard]] std::size_t under_way() const { return under_way_.size(); }
  // Bytes that crossed the link, up to the last event that changed the rate of each of its classes.
  [[nodiscard]] double carried(LinkIndex link) const;
  [[nodiscard]] const MaxMin& rates() const { return rates_; }
  [[nodiscard]] std::int64_t events() const { return events_; }

 private:
  struct Line {
    double until = 0;  // V at which it ends
    std::uint32_t tag = 0;
    bool operator>(const Line& other) const {
      return until != other.until ? until > other.until : tag > other.tag;
    }
  };
  struct UnderWay {
    FlowClass flow;
    double until = 0;
    std::int64_t begun_ms = 0;
  };
  struct ClassState {
    std::priority_queue<Line, std::vector<Line>, std::greater<>> waiting;
    double received = 0;  // V
    double at = 0;        // the time of V
    double bytes = 0;     // that all its flows have received, ever
  };

  void serve(FlowClass flow, double now, double rate);
  void predict(FlowClass flow);
  void share_out(double now);
  void retime(std::span<const FlowClass> changed, double now);
  void find_first();
  void end_first(std::vector<Ended>& ended);

  const Network& network_;
  MaxMin rates_;
  std::vector<ClassState> classes_;
  std::vector<double> next_;  // by class: when its next flow ends
  std::size_t first_ = 0;     // the class whose next is least
  std::unordered_map<std::uint32_t, UnderWay> under_way_;
  std::vector<FlowClass> changed_;  // flows came or went since the links were last shared out
  std::int64_t events_ = 0;
};

}  // namespace hinterland
