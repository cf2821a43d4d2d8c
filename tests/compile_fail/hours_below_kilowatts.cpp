// Time and power have no order.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const bool right = Hours{1} < Hours{2};
#ifdef WRONG
const bool wrong = Hours{1} < Kilowatts{2};  // error
#endif
