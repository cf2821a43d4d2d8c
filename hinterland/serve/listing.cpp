#include "hinterland/serve/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "hinterland/cost/bill.hpp"
#include "hinterland/journal/quotes_json.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/serve/staging_listing.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostTasksShown = 1000;
constexpr Duration kEndsSoon{std::int64_t{14} * 24 * kHour.ms};  // of certificates

const char* name_of(TaskPhase phase) {
  switch (phase) {
    case TaskPhase::blocked: return "blocked";
    case TaskPhase::unplaced: return "unplaced";
    case TaskPhase::waiting: return "waiting";
    case TaskPhase::running: return "running";
    case TaskPhase::publishing: return "publishing";
    case TaskPhase::done: return "done";
    case TaskPhase::failed: return "failed";
    case TaskPhase::cancelled: return "cancelled";
    case TaskPhase::refused: return "refused";
  }
  return "";
}

const char* phase_name(const State& state, TaskIndex task) {
  return is_staging(state, task) ? "staging" : name_of(state.tasks[task].phase);
}

bool has_a_pool(const TaskState& task) {
  return task.phase == TaskPhase::waiting || task.attempt != AttemptId{};
}

// Where its tasks are, or ended.
std::string sites_of(const State& state, const JobState& job) {
  std::set<PoolIndex> pools;
  for (std::size_t k = 0; k < job.tasks; ++k) {
    const TaskState& task = state.tasks[job.first + k];
    if (has_a_pool(task)) pools.insert(task.pool);
  }
  std::vector<std::string> names;
  for (const PoolIndex pool : pools) names.push_back(state.pools[pool].name);
  return names_text(names);
}

// What running attempts of each job have cost until now, moving left out; those that nobody has seen begin, nothing.
std::map<JobNumber, std::int64_t> running_costs(const Service& service) {
  const Broker& broker = service.broker();
  std::map<JobNumber, std::int64_t> out;
  for (const auto& [id, attempt] : broker.state().attempts) {
    if (!attempt.confirmed) continue;
    out[broker.state().tasks[attempt.task].job] +=
        broker.rates()
            .actual(attempt.pool)
            .bill(attempt.began, std::max(attempt.began, service.now()),
                  broker.state().size_of(attempt.task).units)
            .total();
  }
  return out;
}

// Jobs that will not begin unless somebody retries others, which ended and were not done, and what those are.
using Stopped = std::map<JobNumber, std::set<JobNumber>>;
Stopped stopped_jobs(const State& state) {
  Stopped out;
  for (const auto& [cause, first] : state.dependants) {
    if (state.jobs[cause].ended < state.jobs[cause].tasks) continue;
    std::vector<JobNumber> open = first;
    while (!open.empty()) {
      const JobNumber job = open.back();
      open.pop_back();
      if (!out[job].insert(cause).second) continue;
      if (const auto next = state.dependants.find(job); next != state.dependants.end())
        open.insert(open.end(), next->second.begin(), next->second.end());
    }
  }
  return out;
}

struct Now {
  std::map<JobNumber, std::int64_t> running;
  std::map<JobNumber, JobStaging> staging;
  Stopped stopped;
};
Now now_at(const Service& service) {
  return {.running = running_costs(service),
          .staging = staging_of_jobs(service),
          .stopped = stopped_jobs(service.broker().state())};
}

