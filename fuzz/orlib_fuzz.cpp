// Any bytes as a problem of OR-Library. Promised: one that is accepted has sites, customers and finite numbers.
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/siting/orlib.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto problem = parse_orlib(text_of(data, size), "fuzz.txt", 100.0);
  if (!problem) {
    promise_errors(problem.error());
    return 0;
  }
  promise(problem->warehouses.has_value() != problem->medians.has_value());
  return 0;
}
