// A duration is counted in milliseconds and becomes hours by name.
#include "hinterland/base/time.hpp"

using namespace hinterland;

const Hours right = in_hours(Duration{3});
#ifdef WRONG
const Hours wrong = Duration{3};  // error
#endif
