// What a render asks the broker for next, once all jobs that it has asked for so far are over.
//
//   first    the telling frames (chunks.hpp), one a task
//   again    those that came and are not well, or did not come, one a task: so one that ends its renderer costs no other. No frame
//            more than `retries` times beside its first
//   rest     all that no job has had, once the first are well or will not be
//   done     nothing: all came, or what did not will not
//
// It follows from the manifest alone, and so do the jobs' keys: whoever says the same again, from whatever folder, asks for the same.
#pragma once
#include <cstddef>
#include <string>

#include "hinterland/render/manifest.hpp"

namespace hinterland {

enum class RenderStep { first, again, rest, done };

struct NextStep {
  RenderStep step = RenderStep::done;
  Frames frames;
};

NextStep next_step(const RenderManifest& manifest, std::size_t retries);

// The key of the render's next job.
std::string next_key(const RenderManifest& manifest);
// What it is called: the render's name as far as a name may be long, and then which job of which render it is, whatever that is called.
std::string next_name(const RenderManifest& manifest);
std::string next_mark(const RenderManifest& manifest);

}  // namespace hinterland
