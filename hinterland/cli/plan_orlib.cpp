// hinterland plan --orlib: facility location problems of OR-Library.
#include "hinterland/cli/plan_orlib.hpp"

#include <algorithm>
#include <optional>

#include "hinterland/cli/console.hpp"
#include "hinterland/siting/orlib.hpp"
#include "hinterland/siting/orlib_page.hpp"

namespace hinterland {

int run_orlib(const OrlibOptions& options) {
  const Stopwatch clock;
  const auto problem =
      read_orlib(options.orlib, options.capacity > 0 ? std::optional(options.capacity) : std::nullopt);
  if (!problem) return report(problem.error());
  const double seconds = std::max(0.0, options.seconds - clock.seconds());
  const LocationAnswer answer = problem->warehouses ? solve(*problem->warehouses, options.gap, seconds)
                                                    : solve(*problem->medians, options.gap, seconds);
  if (options.json)
    print(orlib_json(*problem, answer));
  else
    print(orlib_page(*problem, answer));
  return answer.open.empty() ? kAnswerIsNo : kDone;
}

}  // namespace hinterland
