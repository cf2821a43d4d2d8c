#include "hinterland/sim/max_min.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

namespace {

constexpr std::size_t kSpread = 6;  // measured: 3 to 12 are alike
constexpr double kNoise = 1e-13;    // a level that moves less has not moved: rounding is not to spread
constexpr double kNoHeads = 1e-6;   // weights are at least 1e-3: fewer heads than this is rounding

}  // namespace

MaxMin::MaxMin(const Network& network, bool by_component)
    : network_(network),
      by_component_(by_component),
      flows_(network.classes()),
      level_(network.classes()),
      old_level_(network.classes()),
      shared_(network.classes()),
      cap_(network.classes()),
      bottleneck_(network.classes(), kNoLink),
      old_bottleneck_(network.classes(), kNoLink),
      inside_(network.classes()),
      fixed_(network.classes()),
      moved_(network.classes()),
      seen_(network.links()),
      full_at_(network.links(), HUGE_VAL),
      left_(network.links()),
      heads_(network.links()),
      share_(network.links()) {
  for (std::size_t link = 0; link < network.links(); ++link)
    capacity_.push_back(network.capacity(LinkIndex{link}));
  for (std::size_t c = 0; c < network.classes(); ++c) {
    for (const LinkIndex link : network.path(FlowClass{c})) {
      if (network.carried(link).size() > 1) shared_[c].push_back(link);
    }
  }
  find_caps();
}

void MaxMin::find_caps() {
  for (std::size_t c = 0; c < network_.classes(); ++c) {
    cap_[c] = HUGE_VAL;
    for (const LinkIndex link : network_.path(FlowClass{c})) {
      if (network_.carried(link).size() == 1) cap_[c] = std::min(cap_[c], capacity_[link]);
    }
  }
}

double MaxMin::load(LinkIndex link) const {
  double sum = 0;
  for (const FlowClass flow : network_.carried(link)) sum += flows_[flow] * rate(flow);
  return sum;
}

void MaxMin::join(FlowClass flow) {
  if (inside_[flow] != 0) return;
  inside_[flow] = 1;
  component_.push_back(flow);
  old_level_[flow] = level_[flow];
  old_bottleneck_[flow] = bottleneck_[flow];
}

void MaxMin::join_all() {
  for (std::size_t c = 0; c < network_.classes(); ++c) join(FlowClass{c});
}

std::span<const FlowClass> MaxMin::set_capacity(LinkIndex link, double bytes_per_second) {
  capacity_[link] = bytes_per_second;
  find_caps();
  component_.clear();
  join_all();
  fill();
  return settle();
}

std::span<const FlowClass> MaxMin::update(std::span<const FlowClass> changed) {
  component_.clear();
  if (!by_component_) join_all();
  for (const FlowClass flow : changed) join(flow);
  // A head start, not a rule: those who share its bottleneck will hardly stay as they are.
  for (const FlowClass flow : changed) {
    const std::uint32_t bottleneck = bottleneck_[flow];
    if (bottleneck >= kOwnCap) continue;
    for (const FlowClass other : network_.carried(LinkIndex{bottleneck})) {
      if (bottleneck_[other] == bottleneck) join(other);
    }
  }
  for (std::size_t before = 0; before != component_.size();) {
    before = component_.size();
    fill();
    if (before == network_.classes()) break;
    join_disturbed(changed);
    if (component_.size() != before && component_.size() > network_.classes() / kSpread) join_all();
  }
  return settle();
}

std::span<const FlowClass> MaxMin::settle() {
  changed_.clear();
  for (const FlowClass flow : component_) {
    inside_[flow] = 0;
    if (level_[flow] != old_level_[flow]) changed_.push_back(flow);
  }
  return changed_;
}

