#include "hinterland/base/shared_library.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace hinterland;

TEST_CASE("a function of a library that was loaded by name") {
  const auto library = SharedLibrary::load("libz.so.1", "zlib1g");
  REQUIRE(library.has_value());
  decltype(&::crc32) crc = nullptr;
  REQUIRE(library->find("crc32", crc));
  const unsigned char bytes[] = "123456789";
  CHECK(crc(0, bytes, 9) == 0xCBF43926);  // the check value of CRC-32/ISO-HDLC
  decltype(&::crc32) none = nullptr;
  CHECK_FALSE(library->find("no_such_function", none));
}

TEST_CASE("a library that is not there names itself and its package") {
  const auto library = SharedLibrary::load("libnothing.so.9", "libnothing9");
  REQUIRE_FALSE(library.has_value());
  CHECK(library.error().front().outside);
  CHECK(library.error().front().where.file == "libnothing.so.9");
  CHECK(library.error().front().mend.contains("libnothing9"));
}
