#include "hinterland/sim/stager.hpp"

#include <algorithm>

namespace hinterland {

namespace {

constexpr double kBytesPerGb = 1e9;
// What a flow brings: a job's own data (its index), its results, or data that jobs share.
constexpr std::uint32_t kResults = std::uint32_t{1} << 31;
constexpr std::uint32_t kSharedData = std::uint32_t{1} << 30;

}  // namespace

Stager::Stager(const SimWorld& world)
    : world_(world),
      kept_gb_(world.pools.size()),
      moved_gb_(world.pools.size() * world.pools.size()),
      metered_(world.pools.size()) {
  if (world.staging.mode == Staging::Mode::shared) flows_.emplace(world.staging.network);
  if (moves_at_once() ||
      std::ranges::none_of(world.groups, [](const SimGroup& one) { return one.shared_gb > 0; }))
    return;
  there_.resize(world.groups.size() * world.pools.size());
  shared_.resize(there_.size());
  for (std::size_t group = 0; group < world.groups.size(); ++group) {
    if (world.groups[group].shared_gb <= 0) continue;
    for (std::size_t home = 0; home < world.pools.size(); ++home) {
      const std::size_t data = group * world.pools.size() + home;
      there_[data].assign(world.pools.size(), kNever);
      there_[data][home] = Instant{0};
      shared_[data].resize(world.pools.size());
    }
  }
}

std::span<const Instant> Stager::shared_there(GroupIndex group, PoolIndex home) const {
  if (there_.empty()) return {};
  return there_[group * world_.pools.size() + home];
}

Instant Stager::line_end(const Option& option, double gb, Instant now) const {
  if (moves_at_once()) return now;
  return {now.ms + rounded_up(gb * option.ms_per_gb)};
}

void Stager::count(PoolIndex from, PoolIndex to, PoolIndex charged, const Option& option, double gb) {
  moved_gb_[from * world_.pools.size() + to] += gb;
  metered_[charged] += gb * option.money_per_gb;
}

void Stager::begin_flow(std::uint32_t tag, GroupIndex group, PoolIndex from, PoolIndex to, double gb,
                        Instant now) {
  const std::size_t pools = world_.pools.size();
  const FlowClass flow = world_.staging.flow_class[(group * pools + from) * pools + to];
  flows_->begin(flow, gb * kBytesPerGb, tag, now);
}

// The data of this set are at the pool, or will be: what it keeps beyond its bound goes, the least recently used first.
void Stager::keep(std::size_t dataset, PoolIndex pool) {
  const double bound = world_.staging.cache_gb;
  const auto gb_of = [&](std::size_t data) { return world_.groups[data / world_.pools.size()].shared_gb; };
  kept_gb_[pool] += gb_of(dataset);
  while (kept_gb_[pool] > bound) {
    std::size_t oldest = there_.size();
    for (std::size_t data = 0; data < there_.size(); ++data) {
      const bool kept =
          !there_[data].empty() && there_[data][pool] != kNever && data % world_.pools.size() != pool;
      if (!kept || (data == dataset && gb_of(data) <= bound)) continue;
      if (oldest == there_.size() || shared_[data][pool].used < shared_[oldest][pool].used) oldest = data;
    }
    if (oldest == there_.size()) return;
    there_[oldest][pool] = kNever;
    kept_gb_[pool] -= gb_of(oldest);
  }
}

// When the shared data of the job are there; nullopt if a flow brings them.
std::optional<Instant> Stager::bring_shared(JobIndex job, const Option& option, Instant now) {
  if (there_.empty()) return now;
  const std::size_t data = dataset(job);
  if (there_[data].empty()) return now;
  Shared& shared = shared_[data][option.pool];
  shared.used = ++uses_;
  if (shared.moving) {
    shared.wait.push_back(job);
    return std::nullopt;
  }
  if (there_[data][option.pool] != kNever) return std::max(now, there_[data][option.pool]);
  const PoolIndex home = world_.jobs.home[job];
  const double gb = world_.groups[world_.jobs.group[job]].shared_gb;
  count(home, option.pool, option.pool, option, gb);
  extra_.push_back({job, option.pool, gb});
  if (!flows_) {
    const Instant end = line_end(option, gb, now);
    there_[data][option.pool] = end;
    keep(data, option.pool);
    return end;
  }
  const std::uint32_t tag = kSharedData + next_shared_tag_++;
  brings_[tag] = {data, option.pool};
  shared.moving = true;
  shared.wait.push_back(job);
  begin_flow(tag, world_.jobs.group[job], home, option.pool, gb, now);
  return std::nullopt;
}

std::optional<Instant> Stager::bring(JobIndex job, const Option& option, double own_gb, Instant now) {
  const PoolIndex home = world_.jobs.home[job];
  if (option.pool == home) return now;
  if (own_gb > 0) count(home, option.pool, option.pool, option, own_gb);
  if (moves_at_once()) return now;
  const std::optional<Instant> shared = bring_shared(job, option, now);
  if (!flows_) return std::max(*shared, line_end(option, own_gb, now));
  int needs = shared ? 0 : 1;
  if (own_gb > 0) {
    ++needs;
    begin_flow(job.value, world_.jobs.group[job], home, option.pool, own_gb, now);
  }
  if (needs == 0) return shared;
  needs_[job.value] = needs;
  return std::nullopt;
}

std::optional<Instant> Stager::take_home(JobIndex job, const Option& option, double gb, Instant now) {
  const PoolIndex home = world_.jobs.home[job];
  if (option.pool == home || gb <= 0) return now;
  count(option.pool, home, option.pool, option, gb);
  if (!flows_) return line_end(option, gb, now);
  begin_flow(job.value | kResults, world_.jobs.group[job], option.pool, home, gb, now);
  return std::nullopt;
}

void Stager::in_vain(JobIndex job, PoolIndex pool, double gb) {
  if (gb > 0 && pool != world_.jobs.home[job]) extra_.push_back({job, pool, gb});
}

void Stager::unbilled(JobIndex job, PoolIndex pool, double gb) {
  if (gb > 0 && pool != world_.jobs.home[job])
    metered_[pool] -= gb * world_.option_to(pool, job).money_per_gb;
}

void Stager::call_off(JobIndex job, PoolIndex pool, Instant now) {
  if (!flows_ || needs_.erase(job.value) == 0) return;
  flows_->cancel(job.value, now);
  if (there_.empty()) return;
  const std::size_t data = dataset(job);
  if (!there_[data].empty()) std::erase(shared_[data][pool].wait, job);
}

void Stager::forget(PoolIndex pool) {
  for (std::size_t data = 0; data < there_.size(); ++data) {
    if (!there_[data].empty() && data % world_.pools.size() != pool) there_[data][pool] = kNever;
  }
  kept_gb_[pool] = 0;
}

void Stager::set_link(LinkIndex link, double share, Instant now) {
  if (flows_) flows_->set_capacity(link, share * world_.staging.network.capacity(link), now);
}

void Stager::arrived(Instant now, std::vector<JobIndex>& ready,
                     std::vector<std::pair<JobIndex, Instant>>& delivered) {
  if (!flows_) return;
  std::vector<Flows::Ended> ended;
  flows_->advance(now, ended);
  const auto one_less = [&](JobIndex job) {
    const auto found = needs_.find(job.value);
    if (found == needs_.end() || --found->second > 0) return;
    needs_.erase(found);
    ready.push_back(job);
  };
  for (const auto& [at, tag, true_s] : ended) {
    if ((tag & kResults) != 0) {
      delivered.emplace_back(JobIndex{tag & ~kResults}, at);
    } else if ((tag & kSharedData) == 0) {
      one_less(JobIndex{tag});
    } else {
      const auto [data, pool] = brings_.extract(tag).mapped();
      Shared& shared = shared_[data][pool];
      shared.moving = false;
      there_[data][pool] = at;
      keep(data, pool);
      for (const JobIndex job : std::exchange(shared.wait, {})) one_less(job);
    }
  }
}

std::vector<double> Stager::link_gb() const {
  std::vector<double> gb;
  if (!flows_) return gb;
  for (std::size_t link = 0; link < world_.staging.network.links(); ++link)
    gb.push_back(flows_->carried(LinkIndex{link}) / kBytesPerGb);
  return gb;
}

}  // namespace hinterland
