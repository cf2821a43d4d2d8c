#include "hinterland/replay/simulated_journal.hpp"

#include <algorithm>
#include <map>

#include "hinterland/broker/check_fact.hpp"
#include "hinterland/sim/ledger.hpp"

namespace hinterland {

namespace {

bool takes_whole_sites(FaultKind kind) {
  return kind == FaultKind::site || kind == FaultKind::hub || kind == FaultKind::hazard;
}

QueueRule rule_of(Discipline discipline) {
  switch (discipline) {
    case Discipline::fcfs: return QueueRule::fcfs;
    case Discipline::easy: return QueueRule::easy;
    case Discipline::priority: return QueueRule::priority;
    case Discipline::fair: break;
  }
  return QueueRule::fair;
}

Errors what_cannot_be_said(const SimWorld& world, const SimRun& run) {
  Errors errors;
  const auto refuse = [&](const char* what) {
    add_error(errors, {.what = std::string("A journal cannot say ") + what + ".",
                       .where = {},
                       .mend = "Leave it out of what is simulated."});
  };
  if (std::ranges::any_of(world.faults, [](const Fault& fault) { return !takes_whole_sites(fault.kind); }))
    refuse("that a part of a pool or a line broke");
  if (world.staging.mode == Staging::Mode::line || world.staging.mode == Staging::Mode::shared)
    refuse("that data move before a job has its place (staging = \"none\" moves them at once)");
  if (world.staging.mode == Staging::Mode::held || !world.tries.empty() || !world.changes.empty())
    refuse("a day that is run again");
  if (!world.scarcity.empty()) refuse("what scarcity was given");
  if (std::ranges::any_of(world.actual, [](const UnitRates& rates) { return !rates.spikes().empty(); }))
    refuse("a price that nobody foresaw");
  bool kept = false, pieces = false;
  for (const Attempt& one : run.outcome.attempts) {
    kept =
        kept || (one.end == AttemptEnd::fault && world.groups[world.jobs.group[one.job]].checkpoint.ms > 0);
    pieces = pieces || one.end == AttemptEnd::paused || one.end == AttemptEnd::preempted;
  }
  if (kept) refuse("what a checkpoint kept");
  if (pieces) refuse("that a job ran in pieces, or gave way");
  if (run.interrupted) refuse("how a run that was stopped would have ended");
  return errors;
}

// An attempt, as its facts are written of it.
struct Begun {
  JobIndex job;
  PoolIndex pool;
  AttemptEnd end = AttemptEnd::done;
  Instant from, until, billed_from;
  Duration ran;
  bool last = false;
};

class Writer {
 public:
  Writer(const SimWorld& world, const SimRun& run, const SimulatedHouse& house,
         const std::function<Expected<void>(Facts)>& take)
      : world_(world),
        run_(run),
        house_(house),
        take_(take),
        down_(world.pools.size()),
        terms_(world.pools.size()) {}

  Expected<void> write() {
    if (Errors errors = what_cannot_be_said(world_, run_); !errors.empty())
      return std::unexpected(std::move(errors));
    collect();
    begin();
    std::size_t next_end = 0, next_fault = 0, next_begin = 0, job = 0;
    const SimJobs& jobs = world_.jobs;
    while (true) {
      Instant now = kNever;
      if (job < jobs.count()) now = std::min(now, jobs.arrival[job]);
      if (next_end < ends_.size()) now = std::min(now, attempts_[ends_[next_end]].until);
      if (next_fault < faults_.size()) now = std::min(now, faults_[next_fault].first);
      if (next_begin < attempts_.size()) now = std::min(now, attempts_[next_begin].from);
      if (now >= kNever) break;
      again_.clear();
      for (; next_end < ends_.size() && attempts_[ends_[next_end]].until == now; ++next_end)
        end(ends_[next_end]);
      for (; next_fault < faults_.size() && faults_[next_fault].first == now; ++next_fault)
        fault(faults_[next_fault].second);
      std::ranges::sort(again_);
      for (const JobIndex one : again_) place(one);
      for (; job < jobs.count() && jobs.arrival[job] == now; ++job) arrive(JobIndex{job});
      for (; next_begin < attempts_.size() && attempts_[next_begin].from == now; ++next_begin)
        launch(next_begin);
      if (auto kept = keep(); !kept) return kept;
    }
    return {};
  }