Json row_of(const Service& service, std::size_t number, const Now& now) {
  const State& state = service.broker().state();
  const JobState& job = state.jobs[number];
  const auto running = now.running.find(JobNumber{number});
  const auto stopped = now.stopped.find(JobNumber{number});
  Json row{{"id", number},
           {"name", service.name_of(JobNumber{number})},
           {"project", state.projects[job.project].name},
           {"class", state.places[job.places]},
           {"state", name_of(phase_of(job))},
           {"tasks", job.tasks},
           {"done", job.done},
           {"attempts", job.attempts},
           {"site", sites_of(state, job)},
           {"ran_ms", job.ran.ms},
           {"cost", from_millionths(job.money)},
           {"running_cost", from_millionths(running == now.running.end() ? 0 : running->second)},
           {"submitted_ms", job.submitted.ms},
           {"deadline_ms", job.deadline.ms}};
  if (stopped != now.stopped.end() && job.ended < job.tasks) {
    row["stopped_by"] = Json::array();
    for (const JobNumber cause : stopped->second) row["stopped_by"].push_back(cause.value);
  }
  if (const auto staging = now.staging.find(JobNumber{number}); staging != now.staging.end())
    row["staging"] = staging_json(staging->second);
  if (job.quote != JobQuote{}) row["quote"] = quote_json(service, job.quote);
  return row;
}

std::string why_blocked(const State& state, JobNumber job) {
  if (state.jobs[job].held) return fmt::format("It is held; `hinterland release {}` lets it go.", job.value);
  std::vector<std::string> before;
  std::string mend;
  for (const auto& [one, dependants] : state.dependants) {
    if (std::ranges::find(dependants, job) == dependants.end()) continue;
    before.push_back(fmt::format("{} ({})", one.value, name_of(phase_of(state.jobs[one]))));
    if (state.jobs[one].ended == state.jobs[one].tasks)
      mend += fmt::format(" `hinterland retry {}` gives that one another chance.", one.value);
  }
  return fmt::format("It comes after jobs that are not done: {}.{}", names_text(before), mend);
}

// How the last of its attempts that ended did.
std::string end_text(const TaskState& task) {
  constexpr int signalled = 128;
  if (task.end != Cause::failed) return hinterland::name_of(task.end);
  return task.status > signalled ? fmt::format("ended by signal {}", task.status - signalled)
                                 : fmt::format("it ended with status {}", task.status);
}

// What a task waits for, in a sentence; and what would start it now.
std::string why_of(Service& service, TaskIndex index) {
  const Broker& broker = service.broker();
  const State& state = broker.state();
  const TaskState& task = state.tasks[index];
  const JobState& job = state.jobs[task.job];
  const auto in = [&](Instant at) {
    return fmt::format("{:.0f} s", static_cast<double>((at - service.now()).ms) / 1000);
  };
  const auto pool = [&] { return state.pools[task.pool].name; };
  switch (task.phase) {
    case TaskPhase::blocked: return why_blocked(state, task.job);
    case TaskPhase::unplaced: {
      const ProjectState& project = state.projects[job.project];
      const auto* candidates = service.candidates_of(index);
      if (task.not_before > service.now())
        return fmt::format("It is tried again in {}, as its last attempt asked.", in(task.not_before));
      if (broker.is_short_of_money(index))
        return fmt::format(
            "Project {} has {} of its budget of {} left, with {} reserved for what runs: too little for one "
            "attempt.",
            project.name, compact(from_millionths(project.budget - project.spent - project.reserved)),
            compact(from_millionths(project.budget)), compact(from_millionths(project.reserved)));
      return candidates == nullptr ? "It is about to be placed."
                                   : "It lost its place and is about to be placed anew.";
    }
    case TaskPhase::waiting: {
      if (task.not_before > service.now())
        return fmt::format("It waits for cheaper hours at {}, for {}.", pool(), in(task.not_before));
      const PoolFacts& facts = state.pools[task.pool];
      if (facts.down)
        return fmt::format("{0} is down; `hinterland drain {0} --undo` says that it is back.", pool());
      if (facts.drained)
        return fmt::format("{0} is drained; `hinterland drain {0} --undo` ends that.", pool());
      if (facts.lost) return fmt::format("{} is not heard.", pool());
      std::size_t before = 0;
      for (const TaskState& other : state.tasks)
        before += static_cast<std::size_t>(other.phase == TaskPhase::waiting && other.pool == task.pool &&
                                           other.turn < task.turn);
      const PoolState& there = broker.pools().states()[task.pool];
      return fmt::format("{} at {} were placed before it; {} of its {} cores are free, and it needs {}.",
                         counted(static_cast<long long>(before), "task"), pool(),
                         std::max<std::int64_t>(0, there.free.cores), there.total.cores,
                         state.size_of(index).size.cores);
    }
    case TaskPhase::running: {
      const auto attempt = state.attempts.find(task.attempt);
      if (attempt == state.attempts.end()) return "";
      if (is_staging(state, index)) return staging_words(service, index);
      const double seconds = static_cast<double>((service.now() - attempt->second.began).ms) / 1000;
      const std::string standing = service.standing_of(index);
      if (!standing.empty())
        return fmt::format("It was sent to {} {:.0f} s ago; {}.", pool(), seconds, standing);
      return attempt->second.confirmed
                 ? fmt::format("It has been running at {} for {:.0f} s.", pool(), seconds)
                 : fmt::format("It was sent to {} {:.0f} s ago, and nothing is heard of it yet.", pool(),
                               seconds);
    }
    case TaskPhase::publishing: {
      const std::string trouble = service.trouble_with(index);
      if (trouble.empty()) return "It is done, and its outputs are being put in place.";
      return "It is done, and its outputs cannot be put in place yet: " + trouble;
    }
    case TaskPhase::done: return fmt::format("It is done, at {}.", pool());
    case TaskPhase::failed: {
      const std::string which = job.tasks > 1 ? fmt::format(" --task {}", index - job.first) : "";
      return fmt::format("It failed at {}: {}; `hinterland logs {}{} --stderr` may say more.", pool(),
                         end_text(task), task.job.value, which);
    }
    case TaskPhase::cancelled: return "It was cancelled.";
    case TaskPhase::refused: return "No pool may run it, or none is large enough.";
  }
  return "";
}

