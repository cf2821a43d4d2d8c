// What a task of a render says of itself (site_script.hpp), in hinterland/out/report:
//
//   hinterland-frames 1
//   12 0 876             frame 12 ended with status 0 and took 876 ms
//   13 1 20
//   all 1900             the task took 1900 ms: what its frames did not take, it took to start up
//
// It comes from a site, so nothing in it is believed that cannot be.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/render/chunks.hpp"

namespace hinterland {

struct FrameRun {
  Frame frame;
  int status = 0;
  Duration took;
};

struct TaskReport {
  std::vector<FrameRun> frames;  // in the order of the chunk; those after a crash are not there
  Duration start_up;
};

Expected<TaskReport> parse_task_report(std::string_view text, const Chunk& chunk, const std::string& where);

}  // namespace hinterland
