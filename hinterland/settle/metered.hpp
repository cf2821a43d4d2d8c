// What a journal says was metered and billed: its attempts that have ended, each under the deal that held when it was
// begun.
//
// Read from the first step on, without a snapshot, and checked as Journal::read_facts() does; so nothing but the
// journal is believed, neither the sites file as it is now nor a broker.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/journal/journal.hpp"

namespace hinterland {

struct MeteredAttempt {
  AttemptId id;
  TaskIndex task;
  PoolIndex pool;
  std::optional<HostIndex> host;  // none: its executor never said that it began
  std::size_t deal = 0;           // of MeteredJournal::deals
  Instant began, ended;           // by the broker's clock
  Duration ran;                   // by its executor's: what is billed
  Cause cause = Cause::done;
  int status = 0;
  std::int64_t units = 0;  // that it occupied
  InputsMoved inputs;
  OutputsMoved outputs;
  Bill bill;  // nothing, if its site bears it
};

struct MeteredJournal {
  State state;                           // at its end
  std::vector<PoolDeal> deals;           // the first: of whoever began before anybody said
  std::vector<MeteredAttempt> attempts;  // in the order in which they ended
  std::uint64_t steps = 0;
  bool interrupted = false;

  [[nodiscard]] const PoolDeal& deal_of(const MeteredAttempt& attempt) const { return deals[attempt.deal]; }
  [[nodiscard]] const ProjectState& project_of(const MeteredAttempt& attempt) const {
    return state.projects[state.job_of(attempt.task).project];
  }
};

// Throws std::logic_error, our own bug, if the bills do not come to what the broker took from each job and project.
Expected<MeteredJournal> read_metered(Journal& journal, Progress& progress);

// One job's part of it.
struct MeteredJob {
  MeteredJournal metered;  // the attempts of this job alone
  JobNumber number;
  JobRequest request;
  std::uint64_t first_step = 0, last_step = 0;  // that say something of it
  std::uint64_t checksum = 0;                   // of the chain at the last of them
};

// Fails if there is no such job.
Expected<MeteredJob> read_metered_job(Journal& journal, JobNumber job, Progress& progress);

// Millionths of an hour of a server, to the nearest; nullopt: the deal does not say what a server is, or it is more than
// can be said (2^51).
std::optional<std::int64_t> server_hours(const MeteredAttempt& attempt, const PoolDeal& deal);

// Millionths of a GB that it is billed for (billed_gb() in broker/state.hpp); none if its site bears it.
std::int64_t moved_gb(const MeteredAttempt& attempt, const JobState& job);

}  // namespace hinterland
