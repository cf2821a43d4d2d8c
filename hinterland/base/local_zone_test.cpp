#include "hinterland/base/local_zone.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "hinterland/base/time.hpp"

using namespace hinterland;

TEST_CASE("the machine's zone is the one that TZ names, and always one that exists") {
  for (const auto& [named, zone] :
       {std::pair("Asia/Shanghai", "Asia/Shanghai"), std::pair(":Europe/Berlin", "Europe/Berlin"),
        std::pair("CST-8", "UTC"), std::pair("nowhere", "UTC")}) {
    CAPTURE(named);
    setenv("TZ", named, 1);
    CHECK(local_zone() == zone);
  }
  unsetenv("TZ");
  CHECK(check_zone(local_zone()));
}
