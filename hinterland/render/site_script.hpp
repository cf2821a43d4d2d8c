// What a task runs where it is: a script of the POSIX shell, the same for all tasks of a render, beside its scene.
//
// A task's folder (the paths are those of its inputs and outputs):
//
//   ...                       the scene's files, by the names that they have beside it
//   hinterland/run.sh         this script:  sh hinterland/run.sh SLOTS CHUNKS CORES
//   hinterland/chunks         line k, from the first: the frames of task k, with blanks between
//   hinterland/out/0 ...      the image of the task's first frame, and so on: SLOTS of them, the longest chunk's; a frame without
//                             image leaves an empty file, and so do slots without a frame. So all tasks of a job leave the
//                             same outputs, and one frame that failed does not cost the others of its task.
//   hinterland/out/report     how each frame ended and what it took (task_report.hpp)
//
// A frame has an image if its command ended with 0 and left one file that is not empty. A task without any image fails, with
// the command's status: then the broker tries it elsewhere, and learns which hosts cannot render. One that ends with 75
// (a licence is not to be had) is repeated as a whole. CHUNKS is the hash of `chunks`: whoever sees the job can find what it renders.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/render/chunks.hpp"
#include "hinterland/render/site_word.hpp"

namespace hinterland {

inline constexpr std::string_view kSiteScript = "hinterland/run.sh";
inline constexpr std::string_view kSiteChunks = "hinterland/chunks";
inline constexpr std::string_view kSiteReport = "hinterland/out/report";

// Written anew before each frame is rendered: what is in it may depend on the frame.
struct SiteFile {
  std::string place;  // below hinterland/files/
  SiteWord data;
  bool runnable = false;
};

// A script that runs `words` once a frame. `image` is the ending of the file they write ("png"), `scene` the scene's place in
// the task's folder.
std::string site_script(const std::vector<SiteWord>& words, const std::string& scene,
                        const std::string& image, const std::vector<SiteFile>& files = {});

// One that runs `words` once a task: {frame} is the list "1,2,3" then, and each frame's image is left in the folder {output}
// under its number in eight digits (00000007.png, -00000007.png). Lines "FRAME MS" in hinterland/times say what each took.
std::string site_script_of_lists(const std::vector<SiteWord>& words, const std::string& scene,
                                 const std::string& image);

std::string chunks_text(const std::vector<Chunk>& chunks);
// Fails, located, for what chunks_text() does not write.
Expected<std::vector<Chunk>> parse_chunks_text(std::string_view text, const std::string& where);

// The output in which the frame at that place of its chunk is.
std::string slot_of(std::size_t place);
// Of a job with these chunks: the command, and the outputs of each task.
std::vector<std::string> site_command(const std::vector<Chunk>& chunks, const std::string& chunks_hash,
                                      std::uint32_t cores);
std::vector<std::string> site_outputs(const std::vector<Chunk>& chunks);

}  // namespace hinterland
