#include "hinterland/serve/staging_listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

std::string bytes_text(std::uint64_t bytes) { return compact(static_cast<double>(bytes)) + "B"; }

// nullopt: nobody knows yet.
std::optional<double> seconds_left(const StagingNow& now) {
  if (now.bytes_per_s <= 0 || !now.trouble.empty()) return std::nullopt;
  return static_cast<double>(now.needed - now.here) / now.bytes_per_s;
}

}  // namespace

bool is_staging(const State& state, TaskIndex task) {
  const auto attempt = state.attempts.find(state.tasks[task].attempt);
  return attempt != state.attempts.end() && is_staging(attempt->second.inputs) && !attempt->second.confirmed;
}

std::map<JobNumber, JobStaging> staging_of_jobs(const Service& service) {
  const State& state = service.broker().state();
  std::map<std::pair<JobNumber, PoolIndex>, JobStaging> there;
  for (const auto& [id, attempt] : state.attempts) {
    if (!is_staging(attempt.inputs) || attempt.confirmed) continue;
    JobStaging& one = there[{state.tasks[attempt.task].job, attempt.pool}];
    const auto now = service.staging_of(attempt.task);
    ++one.tasks;
    one.needed = static_cast<std::uint64_t>(attempt.inputs.needed);
    one.here = std::max(one.here, now ? now->here : 0);
  }
  std::map<JobNumber, JobStaging> out;
  for (const auto& [where, one] : there) {
    JobStaging& job = out[where.first];
    job.tasks += one.tasks;
    job.needed += one.needed;
    job.here += one.here;
  }
  return out;
}

Json staging_json(const JobStaging& job) {
  return {{"tasks", job.tasks}, {"needed_bytes", job.needed}, {"here_bytes", job.here}};
}

Json staging_json(const Service& service, TaskIndex task) {
  const StagingNow now = service.staging_of(task).value_or(StagingNow{});
  Json out{
      {"needed_bytes", now.needed}, {"here_bytes", now.here}, {"bytes_per_s", std::llround(now.bytes_per_s)}};
  if (const auto left = seconds_left(now)) out["whole_ms"] = service.now().ms + std::llround(1000 * *left);
  if (!now.trouble.empty()) out["trouble"] = now.trouble;
  return out;
}

std::string staging_words(const Service& service, TaskIndex task) {
  const State& state = service.broker().state();
  const std::string& pool = state.pools[state.tasks[task].pool].name;
  const StagingNow now = service.staging_of(task).value_or(StagingNow{});
  if (now.needed == 0) return fmt::format("Its inputs are about to be moved to {}.", pool);
  std::string words = fmt::format("Its inputs are on their way to {}: {} of {} are there", pool,
                                  bytes_text(now.here), bytes_text(now.needed));
  if (!now.trouble.empty()) return words + ", and no more come: " + now.trouble;
  if (const auto left = seconds_left(now))
    words += fmt::format(", and {} more a second; that takes {:.0f} s",
                         bytes_text(static_cast<std::uint64_t>(now.bytes_per_s)), *left);
  return words + ".";
}

Json path_json(const PathNow& path) {
  std::uint64_t left = 0;
  for (const auto& [attempt, now] : path.attempts) left += now.needed - now.here;
  Json out{{"moved_bytes", path.moved},       {"fetched_bytes", path.fetched}, {"kept_bytes", path.cached},
           {"staging", path.attempts.size()}, {"fetching", path.fetching},     {"missing_bytes", left}};
  if (path.most_bytes_per_s > 0) out["most_bytes_per_s"] = std::llround(path.most_bytes_per_s);
  return out;
}

}  // namespace hinterland
