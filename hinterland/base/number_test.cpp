// Text that is a number, and text that only looks like one.
#include "hinterland/base/number.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace hinterland;

TEST_CASE("plain decimal numbers are read") {
  CHECK(parse_number("0.40") == 0.4);
  CHECK(parse_number("-3") == -3);
  CHECK(parse_number("1e6") == 1e6);
  CHECK(parse_number(".5") == 0.5);
}

TEST_CASE("what is no finite decimal number is refused") {
  for (const char* text :
       {"",     " ",        " 1",   "1 ",    "1,000",  "1_000", "0.40 yuan", "62.7%", "nan", "NaN", "inf",
        "-inf", "infinity", "0x10", "1e400", "-1e400", "--1",   "1e",        "1.2.3", "一",  "+-1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
}

TEST_CASE("integers are read whole or not at all") {
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* text : {"", " 1", "1.0", "1e3", "9223372036854775808", "0x1", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
}

TEST_CASE("the shortest text reads back as the same double") {
  CHECK(rc::check("parse_number(shortest(x)) is x, for any finite bits", [](std::uint64_t bits) {
    const auto value = std::bit_cast<double>(bits);
    RC_PRE(std::isfinite(value));
    const auto back = parse_number(shortest(value));
    RC_ASSERT(back.has_value());
    RC_ASSERT(std::bit_cast<std::uint64_t>(*back) == bits);
  }));
  CHECK(rc::check("parse_number(shortest(x)) is x, for numbers people write", [](std::int32_t units) {
    const double value = units / 1000.0;
    RC_ASSERT(parse_number(shortest(value)) == value);
  }));
}

TEST_CASE("whole numbers are written without an exponent") {
  CHECK(shortest(5'259'600) == "5259600");
  CHECK(shortest(1e12) == "1000000000000");
  CHECK(shortest(-1e14) == "-100000000000000");
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(0) == "0");
}
