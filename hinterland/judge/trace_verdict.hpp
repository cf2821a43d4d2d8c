// A whole trace judged: each of its jobs as one question, the totals by reason.
//
// A job keeps what its trace knows; runtime, cores, GPUs, memory, data, latency bound, deadline, residency
// and the rest come from the class the user names. Data come in proportion: the class's GB per server-hour, on its own
// server, times the job's server-hours. How many jobs took what from the class is counted and printed. A job of a trace ran when it
// ran: the class's deferrable_hours and ready_hour are not read.
//
// A job without GPUs is priced on a server without, a job with GPUs on one with: on the class's own where it is of that kind,
// else on the cheapest of the atlas, per core or per GPU.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/judge/verdict.hpp"
#include "hinterland/work/trace.hpp"

namespace hinterland {

// Jobs with one answer for one reason.
struct TraceGroup {
  Answer answer = Answer::stay;
  std::string reason;          // "cheaper there", "moving costs more than it saves", "latency" ...
  const Site* site = nullptr;  // where moved jobs go
  std::int64_t jobs = 0;
  Hours server_hours;
  Money home_price;  // of the group's jobs at home
  Money saved;       // by moving; 0 for the others
  double kwh = 0;    // that its servers draw when busy, of IT
};

// On which server jobs were priced.
struct TraceServer {
  const Server* server = nullptr;
  std::int64_t jobs = 0;
  Hours server_hours;
};

struct TraceVerdict {
  HomeSite home;
  std::int64_t jobs = 0;  // judged; fewer than in the trace if interrupted
  std::int64_t moved = 0, stayed = 0, refused = 0;
  Hours server_hours;
  Money home_price;  // of all jobs that home allows
  Money saved;
  Hours span;
  std::vector<TraceGroup> groups;    // moved, stayed, refused; the largest first
  std::vector<TraceServer> servers;  // without GPUs, with; those on which there are jobs
  std::vector<std::pair<std::string, std::int64_t>> from_class;  // field -> jobs that took it from the class
  bool interrupted = false;

  [[nodiscard]] bool tells_a_year() const { return span >= kLeastSpan; }
  [[nodiscard]] Money saved_per_year() const { return (kYear / span) * saved; }
  [[nodiscard]] Answer answer() const {
    return moved > 0 ? Answer::move : stayed > 0 ? Answer::stay : Answer::refused;
  }
};

// Requires a class in `question.workload`. Fails as judge() does.
Expected<TraceVerdict> judge_trace(const Atlas& atlas, const RateYear& rates, const Question& question,
                                   const Trace& trace, Progress& progress);

// The amount of work one job is on `server`, its data by what a server-hour of `of_class` moves, with the class's values where the job has none; nullopt if its runtime is
// not known and the class has none either.
std::optional<Amount> amount_of(const Job& job, const Workload& workload, const ServerShape& server,
                                const ServerShape& of_class);

}  // namespace hinterland