// What a kWh costs now, and who says so: the file of signals, or the atlas; and until when the file said anything.
Json energy_json(const Service& service, PoolIndex pool) {
  const Instant now = service.now();
  const std::vector<UnitRow>& rows = service.broker().rates().actual(pool).rows();
  const UnitRow& row = rows[static_cast<std::size_t>(now.ms / kHour.ms) % rows.size()];
  Json out{{"price_per_kwh", row.kwh > 0 ? row.energy / row.kwh : 0.0}};
  const std::vector<HourPrice>& heard = service.broker().state().pools[pool].prices;
  const Instant hour{now.ms / kHour.ms * kHour.ms};
  out["from"] = std::ranges::binary_search(heard, hour, {}, &HourPrice::hour) ? "signals" : "atlas";
  if (!heard.empty()) out["signals_until_ms"] = (heard.back().hour + kHour).ms;
  return out;
}

}  // namespace

Json quote_json(const Service& service, const JobQuote& quote) {
  return {{"p50", from_millionths(quote.p50)},
          {"p90", from_millionths(quote.p90)},
          {"most", from_millionths(quote.most)},
          {"currency", service.served().currency},
          {"seen", quote.seen}};
}

Json jobs_json(Service& service, const JobFilter& filter) {
  const State& state = service.broker().state();
  Json out{{"currency", service.served().currency}, {"jobs", Json::array()}};
  const Now now = now_at(service);
  const std::uint32_t most = std::min(filter.limit.value_or(kMostJobsShown), kMostJobsShown);
  for (std::size_t k = filter.after ? std::size_t{*filter.after} + 1 : 0; k < state.jobs.size(); ++k) {
    const JobState& job = state.jobs[k];
    if (!filter.state.empty() && filter.state != name_of(phase_of(job))) continue;
    if (!filter.project.empty() && filter.project != state.projects[job.project].name) continue;
    if (filter.caller != nullptr && !filter.caller->knows(state.projects[job.project].name)) continue;
    if (out["jobs"].size() == most) {
      out["next"] = out["jobs"].back().at("id");
      break;
    }
    out["jobs"].push_back(row_of(service, k, now));
  }
  return out;
}

