// Jobs as they are sent: POST /v1/jobs and /v1/quotes.
#pragma once
#include "hinterland/serve/route.hpp"

namespace hinterland {

inline constexpr std::uint64_t kMostJob = 4'000'000;    // bytes of one job
inline constexpr std::uint64_t kMostSent = 64'000'000;  // bytes of a submission

// A job (job_spec.hpp), or {"jobs": [...]}. If one of a list is malformed none is taken; what the broker itself has against
// one is said of that one.
void submit_jobs(ApiContext& context, const ApiRequest& asked, Reply reply);
void quote_job(ApiContext& context, const ApiRequest& asked, const Reply& reply);

}  // namespace hinterland
