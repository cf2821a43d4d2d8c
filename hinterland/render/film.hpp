// A film of frames, by ffmpeg: H.264 in what the file's ending says (mp4, mov, mkv), 4:2:0, a picture's odd last row or column
// doubled in black. Pictures of OpenEXR, which hold light and not colours, get the curve of sRGB.
#pragma once
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

// `frames`: files in the order in which they are shown, all of the ending `image`. `scratch`: a folder of the caller's;
// what this leaves there is its to remove. Until it is whole the film has a hidden name beside `to`. Nothing stands at `to` before it is whole, and no file there
// is replaced. Fails, outside, where ffmpeg cannot do it.
Expected<void> make_film(const std::vector<std::string>& frames, const std::string& image, double fps,
                         const std::string& scratch, const std::string& to);

}  // namespace hinterland
