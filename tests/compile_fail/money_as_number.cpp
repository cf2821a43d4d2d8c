// Money does not lose its unit by itself.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const double right = Money{3}.value;
#ifdef WRONG
const double wrong = Money{3};  // error
#endif
