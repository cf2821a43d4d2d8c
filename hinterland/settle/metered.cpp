#include "hinterland/settle/metered.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace hinterland {

namespace {

constexpr std::uint64_t kLook = 1024;  // steps, between two looks at whether to stop
constexpr double kMostHoursSaid = kMostRounded;

// Which job a fact is about, if it is about one.
std::optional<JobNumber> job_of(const Fact& fact, const State& before) {
  return std::visit(
      [&](const auto& f) -> std::optional<JobNumber> {
        using Kind = std::remove_cvref_t<decltype(f)>;
        if constexpr (std::is_same_v<Kind, fact::Accepted>) {
          return JobNumber{before.jobs.size()};
        } else if constexpr (requires { f.job; }) {
          return f.job;
        } else if constexpr (requires { f.task; }) {
          return before.tasks[f.task].job;
        } else if constexpr (requires { f.attempt; }) {
          return before.tasks[before.attempts.at(f.attempt).task].job;
        } else {
          return std::nullopt;
        }
      },
      fact);
}

// Follows deals and attempts, fact by fact.
class Meter {
 public:
  Meter() { deals.emplace_back(); }

  // Of a fact that ends an attempt, that attempt.
  std::optional<MeteredAttempt> look(const Fact& fact, const State& before) {
    if (const auto* const made = std::get_if<fact::DealMade>(&fact)) {
      now_[made->pool] = deals.size();
      deals.push_back(made->deal);
    } else if (const auto* const launched = std::get_if<fact::Launched>(&fact)) {
      const auto deal = now_.find(before.tasks[launched->task].pool);
      if (deal != now_.end()) begun_[launched->attempt] = deal->second;
    } else if (const auto* const finished = std::get_if<fact::Finished>(&fact)) {
      const AttemptState& attempt = before.attempts.at(finished->attempt);
      const auto deal = begun_.extract(finished->attempt);
      return MeteredAttempt{.id = finished->attempt,
                            .task = attempt.task,
                            .pool = attempt.pool,
                            .host = attempt.confirmed ? std::optional(attempt.host) : std::nullopt,
                            .deal = deal.empty() ? 0 : deal.mapped(),
                            .began = attempt.began,
                            .ended = finished->at,
                            .ran = finished->ran,
                            .cause = finished->cause,
                            .status = finished->status,
                            .units = before.size_of(attempt.task).units,
                            .inputs = attempt.inputs,
                            .outputs = attempt.outputs,
                            .bill = finished->bill};
    }
    return std::nullopt;
  }

  std::vector<PoolDeal> deals;

 private:
  std::map<PoolIndex, std::size_t> now_;    // the deal of each pool
  std::map<AttemptId, std::size_t> begun_;  // of attempts that run
};

void hold_against_the_broker(const MeteredJournal& metered, const std::vector<JobNumber>& of) {
  // Without signs: what a stranger's journal may hold must not overflow.
  std::map<JobNumber, std::uint64_t> jobs;
  std::map<ProjectIndex, std::uint64_t> projects;
  for (const MeteredAttempt& attempt : metered.attempts) {
    const JobNumber job = metered.state.tasks[attempt.task].job;
    const auto money = static_cast<std::uint64_t>(attempt.bill.total());
    jobs[job] += money;
    projects[metered.state.jobs[job].project] += money;
  }
  for (const JobNumber job : of) {
    if (static_cast<std::uint64_t>(metered.state.jobs[job].money) != jobs[job])
      throw std::logic_error(fmt::format("the attempts of job {} are not what it was billed", job.value));
  }
  if (of.size() < metered.state.jobs.size()) return;
  for (std::size_t p = 0; p < metered.state.projects.size(); ++p) {
    if (static_cast<std::uint64_t>(metered.state.projects[p].spent) != projects[ProjectIndex{p}])
      throw std::logic_error(fmt::format("the attempts of project {} are not what it was billed",
                                         metered.state.projects[p].name));
  }
}

// `take` is given each fact with the attempt that it ends.
template <class Take>
Expected<MeteredJournal> read(Journal& journal, Progress& progress, const Take& take) {
  MeteredJournal metered;
  Meter meter;
  std::uint64_t looked = 0;
  auto all = journal.read_facts([&](const Journal::Told& told) {
    if (auto ended = meter.look(told.fact, told.before); take(told, ended) && ended)
      metered.attempts.push_back(*ended);
    if (told.step < looked + kLook) return true;
    looked = told.step;
    return progress.step("reading the journal", static_cast<std::int64_t>(told.step), 0);
  });
  if (!all) return std::unexpected(std::move(all.error()));
  metered.state = std::move(all->state);
  metered.deals = std::move(meter.deals);
  metered.steps = all->steps;
  metered.interrupted = all->interrupted;
  return metered;
}

}  // namespace

Expected<MeteredJournal> read_metered(Journal& journal, Progress& progress) {
  auto metered = read(journal, progress, [](const Journal::Told&, const auto&) { return true; });
  if (!metered || metered->interrupted) return metered;
  std::vector<JobNumber> all;
  for (std::size_t job = 0; job < metered->state.jobs.size(); ++job) all.emplace_back(job);
  hold_against_the_broker(*metered, all);
  return metered;
}

Expected<MeteredJob> read_metered_job(Journal& journal, JobNumber job, Progress& progress) {
  MeteredJob out{.number = job};
  auto metered = read(journal, progress, [&](const Journal::Told& told, const auto&) {
    if (job_of(told.fact, told.before) != job) return false;
    if (const auto* const accepted = std::get_if<fact::Accepted>(&told.fact)) {
      out.request = accepted->job;
      out.first_step = told.step;
    }
    out.last_step = told.step;
    out.checksum = told.checksum;
    return true;
  });
  if (!metered) return std::unexpected(std::move(metered.error()));
  out.metered = std::move(*metered);
  if (out.metered.interrupted) return out;
  if (out.first_step == 0)
    return failure({.what = fmt::format("It knows no job {}.", job.value),
                    .where = {.file = journal.name()},
                    .mend = fmt::format("It has {} jobs, from 0.", out.metered.state.jobs.size())});
  hold_against_the_broker(out.metered, {job});
  return out;
}

std::optional<std::int64_t> server_hours(const MeteredAttempt& attempt, const PoolDeal& deal) {
  if (deal.server_units <= 0) return std::nullopt;
  const double hours = static_cast<double>(attempt.units) / static_cast<double>(deal.server_units) *
                       in_hours(attempt.ran).value;
  return hours * kMillion < kMostHoursSaid ? std::optional(nearest_whole(hours * kMillion)) : std::nullopt;
}

std::int64_t moved_gb(const MeteredAttempt& attempt, const JobState& job) {
  if (is_sites_fault(attempt.cause)) return 0;
  return nearest_whole(kMillion * billed_gb(job, attempt.inputs, attempt.outputs, attempt.cause));
}

}  // namespace hinterland