 private:
  // All attempts by their beginning; those of jobs that had one are made from the columns.
  void collect() {
    const Ledger ledger(world_, run_);
    for (std::size_t j = 0; j < world_.jobs.count(); ++j) {
      const JobIndex job{j};
      const auto several = ledger.attempts(job);
      for (const Attempt& one : several)
        attempts_.push_back({.job = job,
                             .pool = one.pool,
                             .end = one.end,
                             .from = one.from,
                             .until = one.until,
                             .billed_from = one.billed_from,
                             .ran = one.billed_until - one.billed_from,
                             .last = &one == &several.back()});
      if (!several.empty() || !ended(run_.outcome.end[j])) continue;
      const JobAccount account = ledger.account(job);
      attempts_.push_back({.job = job,
                           .pool = account.pool,
                           .end = account.end == JobEnd::cut ? AttemptEnd::cut : AttemptEnd::done,
                           .from = account.start,
                           .until = account.finish,
                           .billed_from = account.billed_from,
                           .ran = account.billed_until - account.billed_from,
                           .last = true});
    }
    std::ranges::stable_sort(attempts_, {}, &Begun::from);
    ends_.resize(attempts_.size());
    for (std::size_t k = 0; k < ends_.size(); ++k) ends_[k] = k;
    std::ranges::stable_sort(ends_, {}, [&](std::size_t k) { return attempts_[k].until; });
    ids_.resize(attempts_.size());
    next_pool_.resize(world_.jobs.count());
    for (const Begun& one : attempts_) pools_of_[one.job.value].push_back(one.pool);
    for (std::size_t f = 0; f < world_.faults.size(); ++f) {
      faults_.emplace_back(world_.faults[f].until, 2 * f);
      faults_.emplace_back(world_.faults[f].from, 2 * f + 1);
    }
    // Those that end come before those that begin.
    std::ranges::sort(faults_, {},
                      [](const auto& one) { return std::tuple{one.first, one.second % 2, one.second / 2}; });
    while (!faults_.empty() && faults_.back().first >= kNever) faults_.pop_back();
  }

  void add(Fact fact) { facts_.push_back(std::move(fact)); }

  void begin() {
    add(fact::JournalNamed{house_.journal});
    for (std::size_t p = 0; p < world_.pools.size(); ++p) {
      const SimPool& pool = world_.pools[p];
      add(fact::PoolNamed{house_.pools[p]});
      PoolDeal deal;
      deal.site = pool.site.text;
      deal.currency = house_.currency;
      deal.server_units = pool.units_per_server;
      add(fact::DealMade{PoolIndex{p}, deal});
      add(fact::PoolBuilt{PoolIndex{p},
                          {.size = pool.size(),
                           .server = pool.server_size,
                           .units = pool.units(),
                           .pricing = house_.pricing[p]}});
      add(fact::TermBegun{PoolIndex{p}, Term{++terms_[p]}});
    }
    const SimJobs& jobs = world_.jobs;
    for (std::size_t job = 0; job < jobs.count(); ++job) {
      const std::pair key{jobs.group[job], jobs.home[job]};
      const auto [place, fresh] = places_.try_emplace(key, PlacesIndex{places_.size()});
      if (!fresh) continue;
      add(fact::PlacesNamed{world_.groups[key.first].name + "@" + house_.pools[key.second]});
      add(fact::PlacesOpened{place->second,
                             {.home = key.second, .options = world_.options_of(key.first, key.second)}});
    }
    HouseRules rules = house_.rules;
    rules.queue = rule_of(world_.discipline);
    add(fact::RulesMade{rules});
    if (world_.shares.empty()) add(fact::ProjectSet{.name = "all"});
    for (std::size_t k = 0; k < world_.shares.size(); ++k)
      add(fact::ProjectSet{.name = "project " + std::to_string(k), .share = world_.shares[k]});
  }

  void arrive(JobIndex job) {
    const SimJobs& jobs = world_.jobs;
    const SimGroup& group = world_.groups[jobs.group[job]];
    const JobSize& size = world_.sizes[jobs.size[job]];
    add(fact::Accepted{.at = jobs.arrival[job],
                       .key = "",
                       .job = {.project = ProjectIndex{world_.shares.empty() ? 0U : group.project},
                               .places = places_.at({jobs.group[job], jobs.home[job]}),
                               .size = size.size,
                               .units = size.units,
                               .request = jobs.request[job],
                               .deadline = group.deadline,
                               .may_wait = group.may_wait,
                               .late = group.late_per_hour,
                               .gb_in = world_.gb_in(job),
                               .gb_out = world_.gb_out(job),
                               .priority = group.priority}});
    place(job);
  }

  void place(JobIndex job) {
    const TaskIndex task{job.value};
    const auto pools = pools_of_.find(job.value);
    std::size_t& next = next_pool_[job];
    const bool begins = pools != pools_of_.end() && next < pools->second.size();
    if (!begins && run_.outcome.end[job] == JobEnd::refused) {
      add(fact::Refused{.task = task, .why = refusals().at(job.value)});
      return;
    }
    add(fact::Placed{.task = task,
                     .pool = begins ? pools->second[next] : run_.outcome.pool[job],
                     .not_before = {},
                     .candidates = {}});
    ++next;
  }

