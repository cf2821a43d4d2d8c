// A plain number is no money until somebody says so.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const Money right{3.0};
#ifdef WRONG
const Money wrong = 3.0;  // error
#endif
