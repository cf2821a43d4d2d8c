// Which files a POV-Ray scene reads, as far as a reader of it can see.
//
// Seen is every name that stands in quotes behind #include, behind the kind of an image, density or font (png "sky.png", df3, ttf),
// and behind #fopen to read; includes are read in turn. Whether the program comes by it is not looked at: a file that only an untaken
// #if names goes along, or is said to be missing. Not seen are names that are worked out (concat(...), a variable) and what an
// INI file says: the first are listed with their place, and `--input` brings such files along.
//
// POV-Ray looks for a name in its working folder, and then in its own folders of includes. A task works where its scene's folder
// was, so a name means the same file there as here if it leads to or below that folder. One that leads out (an absolute path, ..)
// is an error with its place, for POV-Ray of a Debian refuses to open it there; so is one with other letters than ASCII, which POV-Ray
// reads as blanks.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/render/scene.hpp"

namespace hinterland {

struct PovName {
  std::string name;  // empty: it is worked out
  bool include = false;
  long line = 0, column = 0;
};

// In the order of the text; it is never an error, for what is no POV-Ray names nothing.
std::vector<PovName> povray_names(std::string_view text);

// Whether it asks for the animation's clock or number: then one frame is another one if the animation has other frames.
bool povray_has_clock(std::string_view text);

// The folders in which POV-Ray installations of this machine have their includes.
std::vector<std::string> povray_folders();

// The scene's files, itself as "hinterland/scene.pov". Fails, all located, for files that cannot be read and names that mean
// nothing elsewhere.
Expected<RenderScene> povray_scene(const std::string& file, const std::vector<std::string>& own_folders);

}  // namespace hinterland