  void launch(std::size_t k) {
    const Begun& one = attempts_[k];
    ids_[k] = AttemptId{++attempt_};
    add(fact::Launched{.attempt = ids_[k],
                       .task = TaskIndex{one.job.value},
                       .at = one.from,
                       .due = one.from + world_.jobs.request[one.job]});
  }

  void end(std::size_t k) {
    const Begun& one = attempts_[k];
    if (one.end == AttemptEnd::fault) return lost_.push_back(k);
    const Option& option = world_.option_to(one.pool, one.job);
    const bool done = one.end == AttemptEnd::done;
    const double gb = world_.own_gb_in(one.job, one.pool) + (done ? world_.gb_out(one.job) : 0);
    const std::int64_t units = world_.sizes[world_.jobs.size[one.job]].units;
    add(fact::Finished{.attempt = ids_[k],
                       .cause = done ? Cause::done : Cause::out_of_time,
                       .next = done ? Next::publish : Next::fail,
                       .at = one.until,
                       .not_before = {},
                       .ran = one.ran,
                       .bill = bill_of_attempt(world_.actual[one.pool], one.billed_from, one.ran, units, gb,
                                               option.money_per_gb)});
    if (done) add(fact::Done{TaskIndex{one.job.value}});
  }

  void fault(std::size_t event) {
    for (const PoolIndex pool : world_.faults[event / 2].pools) {
      int& down = down_[pool];
      if (event % 2 == 0) {
        if (--down > 0) continue;
        add(fact::DownSet{pool, false});
        add(fact::TermBegun{pool, Term{++terms_[pool]}});
      } else if (++down == 1) {
        add(fact::DownSet{pool, true});
        for (const std::size_t k : lost_) {
          if (attempts_[k].pool == pool) lose(k);
        }
        std::erase_if(lost_, [&](std::size_t k) { return attempts_[k].pool == pool; });
        add(fact::PoolLost{pool});
      }
    }
  }

  void lose(std::size_t k) {
    const Begun& one = attempts_[k];
    const bool given_up = one.last && run_.outcome.end[one.job] == JobEnd::lost;
    add(fact::Finished{.attempt = ids_[k],
                       .cause = Cause::site_failed,
                       .next = given_up ? Next::fail : Next::again,
                       .at = one.until,
                       .not_before = {},
                       .bill = {}});
    if (!given_up) again_.push_back(one.job);
  }

  [[nodiscard]] const std::map<std::uint32_t, Refusal>& refusals() {
    if (refusals_.empty()) {
      for (const auto& [job, why] : run_.outcome.refusals) refusals_.emplace(job.value, why);
    }
    return refusals_;
  }

  // A fact that a broker could not have recorded is of something that no job can ask for.
  Expected<void> keep() {
    for (const Fact& fact : facts_) {
      const auto* const accepted = std::get_if<fact::Accepted>(&fact);
      if (accepted == nullptr) continue;
      const JobIndex job{accepted_++};
      if (is_sound(accepted->job)) continue;
      return failure(
          {.what = "A broker would not have taken this job: its size, times or bytes are out of range.",
           .where = {.file = house_.journal, .field = world_.groups[world_.jobs.group[job]].name},
           .mend = "Leave it out of what is simulated."});
    }
    return take_(std::exchange(facts_, {}));
  }

  const SimWorld& world_;
  const SimRun& run_;
  const SimulatedHouse& house_;
  const std::function<Expected<void>(Facts)>& take_;
  std::vector<Begun> attempts_;                               // by beginning
  std::vector<std::size_t> ends_;                             // of attempts, by end
  std::vector<AttemptId> ids_;                                // [attempt]
  std::map<std::uint32_t, std::vector<PoolIndex>> pools_of_;  // [job]: of its attempts
  std::vector<std::size_t> next_pool_;                        // [job]
  std::vector<std::pair<Instant, std::size_t>> faults_;       // 2 f: f ends; 2 f + 1: it begins
  std::map<std::pair<GroupIndex, PoolIndex>, PlacesIndex> places_;
  std::map<std::uint32_t, Refusal> refusals_;
  std::vector<int> down_;             // [pool]: how many faults take it
  std::vector<std::uint32_t> terms_;  // [pool]
  std::vector<std::size_t> lost_;     // of this instant: attempts that a fault ends
  std::vector<JobIndex> again_;       // of this instant
  Facts facts_;
  std::uint64_t attempt_ = 0;
  std::size_t accepted_ = 0;  // jobs, as many as were kept
};

}  // namespace

Expected<void> write_simulated(const SimWorld& world, const SimRun& run, const SimulatedHouse& house,
                               const std::function<Expected<void>(Facts facts)>& take) {
  return Writer(world, run, house, take).write();
}

}  // namespace hinterland
