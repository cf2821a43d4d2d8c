#include "hinterland/sim/books.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hinterland {

BookCell& BookCell::operator+=(const BookCell& more) {
  jobs += more.jobs;
  done += more.done;
  cut += more.cut;
  refused += more.refused;
  lost += more.lost;
  stuck += more.stuck;
  late += more.late;
  for (std::size_t cause = 0; cause < kLateCauses; ++cause) late_by[cause] += more.late_by[cause];
  unit_ms += more.unit_ms;
  bill += more.bill;
  moved_gb += more.moved_gb;
  wait_ms += more.wait_ms;
  slowdown_thousandth += more.slowdown_thousandth;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) lost_unit_ms[kind] += more.lost_unit_ms[kind];
  preempted_unit_ms += more.preempted_unit_ms;
  return *this;
}

void ExactSums::add(const ExactBill& exact, const Bill& bill) {
  small_ += exact;
  worst_rounding_ = std::max(worst_rounding_, largest_difference(exact, bill));
  if (++count_ % 1024 != 0) return;
  large_ += small_;
  small_ = {};
}

ExactBill ExactSums::sum() const {
  ExactBill sum = large_;
  sum += small_;
  return sum;
}

const char* name_of_late_cause(std::size_t cause) {
  if (cause == kLateByPreemption) return "preemption";
  if (cause == kLateByWaiting) return "waiting or moving";
  return name_of(static_cast<FaultKind>(cause));
}

double Books::lost_by_rounding() const {
  ExactBill prices;
  Bill bills = total().bill;
  for (const PoolBooks& pool : pools) {
    prices += pool.exact.sum();
    bills += pool.unsold;
  }
  const auto share = [](double price, std::int64_t billed) {
    return price == 0 ? 0 : std::abs(static_cast<double>(billed) / price - 1);
  };
  return std::max(
      {share(prices.total(), bills.total()), share(prices.kwh, bills.kwh), share(prices.kg, bills.kg)});
}

BookCell Books::total() const {
  BookCell sum;
  for (const BookCell& cell : cells) sum += cell;
  return sum;
}

BookCell Books::of_group(std::size_t group) const {
  BookCell sum;
  for (std::size_t pool = 0; pool < pools.size(); ++pool) sum += cells[group * pools.size() + pool];
  return sum;
}

BookCell Books::of_pool(std::size_t pool) const {
  BookCell sum;
  for (std::size_t cell = pool; cell < cells.size(); cell += pools.size()) sum += cells[cell];
  return sum;
}

namespace {

constexpr std::int64_t kShortestRunMs = 10'000;  // a run shorter than that does not make a slowdown large

void add_job(BookCell& cell, const JobAccount& account, Instant arrival, Duration run) {
  ++cell.jobs;
  switch (account.end) {
    case JobEnd::not_reached: break;
    case JobEnd::stuck: ++cell.stuck; break;
    case JobEnd::refused: ++cell.refused; break;
    case JobEnd::done: ++cell.done; break;
    case JobEnd::cut: ++cell.cut; break;
    case JobEnd::lost: ++cell.lost; break;
  }
  cell.late += account.late ? 1 : 0;
  cell.unit_ms += account.unit_ms;
  cell.bill += account.bill;
  cell.moved_gb += account.moved_gb;
  if (!account.ended()) return;
  cell.wait_ms.add((account.start - arrival).ms);
  cell.slowdown_thousandth.add(1000 * (account.finish - arrival).ms / std::max(run.ms, kShortestRunMs));
}

// See LateCounts.
std::size_t cause_of_lateness(const SimWorld& world, const Ledger& ledger, JobIndex job,
                              const JobAccount& account) {
  bool preempted = false;
  for (const Attempt& attempt : ledger.attempts(job)) {
    if (attempt.end == AttemptEnd::fault) return static_cast<std::size_t>(attempt.fault);
    preempted = preempted || attempt.end == AttemptEnd::preempted;
  }
  if (preempted) return kLateByPreemption;
  const Instant arrival = world.jobs.arrival[job];
  for (const Fault& fault : world.faults) {
    const bool there = std::ranges::any_of(
        fault.pools, [&](PoolIndex pool) { return pool == account.pool || pool == world.jobs.home[job]; });
    if (there && fault.from < account.start && arrival < fault.until)
      return static_cast<std::size_t>(fault.kind);
  }
  return kLateByWaiting;
}

// What was held without being sold.
void add_unsold(PoolBooks& books, const UnitRates& rates, Instant from, Instant until, std::int64_t units) {
  if (until <= from) return;
  const ExactBill exact = rates.exact_bill(from, until, units);
  books.exact.add(exact, rounded(exact));
  books.unsold += rounded(exact);
  books.unsold_unit_ms += units * (until - from).ms;
}

// An attempt of a job that had several, where it ran: who pays for it, and what is to be done twice.
void add_attempt(Books& books, const SimWorld& world, const Attempt& attempt) {
  const std::size_t group = world.jobs.group[attempt.job];
  const std::int64_t units = world.sizes[world.jobs.size[attempt.job]].units;
  BookCell& cell = books.cells[group * world.pools.size() + attempt.pool];
  PoolBooks& pool = books.pools[attempt.pool];
  if (attempt.end == AttemptEnd::fault)
    cell.lost_unit_ms[static_cast<std::size_t>(attempt.fault)] += units * attempt.lost.ms;
  if (attempt.end == AttemptEnd::preempted) cell.preempted_unit_ms += units * attempt.lost.ms;
  const UnitRates& rates = world.actual[attempt.pool];
  if (!attempt.billed()) return add_unsold(pool, rates, attempt.from, attempt.until, units);
  const ExactBill exact = rates.exact_bill(attempt.billed_from, attempt.billed_until, units);
  pool.exact.add(exact, rounded(exact));
  cell.bill += rounded(exact);
  cell.unit_ms += units * (attempt.billed_until - attempt.billed_from).ms;
  add_unsold(pool, rates, attempt.from, attempt.billed_from, units);
  add_unsold(pool, rates, attempt.billed_until, attempt.until, units);
}

void add_moves(Books& books, const SimWorld& world, const std::vector<ExtraMove>& moves) {
  for (const ExtraMove& move : moves) {
    const Option& option = world.option_to(move.pool, move.job);
    BookCell& cell = books.cells[world.jobs.group[move.job] * world.pools.size() + move.pool];
    cell.moved_gb += move.gb;
    const ExactBill exact{.network = move.gb * option.money_per_gb};
    cell.bill.network += nearest_whole(exact.network);
    books.pools[move.pool].exact.add(exact, rounded(exact));
  }
}

void add_background(PoolBooks& books, const SimWorld& world, std::size_t pool, Instant end) {
  const std::int64_t units = world.pools[pool].background_units();
  if (units == 0) return;
  add_unsold(books, world.actual[pool], Instant{0}, end, units);
}

// What doubles may lose: a share of the whole, in the sums and in the prefix sums that every price is a difference of; and,
// where next to nothing was drawn, a thousandth of a millionth.
const double kLost = std::ldexp(1, -36);
constexpr double kLostBelow = 1e-3;
// Half a millionth, and what nearest_whole() snaps.
constexpr double kHalf = 0.5 + 1e-6;

// Prices and meter, part by part.
void balance(Books& books, const SimWorld& world, const SimRun& run) {
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    PoolBooks& pool = books.pools[p];
    pool.meter = run.meters[p].read(world.actual[p]);
    Bill sum = books.of_pool(p).bill;
    sum += pool.unsold;
    const ExactBill exact = pool.exact.sum();
    const auto check = [&](const char* part, std::int64_t billed, double price, double metered) {
      const double gap = std::abs(price - metered), most = kLost * std::abs(metered) + kLostBelow;
      books.worst_gap = std::max(books.worst_gap, std::abs(static_cast<double>(billed) - metered));
      if (gap > most)
        books.imbalances.push_back(
            {fmt::format("{} of {}: prices and meter", part, world.pools[p].site.text), gap, most});
    };
    check("energy", sum.energy, exact.energy, pool.meter.energy);
    check("capacity", sum.capacity, exact.capacity, pool.meter.capacity);
    check("carbon", sum.carbon, exact.carbon, pool.meter.carbon);
    check("water", sum.water, exact.water, pool.meter.water);
    check("network", sum.network, exact.network, run.network_metered[p]);
    check("kWh", sum.kwh, exact.kwh, pool.meter.kwh);
    check("kg", sum.kg, exact.kg, pool.meter.kg);
    check("litres", sum.litres, exact.litres, pool.meter.litres);
    if (pool.exact.worst_rounding() > kHalf) {
      books.imbalances.push_back(
          {world.pools[p].site.text + ": a bill is not its price", pool.exact.worst_rounding(), kHalf});
    }
  }
}

}  // namespace

