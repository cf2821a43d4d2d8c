// Time and power do not add.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const Hours right = Hours{1} + Hours{2};
#ifdef WRONG
const Hours wrong = Hours{1} + Kilowatts{2};  // error
#endif
