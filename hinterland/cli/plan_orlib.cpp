// hinterland plan --orlib: facility location problems of OR-Library.
#include "hinterland/cli/plan_orlib.hpp"

#include <algorithm>
#include <optional>

#include "hinterland/cli/console.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/siting/orlib.hpp"
#include "hinterland/siting/orlib_page.hpp"

namespace hinterland {

int run_orlib(const OrlibOptions& options) {
  const Stopwatch clock;
  const auto problem =
      read_orlib(options.orlib, options.capacity > 0 ? std::optional(options.capacity) : std::nullopt);
  if (!problem) return report(problem.error());
  TerminalProgress progress;
  const auto go_on = [&] {
    const double spent = clock.seconds();
    const auto whole = [](double seconds) {
      return static_cast<std::int64_t>(std::min(seconds, 1e9) * 1000);
    };
    return progress.step("searching", whole(spent), whole(options.seconds)) && spent < options.seconds;
  };
  const LocationAnswer answer = problem->warehouses ? solve(*problem->warehouses, options.gap, go_on)
                                                    : solve(*problem->medians, options.gap, go_on);
  const Page page = orlib_page(*problem, answer);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json)
    print(orlib_json(*problem, answer));
  else
    print(page);
  if (progress.interrupted()) return kInterrupted;
  return answer.open.empty() ? kAnswerIsNo : kDone;
}

}  // namespace hinterland
