// Which frames are asked for, as text: "1-100:2,110".
//
//   frames = part {"," part}
//   part   = number | number "-" number | number "-" number ":" step
//
// A range has its first number, and those that are whole steps from it up to the last, which may lie between two. It goes down
// if its step does: 10-1:-1. Without a step it goes up by 1. Numbers may be negative (-5--1), blanks may stand between.
// These are OpenJD's integer ranges (2023-09, IntRangeExpr), but that they are kept in the order in which they are written:
// it is the order in which a film shows them.
//
// A frame that is there twice is refused, not merged: 1-10,5 is more likely a slip than a wish.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct Frame {
  std::int32_t number = 0;
  constexpr auto operator<=>(const Frame&) const = default;
};
using Frames = std::vector<Frame>;

inline constexpr std::size_t kMostFrames = 1'000'000;  // of a render
inline constexpr std::int32_t kMostFrameNumber =
    99'999'999;  // either way from 0; Blender's own end at 1,048,574

// One frame at least, none of them twice. Errors are located at `where`: line 1, and the byte at which the part begins.
Expected<Frames> parse_frames(std::string_view text, const std::string& where);

// The shortest list of ranges with the same frames in the same order: parse_frames() of it gives them again.
std::string frames_text(const Frames& frames);

}  // namespace hinterland
