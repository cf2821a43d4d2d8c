#include "hinterland/sim/ledger.hpp"

#include <algorithm>

#include "hinterland/sim/checkpoints.hpp"

namespace hinterland {

Ledger::Ledger(const SimWorld& world, const SimRun& run)
    : world_(world), run_(run), attempts_(run.outcome.attempts) {
  std::ranges::stable_sort(attempts_, {}, &Attempt::job);
  for (std::size_t row = 0; row < attempts_.size(); ++row) {
    auto& [first, count] =
        rows_.try_emplace(attempts_[row].job.value, static_cast<std::uint32_t>(row), 0U).first->second;
    ++count;
  }
}

std::span<const Attempt> Ledger::attempts(JobIndex job) const {
  if (!run_.outcome.several[job]) return {};
  const auto found = rows_.find(job.value);
  if (found == rows_.end()) return {};
  return std::span(attempts_).subspan(found->second.first, found->second.second);
}

Bill Ledger::bill(const Attempt& attempt) const {
  return world_.actual[attempt.pool].bill(attempt.billed_from, attempt.billed_until,
                                          world_.sizes[world_.jobs.size[attempt.job]].units);
}

JobAccount Ledger::account(JobIndex job) const {
  const SimJobs& jobs = world_.jobs;
  const SimOutcome& out = run_.outcome;
  const std::int64_t units = world_.sizes[jobs.size[job]].units;
  JobAccount account{.end = out.end[job],
                     .pool = out.pool[job],
                     .start = out.start[job],
                     .finish = kNever,
                     .delivered = kNever};
  if (account.end == JobEnd::refused) account.pool = jobs.home[job];
  if (out.several[job]) {
    for (const Attempt& attempt : attempts(job)) {
      if (account.ended()) account.finish = attempt.until;
      if (!attempt.billed()) continue;
      account.bill += bill(attempt);
      account.unit_ms += units * (attempt.billed_until - attempt.billed_from).ms;
    }
  } else if (account.ended()) {
    const SimGroup& kind = world_.groups[jobs.group[job]];
    const Duration run = std::min(at_speed(wall(kind, jobs.run[job], {}), world_.speed_of(job, account.pool)),
                                  wall(kind, jobs.request[job], {}));
    account.billed_from = account.start + (out.staged.empty() ? Duration{} : out.staged[job]);
    account.billed_until = account.billed_from + run;
    account.finish = account.billed_until + world_.pools[account.pool].start_up;
    account.exact = world_.actual[account.pool].exact_bill(account.billed_from, account.billed_until, units);
    account.bill = rounded(account.exact);
    account.unit_ms = units * run.ms;
  }
  const SimGroup& group = world_.groups[jobs.group[job]];
  account.delivered = account.finish;
  const double out_gb = account.ended() ? world_.gb_out(job) : 0, in_gb = world_.own_gb_in(job, account.pool);
  if (account.pool != jobs.home[job] && account.end != JobEnd::lost && account.end != JobEnd::not_reached &&
      in_gb + out_gb > 0) {
    const Option& option = world_.option_to(account.pool, job);
    account.moved_gb = in_gb + out_gb;
    account.exact.network = account.moved_gb * option.money_per_gb;
    account.bill.network = nearest_whole(account.exact.network);
    if (account.ended() && world_.staging.mode == Staging::Mode::line)
      account.delivered.ms += rounded_up(out_gb * option.ms_per_gb);
  }
  if (account.ended() && !out.delivered.empty()) account.delivered = out.delivered[job];
  account.late = account.ended() && account.delivered > jobs.arrival[job] + group.deadline;
  return account;
}

}  // namespace hinterland
