#include "hinterland/sim/flows.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

namespace {

double seconds(Instant t) { return static_cast<double>(t.ms) / 1000; }

// Rounded up to whole milliseconds, less what a sum of doubles may have added.
Instant rounded_up(double seconds, std::int64_t begun_ms) {
  const double ms = seconds * 1000;
  const auto whole = static_cast<std::int64_t>(std::ceil(ms - 1e-6));
  return {std::max(whole, begun_ms + 1)};
}

}  // namespace

Flows::Flows(const Network& network, bool by_component)
    : network_(network),
      rates_(network, by_component),
      classes_(network.classes()),
      next_(std::max<std::size_t>(1, network.classes()), HUGE_VAL) {}

// Its flows ran at `rate` since it was last looked at.
void Flows::serve(FlowClass flow, double now, double rate) {
  ClassState& state = classes_[flow];
  const double more = rate * (now - state.at);
  state.received += more;
  state.bytes += more * rates_.flows(flow);
  state.at = now;
}

void Flows::predict(FlowClass flow) {
  const ClassState& state = classes_[flow];
  const double rate = rates_.rate(flow);
  next_[flow] = state.waiting.empty() || rate <= 0
                    ? HUGE_VAL
                    : state.at + std::max(0.0, state.waiting.top().until - state.received) / rate;
}

void Flows::find_first() {
  first_ = static_cast<std::size_t>(std::ranges::min_element(next_) - next_.begin());
}

// Levels changed at `now`; until then those classes ran at what they were.
void Flows::retime(std::span<const FlowClass> changed, double now) {
  for (const FlowClass flow : changed) {
    if (classes_[flow].at != now) serve(flow, now, rates_.rate_before(flow));
    predict(flow);
  }
}

void Flows::share_out(double now) {
  std::ranges::sort(changed_);
  changed_.erase(std::ranges::unique(changed_).begin(), changed_.end());
  retime(rates_.update(changed_), now);
  for (const FlowClass flow : changed_) predict(flow);
  changed_.clear();
  ++events_;
  find_first();
}

void Flows::begin(std::span<const Start> starts, Instant now) {
  const double at = seconds(now);
  for (const auto& [flow, bytes, tag] : starts) {
    ClassState& state = classes_[flow];
    if (state.waiting.empty()) {
      state.received = 0;
      state.at = at;
    } else {
      serve(flow, at, rates_.rate(flow));
    }
    const double until = state.received + bytes;
    state.waiting.push({until, tag});
    under_way_[tag] = {flow, until, now.ms};
    rates_.add_flows(flow, 1);
    changed_.push_back(flow);
  }
  share_out(at);
}

void Flows::begin(FlowClass flow, double bytes, std::uint32_t tag, Instant now) {
  const Start start{flow, bytes, tag};
  begin(std::span(&start, 1), now);
}

double Flows::cancel(std::uint32_t tag, Instant now) {
  const auto found = under_way_.extract(tag);
  if (found.empty()) return 0;
  const FlowClass flow = found.mapped().flow;
  ClassState& state = classes_[flow];
  serve(flow, seconds(now), rates_.rate(flow));
  const double missing = std::max(0.0, found.mapped().until - state.received);
  // Rare: the heap is built anew without it.
  std::vector<Line> keep;
  for (; !state.waiting.empty(); state.waiting.pop()) {
    if (state.waiting.top().tag != tag) keep.push_back(state.waiting.top());
  }
  state.waiting = decltype(state.waiting)(std::greater<>{}, std::move(keep));
  rates_.add_flows(flow, -1);
  changed_.push_back(flow);
  share_out(seconds(now));
  return missing;
}

void Flows::set_capacity(LinkIndex link, double bytes_per_second, Instant now) {
  retime(rates_.set_capacity(link, bytes_per_second), seconds(now));
  ++events_;
  find_first();
}

Instant Flows::next_end() const {
  const double next = next_[first_];
  if (next == HUGE_VAL) return kNever;
  const std::uint32_t tag = classes_[first_].waiting.top().tag;
  return std::min(kNever, rounded_up(next, under_way_.at(tag).begun_ms));
}

// The first class's next flow ends, and with it all of that class that reach their end at the same V.
void Flows::end_first(std::vector<Ended>& ended) {
  const FlowClass flow{first_};
  ClassState& state = classes_[flow];
  const double now = next_[flow];
  serve(flow, now, rates_.rate(flow));
  state.received = state.waiting.top().until;  // exactly
  while (!state.waiting.empty() && state.waiting.top().until <= state.received) {
    const std::uint32_t tag = state.waiting.top().tag;
    const auto done = under_way_.extract(tag);
    ended.push_back({rounded_up(now, done.mapped().begun_ms), tag, now});
    state.waiting.pop();
    rates_.add_flows(flow, -1);
  }
  changed_.push_back(flow);
  share_out(now);
}

void Flows::advance(Instant to, std::vector<Ended>& ended) {
  while (next_end() <= to) end_first(ended);
}

double Flows::carried(LinkIndex link) const {
  double bytes = 0;
  for (const FlowClass flow : network_.carried(link)) bytes += classes_[flow].bytes;
  return bytes;
}

}  // namespace hinterland
