#include "hinterland/base/local_zone.hpp"

#include <date/tz.h>

#include <cstdlib>
#include <exception>

#include "hinterland/base/time.hpp"

namespace hinterland {

std::string local_zone() {
  if (const char* named = std::getenv("TZ"); named != nullptr && *named != '\0') {
    const std::string zone =
        *named == ':' ? named + 1 : named;  // POSIX: a colon before what is a file of zone data
    return check_zone(zone) ? zone : "UTC";
  }
  try {
    return date::current_zone()->name();
  } catch (const std::exception&) {  // no link, or to nowhere
    return "UTC";
  }
}

}  // namespace hinterland