void MaxMin::join_disturbed(std::span<const FlowClass> changed) {
  for (const FlowClass flow : component_) {
    // Held by its own cap before and after: its sum is the cap, so its load has not moved, however many flows share it.
    const bool held = bottleneck_[flow] == kOwnCap && old_bottleneck_[flow] == kOwnCap;
    const bool has_changed = std::ranges::binary_search(changed, flow);
    moved_[flow] = !held && (level_[flow] != old_level_[flow] || has_changed) ? 1 : 0;
  }
  for (const LinkIndex link : links_) {
    bool moved = false;
    double fastest = 0;
    for (const FlowClass flow : network_.carried(link)) {
      if (inside_[flow] == 0) continue;
      moved = moved || moved_[flow] != 0;
      fastest = std::max(fastest, level_[flow]);
    }
    for (const FlowClass flow : network_.carried(link)) {
      if (inside_[flow] != 0 || flows_[flow] == 0) continue;
      const bool bottleneck_moved = bottleneck_[flow] == link.value && (moved || fastest > level_[flow]);
      if (bottleneck_moved || level_[flow] > full_at_[link]) join(flow);
    }
  }
}

void MaxMin::fix(FlowClass flow, double level, std::uint32_t bottleneck) {
  if (std::abs(level - old_level_[flow]) <= kNoise * level) level = old_level_[flow];
  fixed_[flow] = 1;
  level_[flow] = level;
  bottleneck_[flow] = bottleneck;
  const double heads = flows_[flow] * network_.weight(flow);
  for (const LinkIndex link : shared_[flow]) {
    left_[link] -= heads * level;
    heads_[link] -= heads;
    share_[link] = heads_[link] < kNoHeads ? HUGE_VAL : left_[link] / heads_[link];
  }
}

// What the outside leaves of each link, summed afresh, so that no error builds up. Returns how many classes are to be fixed.
std::size_t MaxMin::begin_filling() {
  links_.clear();
  capped_.clear();
  std::size_t open = 0;
  for (const FlowClass flow : component_) {
    fixed_[flow] = flows_[flow] == 0 ? 1 : 0;
    for (const LinkIndex link : shared_[flow]) {
      if (seen_[link] == 0) links_.push_back(link);
      seen_[link] = 1;
    }
    if (fixed_[flow] != 0) {
      level_[flow] = 0;
      bottleneck_[flow] = kNoLink;
      continue;
    }
    ++open;
    if (cap_[flow] != HUGE_VAL)
      capped_.emplace_back(cap_[flow] / (flows_[flow] * network_.weight(flow)), flow);
  }
  std::ranges::sort(capped_);
  for (const LinkIndex link : links_) {
    double left = capacity_[link], heads = 0;
    for (const FlowClass flow : network_.carried(link)) {
      const double weight = flows_[flow] * network_.weight(flow);
      if (inside_[flow] != 0) {
        heads += weight;
      } else {
        left -= weight * level_[flow];
      }
    }
    left_[link] = left;
    heads_[link] = heads;
    full_at_[link] = HUGE_VAL;
    seen_[link] = 0;
    share_[link] = heads < kNoHeads ? HUGE_VAL : left / heads;
  }
  return open;
}

void MaxMin::fill() {
  std::size_t open = begin_filling(), live = links_.size(), next_cap = 0;
  while (open != 0) {
    double least = HUGE_VAL;
    std::size_t at = 0;
    for (std::size_t k = 0; k < live;) {
      const double share = share_[links_[k]];
      if (share == HUGE_VAL) {  // all its classes are fixed
        std::swap(links_[k], links_[--live]);
        continue;
      }
      if (share < least) {
        least = share;
        at = k;
      }
      ++k;
    }
    least = std::max(least, 0.0);
    bool any_cap = false;
    for (; next_cap < capped_.size() && capped_[next_cap].first <= least; ++next_cap) {
      const auto [level, flow] = capped_[next_cap];
      if (fixed_[flow] != 0) continue;
      fix(flow, level, kOwnCap);
      --open;
      any_cap = true;
    }
    if (any_cap) continue;  // the links have more left now: look again
    const LinkIndex link = links_[at];
    full_at_[link] = least;
    for (const FlowClass flow : network_.carried(link)) {
      if (inside_[flow] == 0 || fixed_[flow] != 0) continue;
      fix(flow, least, link.value);
      --open;
    }
  }
}

}  // namespace hinterland