Json job_json_of(Service& service, JobNumber number, std::uint32_t from, std::uint32_t tasks_wanted) {
  const State& state = service.broker().state();
  const JobState& job = state.jobs[number];
  Json out = row_of(service, number, now_at(service));
  out["currency"] = service.served().currency;
  if (const auto work = service.work_of(number)) {
    out["name"] = work->name;
    out["command"] = work->command;
  }
  if (tasks_wanted == 0) return out;
  Json tasks = Json::array();
  const std::size_t first = std::min(from, job.tasks);
  const std::size_t end = first + std::min<std::size_t>({job.tasks - first, tasks_wanted, kMostTasksShown});
  for (std::size_t k = first; k < end; ++k) {
    const TaskIndex index{job.first + k};
    const TaskState& task = state.tasks[index];
    tasks.push_back({{"task", k},
                     {"phase", phase_name(state, index)},
                     {"site", has_a_pool(task) ? state.pools[task.pool].name : ""},
                     {"attempt", task.attempt.value},
                     {"folder", service.folder_of(index)}});
    if (task.end != Cause::absent)
      tasks.back()["end"] = {{"cause", hinterland::name_of(task.end)}, {"status", task.status}};
    if (is_staging(state, index)) tasks.back()["staging"] = staging_json(service, index);
    const std::string standing =
        task.phase == TaskPhase::running ? service.standing_of(index) : std::string();
    if (!standing.empty()) tasks.back()["standing"] = standing;
  }
  out["of_tasks"] = std::move(tasks);
  return out;
}

Json why_json(Service& service, JobNumber number) {
  const State& state = service.broker().state();
  const JobState& job = state.jobs[number];
  // The first of each phase: tasks of a job are alike.
  using Phase = std::pair<TaskPhase, std::string>;
  std::map<Phase, std::pair<std::size_t, std::size_t>> phases;  // the first, and how many there are
  for (std::size_t k = 0; k < job.tasks; ++k) {
    const TaskIndex index{job.first + k};
    ++phases.try_emplace({state.tasks[index].phase, phase_name(state, index)}, k, std::size_t{0})
          .first->second.second;
  }
  Json tasks = Json::array();
  for (const auto& [phase, first] : phases) {
    const TaskIndex index{job.first + first.first};
    Json one{{"task", first.first},
             {"phase", phase.second},
             {"alike", first.second},
             {"why", why_of(service, index)}};
    if (const auto* candidates = service.candidates_of(index)) {
      Json list = Json::array();
      for (const Candidate& candidate : *candidates) {
        Json there{{"site", state.pools[candidate.pool].name}, {"cost", from_millionths(candidate.money)}};
        if (candidate.start < kNever) there["start_ms"] = candidate.start.ms;
        there["chosen"] = has_a_pool(state.tasks[index]) && candidate.pool == state.tasks[index].pool;
        list.push_back(std::move(there));
      }
      one["candidates"] = std::move(list);
    }
    tasks.push_back(std::move(one));
  }
  return {{"id", number.value},
          {"state", name_of(phase_of(job))},
          {"currency", service.served().currency},
          {"tasks", tasks}};
}

