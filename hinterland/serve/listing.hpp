// The broker's state as JSON, for whoever looks at it.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "hinterland/serve/caller.hpp"
#include "hinterland/serve/service.hpp"

namespace hinterland {

nlohmann::ordered_json quote_json(const Service& service, const JobQuote& quote);
// Those of a state and of a project, if one is named, after the job `after`, `limit` at most; `next` says after which
// there are more.
struct JobFilter {
  std::string state, project;
  std::optional<std::uint32_t> after, limit;
  const Caller* caller = nullptr;  // and of projects that they know
};
// 1,000 at most, or `limit` if that is less; `next` is there if there are more.
inline constexpr std::uint32_t kMostJobsShown = 1000;
nlohmann::ordered_json jobs_json(Service& service, const JobFilter& filter);
// With so many of its tasks, from that one, and at most 1,000.
nlohmann::ordered_json job_json_of(Service& service, JobNumber job, std::uint32_t from, std::uint32_t tasks);
nlohmann::ordered_json why_json(Service& service, JobNumber job);
nlohmann::ordered_json pools_json(Service& service);
nlohmann::ordered_json cost_json(Service& service, const Caller& caller);  // of the projects that they know
nlohmann::ordered_json health_json(Service& service);

}  // namespace hinterland
