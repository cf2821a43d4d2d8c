// Two moments do not add.
#include "hinterland/base/time.hpp"

using namespace hinterland;

const Instant right = Instant{1} + Duration{2};
#ifdef WRONG
const Instant wrong = Instant{1} + Instant{2};  // error
#endif
