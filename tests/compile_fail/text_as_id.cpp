// Text becomes an id only where somebody says of what.
#include "hinterland/base/id.hpp"

using namespace hinterland;

const SiteId right{"guian"};
#ifdef WRONG
const SiteId wrong = std::string("guian");  // error
#endif
