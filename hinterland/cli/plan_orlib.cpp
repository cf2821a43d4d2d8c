// hinterland plan --orlib: facility location problems of OR-Library.
#include "hinterland/cli/plan_orlib.hpp"

#include <optional>

#include "hinterland/cli/console.hpp"
#include "hinterland/siting/orlib.hpp"
#include "hinterland/siting/orlib_page.hpp"

namespace hinterland {

int run_orlib(const OrlibOptions& options) {
  const auto problem =
      read_orlib(options.orlib, options.capacity > 0 ? std::optional(options.capacity) : std::nullopt);
  if (!problem) return report(problem.error());
  const LocationAnswer answer = problem->warehouses
                                    ? solve(*problem->warehouses, options.gap, options.seconds)
                                    : solve(*problem->medians, options.gap, options.seconds);
  if (options.json)
    print(orlib_json(*problem, answer));
  else
    print(orlib_page(*problem, answer));
  return answer.open.empty() ? kAnswerIsNo : kDone;
}

}  // namespace hinterland
