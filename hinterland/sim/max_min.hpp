// Max-min fair rates, class by class.
//
//   level of a class = rate of one of its flows / weight
//   max-min:  no link carries more than its capacity, and every class with flows has a bottleneck: a full link of its path on
//             which no other class has a higher level.                                                     (certificate)
//   filling:  raise all levels together; the link with the least (capacity left / weight of the flows not yet fixed) fills
//             first and fixes its classes; repeat.
//
// A link that carries one class only couples nothing: it is a cap on the sum of that class. While caps are the least, whole
// runs of classes are fixed at once, for fixing a class below the common level can only raise what the shared links have
// left for the others.
//
// When a flow comes or goes, most of the certificate still holds, and only a component is solved again: begin with the
// classes that changed, fill, then look at the links of every class whose load moved. An outside class joins if
//   (a) its bottleneck is such a link (the link's load moved, so its level may), or a link on which an inside class is now
//       above it, or
//   (b) it is above the level at which a link of any inside class is now full. (Not only of those whose level changed: a
//       class held back by faster outsiders keeps its level exactly, and it is they who must give way.)
// When nobody joins, every outside class still has its bottleneck and every inside class has one: the whole is max-min.
// If the component grows beyond a sixth of the classes, one filling of the whole is cheaper, and is done instead.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "hinterland/sim/network.hpp"

namespace hinterland {

class MaxMin {
 public:
  // The network must outlive it. `by_component` false: every update solves the whole.
  explicit MaxMin(const Network& network, bool by_component = true);

  [[nodiscard]] std::uint32_t flows(FlowClass flow) const { return flows_[flow]; }
  // Bytes per second of one flow of the class; 0 if it has none, or stands behind a link that is cut.
  [[nodiscard]] double rate(FlowClass flow) const { return level_[flow] * network_.weight(flow); }
  // What a class's rate was before the last update that returned it.
  [[nodiscard]] double rate_before(FlowClass flow) const { return old_level_[flow] * network_.weight(flow); }
  [[nodiscard]] double capacity(LinkIndex link) const { return capacity_[link]; }
  // Bytes per second on the link now.
  [[nodiscard]] double load(LinkIndex link) const;

  void add_flows(FlowClass flow, std::int32_t more) { flows_[flow] += static_cast<std::uint32_t>(more); }

  // Brings the levels up to date after flows were added to or taken from the `changed` classes (sorted, each once). Returns
  // the classes whose level changed.
  std::span<const FlowClass> update(std::span<const FlowClass> changed);
  // Another capacity; everything is solved again.
  std::span<const FlowClass> set_capacity(LinkIndex link, double bytes_per_second);

 private:
  static constexpr std::uint32_t kNoLink = ~std::uint32_t{0};
  static constexpr std::uint32_t kOwnCap = kNoLink - 1;  // "its bottleneck is a link of its own"

  void find_caps();
  void join(FlowClass flow);
  void join_all();
  void join_disturbed(std::span<const FlowClass> changed);
  void fill();
  std::size_t begin_filling();
  void fix(FlowClass flow, double level, std::uint32_t bottleneck);
  std::span<const FlowClass> settle();

  const Network& network_;
  bool by_component_;
  std::vector<double> capacity_;
  std::vector<std::uint32_t> flows_;
  std::vector<double> level_, old_level_;
  std::vector<std::vector<LinkIndex>> shared_;  // by class: links of its path that others use too
  std::vector<double> cap_;                     // by class: the least of its own links
  std::vector<std::uint32_t> bottleneck_, old_bottleneck_;
  std::vector<char> inside_, fixed_, moved_, seen_;
  std::vector<double> full_at_, left_, heads_, share_;  // by link, while filling
  std::vector<FlowClass> component_, changed_;
  std::vector<LinkIndex> links_;                      // that the component touches
  std::vector<std::pair<double, FlowClass>> capped_;  // by the level at which its own cap holds a class
};

}  // namespace hinterland
