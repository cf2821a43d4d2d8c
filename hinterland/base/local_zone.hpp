// The time zone that this machine's clocks show.
#pragma once
#include <string>

namespace hinterland {

// What $TZ names, else what /etc/localtime is a link to; "UTC" where that is no zone that this system knows.
std::string local_zone();

}  // namespace hinterland
