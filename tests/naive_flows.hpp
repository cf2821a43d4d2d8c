// The obviously right way to share links: every flow by itself, all rates from scratch after every event.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "hinterland/sim/network.hpp"

namespace hinterland::naive {

class Flows {
 public:
  explicit Flows(const Network& network) : network_(network) {
    for (std::size_t link = 0; link < network.links(); ++link)
      capacity_.push_back(network.capacity(LinkIndex{link}));
  }
  void begin(FlowClass flow, double bytes, std::uint32_t tag) { flows_[tag] = {flow, bytes, 0}; }
  double cancel(std::uint32_t tag) {
    const auto found = flows_.extract(tag);
    return found.empty() ? 0 : found.mapped().left;
  }
  void set_capacity(LinkIndex link, double bytes_per_second) { capacity_[link] = bytes_per_second; }
  [[nodiscard]] const std::map<std::uint32_t, double>& ended() const { return ended_; }
  [[nodiscard]] std::size_t under_way() const { return flows_.size(); }

  void advance(double to) {
    while (true) {
      share();
      double next = to;
      for (const auto& [tag, flow] : flows_) {
        if (flow.rate > 0) next = std::min(next, now_ + flow.left / flow.rate);
      }
      for (auto& [tag, flow] : flows_) flow.left = std::max(0.0, flow.left - flow.rate * (next - now_));
      now_ = next;
      std::erase_if(flows_, [&](const auto& entry) {
        const bool through = entry.second.left <= entry.second.rate * 1e-9 && entry.second.rate > 0;
        if (through) ended_[entry.first] = now_;
        return through;
      });
      if (next >= to) return;
    }
  }

 private:
  struct Flow {
    FlowClass of;
    double left, rate;
  };

  // Raise all rates together, by weight; whoever meets a full link stays where it is.
  void share() {
    std::vector<double> left = capacity_;
    std::map<std::uint32_t, bool> fixed;
    while (fixed.size() < flows_.size()) {
      std::vector<double> weight(left.size());
      for (const auto& [tag, flow] : flows_) {
        for (const LinkIndex link : network_.path(flow.of))
          weight[link] += fixed.contains(tag) ? 0 : network_.weight(flow.of);
      }
      double level = HUGE_VAL;
      std::size_t full = 0;
      for (std::size_t link = 0; link < left.size(); ++link) {
        if (weight[link] > 0 && left[link] / weight[link] < level) {
          level = left[link] / weight[link];
          full = link;
        }
      }
      level = std::max(level, 0.0);
      for (auto& [tag, flow] : flows_) {
        const auto& path = network_.path(flow.of);
        if (fixed.contains(tag) || std::ranges::find(path, LinkIndex{full}) == path.end()) continue;
        fixed[tag] = true;
        flow.rate = level * network_.weight(flow.of);
        for (const LinkIndex link : path) left[link] = std::max(0.0, left[link] - flow.rate);
      }
    }
  }

  const Network& network_;
  std::vector<double> capacity_;
  std::map<std::uint32_t, Flow> flows_;
  std::map<std::uint32_t, double> ended_;
  double now_ = 0;
};

}  // namespace hinterland::naive
