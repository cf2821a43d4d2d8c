// The broker's state as JSON, for whoever looks at it.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "hinterland/serve/service.hpp"

namespace hinterland {

nlohmann::ordered_json quote_json(const JobQuote& quote);
nlohmann::ordered_json jobs_json(Service& service);
nlohmann::ordered_json job_json_of(Service& service, JobNumber job, bool with_tasks);
nlohmann::ordered_json why_json(Service& service, JobNumber job);
nlohmann::ordered_json pools_json(const Service& service);
nlohmann::ordered_json cost_json(const Service& service);

}  // namespace hinterland
