#include "hinterland/replay/day_work.hpp"

#include <algorithm>
#include <array>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kFewSlots = 2000;
constexpr std::array<std::int64_t, 4> kSlotMs = {60'000, 300'000, 900'000, 3'600'000};

double busy_hour(const UnitRow& row, const UnitRates::Charges& charges) {
  return row.energy + charges.carbon_per_kg * row.kg + charges.water_per_litre * row.litres +
         charges.capacity;
}

}  // namespace

DayWork::DayWork(const SimWorld& world, const std::vector<bool>& counts, const std::vector<bool>& done,
                 std::span<const Instant> until)
    : world_(world), counts_(counts), done_(done), until_(until) {
  find_slots();
  if (slots_ == 0 || slots_ > kMostSlots) return;
  find_rates();
  find_room();
  find_input_shares();
}

void DayWork::find_slots() {
  Instant begin = kNever, end{};
  for (std::size_t job = 0; job < counts_.size(); ++job) {
    if (!counts_[job]) continue;
    begin = std::min(begin, world_.jobs.arrival[job]);
    end = std::max(end, until_[job]);
  }
  if (begin == kNever) return;
  begin_ = Instant{begin.ms / kHour.ms * kHour.ms};
  for (const std::int64_t ms : kSlotMs) {
    slot_ = {ms};
    if ((end - begin_).ms / ms < kFewSlots) break;
  }
  const auto slots = static_cast<std::size_t>((end - begin_).ms / slot_.ms + 1);
  slots_ = (slots + kHoursTogether - 1) / kHoursTogether * kHoursTogether;
}

void DayWork::find_rates() {
  for (std::size_t p = 0; p < pools(); ++p) {
    const UnitRates& rates = world_.actual[p];
    std::vector<double> of_year;
    for (const UnitRow& row : rates.rows()) of_year.push_back(busy_hour(row, rates.charges()));
    // A year repeats: whoever heard a price was billed by it in every hour that falls there.
    for (const PoolChange& change : world_.changes) {
      if (change.kind != PoolChange::Kind::prices || change.pool != p) continue;
      for (const HourPrice& price : change.prices) {
        const std::size_t hour = static_cast<std::size_t>(price.hour.ms / kHour.ms) % of_year.size();
        const UnitRates said =
            with_prices(UnitRates({rates.rows()[hour]}, rates.charges()), std::span(&price, 1));
        of_year[hour] = std::min(of_year[hour], busy_hour(said.rows().front(), rates.charges()));
      }
    }
    std::vector<double> by_slot;
    for (std::size_t k = 0; k < slots_; ++k) {
      const Instant at = begin_ + Duration{static_cast<std::int64_t>(k) * slot_.ms};
      by_slot.push_back(of_year[static_cast<std::size_t>(at.ms / kHour.ms) % of_year.size()]);
    }
    rates_.push_back(std::move(by_slot));
  }
}

void DayWork::find_room() {
  room_.assign(slots_ * pools(), 0.0);
  const Instant end = begin_ + Duration{static_cast<std::int64_t>(slots_) * slot_.ms};
  const auto add = [&](std::size_t pool, Instant from, Instant until, double sign) {
    from = std::max(from, begin_);
    until = std::min(until, end);
    for (Instant t = from; t < until;) {
      const auto slot = static_cast<std::size_t>((t - begin_).ms / slot_.ms);
      const Instant next = std::min(until, begin_ + Duration{static_cast<std::int64_t>(slot + 1) * slot_.ms});
      room_[slot * pools() + pool] += sign * built(pool) * in_hours(next - t).value;
      t = next;
    }
  };
  std::vector<Instant> gone(pools(), kNever);
  for (std::size_t p = 0; p < pools(); ++p) add(p, begin_, kNever, 1);
  for (const PoolChange& change : world_.changes) {
    Instant& since = gone[change.pool];
    const bool goes = change.kind == PoolChange::Kind::silent || change.kind == PoolChange::Kind::lost;
    if (goes && since == kNever) since = change.at;
    if (change.kind == PoolChange::Kind::capacity && change.up && since < kNever) {
      add(change.pool, since, change.at, -1);
      since = kNever;
    }
  }
  for (std::size_t p = 0; p < gone.size(); ++p) {
    if (gone[p] < kNever) add(p, gone[p], kNever, -1);
  }
  for (double& room : room_) room = std::max(0.0, room);
}

