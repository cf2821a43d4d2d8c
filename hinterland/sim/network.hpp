// The wide-area network of a run: links with a capacity, and classes of flows that share them.
//
// Flows of one class take the same path with the same weight, so they always run at one rate: 100,000 flows cost what their
// few hundred classes cost.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "hinterland/base/index.hpp"

namespace hinterland {

using LinkIndex = Index<struct LinkTag, std::uint32_t>;
using FlowClass = Index<struct FlowClassTag, std::uint32_t>;

class Network {
 public:
  // Bytes per second, >= 0.
  LinkIndex add_link(double capacity) {
    capacity_.push_back(capacity);
    carried_.emplace_back();
    return LinkIndex{capacity_.size() - 1};
  }
  // Requires links that are there, each named once, at least one; weight >= 1e-3: a flow of weight 2 gets twice the rate of
  // one of weight 1 where both wait for the same link.
  FlowClass add_class(std::vector<LinkIndex> path, double weight = 1) {
    const FlowClass added{path_.size()};
    for (const LinkIndex link : path) carried_[link].push_back(added);
    path_.push_back(std::move(path));
    weight_.push_back(weight);
    return added;
  }

  [[nodiscard]] std::size_t links() const { return capacity_.size(); }
  [[nodiscard]] std::size_t classes() const { return path_.size(); }
  [[nodiscard]] double capacity(LinkIndex link) const { return capacity_[link]; }
  [[nodiscard]] const std::vector<FlowClass>& carried(LinkIndex link) const { return carried_[link]; }
  [[nodiscard]] const std::vector<LinkIndex>& path(FlowClass flow) const { return path_[flow]; }
  [[nodiscard]] double weight(FlowClass flow) const { return weight_[flow]; }

 private:
  std::vector<double> capacity_;
  std::vector<std::vector<FlowClass>> carried_;  // by link
  std::vector<std::vector<LinkIndex>> path_;     // by class
  std::vector<double> weight_;
};

}  // namespace hinterland
