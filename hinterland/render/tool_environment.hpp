// What programs that are run beside us (oiiotool, ffmpeg, Blender) get as their environment: this process's, and words of no
// country, for they are read.
#pragma once
#include <string>
#include <vector>

namespace hinterland {

std::vector<std::string> tool_environment();

// Whether a program of that name is in a folder of $PATH.
bool is_installed(const std::string& program);

}  // namespace hinterland
