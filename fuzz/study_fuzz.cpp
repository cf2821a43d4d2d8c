// Any bytes as a study. Promised: one that is accepted has demand, each of one size, shapes of whole days, and probabilities
// that sum to 1 at most.
#include "fuzz/fuzz.hpp"
#include "hinterland/plan/study.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto study = parse_study(text_of(data, size), "fuzz.toml", {"days=7"});
  if (!study) {
    promise_errors(study.error());
    return 0;
  }
  promise(study->days == 7);
  promise(!study->demands.empty());
  for (const StudyDemand& demand : study->demands) {
    promise(demand.share.has_value() + demand.power.has_value() + !demand.table.empty() == 1);
    promise(demand.daily.empty() || demand.daily.size() == 24);
  }
  double chances = 0;
  for (const StudyScenario& scenario : study->scenarios) chances += scenario.probability;
  promise(chances <= 1 + 1e-6);
  for (const StudySite& site : study->sites) promise(site.availability >= 0 && site.availability <= 1);
  return 0;
}
