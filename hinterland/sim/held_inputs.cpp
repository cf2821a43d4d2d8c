#include "hinterland/sim/held_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hinterland {

namespace {

constexpr double kBytesPerGigabyte = 1e9, kMsPerSecond = 1000;

}  // namespace

HeldInputs::HeldInputs(const SimWorld& world) : world_(world) {
  if (world.staging.mode != Staging::Mode::held) return;
  for (const SimPool& pool : world.pools)
    paths_.push_back({.bytes_per_ms = pool.input_bytes_per_s / kMsPerSecond});
  left_.reserve(world.groups.size() * world.pools.size());
  for (const SimGroup& group : world.groups) {
    for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
      double gb = group.inputs_gb;
      if (pool < group.moves_gb.size() && group.moves_gb[pool] >= 0) gb = group.moves_gb[pool];
      left_.push_back(std::round(gb * kBytesPerGigabyte));  // bytes are whole
    }
  }
  known_.resize(world.groups.size());
}

double HeldInputs::Path::got_by(Instant now) const {
  if (moving.empty()) return got;
  return got + static_cast<double>((now - since).ms) * bytes_per_ms / static_cast<double>(moving.size());
}

Instant HeldInputs::Path::next_end() const {
  if (moving.empty()) return kNever;
  double least = std::numeric_limits<double>::infinity();
  for (const Moving& one : moving) least = std::min(least, one.ends_at);
  const double ms = std::max(0.0, least - got) * static_cast<double>(moving.size()) / bytes_per_ms;
  return ms < static_cast<double>(kNever.ms) ? Instant{since.ms + rounded_up(ms)} : kNever;
}

void HeldInputs::settle(Path& path, Instant now) {
  path.got = path.got_by(now);
  path.since = now;
}

// What moved since it began, or went on.
void HeldInputs::count(const Moving& moving, double left, bool billed) {
  const Waiter& payer = moving.waiters.front();
  const double bytes = moving.begun_with - left;
  if (bytes > 0) (billed ? moves_ : unbilled_).push_back({payer.job, payer.pool, bytes / kBytesPerGigabyte});
}

bool HeldInputs::begin(const Waiter& waiter, Instant now) {
  if (paths_.empty()) return true;
  const GroupIndex group = world_.jobs.group[waiter.job];
  if (world_.groups[group].inputs_gb <= 0) return true;
  Path& path = paths_[waiter.pool];
  double& bytes = left(group, waiter.pool);
  if (bytes == kThere || path.bytes_per_ms <= 0) return true;
  if (bytes <= 0) {
    count({.group = group, .begun_with = bytes, .waiters = {waiter}}, 0, true);
    bytes = kThere;
    known_[group] = true;
    return true;
  }
  const auto found = std::ranges::find(path.moving, group, &Moving::group);
  if (found != path.moving.end()) {
    found->waiters.push_back(waiter);
    return false;
  }
  settle(path, now);
  path.moving.push_back(
      {.group = group, .ends_at = path.got + bytes, .begun_with = bytes, .waiters = {waiter}});
  return false;
}

void HeldInputs::stop(PoolIndex pool, std::size_t place, JobIndex job, bool billed, Instant now) {
  Path& path = paths_[pool];
  const auto found = std::ranges::find(path.moving, world_.jobs.group[job], &Moving::group);
  const auto who = std::ranges::find(found->waiters, place, &Waiter::place);
  if (who == found->waiters.begin()) {
    settle(path, now);
    double& bytes = left(found->group, pool);
    bytes = std::max(0.0, found->ends_at - path.got);
    count(*found, bytes, billed);
    found->begun_with = bytes;
  }
  found->waiters.erase(who);
  if (found->waiters.empty()) path.moving.erase(found);
}

Instant HeldInputs::next_end() const {
  Instant next = kNever;
  for (const Path& path : paths_) next = std::min(next, path.next_end());
  return next;
}

std::vector<HeldInputs::Waiter> HeldInputs::arrived(Instant now) {
  std::vector<Waiter> out;
  for (std::size_t pool = 0; pool < paths_.size(); ++pool) {
    Path& path = paths_[pool];
    // One after the other: an end changes the slope of those that go on.
    while (path.next_end() <= now) {
      settle(path, path.next_end());
      const auto first = std::ranges::min_element(path.moving, {}, &Moving::ends_at);
      path.got = std::max(path.got, first->ends_at);
      count(*first, 0, true);
      left(first->group, PoolIndex{pool}) = kThere;
      known_[first->group] = true;
      out.insert(out.end(), first->waiters.begin(), first->waiters.end());
      path.moving.erase(first);
    }
  }
  return out;
}

std::span<const Instant> HeldInputs::there(GroupIndex group, Instant now) {
  if (known_.empty() || !known_[group]) return {};
  there_.assign(paths_.size(), kNever);
  for (std::size_t pool = 0; pool < paths_.size(); ++pool) {
    if (left(group, PoolIndex{pool}) == kThere) there_[pool] = now;
  }
  return there_;
}

}  // namespace hinterland
