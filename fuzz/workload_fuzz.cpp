// Any bytes as a workload class. Promised: a class that is accepted holds together, and its work is positive.
#include "fuzz/fuzz.hpp"
#include "hinterland/work/workload.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto workload = parse_workload(text_of(data, size), "fuzz.toml");
  if (!workload) {
    promise_errors(workload.error());
    return 0;
  }
  promise(!workload->id.empty());
  promise(workload->server_hours.has_value() != workload->runtime.has_value());
  promise(server_hours(*workload, ServerShape{.cores = 64, .gpus = 8, .memory_gb = 512}).value > 0);
  return 0;
}
