// Jobs as they are sent: POST /v1/jobs and /v1/quotes.
#pragma once
#include "hinterland/serve/route.hpp"

namespace hinterland {

inline constexpr std::uint64_t kMostSent = 64'000'000;  // bytes of a submission

// A job (job_spec.hpp), or {"jobs": [...]}. Each is taken or refused by itself.
void submit_jobs(ApiContext& context, const Asked& asked, Reply reply);
void quote_job(ApiContext& context, const Asked& asked, const Reply& reply);

}  // namespace hinterland
