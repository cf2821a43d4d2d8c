// A ratio and money do not add.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const Money right = 1.2 * Money{3};
#ifdef WRONG
const Money wrong = 1.2 + Money{3};  // error
#endif
