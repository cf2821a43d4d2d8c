// The broker's state as JSON, for whoever looks at it.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "hinterland/serve/service.hpp"

namespace hinterland {

nlohmann::ordered_json quote_json(const Service& service, const JobQuote& quote);
nlohmann::ordered_json jobs_json(Service& service);
// With so many of its tasks, from that one, and at most 1,000.
nlohmann::ordered_json job_json_of(Service& service, JobNumber job, std::uint32_t from, std::uint32_t tasks);
nlohmann::ordered_json why_json(Service& service, JobNumber job);
nlohmann::ordered_json pools_json(Service& service);
nlohmann::ordered_json cost_json(Service& service);
nlohmann::ordered_json health_json(Service& service);

}  // namespace hinterland
