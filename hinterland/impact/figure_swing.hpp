// What a result becomes when one figure alone goes to the ends of its range, all others as they stand.
#pragma once
#include <string>
#include <vector>

namespace hinterland {

struct FigureSwing {
  std::string column;  // skilled_flows.china.retention
  double low = 0, high = 0;
  double at_low = 0, at_high = 0;  // the result
};

// By how far apart the result's ends lie.
void widest_first(std::vector<FigureSwing>& swings);

}  // namespace hinterland
