// Carbon per kWh and water per kWh are two things.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const Litres right = LitresPerKwh{1.2} * KilowattHours{3};
#ifdef WRONG
const Litres wrong = KgPerKwh{1.2} * KilowattHours{3};  // error
#endif
