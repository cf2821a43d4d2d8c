// Any bytes as a problem of OR-Library. Promised: one that is accepted is of one kind.
#include <cstdlib>
#include <string>

#include "fuzz/fuzz.hpp"
#include "hinterland/siting/orlib.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  // The distances of n nodes take n^3 steps: beyond this a fuzzer learns nothing more.
  constexpr int kMostPlaces = 60;
  if (std::atoi(std::string(text_of(data, size)).c_str()) > kMostPlaces) return -1;
  const auto problem = parse_orlib(text_of(data, size), "fuzz.txt", 100.0);
  if (!problem) {
    promise_errors(problem.error());
    return 0;
  }
  promise(problem->warehouses.has_value() != problem->medians.has_value());
  return 0;
}
