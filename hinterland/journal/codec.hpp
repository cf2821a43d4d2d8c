// Facts and states as bytes.
//
//   unsigned number       base 128, the lowest seven bits first, the high bit: more follow      1 to 10 bytes
//   signed number         zigzag: 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
//   double                8 bytes, the lowest first
//   text, list, map       how many, then each; a map in the order of its keys
//   fact                  its place in the variant, then its members (members.hpp)
//   all                   kFormat, one byte, before them
//
// Equal values have equal bytes, and decoding takes bytes that nobody encoded for what they are: it fails, allocates
// no more than they can describe, and believes no number that does not fit.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/broker/state.hpp"

namespace hinterland {

// 2: facts of quotes and of prices; 3: of what was written under a key, of
// the room of pools and of the journal's name; 4: of who asked, of who is paid
// for a pool, of inputs that are moved; 5: of outputs that were moved back, of what pools have, where which work may run, and
// by which rules. They come after those of 1. States of an older format are not read: the steps give them again.
inline constexpr unsigned char kFormat = 5;

std::string encode(std::span<const Fact> facts);
std::string encode(const State& state);

// nullopt: they are not what encode() gives, or of a later format.
std::optional<std::vector<Fact>> decode_facts(std::string_view bytes);
std::optional<State> decode_state(std::string_view bytes);
bool is_of_older_format(std::string_view bytes);
bool is_of_later_format(std::string_view bytes);

}  // namespace hinterland
