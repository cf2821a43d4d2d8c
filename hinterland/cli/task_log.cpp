#include "hinterland/cli/task_log.hpp"

#include <fmt/format.h>

#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/console.hpp"

namespace hinterland {

Expected<void> print_more(TaskLog& log, std::uint64_t attempt) {
  if (log.attempt != attempt) log.said = 0;
  log.attempt = attempt;
  while (true) {  // an answer holds so much and no more
    const auto text = ask_broker(
        log.broker, "GET",
        fmt::format("/v1/jobs/{}/log?task={}&stream={}&from={}", log.job, log.task, log.stream, log.said));
    if (!text) return std::unexpected(text.error());
    if (text->body.empty()) return {};
    log.said += text->body.size();
    print(text->body);
  }
}

bool is_over(const std::string& phase) {
  return phase == "done" || phase == "failed" || phase == "cancelled" || phase == "refused";
}

}  // namespace hinterland
