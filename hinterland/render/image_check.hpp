// Whether a file is the picture that was asked for. OpenImageIO's oiiotool looks at it: it reads what renderers write, and what
// it cannot decode to the end is none.
//
//   unreadable   it is no image, or not all of it
//   wrong_size   it has another width or height than was asked for
//   not_finite   a pixel is no number, or infinite
//   black        every colour of every pixel is 0. Of 2 or 4 channels the last is alpha, and no colour; all of more are colours
//
// `missing` is what others say: no file came.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct PixelSize {
  std::uint32_t width = 0, height = 0;  // 0: any
  bool operator==(const PixelSize&) const = default;
};

struct ImageFacts {
  PixelSize size;
  bool black = false;
  std::uint64_t not_finite = 0;  // values, of all channels
};

enum class FrameFault { missing, unreadable, wrong_size, not_finite, black };
const char* name_of(FrameFault fault);
std::optional<FrameFault> frame_fault_of(std::string_view name);

// What `oiiotool -a --stats FILE` prints.
Expected<ImageFacts> parse_image_stats(std::string_view text, const std::string& file);

struct ImageWanted {
  PixelSize size;
  bool may_be_black = false;
};
std::optional<FrameFault> fault_of(const ImageFacts& image, const ImageWanted& wanted);

using Checked = std::vector<std::optional<FrameFault>>;  // one a file: what is wrong with it
// The same of files, all of a batch by one run of oiiotool, which takes longer to start than to look at a small image. Where that
// run fails, the batch is looked at one by one. Fails, outside, where oiiotool itself cannot be run.
Expected<Checked> check_images(const std::vector<std::string>& files, const ImageWanted& wanted);

}  // namespace hinterland