Json pools_json(Service& service) {
  const State& state = service.broker().state();
  Json list = Json::array();
  for (std::size_t p = 0; p < state.pools.size(); ++p) {
    const PoolFacts& pool = state.pools[p];
    const PoolState& there = service.broker().pools().states()[p];
    const char* how = pool.down      ? "down"
                      : pool.drained ? "drained"
                      : pool.lost    ? "lost"
                      : there.up     ? "up"
                                     : "closed";
    Json condemned = Json::array();
    for (const HostState& host : state.hosts) {
      if (host.pool == p && host.condemned) condemned.push_back(host.name);
    }
    Json row{{"name", pool.name},
             {"place", service.served().site[p]},
             {"state", how},
             {"cores", there.total.cores},
             {"free_cores", std::max<std::int64_t>(0, there.free.cores)},
             {"owner", pool.deal.owner},
             {"carrier", pool.deal.carrier},
             {"basis", name_of(pool.build.pricing.basis)},
             {"condemned_hosts", condemned},
             {"energy", energy_json(service, PoolIndex{p})}};
    if (pool.build.pricing.basis == Basis::rented)
      row["rate_per_server_hour"] = from_millionths(pool.build.pricing.rate);
    if (const auto path = service.path_of(PoolIndex{p})) row["path"] = path_json(*path);
    if (std::string trouble = service.trouble_with(PoolIndex{p}); !trouble.empty())
      row["trouble"] = std::move(trouble);
    if (const auto end = service.certificate_end(PoolIndex{p})) row["certificate_ends_ms"] = end->ms;
    if (pool.warned_from < kNever) row["may_be_lost_ms"] = pool.warned_from.ms;
    list.push_back(std::move(row));
  }
  Json classes = Json::array();
  for (const ServedClass& one : service.served().classes)
    classes.push_back({{"name", one.name}, {"workload", one.workload}, {"from", one.from}});
  Json out{{"currency", service.served().currency}, {"pools", list}, {"classes", classes}};
  if (const Errors& trouble = service.trouble_with_signals(); !trouble.empty())
    out["signals_trouble"] = describe(trouble.front());
  return out;
}

Json health_json(Service& service) {
  const State& state = service.broker().state();
  Json troubles = Json::array();
  const auto note_end = [&](const std::string& whose, std::optional<Instant> end) {
    if (!end || *end > service.now() + kEndsSoon) return;
    troubles.push_back(fmt::format("{}certificate {} at {}.", whose, *end <= service.now() ? "ended" : "ends",
                                   format_civil(*end, "UTC")));
  };
  note_end("This broker's ", service.certificate_end());
  for (std::size_t p = 0; p < state.pools.size(); ++p) {
    const std::string& name = state.pools[p].name;
    if (const std::string trouble = service.trouble_with(PoolIndex{p}); !trouble.empty())
      troubles.push_back(fmt::format("Pool {}: {}", name, trouble));
    note_end(fmt::format("Pool {}: its broker's ", name), service.certificate_end(PoolIndex{p}));
  }
  return {{"jobs", state.jobs.size()},
          {"pools", state.pools.size()},
          {"store", service.store()},
          {"signals", service.trouble_with_signals().empty() ? "good" : "in trouble"},
          {"troubles", troubles}};
}

Json cost_json(Service& service, const Caller& caller) {
  const State& state = service.broker().state();
  Json rows = Json::array();
  for (const auto& [key, metered] : state.metered) {
    if (!caller.knows(state.projects[key.project].name)) continue;
    const double units = static_cast<double>(service.served().units_per_server[key.pool]);
    rows.push_back({{"project", state.projects[key.project].name},
                    {"class", state.places[key.places]},
                    {"site", state.pools[key.pool].name},
                    {"attempts", metered.attempts},
                    {"server_hours", static_cast<double>(metered.unit_ms) * kPerHour / units},
                    {"moved_bytes", metered.moved},
                    {"fetched_bytes", metered.fetched},
                    {"energy", metered.bill.energy},
                    {"capacity", metered.bill.capacity},
                    {"network", metered.bill.network},
                    {"carbon", metered.bill.carbon},
                    {"water", metered.bill.water},
                    {"total", metered.bill.total()},
                    {"kwh", metered.bill.kwh},
                    {"kg_co2", metered.bill.kg},
                    {"litres", metered.bill.litres}});
  }
  Json projects = Json::array();
  for (const ProjectState& project : state.projects) {
    if (!caller.knows(project.name)) continue;
    projects.push_back({{"project", project.name},
                        {"share", project.share},
                        {"budget", project.budget},
                        {"spent", project.spent},
                        {"reserved", project.reserved}});
  }
  return {{"currency", service.served().currency},
          {"unit", "millionths"},
          {"rows", rows},
          {"projects", projects},
          {"quotes", quotes_json(state, [&](ProjectIndex project) {
             return caller.knows(state.projects[project].name);
           })}};
}

}  // namespace hinterland
