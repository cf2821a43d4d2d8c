// hinterland plan --orlib: facility location problems of OR-Library.
#pragma once
#include <string>

namespace hinterland {

struct OrlibOptions {
  std::string orlib, report;
  double capacity = 0;  // none given
  double gap = 0;
  double seconds = 1e30;
  bool json = false;
};

// Solves and prints; the exit code.
int run_orlib(const OrlibOptions& options);

}  // namespace hinterland