// Whoever moves a group's inputs to a pool pays for them: k of n tasks there owe k parts of n at least. Known only where every
// task has a bill, and no attempt was lost whose bytes its site paid.
void DayWork::find_input_shares() {
  shares_.assign(world_.groups.size(), 0);
  std::vector<bool> unknown(world_.groups.size());
  const bool any_lost = std::ranges::any_of(
      world_.changes, [](const PoolChange& change) { return change.kind == PoolChange::Kind::lost; });
  for (std::size_t job = 0; job < counts_.size(); ++job) {
    const GroupIndex group = world_.jobs.group[job];
    ++shares_[group];
    if (any_lost || !counts_[job] || world_.tries.contains(static_cast<std::uint32_t>(job)))
      unknown[group] = true;
  }
  for (std::size_t group = 0; group < unknown.size(); ++group) {
    if (unknown[group]) shares_[group] = 0;
  }
}

double DayWork::input_money(GroupIndex group, const Option& option) const {
  const SimGroup& all = world_.groups[group];
  if (shares_[group] == 0 || all.inputs_gb <= 0 || world_.pools[option.pool].input_bytes_per_s <= 0) return 0;
  const bool measured = option.pool < all.moves_gb.size() && all.moves_gb[option.pool] >= 0;
  return (measured ? all.moves_gb[option.pool] : all.inputs_gb) * option.money_per_gb /
         static_cast<double>(shares_[group]);
}

void DayWork::for_each(const std::function<void(const Work&)>& take) const {
  Work work;
  const SimJobs& jobs = world_.jobs;
  for (std::size_t j = 0; j < counts_.size(); ++j) {
    if (!counts_[j]) continue;
    const JobIndex job{j};
    const GroupIndex group = jobs.group[job];
    const JobSize& size = world_.sizes[jobs.size[job]];
    const std::uint32_t list = world_.groups[group].options;
    work = {.units = size.units,
            .from = jobs.arrival[job],
            .until = until_[j],
            .list = list == SimGroup::kOwnOptions ? group.value : list,
            .where = std::move(work.where)};
    const auto attempt = [&](Duration run, PoolIndex measured, bool last) {
      work.where.clear();
      for (const Option& option : world_.options_of(group, jobs.home[job])) {
        const SimPool& pool = world_.pools[option.pool];
        if (!size.size.fits_into(pool.size())) continue;
        const double gb = world_.own_gb_in(job, option.pool) + (last && done_[j] ? world_.gb_out(job) : 0);
        work.where.push_back({.pool = option.pool,
                              .run = at_speed(run, pool.speed / world_.pools[measured].speed),
                              .network = gb * option.money_per_gb + (last ? input_money(group, option) : 0)});
      }
      take(work);
    };
    if (const auto tries = world_.tries.find(job.value); tries != world_.tries.end()) {
      for (const Try& one : tries->second) {
        if (one.billed) attempt(one.run, one.measured, false);
      }
    }
    attempt(jobs.run[job], jobs.measured.empty() ? jobs.home[job] : jobs.measured[job], true);
  }
}

int DayWork::bill_parts() const {
  int most = 0;
  for (const UnitRates& rates : world_.actual) {
    const UnitRates::Charges& charges = rates.charges();
    constexpr int always = 2;  // energy, network
    most = std::max(most, always + (charges.capacity > 0 ? 1 : 0) + (charges.carbon_per_kg > 0 ? 1 : 0) +
                              (charges.water_per_litre > 0 ? 1 : 0));
  }
  return most;
}

}  // namespace hinterland