Books keep_books(const SimWorld& world, const SimRun& run) {
  Books books;
  const std::size_t pools = world.pools.size();
  books.cells.resize(world.groups.size() * pools);
  books.pools.resize(pools);
  const Ledger ledger(world, run);
  const SimJobs& jobs = world.jobs;
  for (std::size_t job = 0; job < static_cast<std::size_t>(run.reached); ++job) {
    JobAccount account = ledger.account(JobIndex{job});
    if (run.outcome.several[job]) {  // its attempts are added where they ran, below
      account.bill = {.network = account.bill.network};
      account.unit_ms = 0;
    }
    BookCell& cell = books.cells[jobs.group[job] * pools + account.pool];
    add_job(cell, account, jobs.arrival[job], jobs.run[job]);
    books.pools[account.pool].exact.add(account.exact, account.bill);
    if (account.late) ++cell.late_by[cause_of_lateness(world, ledger, JobIndex{job}, account)];
    if (account.ended()) books.sum_completion_ms += account.finish.ms;
    if (account.ended() && !run.outcome.several[job]) {
      PoolBooks& pool = books.pools[account.pool];
      const UnitRates& rates = world.actual[account.pool];
      const std::int64_t units = world.sizes[jobs.size[job]].units;
      add_unsold(pool, rates, account.start, account.billed_from, units);
      add_unsold(pool, rates, account.billed_until, account.finish, units);
    }
  }
  for (const Attempt& attempt : run.outcome.attempts) add_attempt(books, world, attempt);
  add_moves(books, world, run.extra_moves);
  add_moves(books, world, run.input_moves);
  for (std::size_t pool = 0; pool < pools; ++pool) add_background(books.pools[pool], world, pool, run.end);
  balance(books, world, run);
  for (std::size_t link = 0; link < run.link_gb.size(); ++link) {
    const double most =
        world.staging.network.capacity(LinkIndex{link}) / 1e9 * static_cast<double>(run.end.ms) / 1000;
    if (run.link_gb[link] > most * (1 + 1e-9))
      books.imbalances.push_back({"a line carried more than it can", run.link_gb[link], most});
  }
  if (run.over_capacity > 0)
    books.imbalances.push_back(
        {"a job began where it did not fit", static_cast<double>(run.over_capacity), 0});
  const BookCell total = books.total();
  const std::int64_t ended = total.done + total.cut + total.refused + total.lost + total.stuck;
  if (total.jobs != run.reached || ended != run.reached) {
    books.imbalances.push_back({"jobs that arrived are not those that ended", static_cast<double>(ended),
                                static_cast<double>(run.reached)});
  }
  return books;
}

}  // namespace hinterland
