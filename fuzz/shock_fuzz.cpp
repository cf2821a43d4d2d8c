// Any bytes as a shock's scenario. Promised: one that is accepted loses something, for whole days, each loss a share; and each
// zone has its capacity once.
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/impact/shock_scenario.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto shock = parse_shock(text_of(data, size), "fuzz.toml", {"per_year=0.5"});
  if (!shock) {
    promise_errors(shock.error());
    return 0;
  }
  promise(shock->per_year == 0.5);
  promise(shock->days >= 1 && shock->days == std::floor(shock->days));
  promise(!shock->exports.empty() || !shock->imports.empty() || !shock->capacity.empty());
  for (const auto* losses : {&shock->exports, &shock->imports, &shock->capacity}) {
    for (const ShockLoss& loss : *losses) {
      for (double day = 0; day < 400; day += 13.5) {
        const double lost = loss.at(day);
        promise(lost >= 0 && lost <= loss.lost && loss.lost <= 1);
      }
    }
  }
  for (const BackupZone& zone : shock->zones) promise(zone.share.has_value() != zone.mw.has_value());
  for (const ReserveStock& reserve : shock->reserves) promise(reserve.extra_days > 0);
  return 0;
}
