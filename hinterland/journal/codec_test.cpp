#include "hinterland/journal/codec.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "hinterland/journal/test_facts.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

using test::Chance;
using test::one_of_each;

namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace

TEST_CASE("facts and states come back as they were, and no part of their bytes is taken for the whole") {
  for (std::uint64_t seed = 0; seed < seeds(200); ++seed) {
    Chance chance(seed);
    const std::string bytes = encode(one_of_each(chance));
    const auto facts = decode_facts(bytes);
    REQUIRE(facts);
    CHECK(facts->size() == std::variant_size_v<Fact>);
    CHECK(encode(*facts) == bytes);

    State state;
    chance.fill(state);
    const auto again = decode_state(encode(state));
    REQUIRE(again);
    CHECK(*again == state);
    CHECK(encode(*again) == encode(state));
  }
  Chance chance(1);
  const std::string bytes = encode(one_of_each(chance));
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_facts(bytes.substr(0, size)));
  CHECK_FALSE(decode_facts(bytes + '\0'));
}

TEST_CASE("the bytes of facts stay as they were, whatever comes after") {
  // As the first format had them: a change of these needs a way to read the old ones.
  const fact::Accepted accepted{.at = {1},
                                .key = "k",
                                .job = {.project = ProjectIndex{2},
                                        .places = PlacesIndex{3},
                                        .size = {4, 5, 6},
                                        .units = 7,
                                        .request = {8},
                                        .deadline = {9},
                                        .may_wait = {10},
                                        .late = 1,
                                        .gb_in = 0,
                                        .gb_out = 0,
                                        .priority = 7,
                                        .held = true,
                                        .tasks = 300,
                                        .after = {JobNumber{1}},
                                        .what = "ls"}};
  CHECK(hex(encode(std::vector<Fact>{accepted})) ==
        "05"
        "01"
        "04"
        "02"
        "016b"
        "02"
        "03"
        "080a0c"
        "0e"
        "10"
        "12"
        "14"
        "000000000000f03f"
        "0000000000000000"
        "0000000000000000"
        "07"
        "01"
        "ac02"
        "0101"
        "026c73");
  const fact::Finished ended{
      .attempt = {1},
      .cause = Cause::lost,
      .next = Next::later,
      .status = -1,
      .at = {2},
      .not_before = {3},
      .ran = {4},
      .bill = {
          .energy = 1, .capacity = 2, .carbon = 3, .water = 4, .network = 5, .kwh = 6, .kg = 7, .litres = 8}};
  CHECK(hex(encode(std::vector<Fact>{ended})) ==
        "05"
        "01"
        "0e"
        "01"
        "09"
        "02"
        "01"
        "04"
        "06"
        "08"
        "020406080a0c0e10");
  std::vector<std::string_view> names;
  Chance chance(1);
  for (const Fact& fact : one_of_each(chance))
    std::visit([&](const auto& one) { names.push_back(Members<std::remove_cvref_t<decltype(one)>>::name); },
               fact);
  CHECK(names == std::vector<std::string_view>{
                     "pool named", "places named",   "host named",    "project set",   "accepted",
                     "hold set",   "cancel asked",   "retry asked",   "placed",        "refused",
                     "unplaced",   "resized",        "launched",      "confirmed",     "finished",
                     "done",       "term begun",     "pool lost",     "down set",      "drain set",
                     "warned",     "host condemned", "host pardoned", "quoted",        "prices heard",
                     "digested",   "room heard",     "journal named", "asked",         "deal made",
                     "staged",     "fetched",        "pool built",    "places opened", "rules made"});
}

TEST_CASE("bytes that nobody wrote are refused") {
  const auto bytes = [](std::initializer_list<unsigned> values) {
    std::string text;
    for (const unsigned value : values) text += static_cast<char>(value);
    return text;
  };
  CHECK(decode_facts(bytes({1, 0})));                           // none
  CHECK(decode_facts(bytes({1, 1, 15, 5})));                    // done: task 5
  CHECK(decode_facts(bytes({2, 1, 15, 5})));                    // the same
  CHECK_FALSE(decode_facts(""));                                //
  CHECK_FALSE(decode_facts(bytes({kFormat + 1, 0})));           // a later format
  CHECK(decode_facts(bytes({3, 1, 15, 5})));                    // and again
  CHECK_FALSE(decode_facts(bytes({kFormat, 1, 34})));           // no such fact
  CHECK_FALSE(decode_facts(bytes({1, 1, 15, 0x85, 0})));        // five, in more bytes than it needs
  CHECK_FALSE(decode_facts(bytes({1, 1, 5, 0, 2})));            // neither true nor false
  CHECK_FALSE(decode_facts(bytes({1, 1, 9, 0, 4})));            // no such refusal
  CHECK_FALSE(decode_facts(bytes({1, 1, 17, 0x80, 0x80, 4})));  // pool 65,536
  CHECK_FALSE(
      decode_facts(bytes({1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1})));  // 2^64 - 1 of them
  CHECK_FALSE(
      decode_facts(bytes({1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2})));  // more than fits
}

}  // namespace hinterland
