// The broker's HTTP routes, apart from any socket. Bodies are JSON; errors are {"error": {"what": ..., "mend": ...}}.
//
//   GET  /v1/health
//   POST /v1/jobs                    a job (job_spec.hpp), or {"jobs": [...]}; answered once it is durable
//   GET  /v1/jobs                    all of them: {"jobs": [{id, state, tasks, done, attempts, site, cost, ...}]}
//                                  ?state=S&project=P&after=N&limit=M: of those, from the one after N on; `next` if there are more
//   POST /v1/quotes                  what a job would cost: {p50, p90, most, currency, seen}; it is not submitted
//   GET  /v1/jobs/N?from=K&tasks=M   one, with M of its tasks from the K-th, 1,000 at most
//   GET  /v1/jobs/N/why              why it waits, or is where it is, and what else was to be had
//   GET  /v1/jobs/N/log?task=K&stream=stdout&from=BYTE     plain text, from there on
//   POST /v1/jobs/N/cancel           also hold, release, retry
//   GET  /v1/pools
//   POST /v1/pools/NAME/drain        also resume, down, up, pardon (its condemned hosts were mended)
//   POST /v1/pools/NAME/warn?hours=H it may be lost from then on; all-clear calls that off
//   GET  /metrics                    for Prometheus
//   GET  /healthz, /readyz           it answers; it takes submissions
//   GET  /v1/cost                    what was metered and billed, by project, class and pool
#pragma once
#include <functional>
#include <string>

#include "hinterland/serve/service.hpp"

namespace hinterland {

struct ApiRequest {
  std::string method, target, body;
  std::string key;  // of the header Idempotency-Key
};
struct ApiResponse {
  int status = 200;
  std::string body;
  std::string type = "application/json";
};

// Answers once, perhaps later.
void handle(Service& service, const ApiRequest& request, std::function<void(ApiResponse)> reply);

}  // namespace hinterland
